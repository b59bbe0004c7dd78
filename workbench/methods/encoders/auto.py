"""auto: a stem that suits the kind of input, and one body for all."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field
from torch import nn

from workbench.engine.layers.stages import convolution, dense, gathered
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, InputKind, Vector
from workbench.spec.settings import Settings, setting

_KERNEL = 3


class Auto(Encoder):
    """Convolutions for pictures, a dense layer for vectors, then dense layers for both.

    The whole of the convolutions is the stem of a kind of picture, so that what follows can be
    shared by tasks that see pictures and tasks that see numbers.
    """

    key = "auto"
    title = "By kind of input"
    helps = "Tasks with inputs of different kinds in one experiment."
    widths = ("hidden", "channels")
    earlier = {"grid": 2}

    class Settings(Settings):
        """Size of the network."""

        hidden: list[Annotated[int, Field(ge=1, le=65536)]] = setting(
            [128, 128],
            "Width of each dense layer; the first is the end of the stem.",
            min_length=1,
            max_length=64,
        )
        channels: list[Annotated[int, Field(ge=1, le=4096)]] = setting(
            [16, 32], "Pictures: channels of each convolution.", min_length=1, max_length=16
        )
        grid: int = setting(
            7, "Pictures: side of the grid on which the last one is averaged.", ge=1, le=16
        )

    @property
    def width(self) -> int:
        return self.settings.hidden[-1]

    def stem(self, kind: InputKind) -> nn.Module:
        first, channels = self.settings.hidden[0], self.settings.channels
        match kind:
            case Vector(n):
                return dense(n, first)
            case Image():
                sizes = pairwise([kind.channels, *channels])
                layers = [convolution(a, b, _KERNEL) for a, b in sizes]
                return nn.Sequential(*layers, gathered(channels[-1], self.settings.grid, first))
            case _:
                name = type(kind).__name__.lower()
                message = f"auto takes vectors and pictures; found {name}"
                raise BadSpecError("encoder.kind", message)

    def body(self) -> list[nn.Module]:
        return [dense(a, b) for a, b in pairwise(self.settings.hidden)]
