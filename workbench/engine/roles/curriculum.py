"""Curriculum: when each task is seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from workbench.engine.numerics.drift_detector import Kind
from workbench.engine.roles.method import Method

#: Probability of each task's batches, from the share of the stage that is done.
Mixture = Callable[[float], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of training: its name, the tasks learned in it, its length in epochs.

    `batch_size` replaces the spec's. Where a stage has a `mixture`, all stages are one stream: each
    step's batch is of one task, which comes early or late by its probabilities in this stage and
    its neighbours, and every example comes once an epoch of its own task's stages. `epochs` may be
    a part of one, to see a task's examples spread over several stages. Without mixtures each batch
    has a part for every task of the stage.
    Where it `rests`, a task with less data than the largest has no part in some batches, so that
    its examples come as often as by itself.
    """

    name: str
    tasks: tuple[str, ...]
    epochs: float
    batch_size: int | None = None
    mixture: Mixture | None = None
    rests: bool = False


class Curriculum(Method):
    """An ordered list of stages.

    One that gives `open-plan` is asked for its stages again, by `planned`, when the user changes
    what is learned while it runs.
    """

    role: ClassVar[str] = "curriculum"

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    def stages(self, tasks: Sequence[str], epochs: int) -> list[Stage]:
        """The stages for these tasks, where a stage lasts `epochs` unless settings say else."""
        raise NotImplementedError

    @property
    def is_open(self) -> bool:
        """Whether the stages to come may be changed while it runs."""
        return "open-plan" in self.gives

    def planned(self, groups: Sequence[tuple[str, ...]], epochs: int) -> list[Stage]:
        """The stages for these groups of tasks, past ones first, of an open curriculum.

        What it gives for a group depends on those before it and on whether one follows, so that
        past stages stay what they were.
        """
        raise NotImplementedError

    @property
    def tells_boundaries(self) -> bool:
        """Whether the learner is told where a stage ends; else stages are for measures alone."""
        return not any(
            fact == "boundaries" and getattr(self.settings, name) == value
            for name, (value, fact) in self.withholds.items()
        )

    @property
    def detector(self) -> Kind | None:
        """What ends a stage: a detector of drift in the errors; None: each has its length.

        The stages are then stretches of one stream, whose boundaries the learner is not told.
        """
        return None
