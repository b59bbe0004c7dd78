"""Frame: the columns of a table that was read, as numbers or as categories."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from workbench.engine.readers.columns.order import in_order
from workbench.engine.readers.errors import DataError, check_numbers

#: Arrow makes the functions of this module when it is imported, so no checker knows them.
_compute: Any = compute

#: Kinds of columns that are learned from; the others are left out of a table.
READABLE = ("number", "whole number", "truth", "time", "text")

_DAY_UNITS = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A column of numbers [N], NaN where one is missing; `is_whole` if all of them are."""

    values: NDArray[Any]
    is_whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class Categories:
    """A column of categories: codes [N] into `names`, which are sorted; −1 where missing."""

    codes: NDArray[np.int32]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A table as it was read: an Arrow table, and the file it came from.

    `rows` [N] are the positions in the file of rows of which some were left out. `notes` say how
    the file was read where that is not plain, and `counters` are columns that count the rows.
    `types` are what columns are taken for where their values alone do not say it.
    """

    path: Path
    table: Any
    rows: NDArray[np.int64] | None = None
    notes: tuple[str, ...] = ()
    counters: frozenset[str] = field(default_factory=frozenset[str])
    types: Mapping[str, str] = field(default_factory=dict[str, str])
    #: Missing values that were counted, by column.
    _missing: dict[str, int] = field(default_factory=dict[str, int], init=False, repr=False)

    @property
    def n_rows(self) -> int:
        """Rows of the table."""
        return self.table.num_rows

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in their order."""
        return tuple(self.table.column_names)

    def place(self, row: int) -> str:
        """How a user counts the row at position `row`: from 1, below the header."""
        at = row if self.rows is None else int(self.rows[row])
        return f"row {at + 1:,}"

    def where(self, is_kept: NDArray[np.bool_]) -> "Frame":
        """The rows that are marked [N]."""
        rows = np.arange(self.n_rows) if self.rows is None else self.rows
        table = self.table.filter(pa.array(is_kept))
        return Frame(self.path, table, rows[is_kept], self.notes, self.counters, self.types)

    def is_missing(self, name: str) -> NDArray[np.bool_]:
        """Which rows [N] have no value in a column."""
        column = self.table.column(name)
        missing: NDArray[np.bool_] = _compute.is_null(column, nan_is_null=True).to_numpy()
        return missing

    def kind(self, name: str) -> str:
        """What a column holds: one of `READABLE`, "nothing", or a word for what is not read."""
        return kind_of(self.table.schema.field(name).type)

    def reason(self, name: str, *, has_values: bool | None = None) -> str:
        """Why a column is not learned from unless it is asked for; empty where it is.

        `has_values` is told where the frame does not have all rows of the file.
        """
        kind = self.kind(name)
        if kind not in (*READABLE, "nothing"):
            return unread(kind)
        if has_values is None:
            has_values = self.n_missing(name) < self.n_rows
        if kind == "nothing" or not has_values:
            return "has no value in any row"
        return "counts the rows" if self.is_counter(name) else ""

    def is_counter(self, name: str) -> bool:
        """Whether a column counts the rows."""
        return name in self.counters

    def check_readable(self, name: str) -> None:
        """Raise DataError for a column of a kind that is not read."""
        kind = self.kind(name)
        if kind not in (*READABLE, "nothing"):
            raise DataError(self.path, unread(kind), column=name)

    def is_categorical(self, name: str) -> bool:
        """Whether a column holds categories rather than numbers."""
        if name in self.types:
            return self.types[name] in ("category", "ordered", "text")
        return self.kind(name) in ("text", "truth")

    def n_missing(self, name: str) -> int:
        """Rows without a value in a column; not a number counts as none."""
        if name not in self._missing:
            column = self.table.column(name)
            count = int(column.null_count)
            if pa.types.is_floating(column.type):
                count += int(_compute.sum(_compute.is_nan(column)).as_py() or 0)
            self._missing[name] = count
        return self._missing[name]

    def n_distinct(self, name: str) -> int | None:
        """Different values in a column; None where they are of a kind that is not read."""
        kind, column = self.kind(name), self.table.column(name)
        if kind not in READABLE:
            return 0 if kind == "nothing" else None
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        return int(_compute.count_distinct(column).as_py())

    def shown(self, n: int) -> tuple[tuple[str, ...], ...]:
        """The first `n` rows as text, empty where a value is missing."""
        columns = [_texts(self.table.column(name)[:n], self.kind(name)) for name in self.names]
        return tuple(zip(*columns, strict=True))

    def numbers(self, name: str) -> Numbers:
        """A column as numbers; times become days since 1970. Raises DataError."""
        self.check_readable(name)
        kind, column = self.kind(name), self.table.column(name)
        if column.null_count == self.n_rows:
            return Numbers(np.full(self.n_rows, np.nan, dtype=np.float32), is_whole=False)
        if kind == "text":
            row = next(i for i, value in enumerate(column) if value.is_valid)
            shown = str(column[row])[:40]
            raise DataError(
                self.path, f"'{shown}' is no number", column=name, place=self.place(row)
            )
        if kind == "time":
            column = _days(column)
        elif kind == "truth":
            column = column.cast(pa.int8())
        if not pa.types.is_floating(column.type) and (
            pa.types.is_decimal(column.type) or column.null_count
        ):
            column = column.cast(pa.float64(), safe=False)
        values: NDArray[Any] = column.to_numpy()
        check_numbers(self.path, name, values, self.place)
        return Numbers(values, kind in ("whole number", "truth"))

    def is_ordered(self, name: str) -> bool:
        """Whether the categories of a column stand in an order that means something."""
        type_ = self.table.schema.field(name).type
        is_so = pa.types.is_dictionary(type_) and bool(type_.ordered)
        return self.types.get(name, "ordered" if is_so else "") == "ordered"

    def _order(self, name: str, type_: Any, values: list[Any]) -> list[int]:
        """Positions of the categories of a column in the order in which they are told."""
        if not self.is_ordered(name):
            return sorted(range(len(values)), key=values.__getitem__)
        if type_.ordered:  # whoever wrote the file said it
            return list(range(len(values)))
        if all(isinstance(value, str) for value in values):
            return in_order(values)
        return sorted(range(len(values)), key=values.__getitem__)

    def categories(self, name: str) -> Categories:
        """A column as categories; numbers are told apart by their value."""
        self.check_readable(name)
        kind, column = self.kind(name), self.table.column(name)
        if kind == "nothing":
            return Categories(np.full(self.n_rows, -1, dtype=np.int32), ())
        if not pa.types.is_dictionary(column.type):
            if pa.types.is_floating(column.type):
                column = _compute.if_else(_compute.is_nan(column), None, column)
            column = column.dictionary_encode()
        column = column.unify_dictionaries()
        if column.num_chunks and column.chunk(0).dictionary.null_count:
            column = column.cast(column.type.value_type).dictionary_encode()
        chunks = [c.indices.fill_null(-1).to_numpy(zero_copy_only=False) for c in column.chunks]
        codes = np.concatenate([np.zeros(0, dtype=np.int32), *chunks]).astype(np.int32)
        values = column.chunk(0).dictionary.to_pylist() if column.num_chunks else []
        order = self._order(name, column.type, values)
        places = np.empty(len(values) + 1, dtype=np.int32)
        places[order] = np.arange(len(values), dtype=np.int32)
        places[-1] = -1
        return Categories(places[codes], tuple(_shown(values[i]) for i in order))


