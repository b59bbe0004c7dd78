"""Transfer: what learning together does to each task, against learning alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.spec.entry import Catalogue
from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.score import Score
from workbench.study.change import (
    Measure,
    Numbers,
    are_alike,
    changes,
    chosen_metric,
    delta_m,
    measure_of,
    metrics_of,
    value_of,
)
from workbench.study.grouping import Groups, Suggestion, suggestion_of
from workbench.study.interval import Estimate, estimate
from workbench.study.plan import Member, alone, members, together

#: What each run reached, one score a task in its spec's order, by fingerprint and seed.
Results = Mapping[tuple[str, int], Sequence[Score]]


def known_delta_m(
    spec: Spec,
    catalogue: Catalogue,
    scores: Sequence[Score],
    facts: Sequence[TaskFacts],
    scores_of: Callable[[Spec], Sequence[Score] | None],
) -> float | None:
    """Δm of one run's scores, if `scores_of` knows the run of every task alone; else None.

    `facts` are those the run told of its tasks as it began.
    """
    try:
        tasks = members(spec, catalogue, facts)
    except ValueError:
        return None
    base = [scores_of(alone(spec, task, catalogue)) for task in tasks] if len(tasks) > 1 else []
    if not base or any(not runs for runs in base) or len(scores) != len(tasks):
        return None
    pairs = zip(base, scores, strict=True)
    baseline = [value_of(runs[0], score.metric) for runs, score in pairs if runs]
    values = [value_of(score, score.metric) for score in scores]
    measures = [measure_of(score, score.metric, catalogue) for score in scores]
    return delta_m(np.asarray(values), np.asarray(baseline), measures)


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
    facts: Sequence[TaskFacts],
    *,
    has_pairs: bool = True,
) -> TransferPlan:
    """The runs to make. Raises ValueError for one task alone.

    `facts` are those of the spec's tasks, which say what they are called and how long each is
    learned.
    """
    tasks = members(spec, catalogue, facts)
    if len(tasks) < 2:
        raise ValueError("with one task there is nothing to transfer: choose two or more")
    pairs = {
        (i, j): together(spec, (tasks[i], tasks[j]), tasks)
        for i in range(len(tasks))
        for j in range(i + 1, len(tasks))
    }
    singles = tuple(alone(spec, task, catalogue) for task in tasks)
    return TransferPlan(spec, tuple(tasks), singles, pairs if has_pairs else {})


@dataclass(frozen=True, slots=True)
class Transfer:
    """What was found, over the seeds that have it, each task in its measure.

    `changes` [T] are of each task, learned with all others; `pairwise` [T][T] of j (column)
    learned with i (row). None stands where no run has the numbers. `delta_m` is None also where
    the measures have no mean, and so is `suggestion`, which needs all pairs too. `seeds` are those
    with every task's change; `metrics` those that some task may be measured in, and `alternative`
    one of which 0 means none, for a task that is measured in another; empty if there is none.
    """

    tasks: tuple[str, ...]
    measures: tuple[Measure, ...]
    changes: tuple[Estimate | None, ...]
    delta_m: Estimate | None
    pairwise: tuple[tuple[Estimate | None, ...], ...]
    suggestion: Suggestion | None
    seeds: tuple[int, ...]
    metrics: tuple[str, ...]
    alternative: str

    @property
    def has_mean(self) -> bool:
        """Whether the tasks' changes have a mean."""
        return are_alike(self.measures)

    @property
    def has_pairs(self) -> bool:
        """Whether any pair is known."""
        return any(cell is not None for row in self.pairwise for cell in row)

    @property
    def groups(self) -> Groups | None:
        """The suggested networks, by task number; None where nothing is certain."""
        suggestion = self.suggestion
        return suggestion.groups if suggestion is not None and suggestion.is_certain else None

    @property
    def matrix(self) -> Numbers:
        """The means of `pairwise` [T, T]; NaN where there is none."""
        rows = [[np.nan if cell is None else cell.mean for cell in row] for row in self.pairwise]
        return np.asarray(rows, dtype=np.float64)


def transfer_of(
    plan: TransferPlan, results: Results, catalogue: Catalogue, metrics: Sequence[str] = ()
) -> Transfer:
    """What the results that are there say.

    Each task is measured in the first of `metrics` that it has, or in its primary one.
    """
    seeds, n_tasks = plan.spec.seeds, len(plan.tasks)
    known = [_known(results, spec, seeds) for spec in plan.alone]
    chosen = [chosen_metric(score, metrics, catalogue) if score else "" for score in known]
    measures = tuple(
        measure_of(score, metric, catalogue) if score else Measure(metric)
        for score, metric in zip(known, chosen, strict=True)
    )
    base = np.stack([_row(results, plan.alone, seed, chosen) for seed in seeds])
    all_ = np.stack([_scores(results, plan.spec, seed, chosen) for seed in seeds])
    joint_changes = changes(all_, base, measures)
    pairwise = np.full((len(seeds), n_tasks, n_tasks), np.nan)
    for (i, j), spec in plan.pairs.items():
        both, of_pair = [i, j], [chosen[i], chosen[j]]
        scores = np.stack([_scores(results, spec, seed, of_pair) for seed in seeds])
        of_both = changes(scores, base[:, both], [measures[k] for k in both])
        pairwise[:, both, both[::-1]] = of_both[:, ::-1]
    cells = tuple(
        tuple(None if i == j else estimate(pairwise[:, i, j].tolist()) for j in range(n_tasks))
        for i in range(n_tasks)
    )
    has_mean = are_alike(measures)
    return Transfer(
        tuple(task.name for task in plan.tasks),
        measures,
        tuple(estimate(joint_changes[:, t].tolist()) for t in range(n_tasks)),
        estimate(joint_changes.mean(axis=1).tolist()) if has_mean else None,
        cells,
        suggestion_of(pairwise) if has_mean and plan.pairs else None,
        tuple(s for s, row in zip(seeds, joint_changes, strict=True) if np.isfinite(row).all()),
        tuple(dict.fromkeys(m for score in known if score for m in metrics_of(score, catalogue))),
        next(
            (
                metric
                for score, measure in zip(known, measures, strict=True)
                if score and not measure.is_relative
                for metric in metrics_of(score, catalogue)
                if measure_of(score, metric, catalogue).is_relative
            ),
            "",
        ),
    )


def _row(results: Results, specs: Sequence[Spec], seed: int, metrics: Sequence[str]) -> Numbers:
    rows = [
        _scores(results, spec, seed, [metric]) for spec, metric in zip(specs, metrics, strict=True)
    ]
    return np.concatenate(rows)


def _scores(results: Results, spec: Spec, seed: int, metrics: Sequence[str]) -> Numbers:
    """The scores [T] of one run in these metrics; NaN where they are not there."""
    scores = results.get((fingerprint(spec), seed))
    if scores is None or len(scores) != len(metrics):
        return np.full(len(metrics), np.nan)
    values = [value_of(score, metric) for score, metric in zip(scores, metrics, strict=True)]
    return np.asarray(values, dtype=np.float64)


def _known(results: Results, alone: Spec, seeds: Sequence[int]) -> Score | None:
    """What a task's run alone reached on one of the seeds; None without such a run."""
    by_seed = (results.get((fingerprint(alone), seed)) for seed in seeds)
    return next((scores[0] for scores in by_seed if scores), None)
