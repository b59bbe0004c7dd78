"""mlp: a multi-layer perceptron."""

import math
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field
from torch import nn

from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, InputKind, Vector
from workbench.spec.settings import Settings, setting

_ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "gelu": nn.GELU}


class MLP(Encoder):
    """Fully connected layers; each is one stage.

    h₀ = x, hₗ = a(Wₗhₗ₋₁ + bₗ). A picture is flattened first.
    """

    key = "mlp"
    title = "MLP"
    formula = "hₗ = a(Wₗ hₗ₋₁ + bₗ)"
    helps = "Vectors and small pictures."
    widths = ("hidden",)

    class Settings(Settings):
        """Size and shape of the network."""

        hidden: list[Annotated[int, Field(ge=1, le=65536)]] = setting(
            [128, 128], "Width of each hidden layer.", min_length=1, max_length=64
        )
        activation: Literal["relu", "tanh", "gelu"] = setting("relu", "Non-linearity a.")

    @property
    def width(self) -> int:
        return self.settings.hidden[-1]

    def stem(self, kind: InputKind) -> nn.Module:
        match kind:
            case Vector(n):
                return self._layer(n, self.settings.hidden[0])
            case Image(channels, height, width):
                n = math.prod((channels, height, width))
                return nn.Sequential(nn.Flatten(), *self._layer(n, self.settings.hidden[0]))
            case _:
                found = type(kind).__name__.lower()
                raise BadSpecError("encoder.kind", f"mlp takes vectors and pictures; found {found}")

    def body(self) -> list[nn.Module]:
        hidden = self.settings.hidden
        return [self._layer(a, b) for a, b in pairwise(hidden)]

    def _layer(self, n_in: int, n_out: int) -> nn.Sequential:
        return nn.Sequential(nn.Linear(n_in, n_out), _ACTIVATIONS[self.settings.activation]())
