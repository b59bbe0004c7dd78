"""Sweep: the same experiment under many fixed weights, to see what can be had at all.

Tuned fixed weights are a strong competitor of every balancing method (Kurin et al., In defense of
the unitary scalarization, NeurIPS 2022; Xin et al., NeurIPS 2022).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.spec.entry import Catalogue
from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.score import Score
from workbench.study.interval import Estimate, estimate
from workbench.study.pareto import non_dominated
from workbench.study.plan import Member, members, weighted
from workbench.study.simplex import simplex_points
from workbench.study.transfer import Planned, Results

Numbers = NDArray[np.float64]

#: What the experiment without fixed weights is called among the weightings.
AS_IT_IS = "as it is"


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """The experiment as it is, and under each weighting [T] of its tasks."""

    spec: Spec
    tasks: tuple[Member, ...]
    weights: tuple[tuple[float, ...], ...]
    specs: tuple[Spec, ...]

    def runs(self) -> list[Planned]:
        """Every run, seed by seed, the experiment as it is first."""
        return [
            Planned(spec, seed, label) for seed in self.spec.seeds for spec, label in self.parts
        ]

    @property
    def parts(self) -> list[tuple[Spec, str]]:
        """Each point's spec, and in short what it is."""
        labels = [" : ".join(f"{weight:.2f}" for weight in weights) for weights in self.weights]
        return [(self.spec, AS_IT_IS), *zip(self.specs, labels, strict=True)]


def plan_sweep(
    spec: Spec, catalogue: Catalogue, n: int, facts: Sequence[TaskFacts] | None = None
) -> SweepPlan:
    """`n` weightings to try. Raises ValueError for one task, or tasks not known yet."""
    tasks = members(spec, catalogue, facts)
    weights = simplex_points(len(tasks), n)
    specs = tuple(weighted(spec, tasks, point) for point in weights)
    return SweepPlan(spec, tuple(tasks), tuple(weights), specs)


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """What was reached in one place: `scores` [T] on the test split, over the seeds.

    `weights` are None for the experiment as it is. `n_done` seeds came to their end, and `n_failed`
    did not or passed all numbers on the way, so that a score is none: where any failed, the point
    has, and has no scores, for the mean of the others would be of the lucky ones. `is_best` marks
    the weighting that is best by the validation scores, `is_on_front` a point whose mean scores no
    other one beats; both only look at points that have as many seeds as any.
    """

    label: str
    weights: tuple[float, ...] | None
    scores: tuple[Estimate | None, ...]
    is_best: bool
    is_on_front: bool
    n_done: int
    n_failed: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """The points of a sweep, the experiment as it is first."""

    tasks: tuple[str, ...]
    metrics: tuple[str, ...]
    higher_is_better: tuple[bool, ...]
    points: tuple[SweepPoint, ...]


def sweep_of(plan: SweepPlan, results: Results, failed: Collection[tuple[str, int]] = ()) -> Sweep:
    """What the results that are there say; a point without one has no scores.

    `failed` are the runs, by fingerprint and seed, that ended before their end.
    """
    seeds, n_tasks = plan.spec.seeds, len(plan.tasks)
    keys = [[(fingerprint(spec), seed) for seed in seeds] for spec, _ in plan.parts]
    lost = _lost([results[key] for row in keys for key in row if key in results])
    by_point = [[_unless(lost, results.get(key)) for key in row] for row in keys]
    known = next((scores for runs in by_point for scores in runs if scores), ())
    higher = tuple(score.higher_is_better for score in known) or (True,) * n_tasks
    ended = [[key in results or key in failed for key in row] for row in keys]
    n_done = [sum(scores is not None for scores in runs) for runs in by_point]
    n_failed = [sum(row) - n for row, n in zip(ended, n_done, strict=True)]
    most = max((n for n, bad in zip(n_done, n_failed, strict=True) if not bad), default=0)
    counts = [not bad and n == most for n, bad in zip(n_done, n_failed, strict=True)]
    tests = [
        (None,) * n_tasks if bad else _estimates(runs, n_tasks, is_test=True)
        for runs, bad in zip(by_point, n_failed, strict=True)
    ]
    tried = [_estimates(runs, n_tasks, is_test=False) for runs in by_point]
    best = best_of(_rows(tried, counts)[1:], higher)
    front = non_dominated(_rows(tests, counts), higher)
    weights = [None, *plan.weights]
    points = tuple(
        SweepPoint(
            label, weights[i], tests[i], i - 1 == best, bool(front[i]), n_done[i], n_failed[i]
        )
        for i, (_, label) in enumerate(plan.parts)
    )
    names = tuple(task.name for task in plan.tasks)
    return Sweep(names, tuple(score.metric for score in known), higher, points)


@np.errstate(invalid="ignore", over="ignore")  # between infinite scores: NaN
def best_of(points: Numbers, higher_is_better: Sequence[bool]) -> int | None:
    """Which of the points [N, T] is best: the largest mean of the tasks' standard scores.

    A task's scores are taken from their mean over the points in units of their spread there, so
    tasks with other metrics count alike. None if no point is known in full.
    """
    known = np.isfinite(points).all(axis=1)
    if not known.any():
        return None
    sign = np.where(np.asarray(higher_is_better, dtype=bool), 1.0, -1.0)
    scores = points * sign
    spread = scores[known].std(axis=0)
    standard = (scores - scores[known].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return int(np.argmax(np.where(known, standard.mean(axis=1), -np.inf)))


def _lost(runs: Sequence[Sequence[Score]]) -> set[int]:
    """Identities of the scores of runs that passed all numbers: of a task they tell none.

    Where no run tells one, as of a metric that the data leave open, it says nothing.
    """
    known = {score.task for scores in runs for score in scores if score.value is not None}
    return {id(r) for r in runs if any(score.value is None and score.task in known for score in r)}


def _unless(lost: Collection[int], scores: Sequence[Score] | None) -> Sequence[Score] | None:
    return None if id(scores) in lost else scores


def _estimates(
    runs: Sequence[Sequence[Score] | None], n_tasks: int, *, is_test: bool
) -> tuple[Estimate | None, ...]:
    return tuple(
        estimate(
            (scores[t].value if is_test else scores[t].validation)
            for scores in runs
            if scores is not None and len(scores) == n_tasks
        )
        for t in range(n_tasks)
    )


def _rows(estimates: Sequence[Sequence[Estimate | None]], counts: Sequence[bool]) -> Numbers:
    """Means [N, T]; NaN for points that do not count."""
    rows = [
        [np.nan if cell is None or not is_counted else cell.mean for cell in row]
        for row, is_counted in zip(estimates, counts, strict=True)
    ]
    return np.asarray(rows, dtype=np.float64)
