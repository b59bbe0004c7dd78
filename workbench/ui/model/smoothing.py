"""Smoothing: centred moving means of columns that may have gaps (Qt-free).

The mean of a row is that of the finite rows at most `window // 2` before and after it. Where its
stretch of the record ends nearer than that, as much is left out on the other side: the mean stays
centred, so that a straight line is left as it is, to its very ends, and a falling loss is not shown
above itself. Stretches are parted by gaps longer than half the window; shorter ones, of batches
that held nothing of a task, are passed over.

No sum is the difference of two others: windows are put together from sums of 1, 2, 4, … rows (a
sparse table), so that a huge value is felt in the windows that hold it and nowhere else.
"""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Whole = NDArray[np.intp]

#: Rows at once: with their sums they stay in the processor's cache.
_CHUNK = 1 << 13


def smoothed(rows: Values, window: int, start: int = 0, end: int | None = None) -> Values:
    """Rows `start` to before `end` of `rows` [N] or [N, T], each the mean of the window around it.

    NaN where the raw row is not finite, so that a task shows no curve while it is not learned.
    """
    end = len(rows) if end is None else min(end, len(rows))
    half = window // 2
    if rows.ndim == 1:
        return smoothed(rows[:, None], window, start, end)[:, 0]
    if half < 1 or end <= start:
        return rows[start:end]
    means = np.empty((end - start, rows.shape[1]))
    for first in range(start, end, _CHUNK):
        last = min(first + _CHUNK, end)
        means[first - start : last - start] = _chunk(rows, half, first, last)
    return means


def settled(n_rows: int, window: int) -> int:
    """How many rows have a mean that no further row changes."""
    half = window // 2
    return max(n_rows - 2 * half - 1, 0) if half else n_rows


def _chunk(rows: Values, half: int, start: int, end: int) -> Values:
    # a window ends with its stretch, and whether that ends shows half a window further on
    halo = 2 * half + 1
    low, high = max(start - halo, 0), min(end + halo, len(rows))
    around = np.full((end - start + 2 * halo, rows.shape[1]), np.nan)
    around[low - start + halo : high - start + halo] = rows[low:high]
    known = np.isfinite(around)
    reach = _reach(known, half)[halo:-halo]
    with np.errstate(over="ignore"):
        sums = _sums(np.where(known, around, 0.0), reach, half)
    has_gaps = not known[low - start + halo : high - start + halo].all()
    counts = _sums(known.astype(np.float64), reach, half) if has_gaps else 2.0 * reach + 1
    means = np.full_like(sums, np.nan)
    np.divide(sums, counts, out=means, where=known[halo:-halo])
    return means


def _reach(known: NDArray[np.bool_], half: int) -> Whole:
    """How far the window of each row goes to both sides [n, T]: to the nearer end of its stretch.

    Half a window where the row itself is missing.
    """
    if known.all():
        return np.full(known.shape, half, dtype=np.intp)
    nearer = np.minimum(_distance(known, half), _distance(known[::-1], half)[::-1])
    return np.where(known, np.minimum(nearer, half), half)


def _distance(known: NDArray[np.bool_], half: int) -> Whole:
    """The distance of each row from the first of its stretch [n, T], as far as these rows show."""
    at = np.arange(len(known))[:, None]
    newest = np.maximum.accumulate(np.where(known, at, -1), axis=0)
    previous = np.full(known.shape, -1)
    previous[1:] = newest[:-1]
    begins = known & (at - previous > half + 1)
    first = np.maximum.accumulate(np.where(begins, at, -1), axis=0)
    return np.where(first < 0, half, at - first)


def _sums(around: Values, reach: Whole, half: int) -> Values:
    """The sums over the windows [n, T] of rows that have 2·half + 1 more on both sides."""
    n, first = len(reach), half + 1
    full, offset = np.zeros(reach.shape), 0
    row, column = np.nonzero(reach < half)
    lengths = 2 * reach[row, column] + 1
    at = row + 2 * half + 1 - reach[row, column]
    partial = np.zeros(len(row))
    sums, size = around, 1
    while size <= 2 * half + 1:
        if (2 * half + 1) & size:
            full += sums[first + offset : first + offset + n]
            offset += size
        chosen = (lengths & size) > 0
        partial[chosen] += sums[at[chosen], column[chosen]]
        at[chosen] += size
        sums, size = sums[:-size] + sums[size:], 2 * size
    full[row, column] = partial
    return full


def log10_of(values: Values) -> Values:
    """Logarithms; missing where there is none."""
    return np.log10(np.where(values > 0, values, np.nan))
