"""Softmax of a few plain numbers."""

import math
from collections.abc import Sequence


def log_sum_exp(values: Sequence[float]) -> float:
    """log Σ exp(vᵢ), without overflow."""
    highest = max(values)
    return highest + math.log(sum(math.exp(value - highest) for value in values))


def softmax(values: Sequence[float]) -> list[float]:
    """exp(vᵢ) / Σ exp(v), without overflow; NaN all where a value is not finite."""
    highest = max(values)
    powers = [math.exp(value - highest) for value in values]
    total = sum(powers)
    return [power / total for power in powers]
