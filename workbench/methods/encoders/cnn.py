"""cnn: a convolutional network."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field
from torch import nn

from workbench.engine.layers.stages import convolution, gathered
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, InputKind
from workbench.spec.settings import Settings, setting


class CNN(Encoder):
    """Convolutions that halve the picture, then one dense layer; each is one stage.

    A stage is convolution, ReLU and 2×2 maximum. What is left of the picture is averaged on a
    small grid, so pictures of any size share everything but the first convolution.
    """

    key = "cnn"
    title = "CNN"
    formula = "hₗ = pool(relu(Wₗ ∗ hₗ₋₁ + bₗ))"
    paper = "LeCun et al., Gradient-based learning applied to document recognition, 1998"
    link = "https://doi.org/10.1109/5.726791"
    helps = "Pictures in which it matters what there is more than where."
    needs = ("pictures",)
    widths = ("channels", "hidden")
    earlier = {"grid": 2}

    class Settings(Settings):
        """Size of the network."""

        channels: list[Annotated[int, Field(ge=1, le=4096)]] = setting(
            [16, 32], "Channels of each convolution.", min_length=1, max_length=16
        )
        kernel: Literal[1, 3, 5, 7] = setting(3, "Side of the convolutions.", unit="px")
        grid: int = setting(
            7, "Side of the grid on which the last picture is averaged.", ge=1, le=16
        )
        hidden: int = setting(
            128, "Width of the dense layer at the end.", ge=1, le=65536, title="Width"
        )

    @property
    def width(self) -> int:
        return self.settings.hidden

    def stem(self, kind: InputKind) -> nn.Module:
        if not isinstance(kind, Image):
            name = type(kind).__name__.lower()
            message = f"cnn takes pictures; found {name}: auto takes both"
            raise BadSpecError("encoder.kind", message)
        return convolution(kind.channels, self.settings.channels[0], self.settings.kernel)

    def body(self) -> list[nn.Module]:
        channels = self.settings.channels
        stages: list[nn.Module] = [
            convolution(a, b, self.settings.kernel) for a, b in pairwise(channels)
        ]
        return [*stages, gathered(channels[-1], self.settings.grid, self.settings.hidden)]
