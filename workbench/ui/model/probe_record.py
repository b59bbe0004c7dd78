"""ProbeRecord: what the probes of one run measured, in columns that grow (Qt-free)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.spec.event import Probed
from workbench.ui.model.decimation import Values

Floats = NDArray[np.float32]


class Rows:
    """Arrays of one shape, one a probe, in room that doubles as they come."""

    def __init__(self, shape: tuple[int, ...], n_missing: int = 0) -> None:
        self._data: Floats = np.full((max(64, n_missing), *shape), np.nan, dtype=np.float32)
        self._size = n_missing

    @property
    def all(self) -> Floats:
        """Every row so far, as a view."""
        return self._data[: self._size]

    def append(self, row: Floats) -> None:
        """Add a row."""
        if self._size == len(self._data):
            more = np.full_like(self._data, np.nan)
            self._data = np.concatenate([self._data, more])
        self._data[self._size] = row
        self._size += 1

    def cut(self, size: int) -> None:
        """Keep the first `size` rows."""
        self._size = min(self._size, size)

    def widen(self, n: int) -> None:
        """Make the first axis of every row `n` longer; what it held there is not known."""
        shape = (len(self._data), n, *self._data.shape[2:])
        more = np.full(shape, np.nan, dtype=np.float32)
        self._data = np.concatenate([self._data, more], axis=1)


class ProbeRecord:
    """Cosines, norms and affinity of M probes of T tasks; a pair (i, j), i < j, is one number.

    `layers` names all shared parameters first, then their layers. A model that grows brings
    layers that earlier probes did not know: they are NaN there.
    """

    def __init__(self, n_tasks: int = 0) -> None:
        self.n_tasks = n_tasks
        self.layers: tuple[str, ...] = ()
        self._upper = np.triu_indices(n_tasks, 1)
        self._steps: list[int] = []
        n_pairs = len(self._upper[0])
        self._cosines = Rows((0, n_pairs))
        self._norms = Rows((0, n_tasks))
        self._conflicts = Rows((0,))
        self._affinity: Rows | None = None
        self._sums: Values = np.zeros((0, n_pairs))
        self._counts: Values = np.zeros((0, n_pairs))

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def steps(self) -> Values:
        """The step after which each probe was taken, [M]."""
        return np.asarray(self._steps, dtype=np.float64)

    @property
    def has_affinity(self) -> bool:
        """Whether affinity was probed too."""
        return self._affinity is not None

    def add(self, event: Probed) -> None:
        """Take a probe in; a resumed run tells those after its checkpoint again."""
        while self._steps and self._steps[-1] >= event.step:
            self._cut(len(self._steps) - 1)
        self._meet(event.layers)
        at = [event.layers.index(name) if name in event.layers else -1 for name in self.layers]
        cosines = _chosen(np.asarray(event.cosines, dtype=np.float32)[:, *self._upper], at)
        self._cosines.append(cosines)
        self._norms.append(_chosen(np.asarray(event.norms, dtype=np.float32), at))
        known = np.isfinite(cosines)
        counts = known.sum(axis=1)
        against = (cosines < 0).sum(axis=1)
        self._conflicts.append(np.where(counts, against / np.maximum(counts, 1), np.nan))
        self._sums += np.where(known, cosines, 0.0)
        self._counts += known
        if event.affinity.size and self._affinity is None:
            self._affinity = Rows((self.n_tasks, self.n_tasks), len(self._steps))
        if self._affinity is not None:
            shape = (self.n_tasks, self.n_tasks)
            has = event.affinity.shape == shape
            self._affinity.append(event.affinity if has else np.full(shape, np.nan, np.float32))
        self._steps.append(event.step)

    def _cut(self, size: int) -> None:
        for rows in (self._cosines, self._norms, self._conflicts, self._affinity):
            if rows is not None:
                rows.cut(size)
        del self._steps[size:]
        known = np.isfinite(self._cosines.all)
        self._sums = np.where(known, self._cosines.all, 0.0).sum(axis=0, dtype=np.float64)
        self._counts = known.sum(axis=0).astype(np.float64)

    def _meet(self, layers: Sequence[str]) -> None:
        new = tuple(name for name in layers if name not in self.layers)
        if not new:
            return
        self.layers += new
        for rows in (self._cosines, self._norms, self._conflicts):
            rows.widen(len(new))
        none = np.zeros((len(new), self._sums.shape[1]))
        self._sums = np.concatenate([self._sums, none])
        self._counts = np.concatenate([self._counts, none])

    # matrices

    def cosines(self, layer: int, at: int | None) -> Values:
        """Cosines [T, T] at probe number `at`, None for their mean; NaN on the diagonal."""
        if at is not None:
            return self._square(self._cosines.all[at, layer])
        sums, counts = self._sums[layer], self._counts[layer]
        return self._square(np.where(counts > 0, sums / np.maximum(counts, 1), np.nan))

    def affinity(self, at: int | None) -> Values:
        """Affinity [T, T] of row for column at probe `at`, None for the mean; NaN if unknown."""
        if self._affinity is None:
            return np.full((self.n_tasks, self.n_tasks), np.nan)
        rows = self._affinity.all
        return rows[at].astype(np.float64) if at is not None else _mean(rows)

    def conflict_counts(self, layer: int) -> tuple[Values, Values]:
        """Probes [T, T] in which two tasks had a gradient, and those in which these part."""
        cosines = self._of(self._cosines, layer)
        known = np.isfinite(cosines).sum(axis=0, dtype=np.float64)
        below = (cosines < 0).sum(axis=0, dtype=np.float64)
        return np.nan_to_num(self._square(known)), np.nan_to_num(self._square(below))

    def _square(self, values: NDArray[np.floating]) -> Values:
        result = np.full((self.n_tasks, self.n_tasks), np.nan)
        result[self._upper] = values
        result.T[self._upper] = values
        return result

    # series

    def pair_cosines(self, layer: int, i: int, j: int) -> Values:
        """The cosine of two tasks at each probe, [M]."""
        return self._of(self._cosines, layer)[:, self._pair(i, j)]

    def similarities(self, layer: int, i: int, j: int) -> Values:
        """The magnitude similarity 2‖gᵢ‖‖gⱼ‖/(‖gᵢ‖²+‖gⱼ‖²) of two tasks at each probe, [M]."""
        a, b = self.norms(layer)[:, i], self.norms(layer)[:, j]
        total = a * a + b * b
        return np.where(total > 0, 2 * a * b / np.where(total > 0, total, 1.0), np.nan)

    def pair_affinity(self, i: int, j: int) -> Values:
        """What a step on task `i` alone does for task `j` at each probe, [M]."""
        if self._affinity is None:
            return np.full(len(self), np.nan)
        return self._affinity.all[:, i, j].astype(np.float64)

    def conflicts(self, layer: int) -> Values:
        """The share of pairs whose cosine is below 0 at each probe, [M]."""
        return self._of(self._conflicts, layer)

    def norms(self, layer: int) -> Values:
        """Gradient norms [M, T]."""
        return self._of(self._norms, layer)

    def _of(self, rows: Rows, layer: int) -> Values:
        """One layer's part of every row; of a layer that no probe told of, nothing is known."""
        values = rows.all
        if layer >= len(self.layers):
            return np.full((len(values), *values.shape[2:]), np.nan)
        return values[:, layer].astype(np.float64)

    def worst_pair(self, layer: int) -> tuple[int, int] | None:
        """The two tasks whose gradients point apart the most, on average."""
        means = self.cosines(layer, None) if len(self) else np.empty(0)
        if not np.isfinite(means).any():
            return None
        i, j = np.unravel_index(int(np.nanargmin(means)), means.shape)
        return min(int(i), int(j)), max(int(i), int(j))

    def _pair(self, i: int, j: int) -> int:
        low, high = min(i, j), max(i, j)
        return low * (2 * self.n_tasks - low - 1) // 2 + high - low - 1


