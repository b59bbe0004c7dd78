"""Row file: rows that lie one after the other in a file, read where they are asked for.

A stretch of the file is mapped at a time, and let go of: pages that stay mapped would count as
memory of the process, though they are the system's, which keeps them as long as there is room.
"""

import mmap
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Bytes that are mapped at once: some systems map much about a row that is read.
_WINDOW = 32 * 2**20


@dataclass(frozen=True, slots=True)
class RowFile:
    """`n_rows` rows of `shape` in a file, in single precision, or as bytes.

    Bytes are told in single precision, less `mean` [C] and divided by `deviation` [C] along the
    first axis of a row.
    """

    path: Path
    n_rows: int
    shape: tuple[int, ...]
    is_bytes: bool = False
    mean: tuple[float, ...] = (0.0,)
    deviation: tuple[float, ...] = (1.0,)

    def at(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The rows at these positions, [n, …]. Raises OSError, and IndexError for none such."""
        values = self.raw(rows)
        return self._scaled(values) if self.is_bytes else values

    @property
    def n_bytes(self) -> int:
        """Bytes of the file."""
        return self.n_rows * prod(self.shape) * (1 if self.is_bytes else 4)

    def scaled_by(self, mean: tuple[float, ...], deviation: tuple[float, ...]) -> "RowFile":
        """The same bytes, told less `mean` and divided by `deviation`."""
        return replace(self, mean=mean, deviation=deviation)

    def raw(self, rows: NDArray[np.int64]) -> NDArray[Any]:
        """As `at`, as they lie in the file."""
        if len(rows) and not (rows.min() >= 0 and rows.max() < self.n_rows):
            raise IndexError(f"rows are counted from 0 to {self.n_rows - 1}")
        dtype = np.dtype(np.uint8 if self.is_bytes else np.float32)
        raw: NDArray[Any] = np.empty((len(rows), prod(self.shape)), dtype)
        if raw.size:
            with self.path.open("rb") as file:
                self._read(file.fileno(), rows, raw)
        return raw.reshape(len(rows), *self.shape)

    def _read(self, handle: int, rows: NDArray[np.int64], raw: NDArray[Any]) -> None:
        """The rows into `raw`, in the order of the file, which is mapped a window at a time."""
        row_bytes = raw.itemsize * raw.shape[1]
        in_window = max(1, _WINDOW // row_bytes)
        order = np.argsort(rows, kind="stable")
        in_order = rows[order]
        windows = in_order // in_window
        starts = np.flatnonzero(np.diff(windows, prepend=-1))
        for start, stop in zip(starts, [*starts[1:], len(rows)], strict=True):
            first = int(windows[start]) * in_window
            n = min(in_window, self.n_rows - first)
            whole = _mapped(handle, first * row_bytes, n * row_bytes, raw.dtype)
            raw[order[start:stop]] = whole.reshape(n, -1)[in_order[start:stop] - first]

    def _scaled(self, values: NDArray[Any]) -> NDArray[np.float32]:
        shape = (1, -1, *[1] * (len(self.shape) - 1))
        scaled = values.astype(np.float32)
        scaled -= np.array(self.mean, np.float32).reshape(shape)
        scaled /= np.array(self.deviation, np.float32).reshape(shape)
        return scaled


def _mapped(handle: int, start: int, n_bytes: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Bytes of a file as an array, which lets go of them with itself."""
    before = start % mmap.ALLOCATIONGRANULARITY
    mapped = mmap.mmap(handle, before + n_bytes, access=mmap.ACCESS_READ, offset=start - before)
    return np.frombuffer(mapped, dtype, n_bytes // dtype.itemsize, before)
