"""NPZ: arrays by name, as numpy writes them. Pickled objects are never opened."""

import lzma
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from workbench.engine.readers.errors import DataError, check_size, opened

_BLOCK = 1 << 22
_MOST_ARRAYS, _MOST_AXES = 1000, 8
#: Bytes of an array's header: numpy's own take some hundred.
_MOST_HEADER = 10_000
_LARGEST_CHARACTER = 0x10FFFF

#: What `zipfile` and the unpackers raise at bytes that are no archive of theirs: some of it is not
#: meant for such a case, such as a place before the beginning of the file.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
)

#: What a header says, as numpy writes it: a dict in Python's words.
_DESCR = re.compile(r"'descr':\s*(?:'([^']*)'|([\[(]))")
_ORDER = re.compile(r"'fortran_order':\s*(True|False)")
_SHAPE = re.compile(r"'shape':\s*\(((?:\s*\d{1,19}L?\s*,?)*)\)")
_TYPE = re.compile(r"[<>|=]?(?:b1|[iu][1248]|f[248]|[SU]\d{1,6})")


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of one of its arrays; `reason` is why it cannot be read, empty if it can."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    is_fortran: bool = False
    reason: str = ""

    @property
    def n_bytes(self) -> int:
        """Bytes of the array's values."""
        return math.prod(self.shape) * self.dtype.itemsize


def headers(path: Path) -> dict[str, Header]:
    """The arrays of a file by name, those that cannot be read too. Raises DataError and OSError."""
    with _opened(path) as archive:
        return {header.name: header for header in _headers(path, archive)}


def read(path: Path, names: list[str]) -> Generator[float, None, dict[str, NDArray[Any]]]:
    """Arrays by name; yields the share that is read. Raises DataError and OSError."""
    arrays: dict[str, NDArray[Any]] = {}
    with _opened(path) as archive:
        known = {header.name: header for header in _headers(path, archive)}
        for name in names:
            if name not in known:
                raise DataError(path, f"has no array '{name}' (it has: {', '.join(known)})")
            if known[name].reason:
                raise DataError(path, f"array '{name}' {known[name].reason}")
        total = sum(known[name].n_bytes for name in names)
        check_size(path, total)
        done = 0
        for name in dict.fromkeys(names):
            arrays[name] = yield from _array(path, archive, known[name], done, total)
            done += known[name].n_bytes
    return arrays


def npy_header(path: Path) -> Header:
    """What an NPY file says of its array. Raises DataError and OSError."""
    with opened(path) as file:
        return _npy_header(path, file)


def read_npy(path: Path) -> Generator[float, None, NDArray[Any]]:
    """The array of an NPY file; yields the share that is read. Raises DataError and OSError."""
    with opened(path) as file:
        found = _npy_header(path, file)
        check_size(path, found.n_bytes)
        return (yield from _values(path, found, file, 0, found.n_bytes))


def _npy_header(path: Path, file: IO[bytes]) -> Header:
    try:
        found = _header(path, path.name, file)
    except struct.error as error:
        raise DataError(path, f"ends within its header: {error}") from None
    if found.reason:
        raise DataError(path, found.reason)
    return found


def _opened(path: Path) -> zipfile.ZipFile:
    opened(path).close()  # a file that is not there, or is none, is told as such
    try:
        return zipfile.ZipFile(path)
    except _DAMAGE as error:
        raise DataError(path, f"is no NPZ file: {error}") from None


def _headers(path: Path, archive: zipfile.ZipFile) -> list[Header]:
    members = archive.namelist()
    if not members or len(members) > _MOST_ARRAYS:
        raise DataError(path, f"has {len(members)} arrays; 1 to {_MOST_ARRAYS} are read")
    entries: list[Header] = []
    for member in members:
        if not member.endswith(".npy"):
            raise DataError(path, f"has '{member}' in it, which is no array")
        name = member.removesuffix(".npy")
        try:
            with archive.open(member) as file:
                entries.append(_header(path, name, file))
        except _DAMAGE as error:
            raise DataError(path, f"array '{name}' cannot be read: {error}") from None
    return entries


