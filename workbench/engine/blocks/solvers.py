"""Solvers: exact answers to the tiny convex problems on gradients that several methods share.

All work on at most some tens of tasks, in double precision, on the cosines between gradients and
their lengths apart: so they do not mind losses of 1e-12 beside losses of 1e12. T · `RIDGE` is
added to each gradient's cosine with itself, which makes every problem strictly convex and its
answer unique: tasks with one and the same gradient get one and the same weight. Inner products
computed in single precision are no more exact than that.
"""

# scipy's and numpy's types are partly unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

#: Added to the diagonal of a matrix of cosines, times its size.
RIDGE = 1e-6
#: Relative error of what is found by iteration.
TOLERANCE = 1e-6

_MAX_STEPS = 100
#: Newton's method starts as if no row of cosines had a smaller sum.
_CROWDED = 0.05
_LAST_CHANGE = 1e-3


class NotSolvedError(Exception):
    """A method's small problem has no answer, or its solver did not reach one."""


@dataclass(slots=True)
class Cosines:
    """Gradients by length and direction; tasks whose gradient is 0 are left out.

    `alive` [n] are the positions of the others among the `n_tasks`, `norms` [n] their lengths and
    `matrix` [n, n] the cosines between them.
    """

    n_tasks: int
    alive: list[int]
    norms: Array
    matrix: Array

    @classmethod
    def of(cls, gramian: Sequence[Sequence[float]], ridge: float = RIDGE) -> "Cosines":
        """From finite inner products [T, T]."""
        alive = [i for i, row in enumerate(gramian) if row[i] > 0]
        norms = np.array([math.sqrt(gramian[i][i]) for i in alive])
        whole = np.array(gramian)
        if len(alive) < len(gramian):
            whole = whole[np.ix_(alive, alive)]
        matrix = whole / norms / norms[:, None]
        matrix.flat[:: len(alive) + 1] = 1 + ridge * len(alive)
        return cls(len(gramian), alive, norms, matrix)

    @property
    def factor(self) -> Array:
        """Rows [n, n] that have these cosines as inner products."""
        try:
            return np.linalg.cholesky(self.matrix)
        except np.linalg.LinAlgError:  # rounding beyond the ridge: nearly equal gradients
            values, vectors = np.linalg.eigh(self.matrix)
            return vectors * np.sqrt(np.maximum(values, RIDGE))

    def weights(self, found: Array, idle: float = 0.0) -> list[float]:
        """Weights [T] on all gradients, from those [n] on the directions of the living ones."""
        values: list[float] = (found / self.norms).tolist()
        if len(values) == self.n_tasks:
            return values
        result = [idle] * self.n_tasks
        for i, value in zip(self.alive, values, strict=True):
            result[i] = value
        return result


def nonnegative(matrix: Array, target: Array) -> Array:
    """The x ≥ 0 that brings matrix · x nearest to the target (Lawson & Hanson 1974, exact).

    Raises NotSolvedError.
    """
    # Imported where it is needed: it takes a third of a second of a start.
    from scipy.optimize import nnls  # pyright: ignore[reportMissingTypeStubs]

    try:
        found, _ = nnls(matrix, target, maxiter=_MAX_STEPS + 10 * len(target))
    except RuntimeError:
        raise NotSolvedError("the active set of its quadratic problem was not found") from None
    return found


def shortest_in_hull(cosines: Cosines) -> Array:
    """Weights [n], at least 0 and summing to 1, of the shortest vector in the gradients' hull."""
    # min ‖Σ uᵢ gᵢ‖² + (Σ uᵢ − 1)² over u ≥ 0 has its minimum in the same direction; in terms of
    # the unit vectors, u = v / length.
    shares = cosines.norms.min() / cosines.norms
    matrix = np.vstack([cosines.factor.T, shares])
    target = np.zeros(len(matrix))
    target[-1] = 1.0
    found = nonnegative(matrix, target) * shares
    return found / found.sum()


def onto_dual_cone(cosines: Cosines, rows: Array) -> Array:
    """Weights [m, n] on unit vectors of each Σ wᵢ uᵢ, w a row, projected on the dual cone.

    That is the nearest d with d · uᵢ ≥ 0 for all i; it is w + v with the v ≥ 0 that makes it
    shortest (Quinton & Rey 2024, proposition 1). A row is given at any scale.
    """
    hurts: list[bool] = ((rows @ cosines.matrix).min(1, initial=0.0) < 0).tolist()
    if not any(hurts):
        return rows
    factor = cosines.factor
    result = rows.copy()
    for i, is_hurting in enumerate(hurts):
        if is_hurting:
            size = np.abs(rows[i]).max()
            result[i] += size * nonnegative(factor.T, (rows[i] / -size) @ factor)
    return result


