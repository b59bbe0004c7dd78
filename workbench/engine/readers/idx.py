"""IDX: one array a file, the format of the MNIST database, gzipped or not."""

import gzip
import math
import zlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray

from workbench.engine.readers.errors import DataError, check_size, opened

#: Types by the third byte of the file.
_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}

#: Axes of an array: more than these have no use here, and numpy has none with more than 64.
_MOST_AXES = 8

_BLOCK = 1 << 22
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of its array."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def n_bytes(self) -> int:
        """Bytes of the array's values."""
        return math.prod(self.shape) * self.dtype.itemsize


def header(path: Path) -> Header:
    """What a file says of its array. Raises DataError and OSError."""
    with _opened(path) as file:
        return _header(path, file)


def read(path: Path) -> Generator[float, None, NDArray[Any]]:
    """The array of a file; yields the share that is read. Raises DataError and OSError."""
    buffer = bytearray()
    with _opened(path) as file:
        says = _header(path, file)
        check_size(path, says.n_bytes)
        try:
            # One byte more is asked for, to see whether the header told too little.
            while block := file.read(min(_BLOCK, says.n_bytes + 1 - len(buffer))):
                buffer += block
                yield min(len(buffer) / max(says.n_bytes, 1), 1.0)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DataError(path, f"cannot be unpacked: {error}") from None
    if len(buffer) != says.n_bytes:
        follow = "more follow" if len(buffer) > says.n_bytes else f"only {len(buffer):,} follow"
        shape = " × ".join(str(n) for n in says.shape)
        raise DataError(path, f"the header says {shape}, {says.n_bytes:,} bytes, but {follow}")
    values = np.frombuffer(buffer, dtype=says.dtype)
    return values.astype(says.dtype.newbyteorder("=")).reshape(says.shape)


def _opened(path: Path) -> IO[bytes]:
    with opened(path) as file:
        is_packed = file.read(2) == _GZIP
    return cast("IO[bytes]", gzip.open(path)) if is_packed else opened(path)


def _header(path: Path, file: IO[bytes]) -> Header:
    try:
        head = file.read(4)
        if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in _TYPES or not head[3]:
            raise DataError(path, f"is no IDX file: it begins with {head.hex(' ') or 'nothing'}")
        sizes = file.read(4 * head[3])
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(path, f"cannot be unpacked: {error}") from None
    if len(sizes) < 4 * head[3]:
        raise DataError(path, "ends within its header")
    if head[3] > _MOST_AXES:
        message = f"the header says {head[3]} axes; up to {_MOST_AXES} are read"
        raise DataError(path, message)
    shape = tuple(int(n) for n in np.frombuffer(sizes, dtype=">u4"))
    if 0 in shape:
        raise DataError(path, f"has nothing in it: the header says {shape}")
    return Header(shape, np.dtype(_TYPES[head[2]]))
