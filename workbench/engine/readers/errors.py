"""Problem: what is wrong with a user's file, and how much of one is read at most."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from workbench.engine.numerics.bounds import MOST
from workbench.spec.user_files.sources import kind_of_file

#: Bytes that a file's content may take once it is unpacked: more would not fit beside a model.
MOST_BYTES = 4 * 2**30


class DataError(Exception):
    """A file that cannot be used; the message names the file, and the row or column."""

    def __init__(self, path: Path, message: str, *, column: str = "", place: str = "") -> None:
        where = [path.name, place, f"column '{column}'" if column else ""]
        super().__init__(_in_a_line(", ".join(part for part in where if part) + f": {message}"))
        self.path = path
        self.column = column


def _in_a_line(text: str) -> str:
    """A text with what a terminal would obey written out, for names may hold anything."""
    return "".join(
        c.encode("unicode_escape").decode() if unicodedata.category(c) in ("Cc", "Cs") else c
        for c in text
    )


def check_size(path: Path, n_bytes: int, what: str = "its content") -> None:
    """Raise DataError if so many bytes are more than may be read."""
    if n_bytes > MOST_BYTES:
        limit = f"{MOST_BYTES / 2**30:.3g} GiB are read at most"
        raise DataError(path, f"{what} would take {n_bytes / 2**30:.1f} GiB unpacked; {limit}")


def opened(path: Path) -> BinaryIO:
    """A file to be read. Raises OSError, and DataError for what is no file.

    Opening a pipe would wait for whoever writes to it, and a device may have no end.
    """
    what = kind_of_file(path)
    if what:
        raise DataError(path, f"is {what}, not a file")
    return path.open("rb")


def check_numbers(
    path: Path, name: str, values: NDArray[Any], place: Callable[[int], str] | None = None
) -> None:
    """Raise DataError, naming the row, where a number of values [N, …] is too large to reckon with.

    NaN, which stands for a missing value, passes; `place` says how a user counts a row.
    """
    _check(path, name, values, MOST, place)


def in_single(
    path: Path, name: str, values: NDArray[Any], place: Callable[[int], str] | None = None
) -> NDArray[np.float32]:
    """Values [N, …] in single precision. Raises DataError, naming the row, where one is too large.

    `place` says how a user counts a row.
    """
    _check(path, name, values, float(np.finfo(np.float32).max), place)
    return values.astype(np.float32, copy=False)


def _check(
    path: Path,
    name: str,
    values: NDArray[Any],
    most: float,
    place: Callable[[int], str] | None = None,
) -> None:
    if values.dtype.kind != "f" or not values.size:
        return
    # Both pass over NaN, and take no memory, as long as nothing is wrong.
    low, high = float(np.fmin.reduce(values, None)), float(np.fmax.reduce(values, None))
    if -most <= low and high <= most:
        return
    flat = np.abs(values.reshape(len(values), -1)).astype(np.float64)
    wrong = np.flatnonzero((flat > most).any(1))
    if not len(wrong):  # every value is missing
        return
    row = int(wrong[0])
    value = float(np.fmax.reduce(flat[row]))
    problem = f"a number of size {value:.3g} is too large; {most:.1e} at most"
    if np.isinf(value):
        problem = "infinity is no number"
    raise DataError(
        path, problem, column=name, place=place(row) if place is not None else f"row {row + 1:,}"
    )


def words_for_unread(error: OSError, file: str = "") -> str:
    """Why a file of the user's could not be read: which, and what is in the way.

    A disk that fails while a file is read names none: then it is this `file`. What is said of one
    that could not be written is `workbench.spec.files.words_of`.
    """
    name = error.filename or file
    match error:
        case _ if not name or not error.strerror:
            return str(error)
        case FileNotFoundError():
            return f"there is no {name}"
        case PermissionError():
            return f"{name} may not be read: it lacks the permission"
        case IsADirectoryError():
            return f"{name} is a folder"
        case _:
            return f"{name}: {error.strerror}"
