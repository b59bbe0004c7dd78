"""Decimation: curves of any length as at most two points a pixel column (Qt-free).

A bucket is 2^k neighbouring rows, so the buckets already summed up never change while a run
grows: a redraw costs what is new, not what is old, and the half window that may still change. Of a
long record only the small buckets of one size are summed up; larger ones are put together from
them, and a view so narrow that it needs smaller ones is worked out by itself.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


#: The bucket from which larger ones are put together.
_BASE = 64


@dataclass(frozen=True, slots=True)
class Extremes:
    """The least and the largest of n buckets [n, T], and whether the least comes first."""

    low: Values
    high: Values
    rises: NDArray[np.bool_]

    def points(self) -> Values:
        """Both of each bucket in the order in which they come [2 n, T]."""
        y = np.empty((2 * len(self.low), self.low.shape[1]))
        y[0::2] = np.where(self.rises, self.low, self.high)
        y[1::2] = np.where(self.rises, self.high, self.low)
        return y

    def between(self, begin: int, end: int) -> "Extremes":
        """Those of some of the buckets."""
        return Extremes(self.low[begin:end], self.high[begin:end], self.rises[begin:end])

    def followed_by(self, other: "Extremes") -> "Extremes":
        """These buckets and more."""
        if not len(self.low):
            return other
        return Extremes(
            np.concatenate([self.low, other.low]),
            np.concatenate([self.high, other.high]),
            np.concatenate([self.rises, other.rises]),
        )

    def merged(self, n: int) -> "Extremes":
        """Those of buckets n times as large; the last may be of fewer."""
        if n == 1:
            return self
        low, high, rises = _columns(self.low, n), _columns(self.high, n), _columns(self.rises, n)
        missing = np.isnan(low)
        lows, highs = np.where(missing, np.inf, low), np.where(missing, -np.inf, high)
        first, last = lows.argmin(axis=2), highs.argmax(axis=2)
        within = np.take_along_axis(rises, first[:, :, None], axis=2)[:, :, 0]
        in_order = np.where(first == last, within, first < last)
        return _extremes(lows.min(axis=2), highs.max(axis=2), in_order, missing.all(axis=2))


def extremes(values: Values, bucket: int) -> Extremes:
    """The extremes of each bucket of rows [N, T]; the last may be of fewer rows."""
    boxes = _columns(values, bucket)  # a column's bucket is one piece of memory: five times faster
    missing = np.isnan(boxes)
    if not missing.any():
        lows, highs, is_empty = boxes, boxes, missing[:, :, 0]
    else:
        lows, highs = np.where(missing, np.inf, boxes), np.where(missing, -np.inf, boxes)
        is_empty = missing.all(axis=2)
    in_order = lows.argmin(axis=2) <= highs.argmax(axis=2)
    return _extremes(lows.min(axis=2), highs.max(axis=2), in_order, is_empty)


def _extremes(low: Values, high: Values, rises: Any, is_empty: Any) -> Extremes:
    """Of [T, n]; a bucket without a value has no extremes."""
    if is_empty.any():
        low, high = np.where(is_empty, np.nan, low), np.where(is_empty, np.nan, high)
    return Extremes(low.T, high.T, rises.T)


def _columns(rows: NDArray[Any], n: int) -> NDArray[Any]:
    """Rows [N, T] as [T, buckets, n], filled up with NaN or False."""
    n_buckets = -(-len(rows) // n)
    filling = np.nan if rows.dtype.kind == "f" else False
    boxes = np.full((rows.shape[1], n_buckets * n), filling, dtype=rows.dtype)
    boxes[:, : len(rows)] = rows.T
    return boxes.reshape(rows.shape[1], n_buckets, n)


class Envelope:
    """The extremes of each bucket of a smoothed column, kept as it grows."""

    def __init__(self, column: Column, window: int, bucket: int) -> None:
        self.window = window
        self.bucket = bucket
        self._column = column
        self._full = self._seen = 0
        width = column.rows.shape[1]
        empty = np.empty((0, width))
        self._known = Extremes(empty, empty, np.empty((0, width), dtype=bool))

    def extremes(self) -> Extremes:
        """Those of all buckets by now."""
        size = len(self._column)
        if self._seen != size:
            values = self._column.smoothed(self.window, self._full, size)
            n_full = self._full // self.bucket
            kept = self._known.between(0, n_full)
            self._known = kept.followed_by(extremes(values, self.bucket))
            self._seen = size
            self._full = settled(size, self.window) // self.bucket * self.bucket
        return self._known


def bucket_for(n_shown: int, pixels: int) -> int:
    """Rows of a bucket, so that so many rows have no more points than `pixels`."""
    bucket = 1
    while n_shown > max(pixels, 1) * bucket:
        bucket *= 2
    return bucket


class Decimator:
    """Keeps one envelope for each smoothing asked for."""

    def __init__(self, column: Column) -> None:
        self._column = column
        self._envelopes: dict[str, Envelope] = {}

    def points(
        self, role: str, window: int, first: int, last: int, pixels: int
    ) -> tuple[Values, Values]:
        """x [M] and y [M, T], M ≤ 2·pixels + 4, of rows `first` to before `last`.

        `role` names the caller's curve ("raw", "smoothed"); one envelope is kept for each.
        """
        size = len(self._column)
        shown = max(min(last, size) - max(first, 0), 1)
        bucket = 1
        while shown > max(pixels, 1) * bucket * (2 if bucket == 1 else 1):
            bucket *= 2
        begin, end = max(first, 0) // bucket, -(-min(last, size) // bucket)
        if end <= begin:
            return np.empty(0), np.empty((0, self._column.rows.shape[1]))
        if bucket == 1:
            x = np.arange(begin, end, dtype=np.float64)
            return x, self._column.smoothed(window, begin, end)
        x = np.arange(2 * begin, 2 * end, dtype=np.float64) * (bucket / 2)
        known = self._extremes(role, window, bucket, begin, end)
        return np.minimum(x, size - 1), known.points()

    def middles(
        self, role: str, window: int, first: int, last: int, bucket: int
    ) -> tuple[Values, Values]:
        """x [M] and y [M, T] of rows `first` to before `last`: a point for each bucket of rows.

        It lies halfway between the bucket's extremes. Curves of several columns have their points
        at the same x, whatever their lengths.
        """
        begin, end = max(first, 0) // bucket, -(-min(last, len(self._column)) // bucket)
        if end <= begin:
            return np.empty(0), np.empty((0, self._column.rows.shape[1]))
        x = np.arange(begin, end, dtype=np.float64) * bucket
        if bucket == 1:
            return x, self._column.smoothed(window, begin, end)
        known = self._extremes(role, window, bucket, begin, end)
        return x, (known.low + known.high) / 2

    def _extremes(self, role: str, window: int, bucket: int, begin: int, end: int) -> Extremes:
        """Those of the buckets `begin` to before `end`."""
        size = len(self._column)
        is_narrow = bucket < _BASE and 2 * (end - begin) * bucket < size
        if is_narrow:
            values = self._column.smoothed(window, begin * bucket, min(end * bucket, size))
            return extremes(values, bucket)
        base = min(bucket, _BASE)
        n = bucket // base
        known = self._envelope(role, window, base).extremes()
        return known.between(begin * n, end * n).merged(n)

    def _envelope(self, role: str, window: int, bucket: int) -> Envelope:
        envelope = self._envelopes.get(role)
        if envelope is None or envelope.bucket != bucket or envelope.window != window:
            envelope = self._envelopes[role] = Envelope(self._column, window, bucket)
        return envelope
