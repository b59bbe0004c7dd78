"""Pareto: which of several points no other one beats."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def non_dominated(
    points: NDArray[np.floating], higher_is_better: Sequence[bool]
) -> NDArray[np.bool_]:
    """Whether each of the points [N, K] is beaten by none of the others, [N].

    One point dominates another that it is at least as good as in all K and better in one. Equal
    points do not dominate each other. A point with a value that is not finite is never one.
    """
    sign = np.where(np.asarray(higher_is_better, dtype=bool), 1.0, -1.0)
    scores = np.asarray(points, dtype=np.float64) * sign
    known: NDArray[np.bool_] = np.asarray(np.isfinite(scores).all(axis=1), dtype=np.bool_)
    others = scores[known]
    stays = [
        bool(is_known) and not _is_beaten(point, others)
        for point, is_known in zip(scores, known, strict=True)
    ]
    return np.asarray(stays, dtype=np.bool_)


def _is_beaten(point: NDArray[np.float64], others: NDArray[np.float64]) -> bool:
    as_good, better = others >= point, others > point
    return any(a.all() and b.any() for a, b in zip(as_good, better, strict=True))
