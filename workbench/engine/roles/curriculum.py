"""Curriculum: when each task is seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from workbench.engine.roles.method import Method

#: Probability of each task's batches, from the share of the stage that is done.
Mixture = Callable[[float], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of training: its name, the tasks learned in it, its length in epochs.

    `batch_size` replaces the spec's. With a `mixture` each step's batch is of one task drawn by
    its probabilities, which may be of other tasks than the stage's own; without, of all of them.
    """

    name: str
    tasks: tuple[str, ...]
    epochs: int
    batch_size: int | None = None
    mixture: Mixture | None = None


class Curriculum(Method):
    """An ordered list of stages."""

    role: ClassVar[str] = "curriculum"

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    def stages(self, tasks: Sequence[str], epochs: int) -> list[Stage]:
        """The stages for these tasks, where a stage lasts `epochs` unless settings say else."""
        raise NotImplementedError
