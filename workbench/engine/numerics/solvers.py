"""Solvers: exact answers to the tiny convex problems on gradients that several methods share.

All work on at most some tens of tasks, in double precision, on the cosines between gradients and
their lengths apart: so they do not mind losses of 1e-12 beside losses of 1e12. T times a ridge is
added to each gradient's cosine with itself, which makes every problem strictly convex and its
answer unique: tasks with one and the same gradient get one and the same weight. The ridge is about
what rounding leaves unknown: `RIDGE` where inner products were computed in single precision,
`FINE_RIDGE` where they were in double.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

#: Added to the diagonal of a matrix of cosines, times its size.
RIDGE = 1e-6
FINE_RIDGE = 1e-13
_SINGLE = float(np.finfo(np.float32).eps)
#: Relative error of what is found by iteration.
TOLERANCE = 1e-6

_MAX_STEPS = 100
#: A path along which no longer steps are possible leads nowhere.
_SHORTEST = 1e-4
_PATH_STEPS = 60
#: What is added to the diagonal in turn where it takes that.
_LARGER_RIDGES = (1e-11, 1e-9, 1e-7, 1e-5)
#: Newton's method starts as if no row of cosines had a smaller sum.
_CROWDED = 0.05
_LAST_CHANGE = 1e-3
#: So many steps more where errors shrink less fast.
_POLISHED = 2


class NotSolvedError(Exception):
    """A method's small problem has no answer, or its solver did not reach one."""


@dataclass(slots=True)
class Cosines:
    """Gradients by length and direction; tasks whose gradient is 0 are left out.

    `alive` [n] are the positions of the others among the `n_tasks`, `norms` [n] their lengths,
    `matrix` [n, n] the cosines between them and `preference` [n] the user's weights. `rounding` is
    the relative error of one product.
    """

    n_tasks: int
    alive: list[int]
    norms: Array
    matrix: Array
    preference: Array
    rounding: float = _SINGLE

    @classmethod
    def of(
        cls,
        gramian: Sequence[Sequence[float]],
        ridge: float = RIDGE,
        preference: Sequence[float] = (),
    ) -> "Cosines":
        """From finite inner products [T, T]; without a preference [T] all are preferred alike."""
        alive = [i for i, row in enumerate(gramian) if row[i] > 0]
        norms = np.array([math.sqrt(gramian[i][i]) for i in alive])
        whole = np.array(gramian)
        if len(alive) < len(gramian):
            whole = whole[np.ix_(alive, alive)]
        matrix = whole / norms / norms[:, None]
        matrix.flat[:: len(alive) + 1] = 1 + ridge * len(alive)
        preferred = np.array([preference[i] for i in alive] if preference else [1.0] * len(alive))
        return cls(len(gramian), alive, norms, matrix, preferred)

    @property
    def is_fine(self) -> bool:
        """Whether the inner products were computed in double precision."""
        return self.rounding < _SINGLE

    @property
    def has_preference(self) -> bool:
        """Whether some tasks are to be favoured."""
        return min(values := self.preference.tolist()) < max(values)

    @property
    def factor(self) -> Array:
        """Rows [n, n] that have these cosines as inner products."""
        try:
            return np.linalg.cholesky(self.matrix)
        except np.linalg.LinAlgError:  # rounding beyond the ridge: nearly equal gradients
            values, vectors = np.linalg.eigh(self.matrix)
            return vectors * np.sqrt(np.maximum(values, RIDGE))

    def weights(self, on_directions: Array, idle: float = 0.0) -> list[float]:
        """Weights [T] on all gradients, from those [n] on the directions of the living ones."""
        values: list[float] = (on_directions / self.norms).tolist()
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
    from scipy.optimize import nnls

    try:
        solution, _ = nnls(matrix, target, maxiter=_MAX_STEPS + 10 * len(target))
    except RuntimeError:
        raise NotSolvedError("the active set of its quadratic problem was not found") from None
    return solution


def nearest(matrix: Array, target: Array) -> Array:
    """The shortest x that brings matrix · x nearest to the target; the matrix is symmetric.

    What is smaller than the part `RIDGE` of its largest eigenvalue is taken for 0.
    """
    values, vectors = np.linalg.eigh(matrix)
    is_large = values > RIDGE * values[-1]
    return (vectors[:, is_large] / values[is_large]) @ (target @ vectors[:, is_large])