@lru_cache(1024)  # a table of thousands of columns asks for each many times
def kind_of(type_: Any) -> str:
    """What columns of an Arrow type hold: one of `READABLE`, "nothing", or a word for others."""
    types = pa.types
    if types.is_dictionary(type_):
        type_ = type_.value_type
    kinds = (
        ("whole number", (types.is_integer,)),
        ("number", (types.is_floating, types.is_decimal)),
        ("truth", (types.is_boolean,)),
        ("text", (types.is_string, types.is_large_string, types.is_string_view)),
        ("time", (types.is_timestamp, types.is_date)),
        ("nothing", (types.is_null,)),
        ("time of day", (types.is_time,)),
        ("duration", (types.is_duration, types.is_interval)),
        ("list", (types.is_list, types.is_large_list, types.is_fixed_size_list, types.is_map)),
        ("record", (types.is_struct, types.is_union)),
        ("bytes", (types.is_binary, types.is_large_binary, types.is_fixed_size_binary)),
    )
    for kind, tests in kinds:
        if any(test(type_) for test in tests):
            return kind
    return str(type_)[:40]


def unread(kind: str) -> str:
    """Why columns of a kind that is not one of `READABLE` are left out."""
    return f"holds {kind}; numbers, text, dates and truths are read"


def _days(column: Any) -> Any:
    """Times as days since 1970, from their own unit, for far years overflow the finer ones."""
    type_ = column.type
    if pa.types.is_date32(type_):
        return column.cast(pa.int32()).cast(pa.float64())
    per_day = _DAY_UNITS["ms" if pa.types.is_date64(type_) else type_.unit]
    return _compute.divide(column.cast(pa.int64()).cast(pa.float64(), safe=False), float(per_day))


def _texts(column: Any, kind: str) -> list[str]:
    """A column's values as text, empty where one is missing."""
    if kind == "time":  # Arrow knows years that Python does not
        column = column.cast(pa.string())
    texts = ["" if not value.is_valid else _shown(_plain(value)) for value in column]
    return [text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "…" for text in texts]


def _plain(value: Any) -> Any:
    """An Arrow value as Python's; an ellipsis where Python has none such."""
    try:
        return value.as_py()
    except (pa.ArrowException, ValueError, OverflowError):
        return "…"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
