"""vit: a transformer over the patches of a picture."""

import math
from typing import Any, Literal

import torch
from torch import Tensor, nn

from workbench.engine.layers.attention import AttentionBlock
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, InputKind
from workbench.spec.settings import Settings, setting

#: By size: channels of each patch (Touvron et al., DeiT, ICML 2021, table 1).
_WIDTHS = {"tiny": 192, "small": 384}

#: Channels of one attention head, in both sizes.
_PER_HEAD = 64

#: Patches along a picture's longer side, about, where the side of a patch is not given: 224 pixels
#: are cut into patches of 16, as in the paper, 32 into patches of 4, and 8 into single pixels.
_ALONG = 8
_PAPERS_SIDE, _PAPERS_PATCH = 224, 16

#: The longest wave of a position, as of words.
_BASE = 10_000.0


class Patches(nn.Module):
    """Pictures [B, C, H, W] as rows of patches [B, L, width], each with its place added.

    A picture is filled up with zeros at the right and below to a whole number of patches.
    """

    def __init__(self, kind: Image, side: int, width: int) -> None:
        super().__init__()
        rows, columns = math.ceil(kind.height / side), math.ceil(kind.width / side)
        right, below = columns * side - kind.width, rows * side - kind.height
        self.filled = nn.ZeroPad2d((0, right, 0, below))
        self.cut = nn.Conv2d(kind.channels, width, side, side)
        self.register_buffer("places", places_of(rows, columns, width), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """The patches, row by row."""
        return self.cut(self.filled(x)).flatten(2).transpose(1, 2) + self.get_buffer("places")


class Mean(nn.Module):
    """What all places say: [B, L, width] -> [B, width]."""

    def forward(self, x: Tensor) -> Tensor:
        """The mean over places."""
        return x.mean(1)


class ViT(Encoder):
    """Pictures cut into patches, each of which looks at all others in every block.

    x ← x + A(norm x), x ← x + F(norm x) (Dosovitskiy et al., ICLR 2021), in the sizes of DeiT: tiny
    has 192 channels and 3 heads, small 384 and 6, both 12 blocks. As in Beyer et al. (Better plain
    ViT baselines, 2022) places are told by fixed waves along both sides, and heads read the mean
    over all patches instead of a token of their own; norms have no scale and shift here. The cut is
    the stem, each block a stage. It wants much data: on little, convolutions learn sooner.
    """

    key = "vit"
    title = "Vision transformer"
    formula = "x ← x + A(norm x), x ← x + F(norm x)"
    paper = "Dosovitskiy et al., An image is worth 16x16 words, ICLR 2021"
    link = "https://arxiv.org/abs/2010.11929"
    helps = "Many pictures, and tasks that ask how their parts go together."
    needs = ("pictures",)
    widths = ("width",)
    is_judged_built = True  # how large it is shows when it is laid out

    class Settings(Settings):
        """Size of the network."""

        size: Literal["tiny", "small"] = setting("tiny", "Channels: 192, or 384.")
        width: int = setting(
            0,
            "Channels of each patch; 0: as the size says. With at most one head in 64.",
            ge=0,
            le=65536,
            multiple_of=4,
        )
        blocks: int = setting(12, "Attention blocks.", ge=1, le=64)
        patch: int = setting(
            0,
            "Side of a patch; 0: 16 of pictures with a side of 224, of smaller ones an eighth.",
            ge=0,
            le=256,
            unit="px",
        )
        dropout: float = setting(
            0.0, "Share of what each block adds that is left out in training.", ge=0, lt=1
        )

    def __init__(self, settings: Any) -> None:
        width = settings.width or _WIDTHS[settings.size]
        super().__init__(settings.model_copy(update={"width": width}))

    @property
    def width(self) -> int:
        return self.settings.width

    @property
    def width_step(self) -> int:
        return 4

    @property
    def heads(self) -> int:
        """Attention heads: of 64 channels or more each, as many as divide the width."""
        most = max(1, self.width // _PER_HEAD)
        return next(n for n in range(most, 0, -1) if self.width % n == 0)

    def stem(self, kind: InputKind) -> nn.Module:
        if not isinstance(kind, Image):
            name = type(kind).__name__.lower()
            raise BadSpecError("encoder.kind", f"vit takes pictures; found {name}")
        return Patches(kind, self.settings.patch or _side(kind), self.width)

    def body(self) -> list[nn.Module]:
        n, dropout = self.settings.blocks, self.settings.dropout
        blocks: list[nn.Module] = [
            AttentionBlock(self.width, self.heads, dropout) for _ in range(n)
        ]
        norm = nn.LayerNorm(self.width, elementwise_affine=False)
        return [*blocks[:-1], nn.Sequential(blocks[-1], norm, Mean())]


def _side(kind: Image) -> int:
    """The side of a patch where none is given."""
    longer = max(kind.height, kind.width)
    return _PAPERS_PATCH if longer >= _PAPERS_SIDE else math.ceil(longer / _ALONG)


def places_of(rows: int, columns: int, width: int) -> Tensor:
    """Waves that tell a patch's place, [rows · columns, width]: half for its row, half its column.

    sin and cos of the place over wavelengths up to 10,000; `width` is a multiple of 4.
    """
    waves = _BASE ** (-torch.arange(width // 4) / (width / 4))
    along = [torch.outer(torch.arange(n).float(), waves) for n in (rows, columns)]
    told = [torch.cat([angles.sin(), angles.cos()], 1) for angles in along]
    by_row = told[0].repeat_interleave(columns, 0)
    return torch.cat([by_row, told[1].repeat(rows, 1)], 1)
