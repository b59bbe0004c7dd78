"""Paired: what two experiments differ in on the same seeds, and how surely they do.

Student, The probable error of a mean, 1908; Wilcoxon, Individual comparisons by ranking methods,
1945, its distribution exact also where differences tie (Pratt & Gibbons 1981, ch. 3); Holm, A
simple sequentially rejective multiple test procedure, 1979.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from workbench.study.interval import Estimate, estimate

#: Below it a difference is called shown.
ALPHA = 0.05
#: Up to so many differences the distribution of Wilcoxon's sum is worked out; beyond it is normal.
_EXACT_UP_TO = 50
#: Scores are kept in single precision: what differs by less than a few of its steps is equal.
_RESOLUTION = 4 * 2.0**-24


@dataclass(frozen=True, slots=True)
class Paired:
    """`second` − `first` over the seeds of both, and two-sided p values that it is 0.

    `p_t` is of the paired t test, `p_wilcoxon` of the signed-rank test. Both are None for a single
    seed, and 1 where no seed shows a difference.
    """

    difference: Estimate
    p_t: float | None
    p_wilcoxon: float | None

    @property
    def is_none(self) -> bool:
        """Whether both are equal on every seed, of several."""
        return self.difference.n > 1 and self.difference.mean == 0 == self.difference.sd


def paired(first: Mapping[int, float | None], second: Mapping[int, float | None]) -> Paired | None:
    """Compare values by seed; None where no seed has a finite value of both."""
    pairs = [(first[seed], second[seed]) for seed in first if seed in second]
    known = [(a, b) for a, b in pairs if a is not None and b is not None and math.isfinite(b - a)]
    step = _RESOLUTION * max((max(abs(a), abs(b)) for a, b in known), default=0.0)
    apart = [b - a if abs(b - a) > step else 0.0 for a, b in known]
    difference = estimate(apart)
    if difference is None:
        return None
    if difference.n == 1:
        return Paired(difference, None, None)
    return Paired(difference, _t_test(difference), signed_rank(apart, step))


def _t_test(difference: Estimate) -> float | None:
    """The two-sided p value that the mean is 0; None where the deviation is no number."""
    if difference.sd is None:
        return None
    if difference.sd == 0:
        return 1.0 if difference.mean == 0 else 0.0
    from scipy.special import stdtr

    t = difference.mean / difference.sd * math.sqrt(difference.n)
    return float(2 * stdtr(difference.n - 1, -abs(t)))


def signed_rank(differences: Sequence[float], resolution: float = 0.0) -> float:
    """Wilcoxon's two-sided p value; differences of 0 are left out, as he did.

    Sizes closer than `resolution` tie, and share the mean of their ranks.
    """
    apart = sorted((d for d in differences if d), key=abs)
    n = len(apart)
    if n == 0:
        return 1.0
    doubled = _doubled_ranks([abs(d) for d in apart], resolution)
    doubled_sum = sum(rank for rank, d in zip(doubled, apart, strict=True) if d > 0)
    if n > _EXACT_UP_TO:
        return _normal_p(doubled, doubled_sum / 2)
    below = _cumulative(doubled)
    above = 1.0 - (below[doubled_sum - 1] if doubled_sum else 0.0)
    return min(1.0, 2 * min(float(below[doubled_sum]), float(above)))


def least_p(n: int) -> float:
    """The smallest p value that Wilcoxon's test can give for `n` pairs."""
    return min(1.0, 2.0 ** (1 - n))


def _doubled_ranks(sizes: Sequence[float], resolution: float) -> tuple[int, ...]:
    """Twice the ranks of ascending sizes: with ties a rank may be a half."""
    ranks: list[int] = []
    start = 0
    for i in range(1, len(sizes) + 1):
        if i == len(sizes) or sizes[i] - sizes[i - 1] > resolution:
            ranks += [start + 1 + i] * (i - start)
            start = i
    return tuple(ranks)


@lru_cache(maxsize=4096)
def _cumulative(doubled: tuple[int, ...]) -> NDArray[np.float64]:
    """P(sum ≤ s) for every s, when each rank is in the sum with probability 1/2."""
    ways = np.zeros(sum(doubled) + 1)
    ways[0] = 1.0
    for rank in doubled:
        ways[rank:] += ways[:-rank].copy()
    return np.cumsum(ways) / 2.0 ** len(doubled)


def _normal_p(doubled: Sequence[int], rank_sum: float) -> float:
    from scipy.special import ndtr

    n = len(doubled)
    _, counts = np.unique(doubled, return_counts=True)
    ties = float((counts.astype(np.float64) ** 3 - counts).sum()) / 2
    deviation = math.sqrt((n * (n + 1) * (2 * n + 1) - ties) / 24)
    return float(2 * ndtr(-abs(rank_sum - n * (n + 1) / 4) / deviation))


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """The p values corrected for there being several; those that are None do not count."""
    order = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    corrected: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for place, (p, i) in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - place) * p))
        corrected[i] = largest
    return corrected
