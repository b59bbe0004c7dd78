"""Sweep: the same experiment under many fixed weights, to see what can be had at all.

Tuned fixed weights are a strong competitor of every balancing method (Kurin et al., In defense of
the unitary scalarization, NeurIPS 2022; Xin et al., NeurIPS 2022).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.spec.entry import Catalogue
from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.score import Score
from workbench.study.interval import Estimate, estimate
from workbench.study.pareto import non_dominated
from workbench.study.plan import Member, members, weighted
from workbench.study.simplex import simplex_points
from workbench.study.transfer import Planned, Results

Numbers = NDArray[np.float64]


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
        return [(self.spec, "as it is"), *zip(self.specs, labels, strict=True)]


def plan_sweep(
    spec: Spec, catalogue: Catalogue, n: int, names: Sequence[str] | None = None
) -> SweepPlan:
    """`n` weightings to try. Raises ValueError for one task, or tasks not known yet."""
    tasks = members(spec, catalogue, names)
    weights = simplex_points(len(tasks), n)
    specs = tuple(weighted(spec, tasks, point) for point in weights)
    return SweepPlan(spec, tuple(tasks), tuple(weights), specs)


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """What was reached in one place: `scores` [T] on the test split, over the seeds.

    `weights` are None for the experiment as it is. `is_best` marks the weighting that is best by
    the validation scores, `is_on_front` a point whose mean scores no other one beats.
    """

    label: str
    weights: tuple[float, ...] | None
    scores: tuple[Estimate | None, ...]
    is_best: bool
    is_on_front: bool


@dataclass(frozen=True, slots=True)
class Sweep:
    """The points of a sweep, the experiment as it is first."""

    tasks: tuple[str, ...]
    metrics: tuple[str, ...]
    higher_is_better: tuple[bool, ...]
    points: tuple[SweepPoint, ...]


def sweep_of(plan: SweepPlan, results: Results) -> Sweep:
    """What the results that are there say; a point without one has no scores."""
    seeds, n_tasks = plan.spec.seeds, len(plan.tasks)
    found = [[results.get((fingerprint(spec), s)) for s in seeds] for spec, _ in plan.parts]
    known = next((scores for runs in found for scores in runs if scores), ())
    higher = tuple(score.higher_is_better for score in known) or (True,) * n_tasks
    tests = [_estimates(runs, n_tasks, is_test=True) for runs in found]
    tried = [_means(_estimates(runs, n_tasks, is_test=False)) for runs in found[1:]]
    best = best_of(np.stack(tried), higher)
    front = non_dominated(np.stack([_means(row) for row in tests]), higher)
    points = tuple(
        SweepPoint(label, ([None, *plan.weights])[at], tests[at], at - 1 == best, bool(front[at]))
        for at, (_, label) in enumerate(plan.parts)
    )
    names = tuple(task.name for task in plan.tasks)
    return Sweep(names, tuple(score.metric for score in known), higher, points)


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


def _means(row: Sequence[Estimate | None]) -> Numbers:
    return np.asarray([np.nan if cell is None else cell.mean for cell in row], dtype=np.float64)
