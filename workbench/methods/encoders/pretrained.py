"""pretrained: a network of torchvision or timm, with weights that were learned elsewhere."""

import importlib
from pathlib import Path
from typing import Any, Literal

import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.layers.batch_norm import adopted
from workbench.engine.layers.frozen import Frozen, freeze, last_block
from workbench.engine.layers.stages import dense
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, InputKind
from workbench.spec.settings import Settings, setting

#: What the last layer is called, which is left out: it answers what the weights were learned for.
_HEADS = ("fc", "classifier", "heads", "head")

#: Mean and deviation of the channels of ImageNet's pictures, from 0 to 1.
_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Seen(nn.Module):
    """Pictures [B, 1 or 3, H, W] from 0 to 1 as the weights were learned on: colour and scale.

    Grey ones become three equal channels; with a `size` they are scaled to it.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        self.register_buffer("mean", torch.tensor(_MEAN).view(3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor(_DEVIATION).view(3, 1, 1), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """The pictures as the network takes them."""
        x = (x.expand(-1, 3, -1, -1) - self.get_buffer("mean")) / self.get_buffer("deviation")
        if not self.size:
            return x
        return functional.interpolate(x, (self.size, self.size), mode="bilinear", antialias=True)


class Pretrained(Encoder):
    """A network whose weights were learned on other pictures, then two dense layers of its own.

    The weights come from a file of yours; nothing is downloaded. The network is frozen, or its last
    block is learned, or all of it. What is frozen normalises by the statistics that came with it,
    in training too, and is no parameter: nothing conflicts in it, nothing forgets it. The features
    of a network that is frozen as a whole are computed once for each picture and kept while the
    program runs, up to a gigabyte. Pictures are taken to be from 0 to 1 and are scaled as
    ImageNet's were.
    """

    key = "pretrained"
    title = "Pre-trained"
    formula = "h = relu(W f(x)), f learned elsewhere"
    paper = "Yosinski et al., How transferable are features in deep neural networks?, NIPS 2014"
    link = "https://arxiv.org/abs/1411.1792"
    helps = "Few pictures, like those that the weights were learned on."
    needs = ("pictures",)
    widths = ("width",)
    is_judged_built = True  # whether library and weights are there shows when they are looked for

    class Settings(Settings):
        """Which network, which weights, and what of them is learned."""

        library: Literal["torchvision", "timm"] = setting(
            "torchvision", "Where the network comes from; pip install workbench[vision] has both."
        )
        model: str = setting(
            "resnet18", "Its name there.", min_length=1, max_length=200, title="Network"
        )
        file: str = setting(
            "",
            "Its weights: a state dict as torch saves it, or a safetensors file.",
            title="Weights",
            max_length=4096,
        )
        train: Literal["none", "last", "all"] = setting(
            "none", "What of it is learned: nothing, its last block, or all.", title="Learned"
        )
        size: int = setting(
            0, "Side to which pictures are scaled; 0: as they are.", ge=0, le=1024, unit="px"
        )
        width: int = setting(128, "Width of the dense layers after it.", ge=1, le=65536)

    @property
    def width(self) -> int:
        return self.settings.width

    def stem(self, kind: InputKind) -> nn.Module:
        if not isinstance(kind, Image) or kind.channels not in (1, 3):
            name = type(kind).__name__.lower()
            found = f"{kind.channels} channels" if isinstance(kind, Image) else name
            message = f"pretrained takes pictures of 1 or 3 channels; found {found}"
            raise BadSpecError("encoder.kind", message)
        chosen = self.settings
        network = self._network()
        example = torch.zeros(1, kind.channels, kind.height, kind.width)
        network = nn.Sequential(Seen(chosen.size), network, nn.Flatten())
        with torch.no_grad():
            n_features = network.eval()(example).shape[1]
        network.train()
        adopted(network)
        if chosen.train == "none":
            network = Frozen(network)
        elif chosen.train == "last":
            freeze(network, last_block(network[1]))
        return nn.Sequential(network, *dense(n_features, self.width))

    def body(self) -> list[nn.Module]:
        return [dense(self.width, self.width)]

    def _network(self) -> nn.Module:
        """The network without its last layer, with the weights of the file."""
        chosen = self.settings
        library = _imported(chosen.library)
        try:
            if chosen.library == "timm":
                network: Any = library.create_model(chosen.model, pretrained=False)
            else:
                network = library.models.get_model(chosen.model, weights=None)
        except (ValueError, RuntimeError, KeyError) as error:
            message = f"{chosen.library} has no network of this name; found {chosen.model}"
            raise BadSpecError("encoder.model", message) from error
        head = next((name for name in _HEADS if hasattr(network, name)), "")
        if head:
            setattr(network, head, nn.Identity())
        weights = _read(chosen.file)
        own = {n: v for n, v in weights.items() if not head or not n.startswith(f"{head}.")}
        if next(network.parameters()).is_meta:  # it is only counted
            return network
        try:
            network.load_state_dict(own)
        except RuntimeError as error:
            lines = str(error).splitlines()
            why = lines[1].strip() if len(lines) > 1 else lines[0]
            message = f"{chosen.file} holds no weights of {chosen.model}: {why[:200]}"
            raise BadSpecError("encoder.file", message) from error
        return network


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except Exception as error:
        why = str(error).partition("\n")[0]
        message = f"needs {name}, which cannot be loaded ({why}): pip install workbench[vision]"
        raise BadSpecError("encoder.library", message) from error


def _read(file: str) -> dict[str, Tensor]:
    """The values of a file of weights. Raises BadSpecError."""
    if not file:
        message = "names no file of weights; nothing is downloaded: save a state dict, or get one"
        raise BadSpecError("encoder.file", message)
    path = Path(file).expanduser()
    if not path.is_file():
        raise BadSpecError("encoder.file", f"there is no file {path}")
    try:
        if path.suffix == ".safetensors":
            return safetensors.torch.load_file(path)
        known: Any = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        why = str(error).partition("\n")[0]
        raise BadSpecError("encoder.file", f"cannot be read as weights: {why[:200]}") from error
    for name in ("state_dict", "model"):
        known = known.get(name, known) if isinstance(known, dict) else known
    if not isinstance(known, dict) or not all(isinstance(v, Tensor) for v in known.values()):
        raise BadSpecError("encoder.file", "holds no state dict: names and their values")
    return known
