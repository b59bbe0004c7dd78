"""Run facts: what findings look at, of one run; gathered from its events, or from what was kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workbench.spec.event import (
    Began,
    Diverged,
    Evaluated,
    Event,
    Finished,
    Probed,
    Replanned,
    StepsDone,
    TaskFacts,
)

Values = NDArray[np.float64]


def _none() -> Values:
    return np.empty(0)


@dataclass(slots=True, eq=False)
class RunFacts:
    """Of T tasks and the S stages that ended; NaN where something is not known.

    `matrix` [S, T] are test scores after each stage, `baseline` [T] those before training.
    `first_losses` and `last_losses` [T] are means over the first and the last `LOSSES` training
    losses of each task. `n_probes` and `n_conflicts` [T, T] count the probes in which two tasks had
    a gradient, and those in which these pointed apart. `delta_m` is what sharing changes against a
    network of its own for each task, as a share, mean over tasks, above 0 where it gains.
    """

    seed: int = 0
    ending: str = ""
    step: int = 0
    diverged_on: str = ""
    tasks: tuple[TaskFacts, ...] = ()
    stages: tuple[tuple[str, ...], ...] = ()
    matrix: Values = field(default_factory=_none)
    baseline: Values = field(default_factory=_none)
    first_losses: Values = field(default_factory=_none)
    last_losses: Values = field(default_factory=_none)
    n_probes: Values = field(default_factory=_none)
    n_conflicts: Values = field(default_factory=_none)
    delta_m: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tasks."""
        return tuple(task.name for task in self.tasks)

    @property
    def signs(self) -> Values:
        """1 for tasks of whose score more is better, −1 for the others, [T]."""
        return np.array([1.0 if task.higher_is_better else -1.0 for task in self.tasks])


#: So many losses of a task are taken together, at the beginning and at the end.
LOSSES = 20


class FactsOfEvents:
    """Gathers the facts of a run from its events as they come."""

    def __init__(self) -> None:
        self.facts = RunFacts()
        self._rows: dict[int, Values] = {}
        self._first: list[list[float]] = []
        self._last: list[list[float]] = []

    def take(self, event: Event) -> None:
        """Take the next event."""
        facts = self.facts
        facts.step = max(facts.step, event.step)
        match event:
            case Began():
                self._begin(event)
            case Replanned(stages=stages):
                facts.stages = tuple(stage.tasks for stage in stages)
            case StepsDone(losses=losses):
                self._take_losses(np.asarray(losses, dtype=np.float64))
            case Probed(cosines=cosines) if len(cosines):
                known = np.isfinite(cosines[0])
                facts.n_probes = facts.n_probes + known
                facts.n_conflicts = facts.n_conflicts + (known & (cosines[0] < 0))
            case Evaluated(split="test", stage=-1, scores=scores):
                facts.baseline = np.asarray(scores, dtype=np.float64)
            case Evaluated(split="test", ends_stage=True, stage=stage, scores=scores):
                self._rows[stage] = np.asarray(scores, dtype=np.float64)
                facts.matrix = np.stack([self._rows[at] for at in sorted(self._rows)])
            case Diverged(task=task):
                facts.ending, facts.diverged_on = "diverged", task
            case Finished():
                facts.ending = event.status
                facts.matrix = np.asarray(event.matrix, dtype=np.float64)
                facts.baseline = np.asarray(event.baseline, dtype=np.float64)
            case _:
                pass

    def _begin(self, event: Began) -> None:
        n = len(event.tasks)
        facts = self.facts
        if not facts.tasks:
            facts.baseline = np.full(n, np.nan)
            facts.matrix = np.empty((0, n))
            facts.first_losses = facts.last_losses = np.full(n, np.nan)
            facts.n_probes = facts.n_conflicts = np.zeros((n, n))
            self._first, self._last = [[] for _ in range(n)], [[] for _ in range(n)]
        facts.tasks = event.tasks
        facts.seed = event.seed
        facts.stages = tuple(stage.tasks for stage in event.stages)

    def _take_losses(self, losses: Values) -> None:
        for first, last, column in zip(self._first, self._last, losses.T, strict=True):
            known = column[~np.isnan(column)]
            first += known[: LOSSES - len(first)].tolist()
            last[:] = [*last, *known[-LOSSES:].tolist()][-LOSSES:]
        self.facts.first_losses = _means(self._first)
        self.facts.last_losses = _means(self._last)


#: So many of the first and of the last steps are searched for a task's losses.
_SEARCHED = 4000


def ends_of_losses(losses: Values) -> tuple[Values, Values]:
    """The means [T] of each task's first and last `LOSSES` losses, of losses [N, T] with gaps."""
    first = [column[~np.isnan(column)][:LOSSES].tolist() for column in losses[:_SEARCHED].T]
    last = [column[~np.isnan(column)][-LOSSES:].tolist() for column in losses[-_SEARCHED:].T]
    return _means(first), _means(last)


def _means(columns: Sequence[Sequence[float]]) -> Values:
    return np.array([np.mean(column) if len(column) else np.nan for column in columns])