def _chosen(rows: Floats, at: Sequence[int]) -> Floats:
    """Rows in another order; NaN where the position is −1."""
    result = np.full((len(at), *rows.shape[1:]), np.nan, dtype=np.float32)
    for i, position in enumerate(at):
        if position >= 0:
            result[i] = rows[position]
    return result


def _mean(rows: Floats) -> Values:
    """The mean over the first axis of what is known; NaN where nothing is."""
    known = np.isfinite(rows)
    counts = known.sum(axis=0)
    sums = np.where(known, rows, 0.0).sum(axis=0, dtype=np.float64)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def mean_of(values: Values) -> float:
    """The mean of what is known; NaN where nothing is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def thinned(x: Values, y: Values, pixels: int) -> tuple[Values, Values]:
    """x [M] and y [M, K] as at most two points a pixel: the least and the largest of each."""
    size = -(-len(x) // max(pixels, 1))
    if size <= 2:
        return x, y
    n = -(-len(x) // size)
    padded = np.full((n * size, y.shape[1]), np.nan)
    padded[: len(y)] = y
    boxes = padded.reshape(n, size, y.shape[1])
    known = np.isfinite(boxes)
    low = np.where(known, boxes, np.inf).min(axis=1)
    high = np.where(known, boxes, -np.inf).max(axis=1)
    empty = ~known.any(axis=1)
    low[empty] = high[empty] = np.nan
    result = np.empty((2 * n, y.shape[1]))
    result[0::2], result[1::2] = low, high
    return np.repeat(x[::size], 2), result
