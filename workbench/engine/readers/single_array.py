"""Single array: a file that holds one array alone, IDX or NPY, with its labels in another."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from workbench.engine.readers import idx, npz
from workbench.engine.readers.dialect.source import unpacked
from workbench.engine.readers.errors import opened

_NPY = b"\x93NUMPY"

#: What files of inputs are called, and those of their labels beside them.
_BESIDE = (
    ("images", "labels"), ("idx3", "idx1"), ("inputs", "targets"), ("features", "labels"),
    ("data", "labels"), ("X", "y"), ("x", "y"), ("X", "Y"),
)  # fmt: skip


def is_single_array(path: Path) -> bool:
    """Whether a file is NPY or IDX, by how it begins. Raises DataError and OSError."""
    if kind_of(path) == "NPY":
        return True
    with unpacked(path) as file:
        return file.read(2) == b"\0\0"


def kind_of(path: Path) -> str:
    """NPY, or else IDX. Raises DataError and OSError."""
    with opened(path) as file:
        return "NPY" if file.read(len(_NPY)) == _NPY else "IDX"


def header(path: Path) -> idx.Header | npz.Header:
    """What a file says of its array. Raises DataError and OSError."""
    return npz.npy_header(path) if kind_of(path) == "NPY" else idx.header(path)


def read(path: Path) -> Generator[float, None, NDArray[Any]]:
    """The array of a file; yields the share that is read. Raises DataError and OSError."""
    return (yield from (npz.read_npy(path) if kind_of(path) == "NPY" else idx.read(path)))


def labels_beside(path: Path) -> Path | None:
    """The file beside it that is called as the labels of this one would be."""
    name = path.name
    both = name.replace("images", "labels").replace("idx3", "idx1")
    for candidate in (both, *(name.replace(a, b) for a, b in _BESIDE)):
        beside = path.with_name(candidate)
        if candidate != name and beside.is_file():
            return beside
    return None
