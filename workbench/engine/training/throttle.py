"""Throttle: at most so many steps a second, for those who want to watch."""

import math
from collections.abc import Callable
from time import monotonic

#: Steps are taken in bursts, so many a second at most: to the eye they flow.
_BURSTS_PER_SECOND = 20


class Throttle:
    """Says before which step to wait, and how long. Time lost elsewhere is not made up for."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._rate: float | None = None
        self._burst = 1
        self._until = 0.0
        self.next_step = math.inf

    def set(self, steps_per_second: float | None, step: int) -> None:
        """Keep to a pace from `step` on. Raises ValueError for one that is no positive number."""
        if steps_per_second is None:
            self._rate, self.next_step = None, math.inf
            return
        if not (math.isfinite(steps_per_second) and steps_per_second > 0):
            raise ValueError(f"a pace is more than 0 steps a second; found {steps_per_second}")
        self._rate = steps_per_second
        self._burst = max(int(steps_per_second / _BURSTS_PER_SECOND), 1)
        self._plan(step)

    def seconds_left(self, step: int) -> float:
        """How long to wait before `step`; 0 when it may be taken, which begins the next burst."""
        if self._rate is None or step < self.next_step:
            return 0.0
        left = self._until - self._clock()
        if left <= 0:
            self._plan(step)
            return 0.0
        return left

    def _plan(self, step: int) -> None:
        if self._rate is not None:
            self.next_step = step + self._burst
            self._until = self._clock() + self._burst / self._rate
