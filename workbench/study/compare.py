"""Compare: runs of the same experiment on several seeds as one, and two of them seed by seed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.spec.run_row import RunRow
from workbench.study.interval import Estimate, estimate, paired_difference


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

    def scores(self) -> dict[tuple[str, str], Estimate | None]:
        """What was reached by task and metric, over the seeds."""
        by_task = _by_task(self.done, sign=False)
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


def gains(first: Group, second: Group) -> dict[tuple[str, str], Estimate | None]:
    """How much better `second` is than `first` on each task both have, on the seeds both have.

    Above 0 is better, whatever the metric; None where they share no seed.
    """
    before, after = _by_task(first.done, sign=True), _by_task(second.done, sign=True)
    return {key: paired_difference(before[key], after[key]) for key in before if key in after}


def _by_task(
    rows: Sequence[RunRow], *, sign: bool
) -> dict[tuple[str, str], dict[int, float | None]]:
    """Values by task and metric, then by seed; with `sign`, more is better in all of them."""
    by_task: dict[tuple[str, str], dict[int, float | None]] = {}
    for row in rows:
        for score in row.scores:
            value = score.value
            if sign and value is not None and not score.higher_is_better:
                value = -value
            by_task.setdefault((score.task, score.metric), {})[row.seed] = value
    return by_task
