"""Table shape: how a reported table is best drawn, and how its numbers are written (Qt-free)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from workbench.spec.event import Table
from workbench.study.spread import Spread
from workbench.ui.model.decimation import Values

#: The row that sums the others up; it is written, not coloured.
TOTAL = "all"

#: Columns whose largest values differ by more than this cannot share one scale of colours.
_LIKE = 30.0

Kind = Literal["heat", "bars"]


@dataclass(frozen=True, slots=True)
class Shape:
    """How strong each cell [R, C] is drawn, −1 to 1; as one heat map, or as bars in columns."""

    kind: Kind
    strength: Values
    total: int | None


def shape_of(table: Table) -> Shape:
    """One scale for all cells where the columns are alike, else one for each column."""
    values = np.asarray(table.values, dtype=np.float64)
    total = table.rows.index(TOTAL) if TOTAL in table.rows[1:] else None
    counted = values if total is None else np.delete(values, total, axis=0)
    tops = np.array([_largest(column) for column in counted.T])
    known = tops[tops > 0]
    is_alike = not len(known) or known.max() / known.min() <= _LIKE
    is_heat = is_alike and total is None and values.shape[1] > 1
    limit = np.full(len(tops), tops.max(initial=0.0)) if is_heat else tops
    if is_heat and limit.max(initial=0.0) <= 1.0 and _is_share(counted):
        limit = np.ones_like(limit)  # shares: a pale table is one of small shares
    strength = np.where(limit > 0, values / np.where(limit > 0, limit, 1.0), 0.0)
    return Shape("heat" if is_heat else "bars", np.clip(strength, -1.0, 1.0), total)


def written(value: float, column: str = "") -> str:
    """A number as it stands in a cell; bytes with their unit."""
    if not np.isfinite(value):
        return "–"
    if column == "bytes":
        return _bytes(value)
    if (value == round(value) and abs(value) < 1e9) or abs(value) >= 100:
        text = f"{value:,.0f}"
    elif abs(value) >= 0.01:
        text = f"{value:.2f}"
    else:
        text = f"{value:.1e}"
    return text.replace("-", "−")


def spread_words(mean: float, low: float, high: float, column: str, kind: Spread) -> str:
    """What lies around a mean: half its width, or of a range both ends; empty for one seed."""
    if not np.isfinite(low):
        return ""
    if kind is Spread.RANGE:
        return f"{written(low, column)} … {written(high, column)}"
    return f"± {written(high - mean, column)}"


def _bytes(value: float) -> str:
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:.3g} GB"


def values_over_time(
    reports: list[tuple[int, Table]], rows: tuple[str, ...], column: str
) -> tuple[Values, Values]:
    """Steps [M] and the value of each of `rows` [M, R] in `column`; NaN where there was none."""
    values = np.full((len(reports), len(rows)), np.nan)
    for i, (_, table) in enumerate(reports):
        if column not in table.columns:
            continue
        c = table.columns.index(column)
        places = {name: r for r, name in enumerate(table.rows)}
        for k, row in enumerate(rows):
            if row in places:
                values[i, k] = table.values[places[row], c]
    return np.array([step for step, _ in reports], dtype=np.float64), values


def _largest(column: Values) -> float:
    known = np.abs(column[np.isfinite(column)])
    return float(known.max()) if len(known) else 0.0


def _is_share(values: Values) -> bool:
    """Whether the largest value is near 1, or the columns of a row add up to 1."""
    known = values[np.isfinite(values)]
    if not len(known):
        return False
    sums = np.nansum(values, axis=1)
    return float(np.abs(known).max()) > 0.5 or bool(np.allclose(sums, 1.0, atol=0.02))
