"""Scalars: a few learned numbers, one a task, for methods that learn how to weigh the tasks."""

import math
from collections.abc import Sequence
from typing import Any

_MEAN_DECAY, _SQUARE_DECAY = 0.9, 0.999
#: Far below Adam's usual 1e-8: losses of 1e-12 move a number as losses of 1 do.
_EPSILON = 1e-30


class Scalars:
    """A number for each task by name, moved by Adam (Kingma & Ba 2015) against a gradient.

    Plain numbers, with an update of their own: for a handful of them an optimizer's call costs
    more than the model's. A task starts at `start` when it is first seen; its number stays between
    `low` and `high`. `decay` pulls towards 0, as weight decay in the gradient.
    """

    def __init__(
        self, rate: float, start: float = 0.0, low: float = -50, high: float = 50, decay: float = 0
    ) -> None:
        self.rate = rate
        self.start = start
        self.low, self.high = low, high
        self.decay = decay
        #: By task: the number, Adam's two moving averages, and how often it was moved.
        self._state: dict[str, list[float]] = {}

    def of(self, names: Sequence[str]) -> list[float]:
        """The tasks' numbers."""
        return [self._of(name)[0] for name in names]

    def put(self, names: Sequence[str], values: Sequence[float]) -> None:
        """Set the tasks' numbers; the moving averages stay."""
        for name, value in zip(names, values, strict=True):
            self._of(name)[0] = value

    def move(self, names: Sequence[str], gradients: Sequence[float]) -> None:
        """One step against the gradients."""
        for name, gradient in zip(names, gradients, strict=True):
            state = self._of(name)
            value, mean, square, count = state
            gradient += self.decay * value
            mean += (1 - _MEAN_DECAY) * (gradient - mean)
            square += (1 - _SQUARE_DECAY) * (gradient * gradient - square)
            count += 1
            size = math.sqrt(square / (1 - _SQUARE_DECAY**count)) + _EPSILON
            value -= self.rate * mean / (1 - _MEAN_DECAY**count) / size
            state[:] = min(max(value, self.low), self.high), mean, square, count

    def state_dict(self) -> dict[str, Any]:
        """The numbers and how they have moved."""
        return {name: list(state) for name, state in self._state.items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self._state = {name: list(values) for name, values in state.items()}

    def _of(self, name: str) -> list[float]:
        if name not in self._state:
            self._state[name] = [self.start, 0.0, 0.0, 0.0]
        return self._state[name]
