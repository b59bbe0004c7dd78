"""Solvers: exact answers to the tiny convex problems on gradients that several methods share.

All work on at most some tens of tasks, in double precision, on the cosines between gradients and
their lengths apart: so they do not mind losses of 1e-12 beside losses of 1e12. Eigenvalues of the
cosines are kept at least `FLOOR`, which makes every problem strictly convex and its answer unique:
tasks with one and the same gradient get one and the same weight. Inner products computed in single
precision are no more exact than that.
"""

# scipy's and numpy's types are partly unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls  # pyright: ignore[reportMissingTypeStubs]

Array = NDArray[np.floating[Any]]

#: The smallest eigenvalue that a matrix of cosines is given.
FLOOR = 1e-6
#: Relative change at which an iteration has come to its end; the error is then about its square.
TOLERANCE = 1e-6

_MAX_STEPS = 100


class NotSolvedError(Exception):
    """A method's small problem has no answer, or its solver did not reach one."""


@dataclass(frozen=True, slots=True)
class Cosines:
    """Gradients by length and direction; tasks whose gradient is 0 are left out.

    `alive` [n] are the positions of the others among the `n_tasks`, `norms` [n] their lengths,
    `matrix` [n, n] the cosines between them and `factor` [n, n] unit vectors that have these.
    """

    n_tasks: int
    alive: NDArray[np.intp]
    norms: Array
    matrix: Array
    factor: Array

    @classmethod
    def of(cls, gramian: Sequence[Sequence[float]]) -> "Cosines":
        """From finite inner products [T, T]."""
        whole = np.array(gramian, dtype=np.float64).reshape(len(gramian), -1)
        squares = whole.diagonal()
        alive = np.flatnonzero(squares > 0)
        if len(alive) < len(whole):
            whole = whole[np.ix_(alive, alive)]
        norms = np.sqrt(squares[alive])
        values, vectors = np.linalg.eigh(whole / np.outer(norms, norms))
        factor = vectors * np.sqrt(np.maximum(values, FLOOR))
        return cls(len(gramian), alive, norms, factor @ factor.T, factor)

    def weights(self, found: Array, idle: float = 0.0) -> list[float]:
        """Weights [T] on all gradients, from those [n] on the directions of the living ones."""
        result = np.full(self.n_tasks, idle)
        result[self.alive] = found / self.norms
        return result.tolist()


def nonnegative(matrix: Array, target: Array) -> Array:
    """The x ≥ 0 that brings matrix · x nearest to the target (Lawson & Hanson 1974, exact).

    Raises NotSolvedError.
    """
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


def onto_dual_cone(cosines: Cosines, weights: Array) -> Array:
    """Weights [n] on unit vectors of Σ wᵢ uᵢ, projected on the cone of what conflicts with none.

    That is the nearest d with d · uᵢ ≥ 0 for all i; it is w + v with the v ≥ 0 that makes it
    shortest (Quinton & Rey 2024, proposition 1).
    """
    if (cosines.matrix @ weights >= 0).all():
        return weights
    size = np.abs(weights).max()
    scaled = weights / size
    return size * (scaled + nonnegative(cosines.factor.T, -(scaled @ cosines.factor)))


def inverse_power(matrix: Array, scale: Array, power: float) -> Array:
    """The x > 0 with matrix · x = scale · x^−power, elementwise; the matrix positive definite.

    Newton's method, kept positive and damped, on the convex function that has this gradient; done
    when a step changes each of x by less than `TOLERANCE` of itself. Raises NotSolvedError.
    """
    x = scale ** (1 / (1 + power))
    x *= ((scale * x ** (1 - power)).sum() / (x @ matrix @ x)) ** (1 / (1 + power))
    for _ in range(_MAX_STEPS):
        wanted = scale * x**-power
        change = np.linalg.solve(matrix + np.diag(power * wanted / x), wanted - matrix @ x) / x
        shrinks = max(0.0, -change.min())
        x = x * (1 + change / (1 + max(1.0, 0.5 * (1 + power)) * shrinks))
        if np.abs(change).max() < TOLERANCE:
            return x
    raise NotSolvedError("Newton's method did not reach its solution")


def worst_off_in_ball(cosines: Cosines, centre: Array, radius: float) -> Array:
    """Weights [n] ≥ 0 on unit vectors of the x that makes min gᵢ·(g₀ + x) largest.

    g₀ is the combination `centre` [n] of the unit vectors and ‖x‖ ≤ radius·‖g₀‖. For a given value
    t of that minimum the shortest x is a least-distance problem, solved exactly; its length grows
    with t, and for a given active set the t of the wanted length has a closed form. So this ends
    once the active set stays the same. Raises NotSolvedError.
    """
    centre_dots = cosines.matrix @ centre
    wanted = radius * float(np.sqrt(centre @ centre_dots))
    if len(centre) == 0 or wanted == 0:
        return np.zeros(len(centre))
    # gᵢ·(g₀ + x) ≥ t, each divided by ‖gᵢ‖: uᵢ·x ≥ t·rises − centre_dots.
    unit = cosines.norms.min()
    rises = unit / cosines.norms
    inverse = np.linalg.inv(cosines.factor)
    low = (centre_dots / rises).min()
    active = np.zeros(len(centre), dtype=bool)
    active[(centre_dots / rises).argmin()] = True
    high = np.inf
    for _ in range(_MAX_STEPS):
        t = _level(cosines.matrix, rises, centre_dots, active, wanted)
        if not low < t < high:
            if high == np.inf:
                break
            t = 0.5 * (low + high)
        found = nonnegative(cosines.factor.T, inverse @ (t * rises - centre_dots))
        length = np.sqrt(found @ cosines.matrix @ found)
        if abs(length - wanted) <= TOLERANCE * wanted:
            return found * (wanted / length)
        low, high = (t, high) if length < wanted else (low, t)
        active = found > 0
    raise NotSolvedError("the active set of its worst-off tasks was not found")


def _level(
    matrix: Array, rises: Array, dots: Array, active: NDArray[np.bool_], wanted: float
) -> float:
    """The t at which the shortest x with uᵢ·x = t·risesᵢ − dotsᵢ, i active, has the length."""
    rows = np.stack([rises[active], dots[active]])
    (a, b), (_, c) = rows @ np.linalg.solve(matrix[np.ix_(active, active)], rows.T)
    return (b + np.sqrt(max(b * b - a * (c - wanted * wanted), 0.0))) / a


def onto_simplex(point: Array) -> Array:
    """The nearest point with coordinates at least 0 that sum to 1."""
    falling = np.sort(point)[::-1]
    excess = (np.cumsum(falling) - 1) / np.arange(1, len(point) + 1)
    return np.maximum(point - excess[np.flatnonzero(falling > excess)[-1]], 0.0)
