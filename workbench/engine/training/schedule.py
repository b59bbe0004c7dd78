"""Schedule: the factor on the learning rate at each step of a stage."""

import math
from collections.abc import Callable

from workbench.spec.experiment import Schedule

Factor = Callable[[int], float]

#: One-cycle starts at 1/25 of the rate and ends at 1/250 000, as in Smith & Topin 2018's code.
_START, _END = 1 / 25, 1 / 250_000


def factor_of(schedule: Schedule, steps: int) -> Factor | None:
    """The factor as a function of the step within a stage of `steps`; None if always 1."""
    match schedule.kind:
        case "constant":
            return None
        case "step":
            every = max(1, round(schedule.every * steps))
            return lambda step: schedule.factor ** (step // every)
        case "cosine":
            return lambda step: 0.5 * (1 + math.cos(math.pi * step / steps))
        case "one-cycle":
            peak = schedule.warmup * steps - 1
            return lambda step: _one_cycle(step, peak, steps - 1)


def _one_cycle(step: int, peak: float, last: int) -> float:
    if step < peak:
        return _cosine_between(_START, 1.0, step / peak)
    return _cosine_between(1.0, _END, (step - peak) / (last - peak))


def _cosine_between(start: float, end: float, progress: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * min(1.0, progress)))
