"""Encoder: turns an input into features, as a stem for its kind of input and a body of stages."""

from typing import Any, ClassVar

from torch import nn

from workbench.engine.roles.method import Method
from workbench.engine.roles.task import InputKind


class Encoder(Method):
    """A maker of stages. Every call makes new, freshly initialised modules.

    A sharing method calls `stem` once for each kind of input and network, and `body` once for
    each network: what it makes once is shared, what it makes again is not.
    """

    role: ClassVar[str] = "encoder"

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    @property
    def width(self) -> int:
        """Number of features [B, width] after the last stage."""
        raise NotImplementedError

    def stem(self, kind: InputKind) -> nn.Module:
        """The first stage: from an input of `kind` to what the body takes."""
        raise NotImplementedError

    def body(self) -> list[nn.Module]:
        """The stages after the stem, the same for every kind of input."""
        raise NotImplementedError
