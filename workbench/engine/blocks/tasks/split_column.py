"""Split column: a column of a table, or an array, that says of each row what it is for."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.engine.blocks.tasks.splits import Splits, splits_told
from workbench.engine.readers.columns.remarks import SPLITS
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import Frame

_PLACES = {"train": 0, "val": 1, "test": 2}


def splits_by_column(frame: Frame, name: str, seed: int) -> Splits:
    """The rows of each split as a column says, shuffled by the seed.

    Raises DataError, naming the first row, where one says nothing, or something else; BadSpecError
    where a split has no row.
    """
    column = frame.categories(name)
    codes = column.codes
    if (codes < 0).any():
        row = int(np.flatnonzero(codes < 0)[0])
        message = "does not say what the row is for"
        raise DataError(frame.path, message, column=name, place=frame.place(row))
    of_row = places_of(column.names)[codes]
    if (of_row < 0).any():
        row = int(np.flatnonzero(of_row < 0)[0])
        message = f"'{column.names[codes[row]]}' is none of train, validation and test"
        raise DataError(frame.path, message, column=name, place=frame.place(row))
    return splits_told(of_row, seed)


def splits_by_array(path: Path, name: str, told: NDArray[Any], seed: int) -> Splits:
    """The rows of each split as an array [N] of words says, shuffled by the seed.

    Raises DataError and BadSpecError as `splits_by_column` does.
    """
    if told.ndim != 1 or told.dtype.kind not in "US":
        message = f"holds {told.dtype} {list(told.shape)}; words are needed, one for each example"
        raise DataError(path, message, column=name)
    words = [_text(word) for word in told.tolist()]
    of_row = places_of(words)
    if (of_row < 0).any():
        row = int(np.flatnonzero(of_row < 0)[0])
        message = f"'{words[row]}' is none of train, validation and test"
        raise DataError(path, message, column=name, place=f"row {row + 1:,}")
    return splits_told(of_row, seed)


def _text(word: str | bytes) -> str:
    return word.decode("utf-8", "backslashreplace") if isinstance(word, bytes) else word


def places_of(words: Sequence[str]) -> NDArray[np.int8]:
    """0, 1 and 2 [N] for words that name the splits; −1 for others."""
    known = (SPLITS.get(word.strip().lower(), "") for word in words)
    return np.array([_PLACES.get(split, -1) for split in known], np.int8)
