"""Decimation: curves of any length as at most two points a pixel column (Qt-free).

A bucket is 2^k neighbouring rows, so the buckets already summed up never change while a run
grows: a redraw costs what is new, not what is old, and the half window that may still change.
"""

import numpy as np

from workbench.ui.model.smoothing import Values, settled, smoothed


class Column:
    """Rows of T numbers that grow by doubling."""

    def __init__(self, width: int) -> None:
        self._size = 0
        self._rows = np.empty((256, width))

    def __len__(self) -> int:
        return self._size

    @property
    def rows(self) -> Values:
        """All rows [N, T], as a view."""
        return self._rows[: self._size]

    def append(self, rows: Values) -> None:
        """Add rows [n, T]; NaN stands for no value."""
        start, end = self._size, self._size + len(rows)
        if end > len(self._rows):
            grown = np.empty((max(end, 2 * len(self._rows)), self._rows.shape[1]))
            grown[:start] = self._rows[:start]
            self._rows = grown
        self._rows[start:end] = rows
        self._size = end

    def smoothed(self, window: int, start: int = 0, end: int | None = None) -> Values:
        """Rows `start` to `end`, each the mean of the `window` raw rows around it."""
        return smoothed(self.rows, window, start, end)


class Envelope:
    """The least and the largest of each bucket of a smoothed column, kept as it grows."""

    def __init__(self, column: Column, window: int, bucket: int) -> None:
        self.window = window
        self.bucket = bucket
        self._column = column
        self._full = self._seen = 0
        self._low = np.empty((0, 0))
        self._high = np.empty((0, 0))
        self._rises = np.empty((0, 0), dtype=bool)

    def points(self, first: int, last: int) -> tuple[Values, Values]:
        """x [M] and y [M, T] of the rows from `first` to before `last`, in order of x."""
        self._update()
        size = len(self._column)
        begin = max(first, 0) // self.bucket
        end = -(-min(last, size) // self.bucket)
        if end <= begin:
            return np.empty(0), np.empty((0, self._column.rows.shape[1]))
        if self.bucket == 1:
            x = np.arange(begin, end, dtype=np.float64)
            return x, self._column.smoothed(self.window, begin, end)
        low, high, rises = self._low[begin:end], self._high[begin:end], self._rises[begin:end]
        y = np.empty((2 * len(low), low.shape[1]))
        y[0::2] = np.where(rises, low, high)
        y[1::2] = np.where(rises, high, low)
        x = np.arange(2 * begin, 2 * end, dtype=np.float64) * (self.bucket / 2)
        return np.minimum(x, size - 1), y

    def _update(self) -> None:
        size = len(self._column)
        if self.bucket == 1 or self._seen == size:
            return
        values = self._column.smoothed(self.window, self._full, size)
        n_buckets = -(-len(values) // self.bucket)
        padded = np.full((n_buckets * self.bucket, values.shape[1]), np.nan)
        padded[: len(values)] = values
        boxes = padded.reshape(n_buckets, self.bucket, values.shape[1])
        missing = np.isnan(boxes)
        lows, highs = np.where(missing, np.inf, boxes), np.where(missing, -np.inf, boxes)
        empty = missing.all(axis=1)
        low, high = lows.min(axis=1), highs.max(axis=1)
        rises = lows.argmin(axis=1) <= highs.argmax(axis=1)
        low[empty] = np.nan
        high[empty] = np.nan
        n_full = self._full // self.bucket
        shape = (0, values.shape[1])
        self._low = np.concatenate([self._low[:n_full].reshape(n_full or 0, shape[1]), low])
        self._high = np.concatenate([self._high[:n_full].reshape(n_full or 0, shape[1]), high])
        self._rises = np.concatenate([self._rises[:n_full].reshape(n_full or 0, shape[1]), rises])
        self._seen = size
        self._full = settled(size, self.window) // self.bucket * self.bucket


class Decimator:
    """Keeps the envelope that fits the zoom, one for each smoothing asked for."""

    def __init__(self, column: Column) -> None:
        self._column = column
        self._envelopes: dict[str, Envelope] = {}

    def points(
        self, role: str, window: int, first: int, last: int, pixels: int
    ) -> tuple[Values, Values]:
        """x [M] and y [M, T], M ≤ 2·pixels + 4, of rows `first` to before `last`.

        `role` names the caller's curve ("raw", "smoothed"); one envelope is kept for each.
        """
        shown = max(min(last, len(self._column)) - max(first, 0), 1)
        bucket = 1
        while shown > max(pixels, 1) * bucket * (2 if bucket == 1 else 1):
            bucket *= 2
        envelope = self._envelopes.get(role)
        if envelope is None or envelope.bucket != bucket or envelope.window != window:
            envelope = self._envelopes[role] = Envelope(self._column, window, bucket)
        return envelope.points(first, last)
