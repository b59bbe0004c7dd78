"""Scale: numbers to places along an axis, and the round numbers that are written beside it."""

import math
from dataclasses import dataclass

#: An axis has about so many round numbers.
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high` that lies from `start` to `end` on the paper."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a number lies; NaN for what is none."""
        span = self.high - self.low or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Round numbers within it."""
        span = self.high - self.low
        if not span > 0:
            return [self.low]
        raw = span / _TICKS
        power = 10.0 ** math.floor(math.log10(raw))
        step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw * 0.999)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [i * step for i in range(first, last + 1)]


def limits(values: list[float], *, is_share: bool = False) -> tuple[float, float]:
    """The ends of an axis that shows these numbers; 0 to 1 for shares of a whole."""
    if is_share:
        return 0.0, 1.0
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    if low == high:
        return low - (abs(low) or 1.0) * 0.1, high + (abs(high) or 1.0) * 0.1
    return low - (high - low) * 0.04, high + (high - low) * 0.04


def written(value: float) -> str:
    """A number beside an axis."""
    if value and not 1e-4 <= abs(value) < 1e6:
        return f"{value:.3g}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"
