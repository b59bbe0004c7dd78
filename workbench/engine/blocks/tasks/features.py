"""Features: the input columns of a table as numbers, learned from training rows alone."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.engine.blocks.tasks.splits import Splits
from workbench.engine.numerics.scaling import varies
from workbench.engine.readers.errors import DataError, check_size, in_single
from workbench.engine.readers.frame import Frame

Missing = Literal["mean", "median", "indicator", "drop"]

#: Rows that are put side by side at once: a block of them stays in the processor's cache.
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Treatment:
    """How columns become features.

    Missing numbers become the mean or the median of the training rows; "indicator" takes the mean
    and adds a column of 0 and 1. A column of categories is 0 and 1 for each of the `most` that
    the training rows have most of, and one for all others.
    """

    missing: Missing = "mean"
    most_categories: int = 50
    is_standardised: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Features by split, [N_split, n], and the name of each.

    `notices` name the columns that gave none, with the reason.
    """

    values: dict[str, Tensor]
    names: tuple[str, ...]
    notices: tuple[str, ...] = ()


def features_of(
    frame: Frame, inputs: Sequence[str], splits: Splits, treatment: Treatment
) -> Generator[float, None, Features]:
    """The input columns of a frame as features; yields the share done. Raises DataError."""
    names: list[str] = []
    columns: list[NDArray[np.float32]] = []
    notices: list[str] = []
    train = splits["train"]
    for i, name in enumerate(inputs):
        n_before = len(columns)
        if frame.is_categorical(name):
            made = _categories(frame, name, train, treatment)
        else:
            made = _numbers(frame, name, train, treatment)
        for title, values in made:
            names.append(title)
            columns.append(values)
        if len(columns) == n_before:
            notices.append(f"column '{name}' is left out: it has no value in the training rows")
        check_size(frame.path, 8 * len(columns) * frame.n_rows, "its columns as numbers")
        yield (i + 1) / (len(inputs) + 1)
    if not columns:
        raise DataError(frame.path, "no column of inputs has a value in the training rows")
    values = {split: _side_by_side(columns, rows) for split, rows in splits.items()}
    return Features(values, tuple(names), tuple(notices))


def _numbers(
    frame: Frame, name: str, train: NDArray[np.int64], treatment: Treatment
) -> Generator[tuple[str, NDArray[np.float32]]]:
    column = frame.numbers(name).values
    values = column.astype(np.float64)
    is_missing = np.isnan(values)
    seen = values[train]
    seen = seen[~np.isnan(seen)]
    if not len(seen):
        return
    if is_missing.any():
        values[is_missing] = np.median(seen) if treatment.missing == "median" else seen.mean()
        seen = values[train]
    if treatment.is_standardised:
        values -= seen.mean()
        # Judged in the precision of the file: what single precision rounds is large in double.
        if varies(seen.astype(column.dtype))[0]:
            values /= seen.std()
    yield name, in_single(frame.path, name, values, frame.place)
    if treatment.missing == "indicator" and is_missing.any():
        yield f"{name} missing", is_missing.astype(np.float32)


def _categories(
    frame: Frame, name: str, train: NDArray[np.int64], treatment: Treatment
) -> Generator[tuple[str, NDArray[np.float32]]]:
    """A missing category is none of them, and is told apart only by an indicator."""
    column = frame.categories(name)
    seen = column.codes[train]
    counts = np.bincount(seen[seen >= 0], minlength=len(column.names))
    kept_codes = np.argsort(-counts, kind="stable")[: treatment.most_categories]
    kept_codes = np.sort(kept_codes[counts[kept_codes] > 0])
    for code in kept_codes:
        yield f"{name} = {column.names[code]}", (column.codes == code).astype(np.float32)
    others = (column.codes >= 0) & ~np.isin(column.codes, kept_codes)
    if others.any():
        yield f"{name} = another", others.astype(np.float32)
    if treatment.missing == "indicator" and (column.codes < 0).any():
        yield f"{name} missing", (column.codes < 0).astype(np.float32)


def _side_by_side(columns: Sequence[NDArray[Any]], rows: NDArray[np.int64]) -> Tensor:
    values = np.empty((len(rows), len(columns)), dtype=np.float32)
    for start in range(0, len(rows), _BLOCK):
        chosen = rows[start : start + _BLOCK]
        for j, column in enumerate(columns):
            values[start : start + _BLOCK, j] = column[chosen]
    return torch.from_numpy(values)
