"""CIFAR: the binary version of the archives, read without unpacking anything to the disk."""

import tarfile
import zlib
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.engine.readers.errors import DataError, check_size, opened

Bytes = NDArray[np.uint8]

SIDE, CHANNELS = 32, 3
_PICTURE = CHANNELS * SIDE * SIDE
_MOST_ENTRIES = 1000


#: What `tarfile` and `gzip` raise at bytes that are no archive of theirs.
_DAMAGE = (
    tarfile.TarError,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    RecursionError,
)


def read(
    path: Path, members: Sequence[str], n_labels: int
) -> Generator[float, None, dict[str, tuple[Bytes, Bytes]]]:
    """Pictures [N, 3, 32, 32] and labels [N, n_labels] by the name of their file in the archive.

    Yields the share that is read. Raises DataError and OSError.
    """
    contents: dict[str, tuple[Bytes, Bytes]] = {}
    size = n_labels + _PICTURE
    try:
        with opened(path) as packed, tarfile.open(fileobj=packed, mode="r:gz") as archive:
            for entry in _forward(path, archive):
                name = Path(entry.name).name
                if name not in members or not entry.isfile():
                    continue
                file = archive.extractfile(entry)
                content = file.read(entry.size) if file else b""
                if not content or len(content) % size:
                    message = f"'{name}' has {len(content):,} bytes, which are no whole pictures"
                    raise DataError(path, message)
                rows = np.frombuffer(content, dtype=np.uint8).reshape(-1, size)
                pictures = rows[:, n_labels:].reshape(-1, CHANNELS, SIDE, SIDE)
                contents[name] = pictures, rows[:, :n_labels]
                yield len(contents) / len(members)
    except _DAMAGE as error:
        raise DataError(path, f"cannot be unpacked: {error}") from None
    left_out = [name for name in members if name not in contents]
    if left_out:
        raise DataError(path, f"has no file '{left_out[0]}' in it")
    return contents


def _forward(path: Path, archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The entries of an archive, which each lie behind the one before. Raises DataError.

    A size below 0 would send the reader back, for ever; a large one is not unpacked to be skipped.
    """
    end = 0
    for _ in range(_MOST_ENTRIES):
        entry = archive.next()
        if entry is None:
            return
        if entry.size < 0 or entry.offset < end:
            raise DataError(path, f"cannot be unpacked: '{entry.name}' lies before its place")
        end = entry.offset + 1
        check_size(path, entry.offset + entry.size)
        yield entry
    raise DataError(path, f"has more than {_MOST_ENTRIES:,} files in it")
