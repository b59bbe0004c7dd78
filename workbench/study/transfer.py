"""Transfer: what learning together does to each task, against learning alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.spec.entry import Catalogue
from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.score import Score
from workbench.study.grouping import best_grouping, gain_of
from workbench.study.interval import Estimate, estimate
from workbench.study.plan import Member, alone, measured, members, together

Numbers = NDArray[np.float64]

#: What each run reached, one score a task in its spec's order, by fingerprint and seed.
Results = Mapping[tuple[str, int], Sequence[Score]]


def relative_change(
    scores: Numbers, baseline: Numbers, higher_is_better: Sequence[bool]
) -> Numbers:
    """(−1)^l (M − B)/|B| for scores and baselines [..., T]; above 0 is better, whatever the metric.

    l is 1 where lower is better. The absolute value matters only for measures that may be below
    0, where the published form (Maninis, CVPR 2019) would call a gain a loss. NaN where B is 0.
    """
    sign = np.where(np.asarray(higher_is_better, dtype=bool), 1.0, -1.0)
    base = np.where(baseline == 0, np.nan, np.abs(baseline))
    return sign * (scores - baseline) / base


def delta_m(scores: Numbers, baseline: Numbers, higher_is_better: Sequence[bool]) -> float | None:
    """Δm = mean over tasks of their relative change; None unless every task has one."""
    mean = float(relative_change(scores, baseline, higher_is_better).mean())
    return mean if np.isfinite(mean) else None


def known_delta_m(
    spec: Spec,
    catalogue: Catalogue,
    scores: Sequence[Score],
    found: Callable[[Spec], Sequence[Score] | None],
) -> float | None:
    """Δm of one run's scores, if `found` knows the run of every task alone; else None."""
    try:
        tasks = members(spec, catalogue, [score.task for score in scores])
    except ValueError:
        return None
    base = [found(alone(spec, task, catalogue)) for task in tasks] if len(tasks) > 1 else []
    known = [runs[0].value for runs in base if runs and runs[0].value is not None]
    values = [score.value for score in scores if score.value is not None]
    if not tasks or len(known) != len(tasks) or len(values) != len(tasks):
        return None
    directions = [score.higher_is_better for score in scores]
    return delta_m(np.asarray(values), np.asarray(known), directions)


@dataclass(frozen=True, slots=True)
class Planned:
    """A run that a study needs, and in short what it is."""

    spec: Spec
    seed: int
    label: str

    @property
    def key(self) -> tuple[str, int]:
        """Where its scores belong in `Results`."""
        return fingerprint(self.spec), self.seed


@dataclass(frozen=True, slots=True)
class TransferPlan:
    """The runs that show how the tasks of an experiment change each other.

    `alone` has a spec a task; `pairs` one for each two tasks, or none where they are not asked for.
    """

    spec: Spec
    tasks: tuple[Member, ...]
    alone: tuple[Spec, ...]
    pairs: Mapping[tuple[int, int], Spec]

    def runs(self) -> list[Planned]:
        """Every run, seed by seed: what is there after one seed already means something."""
        return [
            Planned(spec, seed, label) for seed in self.spec.seeds for spec, label in self._parts()
        ]

    def _parts(self) -> Iterator[tuple[Spec, str]]:
        names = [task.name for task in self.tasks]
        yield self.spec, "all tasks"
        for name, spec in zip(names, self.alone, strict=True):
            yield spec, f"{name} alone"
        for (i, j), spec in self.pairs.items():
            if spec is not self.spec:
                yield spec, f"{names[i]} + {names[j]}"


def plan_transfer(
    spec: Spec,
    catalogue: Catalogue,
    names: Sequence[str] | None = None,
    *,
    facts: Sequence[TaskFacts] | None = None,
    has_pairs: bool = True,
) -> TransferPlan:
    """The runs to make. Raises ValueError for one task alone, or tasks that are not known yet.

    `names` are those a run of the spec gave the tasks; `facts` say that too, and how long each is
    learned. Without them every run takes as many epochs.
    """
    tasks = known_members(spec, catalogue, facts) if facts else members(spec, catalogue, names)
    if len(tasks) < 2:
        raise ValueError("with one task there is nothing to transfer: choose two or more")
    pairs = {
        (i, j): together(spec, (tasks[i], tasks[j]), tasks)
        for i in range(len(tasks))
        for j in range(i + 1, len(tasks))
    }
    singles = tuple(alone(spec, task, catalogue) for task in tasks)
    return TransferPlan(spec, tuple(tasks), singles, pairs if has_pairs else {})


def known_members(spec: Spec, catalogue: Catalogue, facts: Sequence[TaskFacts]) -> list[Member]:
    """The tasks of `spec` as its facts tell of them. Raises ValueError where they do not fit."""
    return measured(members(spec, catalogue, [found.name for found in facts]), facts)


@dataclass(frozen=True, slots=True)
class Transfer:
    """What was found, over the seeds that have it; changes are shares of the score alone.

    `changes` [T] are of each task, learned with all others; `pairwise` [T][T] of j (column)
    learned with i (row). None stands where no run has the numbers. `groups` are the suggested
    networks, by task number, and `gain` the summed change they promise; None without all pairs.
    """

    tasks: tuple[str, ...]
    changes: tuple[Estimate | None, ...]
    delta_m: Estimate | None
    pairwise: tuple[tuple[Estimate | None, ...], ...]
    groups: tuple[tuple[int, ...], ...] | None
    gain: float | None
    seeds: tuple[int, ...]

    @property
    def has_pairs(self) -> bool:
        """Whether any pair is known."""
        return any(cell is not None for row in self.pairwise for cell in row)

    @property
    def matrix(self) -> Numbers:
        """The means of `pairwise` [T, T]; NaN where there is none."""
        rows = [[np.nan if cell is None else cell.mean for cell in row] for row in self.pairwise]
        return np.asarray(rows, dtype=np.float64)


def transfer_of(plan: TransferPlan, results: Results) -> Transfer:
    """What the results that are there say."""
    seeds, n_tasks = plan.spec.seeds, len(plan.tasks)
    higher_is_better = [_is_higher_better(results, spec, seeds) for spec in plan.alone]
    base = np.stack([_row(results, plan.alone, seed) for seed in seeds])
    all_ = np.stack([_scores(results, plan.spec, seed, n_tasks) for seed in seeds])
    changes = relative_change(all_, base, higher_is_better)
    pairwise = np.full((len(seeds), n_tasks, n_tasks), np.nan)
    for (i, j), spec in plan.pairs.items():
        both = [i, j]
        scores = np.stack([_scores(results, spec, seed, 2) for seed in seeds])
        of_both = [higher_is_better[k] for k in both]
        pairwise[:, both, both[::-1]] = relative_change(scores, base[:, both], of_both)[:, ::-1]
    cells = tuple(
        tuple(None if i == j else estimate(pairwise[:, i, j].tolist()) for j in range(n_tasks))
        for i in range(n_tasks)
    )
    deltas = estimate(changes.mean(axis=1).tolist())
    each = tuple(estimate(changes[:, t].tolist()) for t in range(n_tasks))
    names = tuple(task.name for task in plan.tasks)
    known = tuple(s for s, row in zip(seeds, changes, strict=True) if np.isfinite(row).all())
    found = Transfer(names, each, deltas, cells, None, None, known)
    return _with_groups(found)


def _with_groups(found: Transfer) -> Transfer:
    matrix = found.matrix
    if not np.isfinite(matrix[~np.eye(len(matrix), dtype=bool)]).all():
        return found
    groups = best_grouping(matrix)
    gain = sum(gain_of(group, matrix) for group in groups)
    return Transfer(
        found.tasks, found.changes, found.delta_m, found.pairwise, groups, gain, found.seeds
    )


def _row(results: Results, specs: Sequence[Spec], seed: int) -> Numbers:
    return np.concatenate([_scores(results, spec, seed, 1) for spec in specs])


def _scores(results: Results, spec: Spec, seed: int, n_tasks: int) -> Numbers:
    """The scores [T] of one run; NaN where it is not there."""
    found = results.get((fingerprint(spec), seed))
    if found is None or len(found) != n_tasks:
        return np.full(n_tasks, np.nan)
    values = [np.nan if score.value is None else score.value for score in found]
    return np.asarray(values, dtype=np.float64)


def _is_higher_better(results: Results, alone: Spec, seeds: Sequence[int]) -> bool:
    """The direction of a task's metric; of a task without a run it does not matter."""
    found = [results.get((fingerprint(alone), seed)) for seed in seeds]
    return all(score.higher_is_better for scores in found for score in scores or ())
