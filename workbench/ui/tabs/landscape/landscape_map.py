"""Landscape map: the two-task landscape's heights and its Pareto set, for drawing (Qt-free).

The same functions as the task family `landscape`, in numpy; a test holds the two together.
"""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

#: What is drawn: x₁ and x₂ from and to.
X_RANGE, Y_RANGE = (-10.5, 10.5), (-10.5, 10.0)

#: Where the point starts unless the setup says otherwise.
START = (-8.5, 7.5)

_LEAST = 5e-6


def heights(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Both losses at the points (x, y), in their shape."""
    above, below = np.maximum(np.tanh(y / 2), 0), np.maximum(np.tanh(-y / 2), 0)
    first = np.log(np.maximum(np.abs(0.5 * (-x - 7) - np.tanh(-y)), _LEAST)) + 6
    second = np.log(np.maximum(np.abs(0.5 * (-x + 3) + np.tanh(-y) + 2), _LEAST)) + 6
    bowls = [((x - tab_area) ** 2 + 0.1 * (y + 8) ** 2) / 10 - 20 for tab_area in (7, -7)]
    return above * first + below * bowls[0], above * second + below * bowls[1]


def grid(n: int) -> tuple[Numbers, Numbers]:
    """x and y of n × n points over the whole map, [n, n] each, x along the first axis."""
    x, y = np.linspace(*X_RANGE, n), np.linspace(*Y_RANGE, n)
    return np.meshgrid(x, y, indexing="ij")


def pareto_set(n: int = 101) -> Numbers:
    """Points [n, 2] from which no move lowers both losses, from one minimum to the other.

    There both gradients point exactly apart: their determinant is 0, found by halving in x₂.
    """
    x = np.linspace(-7.0, 7.0, n)
    low, high = np.full(n, -9.5), np.full(n, -8.0)
    for _ in range(60):
        middle = (low + high) / 2
        is_above = np.sign(_turn(x, middle)) == np.sign(_turn(x, high))
        low, high = np.where(is_above, low, middle), np.where(is_above, middle, high)
    return np.stack([x, (low + high) / 2], axis=1)


def _turn(x: Numbers, y: Numbers) -> Numbers:
    """The determinant of both gradients in the lower half, over a positive factor."""
    depth = np.tanh(-y / 2)
    slope = -0.5 * (1 - depth**2)
    bowls = [((x - tab_area) ** 2 + 0.1 * (y + 8) ** 2) / 10 - 20 for tab_area in (7, -7)]
    rises = [slope * bowl + depth * 0.02 * (y + 8) for bowl in bowls]
    return (x - 7) * rises[1] - (x + 7) * rises[0]


def banded(values: Numbers, n_bands: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Heights [n, n] as bands of equal area (0 the lowest), and where the contour lines run."""
    edges = np.quantile(values, np.linspace(0, 1, n_bands + 1)[1:-1])
    bands = np.searchsorted(edges, values)
    lines = np.zeros(values.shape, dtype=np.bool_)
    lines[:-1] |= bands[:-1] != bands[1:]
    lines[:, :-1] |= bands[:, :-1] != bands[:, 1:]
    return bands, lines
