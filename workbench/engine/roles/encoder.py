"""Encoder: turns an input into features, as a stem for its kind of input and a body of stages."""

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import nn

from workbench.engine.roles.method import Method
from workbench.engine.roles.task import InputKind
from workbench.spec.event import Table
from workbench.spec.settings import Settings


class ShownStage(nn.Module):
    """A stage that is worth looking at: its table is among what a run reports of its inside."""

    def table(self) -> Table:
        """What is to be seen of it now. Asking changes nothing."""
        raise NotImplementedError


class Encoder(Method):
    """A maker of stages. Every call makes new, freshly initialised modules.

    A sharing method calls `stem` once for each kind of input and network, and `body` once for
    each network: what it makes once is shared, what it makes again is not.
    """

    role: ClassVar[str] = "encoder"

    #: The settings that are widths, or lists of them: what a budget of parameters may change.
    widths: ClassVar[tuple[str, ...]] = ()
    #: Values of settings that an earlier version had by default: what it saved has those shapes.
    earlier: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    def with_widths(self, widths: Mapping[str, int | list[int]]) -> "Encoder":
        """This encoder with other widths. Raises ValueError where they are out of bounds."""
        settings: Settings = self.settings
        return type(self)(type(settings).model_validate({**settings.model_dump(), **widths}))

    @property
    def width_step(self) -> int:
        """What each of its widths must be a multiple of."""
        return 1

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
