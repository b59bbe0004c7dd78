"""Worst off: what raises the smallest gain of all tasks, near a given direction.

For a level t of that gain the shortest step to it is a least-distance problem, solved exactly.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from workbench.engine.numerics.solvers import Array, Cosines, NotSolvedError, nonnegative

_MAX_STEPS = 200
#: Of what is to be reached: a bracket this narrow holds one number for all purposes.
_NARROW = 1e-13
#: By what part of its terms a condition may be missed, for rounding.
_MISSED = 1e-12
_NOTHING: Array = np.zeros((0, 0))


def worst_off_in_ball(cosines: Cosines, centre: Array, radius: float) -> Array:
    """Weights [n] ≥ 0 on unit vectors of the x that makes min gᵢ·(g₀ + x) largest.

    g₀ is the combination `centre` [n] of the unit vectors and ‖x‖ ≤ radius·‖g₀‖. Raises
    NotSolvedError.
    """
    dots = cosines.matrix @ centre
    wanted = radius * math.sqrt(max(centre @ dots, 0.0))
    if wanted == 0:
        return np.zeros(len(centre))

    def length(weights: Array) -> float:
        return math.sqrt(weights @ cosines.matrix @ weights)

    def level(a: Array, b: Array, dots: Array, rises: Array) -> float:
        # ‖t·a − b‖ = wanted in the metric of the cosines, in which a·b is rises·b and so on.
        square, cross, rest = rises @ a, rises @ b, dots @ b - wanted * wanted
        return float((cross + math.sqrt(max(cross * cross - square * rest, 0.0))) / square)

    return _raise_the_worst_off(cosines, dots, wanted, wanted, length, level)


def worst_off_by_pull(cosines: Cosines, centre: Array, pull: float) -> Array:
    """Weights [n] ≥ 0 on unit vectors of the x that makes pull · min gᵢ·d − ½‖x‖² largest.

    d = g₀ + x, with g₀ the combination `centre` [n] of the unit vectors. x is a combination of the
    gradients with weights that sum to `pull`. Raises NotSolvedError.
    """
    dots = cosines.matrix @ centre
    rises = cosines.norms.min() / cosines.norms
    wanted = pull * cosines.norms.min()
    if wanted == 0:
        return np.zeros(len(centre))

    def size(weights: Array) -> float:
        return float(weights @ rises)

    def level(a: Array, b: Array, dots: Array, rises: Array) -> float:
        del dots
        return float((wanted + b @ rises) / (a @ rises))

    return _raise_the_worst_off(cosines, dots, wanted, pull * cosines.norms.max(), size, level)


def _raise_the_worst_off(
    cosines: Cosines,
    dots: Array,
    wanted: float,
    longest: float,
    size: Callable[[Array], float],
    level: Callable[[Array, Array, Array, Array], float],
) -> Array:
    """Weights [n] ≥ 0 of the shortest x with uᵢ·x ≥ t·risesᵢ − dotsᵢ, at the t of the wanted size.

    For a given t that is a least-distance problem, solved exactly; the size grows with t. Which
    tasks bind changes at a few t only, and between them x is t·a − b: there `level` has the t of
    the wanted size in closed form. So this ends once the binding tasks stay the same, and the
    answer is that closed form, right also where the size changes too steeply with t to be met by
    trying. `longest` bounds ‖x‖. Raises NotSolvedError.
    """
    # gᵢ·(g₀ + x) ≥ t, each divided by ‖gᵢ‖: uᵢ·x ≥ t·rises − dots.
    rises = cosines.norms.min() / cosines.norms
    worst = int((dots / rises).argmin())
    low, high = float(dots[worst] / rises[worst]), float((dots[worst] + longest) / rises[worst])
    active = np.arange(len(dots)) == worst
    factor, inverse = _NOTHING, _NOTHING
    for step in range(_MAX_STEPS):
        t, weights = _on_active(cosines.matrix, dots, rises, active, level)
        missed = _missed(cosines.matrix, dots, rises, t, weights)
        if weights.min() >= -_MISSED * weights.max() and not missed.any():
            return np.maximum(weights, 0.0)
        if step == 0:  # often it is the worst off and those that its gain harms
            active = active | missed
            continue
        if len(factor) == 0:
            factor = cosines.factor
            inverse = np.linalg.inv(factor)
        if not low < t < high:
            t = 0.5 * (low + high)
        weights = nonnegative(factor.T, inverse @ (t * rises - dots))
        reached = size(weights)
        low, high = (t, high) if reached < wanted else (low, t)
        if reached > 0 and high - low <= _NARROW * max(wanted, abs(t)):
            return weights * (wanted / reached)
        active = weights > 0 if reached > 0 else active
    raise NotSolvedError("the active set of its worst-off tasks was not found")


def _on_active(
    matrix: Array,
    dots: Array,
    rises: Array,
    active: NDArray[np.bool_],
    level: Callable[[Array, Array, Array, Array], float],
) -> tuple[float, Array]:
    """The t of the wanted size if these tasks bind, and the weights [n] there."""
    if active.all():
        mine, ends = matrix, np.array([rises, dots])
    else:
        mine, ends = matrix[active][:, active], np.array([rises[active], dots[active]])
    a, b = np.linalg.solve(mine, ends.T).T
    t = level(a, b, ends[1], ends[0])
    weights = np.zeros(len(dots))
    weights[active] = t * a - b
    return t, weights


def _missed(
    matrix: Array, dots: Array, rises: Array, t: float, weights: Array
) -> NDArray[np.bool_]:
    """Which tasks [n] do not reach t by these weights [n], but for rounding."""
    over = matrix @ weights + dots - t * rises
    is_missed = over < 0
    if is_missed.any():
        terms = np.abs(matrix) @ np.abs(weights) + np.abs(dots) + abs(t) * rises
        is_missed = over < -_MISSED * terms
    return is_missed
