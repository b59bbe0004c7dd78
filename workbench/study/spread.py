"""Spread: what is drawn around a mean over seeds, chosen once for the whole window."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from workbench.study.interval import LEVEL

Numbers = NDArray[np.float64]


class Spread(StrEnum):
    """What a band, a whisker or a ± shows. Its value says so in words, its `name` is stored."""

    INTERVAL = "95 % interval of the mean"
    SD = "standard deviation"
    RANGE = "lowest to highest"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Mean over the seeds, where its spread begins and ends, and how many seeds it rests on.

    All of one shape [N…]. `mean` is NaN where there is no value, `low` and `high` also where there
    is one alone: one seed shows no spread, of whatever kind.
    """

    mean: Numbers
    low: Numbers
    high: Numbers
    n: NDArray[np.int64]


@np.errstate(invalid="ignore", over="ignore", divide="ignore")
def spread_of(values: NDArray[np.floating], kind: Spread) -> Bounds:
    """Mean and spread of `values` [S, N…] along their first axis, the seeds.

    What is not finite counts as missing. The interval is Student's t, the standard deviation that
    of a sample (n − 1); a spread too large for a number is unknown.
    """
    values = np.asarray(values, dtype=np.float64)
    is_known = np.isfinite(values)
    n = is_known.sum(axis=0)
    mean = _mean(values, is_known, n)
    low, high = np.full_like(mean, np.nan), np.full_like(mean, np.nan)
    if kind is Spread.RANGE:
        low = np.where(is_known, values, np.inf).min(axis=0, initial=np.inf)
        high = np.where(is_known, values, -np.inf).max(axis=0, initial=-np.inf)
    elif len(values) > 1:
        half = _sd(values - mean, is_known, n)
        if kind is Spread.INTERVAL:
            half = _t(np.maximum(n - 1, 1)) * half / np.sqrt(n)
        low, high = mean - half, mean + half
    is_open = (n < 2) | ~np.isfinite(low) | ~np.isfinite(high)
    return Bounds(mean, np.where(is_open, np.nan, low), np.where(is_open, np.nan, high), n)


def _mean(values: Numbers, is_known: NDArray[np.bool_], n: NDArray[np.int64]) -> Numbers:
    """The mean of the known values; of equal ones exactly what each is."""
    if not len(values):
        return np.full(values.shape[1:], np.nan)
    first = np.take_along_axis(values, is_known.argmax(axis=0)[None], axis=0)[0]
    apart = np.where(is_known, values - first, 0.0).sum(axis=0) / n
    # Values whose difference or sum is too large for a number still have a mean.
    mean = np.where(np.isfinite(apart), first + apart, np.where(is_known, values / n, 0).sum(0))
    return np.where(n > 0, mean, np.nan)


def _sd(apart: Numbers, is_known: NDArray[np.bool_], n: NDArray[np.int64]) -> Numbers:
    """The sample's standard deviation, from what each value is apart from the mean."""
    apart = np.where(is_known, np.abs(apart), 0.0)
    largest = apart.max(axis=0)  # squares of small and of large numbers are none
    scale = np.where(largest > 0, largest, 1.0)
    return scale * np.sqrt(np.square(apart / scale).sum(axis=0) / (n - 1))


def _t(degrees: NDArray[np.int64]) -> Numbers:
    """Two-sided quantiles of Student's t."""
    from scipy.special import stdtrit

    few, inverse = np.unique(degrees, return_inverse=True)  # one a number of seeds, not one a step
    return np.asarray(stdtrit(few, (1 + LEVEL) / 2))[inverse].reshape(np.shape(degrees))
