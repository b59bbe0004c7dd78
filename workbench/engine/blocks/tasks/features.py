"""Features: the input columns of a table as numbers, learned from training rows alone."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.engine.blocks.tasks.splits import Splits
from workbench.engine.numerics.scaling import varies
from workbench.engine.readers.errors import DataError, check_size, in_single
from workbench.engine.readers.frame import Categories, Frame
from workbench.spec.trained.preparation import (
    CategoryColumn,
    InputColumn,
    NumberColumn,
    TablePreparation,
)

Missing = Literal["mean", "median", "most-frequent", "category", "indicator", "drop"]

#: Rows that are put side by side at once: a block of them stays in the processor's cache.
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Treatment:
    """How columns become features.

    Missing numbers become the mean, the median or the most frequent number of the training rows;
    "indicator" takes the mean and adds a column of 0 and 1. A column of categories is 0 and 1 for
    each of the `most` that the training rows have most of, and one for all others; a missing one is
    the most frequent with "most-frequent", one of its own with "category" and "indicator", and else
    none of them.
    """

    missing: Missing = "mean"
    most_categories: int = 50
    is_standardised: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Features by split, [N_split, n], and how each column became some of them.

    `notices` name the columns that gave none, with the reason.
    """

    values: dict[str, Tensor]
    preparation: TablePreparation
    notices: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each feature."""
        return self.preparation.features


class Gathering(Protocol):
    """Where the features of a table are gathered, one after the other, until they are split."""

    def add(self, column: NDArray[np.float32]) -> None:
        """Take the next feature of every row [N]."""
        ...

    def by_split(self, splits: Splits) -> Generator[float, None, dict[str, Tensor]]:
        """The features of each split's rows, [N_split, n]; yields the share done."""
        ...


class InMemory:
    """Features of a table that is in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._columns: list[NDArray[np.float32]] = []

    def add(self, column: NDArray[np.float32]) -> None:
        """Take the next feature of every row [N]. Raises DataError where it does not go in."""
        self._columns.append(column)
        check_size(self._path, 8 * len(self._columns) * len(column), "its columns as numbers")

    def by_split(self, splits: Splits) -> Generator[float, None, dict[str, Tensor]]:
        """The features of each split's rows, [N_split, n]."""
        yield 0.0
        return {split: _side_by_side(self._columns, rows) for split, rows in splits.items()}


def features_of(
    frame: Frame,
    inputs: Sequence[str],
    splits: Splits,
    treatment: Treatment,
    gathering: Gathering | None = None,
) -> Generator[float, None, Features]:
    """The input columns of a frame as features; yields the share done. Raises DataError.

    They are gathered in memory, unless something else gathers them.
    """
    learned: list[InputColumn] = []
    gathering = gathering or InMemory(frame.path)
    notices: list[str] = []
    for i, name in enumerate(inputs):
        column = learned_column(frame, name, splits["train"], treatment)
        made = [] if column is None else column_features(frame, column)
        if column is None or not made:
            notices.append(f"column '{name}' is left out: it has no value in the training rows")
        else:
            learned.append(column)
            for feature in made:
                gathering.add(feature)
        yield (i + 1) / (len(inputs) + 1)
    if not learned:
        raise DataError(frame.path, "no column of inputs has a value in the training rows")
    values = yield from gathering.by_split(splits)
    return Features(values, TablePreparation(columns=tuple(learned)), tuple(notices))


def learned_column(
    frame: Frame, name: str, train: NDArray[np.int64], treatment: Treatment
) -> InputColumn | None:
    """How a column becomes features, by its training rows; None where they have no value."""
    if frame.is_categorical(name) and not frame.is_ordered(name):
        return _learned_categories(frame, name, train, treatment)
    return _learned_numbers(frame, name, train, treatment)


def column_features(frame: Frame, column: InputColumn) -> list[NDArray[np.float32]]:
    """A column of any frame as its features [N] each. Raises DataError."""
    if isinstance(column, NumberColumn):
        return _of_numbers(frame, column)
    return _of_categories(frame, column)


def prepared_rows(frame: Frame, preparation: TablePreparation) -> Tensor:
    """Every row of a frame as the features [N, n] of its columns. Raises DataError."""
    columns = [made for column in preparation.columns for made in column_features(frame, column)]
    return _side_by_side(columns, np.arange(frame.n_rows))


