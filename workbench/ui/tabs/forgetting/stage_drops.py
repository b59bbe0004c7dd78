"""Stage drops: what each task that was just learned lost while the next was (Qt-free)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from workbench.ui.model.decimation import Values

#: Smaller changes are not worth a word.
_LEAST = 0.005


@dataclass(frozen=True, slots=True)
class Drop:
    """A task's score when a stage began at step `at`, and when it ended, or by now."""

    task: int
    name: str
    at: float
    until: float
    before: float
    after: float

    @property
    def text(self) -> str:
        """The change, with its sign."""
        return f"{self.after - self.before:+.2f}".replace("-", "−")

    @property
    def middle(self) -> float:
        """The height half-way down."""
        return (self.before + self.after) / 2


def drops(
    steps: Values,
    scores: Values,
    stages: Sequence[tuple[float, float, Sequence[str]]],
    tasks: Sequence[str],
) -> list[Drop]:
    """At each boundary the task of the stage before that changed the most in the stage after.

    `scores` [M, T] were taken at `steps` [M]; a stage is its first step, the step after its last,
    and its tasks.
    """
    largest: list[Drop] = []
    for (_, end, active), (start, until, following) in pairwise(stages):
        before = np.flatnonzero(steps <= end)
        after = np.flatnonzero((steps > start) & (steps <= until))
        if not len(before) or not len(after):
            break
        left = [j for j, task in enumerate(tasks) if task in active and task not in following]
        made = [
            Drop(j, tasks[j], float(start), float(until), *_pair(scores, before[-1], after[-1], j))
            for j in left
        ]
        made = [drop for drop in made if abs(drop.after - drop.before) >= _LEAST]
        if made:
            largest.append(max(made, key=lambda drop: abs(drop.after - drop.before)))
    return largest


def _pair(scores: Values, before: int, after: int, j: int) -> tuple[float, float]:
    return float(scores[before, j]), float(scores[after, j])
