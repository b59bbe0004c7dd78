"""Compare: runs of the history as experiments, several seeds of one together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.spec.run_row import RunRow
from workbench.study.comparison.experiments import MEASURES, Experiment, Outcome, Scored
from workbench.study.comparison.likeness import SetupFacts
from workbench.study.interval import Estimate, estimate


@dataclass(frozen=True, slots=True)
class Group:
    """The runs of one experiment, a seed each.

    Of several on one seed it is one that came to its end, if any did, and of those the first that
    was named. Only runs that came to their end have a say in scores and differences.
    """

    name: str
    rows: tuple[RunRow, ...]

    @property
    def done(self) -> tuple[RunRow, ...]:
        """The runs that came to their end."""
        return tuple(row for row in self.rows if row.status == "done")

    @property
    def failed(self) -> tuple[RunRow, ...]:
        """The runs that ended before their end, and not because somebody stopped them."""
        return tuple(row for row in self.rows if row.status in ("diverged", "failed"))

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds, in the order of the runs."""
        return tuple(row.seed for row in self.rows)

    def measure(self, key: str) -> Estimate | None:
        """One of the measures of the matrix, such as `acc`, over the seeds."""
        return estimate(getattr(row, key) for row in self.done)

    def values(self, task: str, metric: str) -> list[float]:
        """What each run that came to its end reached, where it is known."""
        values = _by_task(self.done).get((task, metric), {}).values()
        return [value for value in values if value is not None]

    def scores(self) -> dict[tuple[str, str], Estimate | None]:
        """What was reached by task and metric, over the seeds."""
        by_task = _by_task(self.done)
        return {key: estimate(values.values()) for key, values in by_task.items()}


def grouped(rows: Iterable[RunRow]) -> list[Group]:
    """The runs by experiment, in the order in which each was first named."""
    experiments: dict[str, dict[int, RunRow]] = {}
    for row in rows:
        by_seed = experiments.setdefault(row.fingerprint or row.run_id, {})
        known = by_seed.setdefault(row.seed, row)
        if known.status != "done" and row.status == "done":
            by_seed[row.seed] = row
    return [Group(next(iter(by.values())).name, tuple(by.values())) for by in experiments.values()]


def experiment_of(group: Group, setup: SetupFacts | None) -> Experiment:
    """The runs of a group as they are compared; `setup` is None where it cannot be read."""
    scores = [score for row in group.rows for score in row.scores]
    tasks = {score.task: score for score in reversed(scores)}
    names = dict.fromkeys(score.task for score in scores)
    return Experiment(
        group.name,
        setup,
        tuple(Scored(n, tasks[n].metric, tasks[n].higher_is_better) for n in names),
        tuple(_outcome(row) for row in group.rows),
    )


def _outcome(row: RunRow) -> Outcome:
    measures = {key: getattr(row, key) for key, _ in MEASURES}
    return Outcome(row.seed, row.status, measures, {s.task: s.value for s in row.scores})


def _by_task(rows: Sequence[RunRow]) -> dict[tuple[str, str], dict[int, float | None]]:
    """Values by task and metric, then by seed."""
    by_task: dict[tuple[str, str], dict[int, float | None]] = {}
    for row in rows:
        for score in row.scores:
            by_task.setdefault((score.task, score.metric), {})[row.seed] = score.value
    return by_task
