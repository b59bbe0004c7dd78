"""Encoder: turns an input into features, as a stem for its kind of input and a body of stages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from workbench.engine.layers.frozen import freeze
from workbench.engine.roles.method import BadSpecError, Method
from workbench.engine.roles.task import InputKind
from workbench.spec.event import Table
from workbench.spec.experiments.start import Freeze
from workbench.spec.settings import Settings


class ShownStage(nn.Module):
    """A stage that is worth looking at: its table is among what a run reports of its inside."""

    def table(self) -> Table:
        """What is to be seen of it now. Asking changes nothing."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Trunk:
    """The learned values of a stem for one kind of input and of the stages after it, by name."""

    kind: InputKind
    stages: Sequence[Mapping[str, Tensor]]


@dataclass(frozen=True, slots=True)
class Beginning:
    """The values that an encoder's stages begin with, and which of them are never changed.

    Without a `trunk` they begin as they are made, and are only frozen: their values come from a
    checkpoint.
    """

    trunk: Trunk | None
    freeze: Freeze = "none"

    def stem(self, kind: InputKind, stage: nn.Module) -> nn.Module:
        """A stem that was made for a kind of input. Raises BadSpecError."""
        if self.trunk is not None:
            if kind != self.trunk.kind:
                message = f"its trunk takes {self.trunk.kind}; there are tasks that take {kind}"
                raise BadSpecError("start.trunk_of", message)
            _fill(stage, self.trunk.stages[0])
        if self.freeze != "none":
            freeze(stage)
        return stage

    def body(self, stages: list[nn.Module]) -> list[nn.Module]:
        """The stages after the stem that were made. Raises BadSpecError."""
        if self.trunk is not None:
            values = self.trunk.stages[1:]
            if len(values) != len(stages):
                message = f"its trunk has {len(values) + 1} stages; found {len(stages) + 1}"
                raise BadSpecError("start.trunk_of", message)
            for stage, known in zip(stages, values, strict=True):
                _fill(stage, known)
        if not stages and self.freeze == "all-but-last":
            message = "the trunk has a single stage, so none comes before its last: all, or none"
            raise BadSpecError("start.freeze", message)
        for stage in stages if self.freeze == "all" else stages[:-1]:
            if self.freeze != "none":
                freeze(stage)
        return stages


def _fill(stage: nn.Module, values: Mapping[str, Tensor]) -> None:
    """Put learned values into a stage just like the one that they were learned in."""
    own = stage.state_dict(keep_vars=True)
    shapes = {name: tuple(value.shape) for name, value in own.items()}
    learned = {name: tuple(value.shape) for name, value in values.items()}
    if shapes != learned:
        names = [*learned, *shapes]
        name = next(name for name in names if learned.get(name) != shapes.get(name))
        message = f"its trunk has other sizes: {name} is {learned.get(name)} there and"
        raise BadSpecError("start.trunk_of", f"{message} {shapes.get(name)} here")
    with torch.no_grad():
        for name, value in own.items():
            if not value.is_meta:
                value.copy_(values[name])


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
        #: What its stages begin with, where that is not chance alone.
        self.beginning: Beginning | None = None

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