def shortest_in_hull(cosines: Cosines, lengths: Array | None = None) -> Array:
    """Weights [n], at least 0 and summing to 1, of the shortest vector in the gradients' hull.

    Of vectors in their directions with other `lengths` [n], where these are given.
    """
    # min ‖Σ uᵢ gᵢ‖² + (Σ uᵢ − 1)² over u ≥ 0 has its minimum in the same direction; in terms of
    # the unit vectors, u = v / length.
    lengths = cosines.norms if lengths is None else lengths
    shares = lengths.min() / lengths
    matrix = np.vstack([cosines.factor.T, shares])
    target = np.zeros(len(matrix))
    target[-1] = 1.0
    weights = nonnegative(matrix, target) * shares
    return weights / weights.sum()


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
    that leaves about `TOLERANCE` at power 1; at others two more are made. Where x spans many powers
    of ten these steps are too short, and a path of easier problems is followed. Where the matrix is
    singular but for a ridge that rounding drowns, the ridge is made larger. Raises NotSolvedError.
    """
    x = _newton(matrix, scale, power)
    for ridge in (0.0, *_LARGER_RIDGES):
        if x is None:
            x = _along_scales(matrix + ridge * len(scale) * np.eye(len(scale)), scale, power)
    if x is None:
        raise NotSolvedError("Newton's method did not reach its solution")
    return x


def _newton(matrix: Array, scale: Array, power: float) -> Array | None:
    # As if all of x were one number, which is right for two tasks and power 1.
    x = (scale / np.maximum(matrix.sum(1), _CROWDED)) ** (1 / (1 + power))
    x *= ((scale * x ** (1 - power)).sum() / (x @ matrix @ x)) ** (1 / (1 + power))
    for _ in range(_MAX_STEPS):
        wanted = scale * x**-power
        change = np.linalg.solve(matrix + np.diag(power * wanted / x), wanted - matrix @ x) / x
        if not np.isfinite(change).all():
            return None
        shrinks = max(0.0, -change.min())
        x = x * (1 + change / (1 + max(1.0, 0.5 * (1 + power)) * shrinks))
        if np.abs(change).max() < _LAST_CHANGE:
            refined = None if power == 1 else _put_right(matrix, x, scale, power)
            return x if refined is None else refined
    return None


def _along_scales(matrix: Array, scale: Array, power: float) -> Array | None:
    """The same by way of the scales' powers scale^τ, τ from 0, where all tasks are alike, to 1.

    log x moves with τ by a linear equation. After each step along it Newton's method puts x right,
    also in logarithms, in which it works however many powers of ten x spans. None where it cannot.
    """
    logs = np.log(scale)
    x, done = np.ones(len(scale)), 0.0
    part = 0.0
    for _ in range(3 * _MAX_STEPS):
        tried = x
        if part:
            rises = _log_change(matrix, x, x * np.exp(done * logs) * x**-power, logs, power)
            part = min(part, _move(power) / max(np.abs(rises).max(), 1e-300), 1 - done)
            tried = x * np.exp(part * rises)
        refined = _put_right(matrix, tried, np.exp((done + part) * logs), power)
        if refined is None:
            if part < _SHORTEST:
                return None
            part /= 4
            continue
        x, done = refined, done + part
        if done >= 1:
            return x
        part = 2 * part or 1.0
    return None


def _put_right(matrix: Array, x: Array, scale: Array, power: float) -> Array | None:
    """Newton's method on log x from nearby; None if it does not get there soon."""
    n_right = 0
    for _ in range(_PATH_STEPS):
        wanted = scale * x**-power
        change = _log_change(matrix, x, x * wanted, 1 - (matrix @ x) / wanted, power)
        size = np.abs(change).max()
        if not np.isfinite(size):
            return None
        x = x * np.exp(change / max(1.0, size / _move(power)))
        if size < _LAST_CHANGE:
            n_right += 1
        if n_right > _POLISHED:
            return x
    return None


def _move(power: float) -> float:
    """The most that log x moves in a step: as much as log(x^−power) moves by 1."""
    return max(1.0, 1 / power)


def _log_change(matrix: Array, x: Array, weights: Array, by: Array, power: float) -> Array:
    """How log x moves when log(scale · x^−power) is to rise by `by`; `weights` are x times that."""
    curved = x[:, None] * matrix * x + np.diag(power * weights)
    # Rows and columns of one size, so that no entry is lost beside larger ones.
    sizes = 1 / np.sqrt(curved.diagonal())
    return sizes * np.linalg.solve(sizes[:, None] * curved * sizes, sizes * weights * by)


def applied(preference: Sequence[float], i: int, gain: float) -> float:
    """The factor on task i's corrected gradient that is the user's weight wherever that helps it.

    `preference` [T] are the weights, none where all are 1; `gain` is the inner product with the
    task's own gradient. Corrections of several others may turn a gradient against its own task:
    more of it would be less of the task, so beside other weights it counts once.
    """
    if not preference:
        return 1.0
    return preference[i] if gain >= 0 or min(preference) == max(preference) else 1.0


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