def _learned_numbers(
    frame: Frame, name: str, train: NDArray[np.int64], treatment: Treatment
) -> NumberColumn | None:
    order = frame.categories(name).names if frame.is_ordered(name) else ()
    column = _places(frame, name, order) if order else frame.numbers(name).values
    values = column.astype(np.float64)
    is_missing = np.isnan(values)
    seen = values[train]
    known = seen[~np.isnan(seen)]
    if not len(known):
        return None
    fill = _fill(known, treatment.missing)
    seen[np.isnan(seen)] = fill
    mean, deviation = 0.0, 1.0
    if treatment.is_standardised:
        mean = seen.mean()
        # Judged in the precision of the file: what single precision rounds is large in double.
        deviation = (seen - mean).std() if varies(seen.astype(column.dtype))[0] else 1.0
    return NumberColumn(
        name=name,
        fill=float(fill),
        mean=float(mean),
        deviation=float(deviation),
        has_indicator=treatment.missing == "indicator" and bool(is_missing.any()),
        is_time=frame.kind(name) == "time",
        order=order,
    )


def _fill(known: NDArray[np.float64], missing: Missing) -> float:
    """What stands for a missing number, of those that are known."""
    if missing == "median":
        return float(np.median(known))
    if missing == "most-frequent":
        values, counts = np.unique(known, return_counts=True)
        return float(values[counts.argmax()])
    return float(known.mean())


def _places(frame: Frame, name: str, order: Sequence[str]) -> NDArray[np.float64]:
    """The place of each row's category in an order [N]; NaN where it is none of it, or missing."""
    there = frame.categories(name)
    place = {category: float(i) for i, category in enumerate(order)}
    return np.array([*(place.get(name, np.nan) for name in there.names), np.nan])[there.codes]


def _of_numbers(frame: Frame, column: NumberColumn) -> list[NDArray[np.float32]]:
    if column.order:
        values = _places(frame, column.name, column.order)
    else:
        values = frame.numbers(column.name).values.astype(np.float64)
    is_missing = np.isnan(values)
    values[is_missing] = column.fill
    values -= column.mean
    values /= column.deviation
    made = [in_single(frame.path, column.name, values, frame.place)]
    return [*made, is_missing.astype(np.float32)] if column.has_indicator else made


def _learned_categories(
    frame: Frame, name: str, train: NDArray[np.int64], treatment: Treatment
) -> CategoryColumn | None:
    """A missing category is none of them, and is told apart only by an indicator."""
    column = frame.categories(name)
    seen = column.codes[train]
    counts = np.bincount(seen[seen >= 0], minlength=len(column.names))
    kept_codes = np.argsort(-counts, kind="stable")[: treatment.most_categories]
    kept_codes = np.sort(kept_codes[counts[kept_codes] > 0])
    is_missing = column.codes < 0
    has_others = bool((~is_missing & ~np.isin(column.codes, kept_codes)).any())
    has_indicator = treatment.missing in ("indicator", "category") and bool(is_missing.any())
    is_filled = treatment.missing == "most-frequent" and len(kept_codes) > 0
    fill = column.names[counts.argmax()] if is_filled and is_missing.any() else ""
    if not (len(kept_codes) or has_others or has_indicator):
        return None
    return CategoryColumn(
        name=name,
        categories=tuple(column.names[code] for code in kept_codes),
        has_others=has_others,
        has_indicator=has_indicator,
        fill=fill,
    )


def _of_categories(frame: Frame, column: CategoryColumn) -> list[NDArray[np.float32]]:
    codes = category_codes(frame.categories(column.name), column)
    n = len(column.categories)
    made = [(codes == code).astype(np.float32) for code in range(n)]
    made += [(codes == n).astype(np.float32)] * column.has_others
    return [*made, (codes < 0).astype(np.float32)] if column.has_indicator else made


def category_codes(there: Categories, column: CategoryColumn) -> NDArray[np.int64]:
    """The place [N] of each row among a column's categories: the next for others, −1 if missing."""
    place = {name: i for i, name in enumerate(column.categories)}
    codes = [place.get(name, len(place)) for name in there.names]
    return np.array([*codes, place.get(column.fill, -1)], dtype=np.int64)[there.codes]


def _side_by_side(columns: Sequence[NDArray[Any]], rows: NDArray[np.int64]) -> Tensor:
    values = np.empty((len(rows), len(columns)), dtype=np.float32)
    for start in range(0, len(rows), _BLOCK):
        chosen = rows[start : start + _BLOCK]
        for j, column in enumerate(columns):
            values[start : start + _BLOCK, j] = column[chosen]
    return torch.from_numpy(values)
