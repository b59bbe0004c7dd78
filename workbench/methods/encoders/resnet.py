"""resnet: a residual network of 8 or 18 layers."""

from typing import Any, Literal

from torch import nn

from workbench.engine.layers.residual import Norm, ResidualBlock, convolved, norm_of
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, InputKind
from workbench.spec.settings import Settings, setting

#: By depth: channels of each group of blocks beside those of the first, and blocks in a group.
_GROUPS = {"8": ((1, 2, 4), 1), "18": ((1, 2, 4, 8), 2)}

#: By depth: the channels of the first group in the paper.
_CHANNELS = {"8": 16, "18": 64}

#: From this side on a picture is made smaller before the first block, as the paper's of 224 are.
_LARGE = 96


class ResNet(Encoder):
    """Residual blocks of two convolutions; each block is a stage, the first convolution the stem.

    x ← relu(x + F(x)). 8 layers are the paper's network for CIFAR with n = 1 (16, 32 and 64
    channels), 18 its smallest for ImageNet (64 to 512). Pictures with a side of 96 and more are
    made smaller first, by a 7 × 7 convolution and a maximum of stride 2 each; smaller ones begin
    with a 3 × 3 convolution. Where size changes, the way around is a 1 × 1 convolution in both. The
    mean over what is left of the picture is what heads read.

    With batch norm, what evaluation uses moves by the batch that is learned from, once a step, and
    by nothing else: `engine/layers/batch_norm.py` says how it stands with each other role. In a
    sequence of tasks it follows the task that is learned, which is itself a way to forget; a group
    norm has no such memory.
    """

    key = "resnet"
    title = "ResNet"
    formula = "x ← relu(x + F(x))"
    paper = "He, Zhang, Ren & Sun, Deep residual learning for image recognition, CVPR 2016"
    link = "https://arxiv.org/abs/1512.03385"
    helps = "Colour pictures, where a few convolutions are not enough."
    needs = ("pictures",)
    widths = ("width",)
    is_judged_built = True  # how large it is shows when it is laid out

    class Settings(Settings):
        """Size of the network."""

        depth: Literal["8", "18"] = setting("8", "Layers with weights, the head counted.")
        width: int = setting(
            0,
            "Channels of the first group of blocks; 0: as in the paper, 16 of 8 layers and 64 of"
            " 18.",
            ge=0,
            le=4096,
        )
        norm: Norm = setting(
            "batch",
            "What brings channels to one size: batch norm, by the rows that are learned from"
            " together; group norm, each row by itself; or nothing.",
        )

    def __init__(self, settings: Any) -> None:
        width = settings.width or _CHANNELS[settings.depth]
        super().__init__(settings.model_copy(update={"width": width}))

    @property
    def channels(self) -> list[int]:
        """Channels of each group of blocks."""
        return [self.settings.width * times for times in _GROUPS[self.settings.depth][0]]

    @property
    def width(self) -> int:
        return self.channels[-1]

    def stem(self, kind: InputKind) -> nn.Module:
        if not isinstance(kind, Image):
            name = type(kind).__name__.lower()
            raise BadSpecError("encoder.kind", f"resnet takes pictures; found {name}")
        norm, first = self.settings.norm, self.channels[0]
        if min(kind.height, kind.width) < _LARGE:
            layers: list[nn.Module] = [convolved(kind.channels, first, 3, norm)]
        else:
            layers = [convolved(kind.channels, first, 7, norm, 2)]
        layers += [norm_of(norm, first), nn.ReLU()]
        if min(kind.height, kind.width) >= _LARGE:
            layers.append(nn.MaxPool2d(3, 2, 1))
        return nn.Sequential(*layers)

    def body(self) -> list[nn.Module]:
        n_blocks, before = _GROUPS[self.settings.depth][1], self.channels[0]
        blocks: list[nn.Module] = []
        for group, n_out in enumerate(self.channels):
            for place in range(n_blocks):
                stride = 2 if group and not place else 1
                blocks.append(ResidualBlock(before, n_out, self.settings.norm, stride))
                before = n_out
        blocks[-1] = nn.Sequential(blocks[-1], nn.AdaptiveAvgPool2d(1), nn.Flatten())
        return blocks