def inverse_power(matrix: Array, scale: Array, power: float) -> Array:
    """The x > 0 with matrix · x = scale · x^−power, elementwise; the matrix positive definite.

    Newton's method, kept positive and damped, on the convex function that has this gradient. Done
    when a step changes each of x by less than 1e-3 of itself: as its error squares with each step,
    that leaves about `TOLERANCE`. Raises NotSolvedError.
    """
    # As if all of x were one number, which is right for two tasks and power 1.
    x = (scale / np.maximum(matrix.sum(1), _CROWDED)) ** (1 / (1 + power))
    x *= ((scale * x ** (1 - power)).sum() / (x @ matrix @ x)) ** (1 / (1 + power))
    for _ in range(_MAX_STEPS):
        wanted = scale * x**-power
        change = np.linalg.solve(matrix + np.diag(power * wanted / x), wanted - matrix @ x) / x
        shrinks = max(0.0, -change.min())
        x = x * (1 + change / (1 + max(1.0, 0.5 * (1 + power)) * shrinks))
        if np.abs(change).max() < _LAST_CHANGE:
            return x
    raise NotSolvedError("Newton's method did not reach its solution")


def worst_off_in_ball(cosines: Cosines, centre: Array, radius: float) -> Array:
    """Weights [n] ≥ 0 on unit vectors of the x that makes min gᵢ·(g₀ + x) largest.

    g₀ is the combination `centre` [n] of the unit vectors and ‖x‖ ≤ radius·‖g₀‖. For a given value
    t of that minimum the shortest x is a least-distance problem, solved exactly; its length grows
    with t, and for a given active set the t of the wanted length has a closed form. So this ends
    once the active set stays the same. Raises NotSolvedError.
    """
    dots = cosines.matrix @ centre
    wanted = radius * math.sqrt(centre @ dots)
    if wanted == 0:
        return np.zeros(len(centre))
    # gᵢ·(g₀ + x) ≥ t, each divided by ‖gᵢ‖: uᵢ·x ≥ t·rises − dots.
    rises = cosines.norms.min() / cosines.norms
    reached = dots / rises
    worst = int(reached.argmin())
    t = float((dots[worst] + wanted) / rises[worst])
    alone = np.arange(len(centre)) == worst
    if (wanted * cosines.matrix[worst] + dots - t * rises > TOLERANCE * wanted)[~alone].all():
        return wanted * alone
    factor, low, high = cosines.factor, float(reached[worst]), t
    inverse = np.linalg.inv(factor)
    for _ in range(_MAX_STEPS):
        if not low < t <= high:
            t = 0.5 * (low + high)
        found = nonnegative(factor.T, inverse @ (t * rises - dots))
        length = math.sqrt(found @ cosines.matrix @ found)
        if abs(length - wanted) <= TOLERANCE * wanted:
            return found
        low, high = (t, high) if length < wanted else (low, t)
        t = _level(cosines.matrix, rises, dots, found > 0, wanted)
    raise NotSolvedError("the active set of its worst-off tasks was not found")


def _level(
    matrix: Array, rises: Array, dots: Array, active: NDArray[np.bool_], wanted: float
) -> float:
    """The t at which the shortest x with uᵢ·x = t·risesᵢ − dotsᵢ, i active, has the length."""
    rows = np.stack([rises[active], dots[active]])
    (a, b), (_, c) = rows @ np.linalg.solve(matrix[np.ix_(active, active)], rows.T)
    return (b + np.sqrt(max(b * b - a * (c - wanted * wanted), 0.0))) / a


def onto_simplex(point: Sequence[float]) -> list[float]:
    """The nearest point with coordinates at least 0 that sum to 1."""
    excess = (sum(point) - 1) / len(point)
    if min(point) >= excess:
        return [value - excess for value in point]
    total = -1.0
    for n, value in enumerate(sorted(point, reverse=True), start=1):
        total += value
        if value <= total / n:
            break
        excess = total / n
    return [max(value - excess, 0.0) for value in point]
