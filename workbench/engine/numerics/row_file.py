"""Row file: rows that lie one after the other in a file, read where they are asked for.

The file is mapped for each block of rows anew and let go of: pages that stay mapped would count as
memory of the process, though they are the system's, which keeps them as long as there is room.
"""

import mmap
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Bytes that are mapped at once, about; the system maps up to 64 KiB about each row that is read.
_MAPPED, _ABOUT = 64 * 2**20, 64 * 2**10


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
                at_once = max(1, _MAPPED // (_ABOUT + raw.itemsize * raw.shape[1]))
                for start in range(0, len(rows), at_once):
                    chosen = rows[start : start + at_once]
                    self._take(file.fileno(), chosen, raw[start : start + at_once])
        return raw.reshape(len(rows), *self.shape)

    def _take(self, handle: int, rows: NDArray[np.int64], out: NDArray[Any]) -> None:
        with mmap.mmap(handle, 0, access=mmap.ACCESS_READ) as mapped:
            whole = np.frombuffer(mapped, out.dtype, self.n_rows * out.shape[1])
            whole = whole.reshape(self.n_rows, out.shape[1])
            # Positions were looked at; to take by "raise" would make a copy on the way.
            np.take(whole, rows, axis=0, out=out, mode="clip")
            del whole  # a mapping that is looked at cannot be closed

    def _scaled(self, values: NDArray[Any]) -> NDArray[np.float32]:
        shape = (1, -1, *[1] * (len(self.shape) - 1))
        scaled = values.astype(np.float32)
        scaled -= np.array(self.mean, np.float32).reshape(shape)
        scaled /= np.array(self.deviation, np.float32).reshape(shape)
        return scaled
