"""Ranks: which of many methods do better over many tasks, and which cannot be told apart.

Demšar, Statistical comparisons of classifiers over multiple data sets, JMLR 2006: Friedman's test,
with Iman and Davenport's F, then Nemenyi's critical difference between mean ranks. The ranks of two
methods depend on which others stand beside them (Benavoli et al., Should we really use post-hoc
tests based on mean-ranks?, JMLR 2016): two alone are compared by their paired difference.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

#: Fewer methods are a pair, and on fewer tasks no ranks can differ enough.
LEAST_METHODS, LEAST_TASKS = 3, 2
#: Scores are kept in single precision: what is closer than a few of its steps ties.
_RESOLUTION = 4 * 2.0**-24
_ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Ranking:
    """Mean ranks of the methods over the tasks, best first: 1 is the best that can be.

    `order` [K] are the methods' places in what was ranked, `ranks` [K] their mean ranks.
    `p_friedman` is by χ², `p_iman_davenport` by F, which is less cautious. Mean ranks closer than
    `critical_difference` do not differ by Nemenyi's test at .05; `cliques` are the longest
    stretches of such methods, as first and last place in `order`.
    """

    order: tuple[int, ...]
    ranks: tuple[float, ...]
    n_tasks: int
    p_friedman: float
    p_iman_davenport: float
    critical_difference: float
    cliques: tuple[tuple[int, int], ...]


def ranking_of(scores: Numbers, higher_is_better: Sequence[bool]) -> Ranking | None:
    """Rank the methods of scores [N, K] within each of N tasks, whose direction is given.

    Tasks on which a method has no finite score are left out. None for fewer than `LEAST_METHODS`
    or `LEAST_TASKS`.
    """
    is_whole = np.isfinite(scores).all(axis=1)
    n, k = int(is_whole.sum()), scores.shape[1]
    if k < LEAST_METHODS or n < LEAST_TASKS:
        return None
    sign = np.where(np.asarray(higher_is_better, dtype=bool), -1.0, 1.0)[:, None]
    by_task = np.stack([mid_ranks(row) for row in (scores * sign)[is_whole]])
    mean = by_task.mean(axis=0)
    order = sorted(range(k), key=lambda i: (mean[i], i))
    ranks = [float(mean[i]) for i in order]
    p_chi, p_f = _friedman(by_task)
    critical = critical_difference(k, n)
    return Ranking(
        tuple(order), tuple(ranks), n, p_chi, p_f, critical, tuple(_cliques(ranks, critical))
    )


def mid_ranks(values: Numbers) -> Numbers:
    """Ranks [K], the smallest first; those that tie share the mean of theirs."""
    order = np.argsort(values, kind="stable")
    in_order = values[order]
    step = _RESOLUTION * float(np.abs(values).max(initial=0.0))
    group = np.concatenate([[0], np.cumsum(np.diff(in_order) > step)])
    places = np.arange(1, len(values) + 1, dtype=np.float64)
    mean = np.bincount(group, places) / np.bincount(group)
    ranks = np.empty(len(values))
    ranks[order] = mean[group]
    return ranks


def _friedman(by_task: Numbers) -> tuple[float, float]:
    """p values that all methods rank alike, by χ² with ties corrected and by F."""
    from scipy.special import chdtrc, fdtrc

    n, k = by_task.shape
    sums = by_task.sum(axis=0)
    spread = float(np.square(by_task).sum()) - n * k * (k + 1) ** 2 / 4
    if spread <= 0:  # all tie on every task
        return 1.0, 1.0
    chi = (k - 1) * float(np.square(sums - n * (k + 1) / 2).sum()) / spread
    left = n * (k - 1) - chi
    f = (n - 1) * chi / left if left > 1e-9 * chi else math.inf
    p_f = 0.0 if math.isinf(f) else float(fdtrc(k - 1, (k - 1) * (n - 1), f))
    return float(chdtrc(k - 1, chi)), p_f


def critical_difference(n_methods: int, n_tasks: int) -> float:
    """Nemenyi's: what mean ranks of two methods must differ by at .05."""
    k = n_methods
    return studentized_range_quantile(k) / math.sqrt(2) * math.sqrt(k * (k + 1) / (6 * n_tasks))


@cache
def studentized_range_quantile(k: int, level: float = 1 - _ALPHA) -> float:
    """The quantile of the range of `k` standard normals: infinitely many degrees of freedom."""
    low, high = 0.0, 20.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if _range_below(middle, k) < level else (low, middle)
    return (low + high) / 2


def _range_below(q: float, k: int) -> float:
    """P(range ≤ q) = k ∫ φ(z) (Φ(z) − Φ(z − q))ᵏ⁻¹ dz, by the trapezium rule.

    The integrand is smooth and 0 at both ends, so the rule is exact to rounding.
    """
    from scipy.special import ndtr

    z = np.linspace(-9.0, 9.0 + q, 801)
    density = np.exp(-0.5 * np.square(z)) / math.sqrt(2 * math.pi)
    values = density * (ndtr(z) - ndtr(z - q)) ** (k - 1)
    return float(k * values.sum() * (z[1] - z[0]))


def _cliques(ranks: Sequence[float], critical: float) -> list[tuple[int, int]]:
    """The longest stretches of two or more ranks that lie within the critical difference."""
    cliques: list[tuple[int, int]] = []
    for first, rank in enumerate(ranks):
        last = bisect_left(ranks, rank + critical) - 1
        if last > first and (not cliques or last > cliques[-1][1]):
            cliques.append((first, last))
    return cliques
