"""Understood: the columns of a table as they look, or as they are asked to be taken."""

import re
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from pyarrow import compute

from workbench.engine.readers.columns.dates import dates_of, hours_in, hours_of
from workbench.engine.readers.dialect.text_columns import (
    LEADING_ZERO,
    Words,
    by_text,
    numbers_of,
    trimmed,
    understood,
)
from workbench.engine.readers.frame import kind_of
from workbench.engine.readers.head import Head
from workbench.spec.user_files.reading import Reading

_compute: Any = compute

_CODE = re.compile(LEADING_ZERO)

#: Seconds since 1970, from 1990 to 2040, and how columns of them are called.
EPOCH = (631_152_000, 2_208_988_800)
_TIME_NAME = re.compile(r"(?:^|[_\W])(?:date|datetime|timestamp|epoch|unix|unixtime|ts)$", re.I)
_UNITS = ((1, "s", "seconds"), (1000, "ms", "milliseconds"))

#: Types whose values are read as text from a text file, so that nothing of them is lost.
_OF_TEXT = ("category", "ordered", "text")


def as_text(head: Head, wanted: Reading) -> dict[str, str]:
    """Columns of a text file to be read as text, and the type of each.

    Those that are asked to be of a type, and those with whole numbers that begin with a zero.
    """
    known = set(head.names)
    given = {name: type_ for name, type_ in wanted.types if name in known}
    texts = {name: type_ for name, type_ in given.items() if type_ != "leave out"}
    codes = {i for row in head.rows for i, cell in enumerate(row) if _is_code(cell)}
    texts |= {n: "" for i, n in enumerate(head.names) if i in codes and n not in given}
    return texts


def _is_code(cell: str) -> bool:
    """Whether a cell is a whole number with a zero before it; most are seen at once to be none."""
    return cell[:1] == "0" and cell[1:2].isdecimal() and bool(_CODE.match(cell))


def with_types(
    table: Any, words: Words, wanted: Reading, texts: Mapping[str, str]
) -> tuple[Any, dict[str, str], list[str]]:
    """A table of text, numbers and times with each column as what it is.

    Also the types that were asked for, or that the table itself does not tell, and what to say.
    """
    known = set(table.column_names)
    types = {name: type_ for name, type_ in wanted.types if name in known}
    notes: list[str] = []
    made: dict[str, Any] = {}  # one table of all: to set each in its turn copies all the others
    for name, column in zip(table.column_names, table.columns, strict=True):
        asked = types.get(name, "")
        if asked:
            column, note = _asked(name, column, asked, words)
        elif kind_of(column.type) == "text" and not pa.types.is_dictionary(column.type):
            column, note = understood(name, column, words)
            if name in texts and kind_of(column.type) == "text":
                note = f"column '{name}': zeros before the numbers are kept, as text"
        else:
            column, note = _dated(name, column)
        made[name] = column
        notes += [note] if note else []
    return pa.table(made) if made else table, types, notes


def _dated(name: str, column: Any) -> tuple[Any, str]:
    """Whole numbers that are seconds since 1970, by their size and the name of their column."""
    if not (pa.types.is_integer(column.type) and _TIME_NAME.search(name)):
        return column, ""
    for per_second, unit, words in _UNITS:
        if _all_within(column, EPOCH[0] * per_second, EPOCH[1] * per_second):
            made = column.cast(pa.int64()).cast(pa.timestamp(unit))
            return made, f"column '{name}': {words} since 1970 are taken for dates"
    return column, ""


def _all_within(column: Any, low: int, high: int) -> bool:
    ends = _compute.min_max(column)
    least, most = ends["min"].as_py(), ends["max"].as_py()
    return least is not None and low <= least and most <= high


def _asked(name: str, column: Any, asked: str, words: Words) -> tuple[Any, str]:
    """A column as the type that is asked for, and how many values are none of it."""
    kind = kind_of(column.type)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if asked in _OF_TEXT or asked == "leave out":
        return (by_text(column, lambda texts: (trimmed(texts, words), ""))) if kind == "text" else (
            column, ""
        )  # fmt: skip
    if asked == "time of day" and kind == "time of day":
        return pa.chunked_array([hours_in(chunk) for chunk in column.chunks]), ""
    if asked == "number" and kind == "truth":
        return column.cast(pa.int8()), ""
    if asked == "date" and kind == "whole number":
        return _epoch(column), ""
    if kind != "text":
        return column, ""
    n_before = column.null_count
    made, _ = by_text(column, lambda texts: (_converted(texts, asked, words), ""))
    n_lost = made.null_count - n_before
    if not n_lost:
        return made, ""
    what = {"number": "numbers", "date": "dates"}.get(asked, "times of day")
    words_ = "value is no" if n_lost == 1 else "values are no"
    return made, f"column '{name}': {n_lost:,} {words_} {what}, and missing"


def _epoch(column: Any) -> Any:
    for per_second, unit, _ in _UNITS:
        if _all_within(column, -EPOCH[1] * 10 * per_second, EPOCH[1] * 10 * per_second):
            return column.cast(pa.int64()).cast(pa.timestamp(unit))
    return column


def _converted(texts: Any, asked: str, words: Words) -> Any:
    """Different texts as numbers, dates or hours; what is none of these is missing."""
    plain = trimmed(texts, words)
    made = _as(plain, asked, words)
    if made is not None:
        return made
    # One odd value does not keep the others from being what is asked for.
    found = [_as(plain[i : i + 1], asked, words) for i in range(len(plain))]
    type_ = _widest([one.type for one in found if one is not None])
    if type_ is None:
        return pa.nulls(len(plain), pa.float64())
    parts = [pa.nulls(1, type_) if one is None else one.cast(type_, safe=False) for one in found]
    return pa.concat_arrays(parts)


def _as(texts: Any, asked: str, words: Words) -> Any:
    if asked == "number":
        return numbers_of(texts, words)[0]
    if asked == "time of day":
        return hours_of(texts)
    found = dates_of(texts, words.date_format)
    if found is not None:
        return found.column
    numbers, _ = numbers_of(texts, words)
    return None if numbers is None or not pa.types.is_integer(numbers.type) else _epoch(numbers)


def _widest(types: list[Any]) -> Any:
    order = [
        pa.int64(),
        pa.float64(),
        pa.date32(),
        pa.timestamp("s"),
        pa.timestamp("ms"),
        pa.timestamp("us"),
    ]
    known = [order.index(type_) for type_ in types if type_ in order]
    return order[max(known)] if known else None
