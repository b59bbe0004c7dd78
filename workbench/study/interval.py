"""Interval: what several seeds say of one number."""

import importlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: How often an interval holds the mean.
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """Mean and sample standard deviation of `n` values, and a 95 % interval of the mean.

    The interval is Student's t; it and `sd` are None where a single value leaves them open.
    """

    mean: float
    sd: float | None
    low: float | None
    high: float | None
    n: int

    @property
    def is_certain(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.low is not None and self.high is not None and self.low * self.high > 0


def load_distributions() -> None:
    """Import what intervals and tests are computed with: a second, best spent in another thread."""
    importlib.import_module("scipy.special")


def estimate(values: Iterable[float | None]) -> Estimate | None:
    """What the finite ones of `values` say together; None if there is none."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    n = len(known)
    if n == 0:
        return None
    try:
        mean = math.fsum(known) / n
    except OverflowError:
        mean = math.fsum(value / n for value in known)
    if n == 1:
        return Estimate(mean, None, None, None, 1)
    sd = math.hypot(*(value - mean for value in known)) / math.sqrt(n - 1)
    if not math.isfinite(sd):  # too large for a number
        return Estimate(mean, None, None, None, n)
    half = t_quantile(n - 1) * sd / math.sqrt(n)
    return Estimate(mean, sd, mean - half, mean + half, n)


def paired_difference(
    first: Mapping[int, float | None], second: Mapping[int, float | None]
) -> Estimate | None:
    """`second` − `first` on the seeds (keys) that both have; None if they share none."""
    pairs = [(first[seed], second[seed]) for seed in first if seed in second]
    return estimate(b - a for a, b in pairs if a is not None and b is not None)


def t_quantile(degrees: int) -> float:
    """The two-sided quantile of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + LEVEL) / 2))
