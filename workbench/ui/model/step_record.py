"""StepRecord: losses, weights and rate of every step of a run, in columns that grow (Qt-free)."""

from collections.abc import Sequence

import numpy as np

from workbench.spec.event import StepsDone
from workbench.ui.model.decimation import Column, Decimator, Values

#: Steps of the blocks from which the speed is told: long enough to be steady.
_SPEED_STEPS = 2000


class StepRecord:
    """N steps of T tasks from step `first` on; row i of a column is step `first + i`."""

    def __init__(self, first: int = 0, weights: Sequence[float] = ()) -> None:
        self.first = first
        self._n_tasks = len(weights)
        self._losses = Column(len(weights))
        self._loss_points = Decimator(self._losses)
        self._weights = Column(len(weights))
        self._weight_points = Decimator(self._weights)
        #: The weights [T] of the newest step, and its learning rate; None before it is known.
        self.newest_weights: Values | None = np.array(weights) if weights else None
        self.rate: float | None = None
        self._speeds: list[tuple[int, float]] = []
        self._clock = Column(2)
        self._clock.append(np.array([[float(first), 0.0]]))

    def __len__(self) -> int:
        return len(self._losses)

    def add(self, event: StepsDone) -> None:
        """Take a block in; a resumed run tells again what came after its checkpoint."""
        known = self.first + len(self._losses)
        if event.first_step > known:
            gap = np.full((event.first_step - known, self._n_tasks), np.nan)
            self._losses.append(gap)
            self._weights.append(gap)
        skipped = max(known - event.first_step, 0)
        self._losses.append(np.asarray(event.losses[skipped:], dtype=np.float64))
        self._weights.append(np.asarray(event.weights[skipped:], dtype=np.float64))
        if len(event.weights):
            self.newest_weights = np.asarray(event.weights[-1], dtype=np.float64)
            self.rate = float(event.rates[-1])
        self._speeds.append((len(event.losses), event.train_seconds))
        self._tick(event, skipped)
        while sum(n for n, _ in self._speeds[1:]) > _SPEED_STEPS:
            self._speeds.pop(0)

    def _tick(self, event: StepsDone, skipped: int) -> None:
        """Note how long the steps of a block took, but for those that were told before."""
        new = len(event.losses) - skipped
        if new > 0:
            seconds = self._clock.rows[-1, 1] + event.train_seconds * new / len(event.losses)
            self._clock.append(np.array([[float(event.step), seconds]]))

    @property
    def clock(self) -> Values:
        """Steps, and the seconds of training until each [K, 2], as the blocks told them."""
        return self._clock.rows

    @property
    def losses(self) -> Values:
        """Raw losses [N, T]."""
        return self._losses.rows

    @property
    def weights(self) -> Values:
        """The weights [N, T]."""
        return self._weights.rows

    def loss_points(
        self, role: str, window: int, first: float, last: float, pixels: int
    ) -> tuple[Values, Values]:
        """Losses for a view from step `first` to `last`: x [M] and y [M, T], decimated."""
        return self._points(self._loss_points, role, window, first, last, pixels)

    def weight_points(
        self, role: str, window: int, first: float, last: float, pixels: int
    ) -> tuple[Values, Values]:
        """Weights for a view from step `first` to `last`: x [M] and y [M, T], decimated."""
        return self._points(self._weight_points, role, window, first, last, pixels)

    def loss_middles(
        self, window: int, first: float, last: float, bucket: int
    ) -> tuple[Values, Values]:
        """Smoothed losses for a mean over seeds: x [M] and y [M, T], a point a bucket of steps."""
        return self._middles(self._loss_points, window, first, last, bucket)

    def weight_middles(
        self, window: int, first: float, last: float, bucket: int
    ) -> tuple[Values, Values]:
        """Smoothed weights for a mean over seeds: x [M] and y [M, T], a point a bucket of steps."""
        return self._middles(self._weight_points, window, first, last, bucket)

    def _middles(
        self, column: Decimator, window: int, first: float, last: float, bucket: int
    ) -> tuple[Values, Values]:
        low = int(max(first, 0)) - self.first
        high = int(max(last, 0)) + 2 - self.first
        x, y = column.middles("middle", window, max(low, 0), high, bucket)
        return x + self.first, y

    def _points(
        self, column: Decimator, role: str, window: int, first: float, last: float, pixels: int
    ) -> tuple[Values, Values]:
        low = int(max(first, 0)) - self.first
        high = int(max(last, 0)) + 2 - self.first
        x, y = column.points(role, window, low, high, pixels)
        return x + self.first, y

    def latest_losses(self, window: int, *, n_searched: int | None = None) -> Values:
        """The newest loss of each task [T], each the mean of its last `window` values.

        With `n_searched`, only so many steps are looked at: NaN for a task long left behind.
        """
        result = np.full(self._n_tasks, np.nan)
        rows = self._losses.rows if n_searched is None else self._losses.rows[-n_searched:]
        for j in range(self._n_tasks):
            known = _newest_known(rows[:, j], window)
            if len(known):
                result[j] = known.mean()
        return result

    @property
    def steps_per_second(self) -> float | None:
        """Speed of training alone over the newest blocks."""
        steps = sum(n for n, _ in self._speeds)
        seconds = sum(s for _, s in self._speeds)
        return steps / seconds if seconds > 0 else None


def _newest_known(values: Values, n: int) -> Values:
    """The last `n` finite values [≤ n], searched from the end: it is mostly not far."""
    size = 4 * n
    while True:
        end = values[-size:]
        known = end[np.isfinite(end)]
        if len(known) >= n or size >= len(values):
            return known[-n:]
        size *= 4
