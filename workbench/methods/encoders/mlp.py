"""mlp: a multi-layer perceptron."""

import math
from itertools import pairwise
from typing import Annotated

from pydantic import Field
from torch import nn

from workbench.engine.layers.stages import hidden_layers
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, InputKind, Vector
from workbench.spec.experiment import Activation
from workbench.spec.settings import Settings, setting


class MLP(Encoder):
    """Fully connected layers; each is one stage.

    h₀ = x, hₗ = a(Wₗhₗ₋₁ + bₗ), with layer norm before a and dropout after it where asked for. A
    picture is flattened first.
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
        activation: Activation = setting("relu", "Non-linearity a.")
        norm: bool = setting(
            False,
            "Bring each layer of an example to mean 0 and deviation 1 before a (layer norm).",
            title="Layer norm",
        )
        dropout: float = setting(
            0.0, "Share of the units left out in each training step.", ge=0, lt=1
        )

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
                name = type(kind).__name__.lower()
                raise BadSpecError("encoder.kind", f"mlp takes vectors and pictures; found {name}")

    def body(self) -> list[nn.Module]:
        hidden = self.settings.hidden
        return [self._layer(a, b) for a, b in pairwise(hidden)]

    def _layer(self, n_in: int, n_out: int) -> nn.Sequential:
        chosen = self.settings
        (layer,) = hidden_layers(
            (n_in, n_out), chosen.activation, norm=chosen.norm, dropout=chosen.dropout
        )
        return layer
