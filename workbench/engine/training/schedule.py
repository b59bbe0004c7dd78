"""Schedule: the factor on the learning rate at each step of a stage."""

import math
from collections.abc import Callable

import torch

from workbench.engine.training.plan import Plan
from workbench.engine.training.progress import Progress
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


class StepRate:
    """The learning rate of each step: the run's own, times the schedule's factor.

    A schedule spans a stage, or the whole of a stream without boundaries.
    """

    def __init__(self, optimizer: torch.optim.Optimizer, schedule: Schedule, plan: Plan) -> None:
        self.optimizer = optimizer
        self.schedule = schedule
        self.plan = plan
        self.forget()

    def forget(self) -> None:
        """A stage begins, so that the schedule starts anew, and the optimizer may have grown."""
        self._is_told = self.plan.tells_boundaries
        self._n_steps, self._rate = -1, -1.0
        self._factor: Factor | None = None

    def set(self, at: Progress) -> float:
        """Give the optimizer the rate of the step to come; that rate."""
        steps = self.plan.steps
        n_steps = steps[at.stage] if self._is_told else sum(steps)
        if n_steps != self._n_steps:
            self._n_steps, self._factor = n_steps, factor_of(self.schedule, n_steps)
        rate = at.rate
        if self._factor is not None:
            rate *= self._factor(at.stage_step if self._is_told else at.step)
        if rate != self._rate:
            self._rate = rate
            for group in self.optimizer.param_groups:
                group["lr"] = rate
        return rate


def _one_cycle(step: int, peak: float, last: int) -> float:
    if step < peak:
        return _cosine_between(_START, 1.0, step / peak)
    return _cosine_between(1.0, _END, (step - peak) / (last - peak))


def _cosine_between(start: float, end: float, progress: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * min(1.0, progress)))
