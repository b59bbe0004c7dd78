"""Grid: a matrix of scores as coloured cells with their numbers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.publish.figures.chart import short
from workbench.publish.figures.svg import drawing, element, label

_WIDTH, _LEFT, _ROW, _TOP = 760.0, 170.0, 28.0, 40.0
#: Larger matrices are coloured without numbers; a table has them.
_MOST_WRITTEN = 16


def matrix_chart(
    values: NDArray[np.float64],
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    *,
    higher_is_better: Sequence[bool],
    is_share: bool,
) -> str:
    """Scores [R, C]; the deeper the colour, the better within the matrix, or from 0 to 1."""
    n_rows, n_columns = values.shape
    width = min(110.0, (_WIDTH - _LEFT) / max(n_columns, 1))
    row = min(_ROW, 560.0 / max(n_rows, 1))
    parts: list[str] = []
    has_numbers = max(n_rows, n_columns) <= _MOST_WRITTEN
    if n_columns <= _MOST_WRITTEN:
        for j, name in enumerate(columns):
            cut = short(name)[: max(4, int(width / 7))]
            at = _LEFT + (j + 0.5) * width
            parts.append(label(at, _TOP - 10, cut, text_anchor="middle", class_="name"))
    for i in range(n_rows):
        y = _TOP + i * row
        if row >= 11:
            name = short(rows[i] if i < len(rows) else "")[:24]
            parts.append(label(_LEFT - 10, y + row / 2 + 4, name, text_anchor="end"))
        for j in range(n_columns):
            value = float(values[i, j])
            share = _share(values[:, j], value, higher_is_better[j], is_share=is_share)
            x = _LEFT + j * width
            parts.append(
                element(
                    "rect",
                    x=x + 1,
                    y=y + 1,
                    width=width - 2,
                    height=row - 2,
                    rx=3,
                    class_="heat",
                    opacity=round(0.06 + 0.94 * share, 3),
                )
            )
            if has_numbers:
                text = f"{value:.3f}" if np.isfinite(value) else "–"
                kind = "dark" if share > 0.5 else "cell"
                at = x + width / 2
                parts.append(label(at, y + row / 2 + 4, text, text_anchor="middle", class_=kind))
    return drawing(_WIDTH, _TOP + n_rows * row + 6, "".join(parts), title)


def _share(
    column: NDArray[np.float64], value: float, higher_is_better: bool, *, is_share: bool
) -> float:
    """How good a score is, from 0 to 1: as it is, or among those of its task."""
    if not np.isfinite(value):
        return 0.0
    if is_share:
        return min(max(value, 0.0), 1.0)
    known = column[np.isfinite(column)]
    low, high = float(known.min()), float(known.max())
    at = (value - low) / (high - low) if high > low else 0.5
    return at if higher_is_better else 1 - at
