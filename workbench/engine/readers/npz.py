"""NPZ: arrays by name, as numpy writes them. Pickled objects are never opened."""

# numpy's header readers have partial types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import math
import zipfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from workbench.engine.readers.problem import DataError, check_size

_BLOCK = 1 << 22
_MOST_ARRAYS = 1000


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of one of its arrays."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    is_fortran: bool

    @property
    def n_bytes(self) -> int:
        """Bytes of the array's values."""
        return math.prod(self.shape) * self.dtype.itemsize


def headers(path: Path) -> dict[str, Header]:
    """The arrays of a file by name. Raises DataError and OSError."""
    with _opened(path) as archive:
        return {header.name: header for header in _headers(path, archive)}


def read(path: Path, names: list[str]) -> Generator[float, None, dict[str, NDArray[Any]]]:
    """Arrays by name; yields the share that is read. Raises DataError and OSError."""
    found: dict[str, NDArray[Any]] = {}
    with _opened(path) as archive:
        known = {header.name: header for header in _headers(path, archive)}
        for name in names:
            if name not in known:
                raise DataError(path, f"has no array '{name}' (it has: {', '.join(known)})")
        total = sum(known[name].n_bytes for name in names)
        check_size(path, total)
        done = 0
        for name in dict.fromkeys(names):
            header = known[name]
            with archive.open(f"{name}.npy") as file:
                _read_header(path, name, file)
                found[name] = yield from _values(path, header, file, done, total)
            done += header.n_bytes
    return found


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise DataError(path, f"is no NPZ file: {error}") from None


def _headers(path: Path, archive: zipfile.ZipFile) -> list[Header]:
    members = archive.namelist()
    if not members or len(members) > _MOST_ARRAYS:
        raise DataError(path, f"has {len(members)} arrays; 1 to {_MOST_ARRAYS} are read")
    found: list[Header] = []
    for member in members:
        if not member.endswith(".npy"):
            raise DataError(path, f"has '{member}' in it, which is no array")
        name = member.removesuffix(".npy")
        try:
            with archive.open(member) as file:
                found.append(_read_header(path, name, file))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise DataError(path, f"array '{name}' cannot be read: {error}") from None
    return found


def _read_header(path: Path, name: str, file: IO[bytes]) -> Header:
    try:
        version = npy.read_magic(file)
        reader = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, is_fortran, dtype = reader(file)
    except ValueError as error:
        reason = str(error).partition("\n")[0]
        raise DataError(path, f"array '{name}' has no readable header: {reason}") from None
    if dtype.hasobject:
        message = "holds Python objects, and reading those could run code: save it as numbers"
        raise DataError(path, f"array '{name}' {message}")
    if dtype.kind not in "biufUS":
        raise DataError(path, f"array '{name}' holds {dtype}; numbers and text are read")
    return Header(name, tuple(int(n) for n in shape), dtype, bool(is_fortran))


def _values(
    path: Path, header: Header, file: IO[bytes], before: int, total: int
) -> Generator[float, None, NDArray[Any]]:
    """The array's values, and never more bytes than its header says.

    Yields the share of `total` bytes, of which there were `before`.
    """
    buffer = bytearray()
    try:
        while len(buffer) < header.n_bytes:
            block = file.read(min(_BLOCK, header.n_bytes - len(buffer)))
            if not block:
                break
            buffer += block
            yield min((before + len(buffer)) / max(total, 1), 1.0)
        has_more = bool(file.read(1))
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError) as error:
        raise DataError(path, f"array '{header.name}' cannot be unpacked: {error}") from None
    if len(buffer) < header.n_bytes or has_more:
        says = f"says {header.n_bytes:,} bytes, and {'more' if has_more else f'{len(buffer):,}'}"
        raise DataError(path, f"the header of array '{header.name}' {says} follow")
    order = "F" if header.is_fortran else "C"
    return np.frombuffer(buffer, dtype=header.dtype).reshape(header.shape, order=order)
