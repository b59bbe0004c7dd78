"""SeedTables: a reported table of one setup's seeds as one: means, and what lies around them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from workbench.spec.event import Table
from workbench.study.spread import Bounds, Spread, spread_of
from workbench.ui.model.decimation import Values
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.seed_curves import joined
from workbench.ui.tabs.inside.report_table_layout import spread_words, values_over_time


@dataclass(frozen=True, slots=True)
class SeenTable:
    """A table of means over `n_seeds` seeds; `spreads` [R][C] say what lies around each.

    Rows and columns that not every seed has have no mean: then it is that of the first alone.
    """

    table: Table
    spreads: tuple[tuple[str, ...], ...]
    n_seeds: int
    steps: tuple[int, int]

    @property
    def step(self) -> int:
        """The last step at which one of them was told."""
        return self.steps[1]


class SeedTables:
    """What every seed told of one table; the first of `models` stands for what has no mean."""

    def __init__(self, models: Sequence[RunModel], source: str, name: str, kind: Spread) -> None:
        self._kind = kind
        told = [model.reports.all(source, name) for model in models]
        self._told = [tables for tables in told if tables]
        #: Every step at which any seed told it.
        self.steps = sorted({step for tables in self._told for step, _ in tables})

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows of the newest table."""
        return self._told[0][-1][1].rows

    def newest(self) -> SeenTable:
        """The newest table of each seed, however far it has come."""
        return self._seen([tables[-1] for tables in self._told])

    def at(self, place: int) -> SeenTable:
        """The table at one of the steps, of the seeds that told it then."""
        step = self.steps[place]
        found = [(at, table) for tables in self._told for at, table in tables if at == step]
        return self._seen(found)

    def _seen(self, found: Sequence[tuple[int, Table]]) -> SeenTable:
        step, first = found[0]
        alike = all((t.rows, t.columns) == (first.rows, first.columns) for _, t in found)
        if len(found) < 2 or not alike:
            return SeenTable(first, (), 1, (step, step))
        values = np.stack([np.asarray(table.values, dtype=np.float64) for _, table in found])
        around = spread_of(values, self._kind)
        steps = [at for at, _ in found]
        mean = replace(first, values=around.mean)
        return SeenTable(mean, self._spreads(first, around), len(found), (min(steps), max(steps)))

    def _spreads(self, table: Table, around: Bounds) -> tuple[tuple[str, ...], ...]:
        return tuple(
            tuple(
                spread_words(float(mean), float(low), float(high), column, self._kind)
                for column, mean, low, high in zip(table.columns, *ends, strict=True)
            )
            for ends in zip(around.mean, around.low, around.high, strict=True)
        )

    def over_time(self, rows: tuple[str, ...], column: str) -> tuple[Values, Bounds]:
        """Steps [M], and mean and spread [M, R] of `rows` in `column`."""
        parts = [values_over_time(tables, rows, column) for tables in self._told]
        return joined(parts, self._kind)