def _header(path: Path, name: str, file: IO[bytes]) -> Header:
    """What an array's header says; `file` is then at its values. Raises DataError.

    It is read by its three words, not as Python, whose parser has a say of its own on odd text.
    """
    start = file.read(8)
    if len(start) < 8 or start[:6] != b"\x93NUMPY":
        raise DataError(path, f"array '{name}' has no readable header: it is none of numpy's")
    size = struct.unpack("<H" if start[6] == 1 else "<I", file.read(2 if start[6] == 1 else 4))[0]
    if size > _MOST_HEADER:
        message = f"array '{name}' has a header of {size:,} bytes; up to {_MOST_HEADER:,} are read"
        raise DataError(path, message)
    text = file.read(size).decode("latin-1")
    descr, order, shape = _DESCR.search(text), _ORDER.search(text), _SHAPE.search(text)
    if descr is None or order is None or shape is None:
        raise DataError(path, f"array '{name}' has no readable header: it begins {text[:40]!r}")
    sizes = tuple(int(n) for n in re.findall(r"\d+", shape[1]))
    type_ = descr[1] or "records"
    if not _TYPE.fullmatch(type_):
        message = f"holds {type_}; numbers and text are read"
        if type_.endswith("O"):
            message = "holds Python objects, and reading those could run code: save it as numbers"
        return Header(name, sizes, np.dtype("V"), reason=message)
    return Header(name, sizes, np.dtype(type_), order[1] == "True", _unfit(sizes, type_))


def _unfit(sizes: tuple[int, ...], type_: str) -> str:
    """Why an array of this shape cannot be used; empty if it can."""
    if not sizes:
        return "is a single number, which has no examples in it"
    if 0 in sizes or not np.dtype(type_).itemsize:
        return f"has nothing in it: its shape is {sizes}"
    if len(sizes) > _MOST_AXES:
        return f"has {len(sizes)} axes; up to {_MOST_AXES} are read"
    return ""


def _array(
    path: Path, archive: zipfile.ZipFile, header: Header, before: int, total: int
) -> Generator[float, None, NDArray[Any]]:
    """The array's values, and never more bytes than its header says.

    Yields the share of `total` bytes, of which there were `before`.
    """
    try:
        with archive.open(f"{header.name}.npy") as file:
            _header(path, header.name, file)
            return (yield from _values(path, header, file, before, total))
    except _DAMAGE as error:
        raise DataError(path, f"array '{header.name}' cannot be unpacked: {error}") from None


def _values(
    path: Path, header: Header, file: IO[bytes], before: int, total: int
) -> Generator[float, None, NDArray[Any]]:
    """The values that follow a header in a file."""
    buffer = bytearray()
    while len(buffer) < header.n_bytes:
        block = file.read(min(_BLOCK, header.n_bytes - len(buffer)))
        if not block:
            break
        buffer += block
        yield min((before + len(buffer)) / max(total, 1), 1.0)
    has_more = bool(file.read(1))
    if len(buffer) < header.n_bytes or has_more:
        says = f"says {header.n_bytes:,} bytes, and {'more' if has_more else f'{len(buffer):,}'}"
        raise DataError(path, f"the header of array '{header.name}' {says} follow")
    order = "F" if header.is_fortran else "C"
    values = np.frombuffer(buffer, dtype=header.dtype).reshape(header.shape, order=order)
    _check_text(path, header, values)
    return values.astype(header.dtype.newbyteorder("="), copy=False)


def _check_text(path: Path, header: Header, values: NDArray[Any]) -> None:
    """Raise DataError, naming the row, where the bytes of a text stand for no character."""
    if header.dtype.kind != "U":
        return
    codes = np.ascontiguousarray(values).view(header.dtype.str[0] + "u4").reshape(len(values), -1)
    is_bad = ((codes > _LARGEST_CHARACTER) | ((codes >= 0xD800) & (codes < 0xE000))).any(1)
    if is_bad.any():
        place = f"row {int(np.flatnonzero(is_bad)[0]) + 1:,}"
        raise DataError(path, f"array '{header.name}' holds no readable text", place=place)
