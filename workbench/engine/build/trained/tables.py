"""Tables that a trained model is asked about: files, or rows that were typed."""

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from workbench.engine.readers import tables
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import Frame
from workbench.engine.roles.loading import LoadProgress, labelled
from workbench.spec.trained.preparation import (
    CategoryColumn,
    NumberColumn,
    TablePreparation,
    differing,
)
from workbench.spec.user_files.reading import Reading

#: Columns and values that a notice names; the others are counted.
_NAMED = 5

#: What a column of truths is called by: it is read as such, however it is written.
_TRUTHS = frozenset(("true", "false"))


def read_table(
    preparation: TablePreparation, path: Path, beside: Sequence[str] = ()
) -> Generator[LoadProgress, None, tuple[Frame, list[str]] | str]:
    """The columns of a file that are inputs, and what to say of it; a sentence if some are missing.

    The order of columns is free, and others than the inputs are not looked at. Raises DataError
    and OSError.
    """
    wanted = _reading(preparation)
    there = tables.names(path, wanted)
    missing, others = differing(preparation.names, there)
    if missing:
        columns = "the column" if len(missing) == 1 else "the columns"
        return f"{path.name} lacks {columns} {_listed(missing)} that the model learned from"
    also = [name for name in beside if name in others]
    reading = tables.read(path, [*preparation.names, *also], wanted)
    frame = yield from labelled(reading, f"reading {path.name}")
    notices = list(frame.notes)
    unused = [name for name in others if name not in also]
    if unused:
        notices.append(f"not looked at, for the model did not learn from it: {_listed(unused)}")
    _check_kinds(frame, preparation)
    return frame, [*notices, *_unknown(frame, preparation)]


def frame_of_rows(preparation: TablePreparation, rows: Sequence[Mapping[str, str]]) -> Frame:
    """Rows of text by column as a table of the kinds that were learned from. Raises DataError.

    What is not there, or empty, is missing.
    """
    where = Path("the row")
    columns: dict[str, Any] = {}
    for column in preparation.columns:
        texts = [row.get(column.name, "").strip() for row in rows]
        if isinstance(column, CategoryColumn) or column.order:
            values: list[Any] = [text or None for text in texts]
            columns[column.name] = pa.array(values, type=pa.string())
        elif column.is_time:
            times = [_time(where, column.name, text) for text in texts]
            columns[column.name] = pa.array(times, type=pa.timestamp("us"))
        else:
            numbers = [_number(where, column.name, text) for text in texts]
            columns[column.name] = pa.array(numbers, type=pa.float64())
    return Frame(where, pa.table(columns))


def _number(path: Path, name: str, text: str) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise DataError(path, f"'{text[:40]}' is no number", column=name)
    return number


def _time(path: Path, name: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        pass
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time())
    except ValueError:
        raise DataError(path, f"'{text[:40]}' is no date; 2024-01-31 is", column=name) from None


def _reading(preparation: TablePreparation) -> Reading:
    """How the file was read that the model learned from.

    What were categories are categories again: one row alone may look like a number, and a code
    that begins with 0 is none.
    """
    as_before = Reading.of(preparation.reading)
    known = dict(as_before.types)
    for column in preparation.columns:
        if isinstance(column, CategoryColumn) and not _TRUTHS.issuperset(column.categories):
            known.setdefault(column.name, "category")
        if isinstance(column, NumberColumn) and column.order:
            known.setdefault(column.name, "ordered")
    return replace(as_before, types=tuple(known.items()))


def _check_kinds(frame: Frame, preparation: TablePreparation) -> None:
    """Raise DataError where dates stand for numbers, or numbers for dates."""
    for column in preparation.columns:
        if not isinstance(column, NumberColumn):
            continue
        kind = frame.kind(column.name)
        if kind == "time" and not column.is_time:
            message = "holds dates, and the model learned from numbers here"
            raise DataError(frame.path, message, column=column.name)
        if column.is_time and kind in ("number", "whole number", "truth"):
            message = "holds numbers, and the model learned from dates here"
            raise DataError(frame.path, message, column=column.name)


def _unknown(frame: Frame, preparation: TablePreparation) -> list[str]:
    """What to say of categories that the training rows did not have."""
    notices: list[str] = []
    for column in preparation.columns:
        if not isinstance(column, CategoryColumn) or column.has_others:
            continue
        there = frame.categories(column.name)
        known = set(column.categories)
        new = [i for i, name in enumerate(there.names) if name not in known]
        n = int(np.isin(there.codes, new).sum())
        if n:
            names = _listed([there.names[i] for i in new])
            rows = "1 row has" if n == 1 else f"{n:,} rows have"
            notices.append(f"{column.name}: {rows} what no training row had ({names})")
    return notices


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:_NAMED])
    more = len(names) - _NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown
