"""Contour: where a field over a grid is zero, as straight pieces (Qt-free)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.floating[Any]]

#: The edges of a cell that a line crosses between, by which corners are above zero: bit 0 is the
#: corner at (row, column), 1 the next column, 2 the next row and column, 3 the next row. Edges are
#: numbered in the same turn, from the first to the second corner. The two cases of a saddle keep
#: the corners above zero apart.
_CASES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((3, 0), (1, 2)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((2, 0),),
    10: ((0, 1), (2, 3)),
    11: ((2, 1),),
    12: ((1, 3),),
    13: ((1, 0),),
    14: ((0, 3),),
}


def contour(field: Field) -> NDArray[np.float64]:
    """Pieces [N, 2, 2] of the lines at zero: both ends, each as column and row of the grid.

    Marching squares: between two corners the field is taken to be straight.
    """
    values = np.asarray(field, dtype=np.float64)
    corners = (values[:-1, :-1], values[:-1, 1:], values[1:, 1:], values[1:, :-1])
    case = sum((corner > 0).astype(np.int64) << bit for bit, corner in enumerate(corners))
    pieces = [
        np.stack([_crossing(corners, at, start), _crossing(corners, at, end)], axis=1)
        for number, lines in _CASES.items()
        if len(at := np.argwhere(case == number))
        for start, end in lines
    ]
    return np.concatenate(pieces).astype(np.float64) if pieces else np.empty((0, 2, 2))


def _crossing(corners: tuple[Field, ...], at: NDArray[np.int64], edge: int) -> Field:
    """Where the field is zero on an edge of the cells `at` [N, 2], as column and row."""
    places = ((0, 0), (0, 1), (1, 1), (1, 0))
    rows, columns = at[:, 0], at[:, 1]
    a, b = corners[edge][rows, columns], corners[(edge + 1) % 4][rows, columns]
    share = a / (a - b)
    (r0, c0), (r1, c1) = places[edge], places[(edge + 1) % 4]
    return np.stack([columns + c0 + share * (c1 - c0), rows + r0 + share * (r1 - r0)], axis=1)
