"""Frame: the columns of a table that was read, as numbers or as categories."""

# pyarrow has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from workbench.engine.readers.problem import DataError

#: Arrow makes the functions of this module when it is imported, so no checker knows them.
_compute: Any = compute


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

    `rows` [N] are the positions in the file of rows of which some were left out.
    """

    path: Path
    table: Any
    rows: NDArray[np.int64] | None = None

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

    def kept(self, is_kept: NDArray[np.bool_]) -> "Frame":
        """The rows that are marked [N]."""
        rows = np.arange(self.n_rows) if self.rows is None else self.rows
        return Frame(self.path, self.table.filter(pa.array(is_kept)), rows[is_kept])

    def is_missing(self, name: str) -> NDArray[np.bool_]:
        """Which rows [N] have no value in a column."""
        column = self.table.column(name)
        found: NDArray[np.bool_] = _compute.is_null(column, nan_is_null=True).to_numpy()
        return found

    def kind(self, name: str) -> str:
        """What a column holds: "number", "whole number", "truth", "time", "text" or "nothing".

        Raises DataError for anything else, such as lists.
        """
        return kind_of(self.path, name, self.table.schema.field(name).type)

    def is_categorical(self, name: str) -> bool:
        """Whether a column holds categories rather than numbers."""
        return self.kind(name) in ("text", "truth")

    def n_missing(self, name: str) -> int:
        """Rows without a value in a column; not a number counts as none."""
        column = self.table.column(name)
        found = int(column.null_count)
        if pa.types.is_floating(column.type):
            found += int(_compute.sum(_compute.is_nan(column)).as_py() or 0)
        return found

    def n_distinct(self, name: str) -> int:
        """Different values in a column."""
        return int(_compute.count_distinct(self.table.column(name)).as_py())

    def shown(self, n: int) -> tuple[tuple[str, ...], ...]:
        """The first `n` rows as text, empty where a value is missing."""
        columns = [self.table.column(name)[:n].to_pylist() for name in self.names]
        return tuple(
            tuple("" if value is None else _shown(value) for value in row)
            for row in zip(*columns, strict=True)
        )

    def numbers(self, name: str) -> Numbers:
        """A column as numbers; times become days since 1970. Raises DataError."""
        kind, column = self.kind(name), self.table.column(name)
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
        if kind == "nothing":
            return Numbers(np.full(self.n_rows, np.nan, dtype=np.float32), is_whole=False)
        if pa.types.is_decimal(column.type) or column.null_count:
            column = column.cast(pa.float64(), safe=False)
        values: NDArray[Any] = column.to_numpy()
        if values.dtype.kind == "f":
            self._check_finite(name, values)
        return Numbers(values, kind in ("whole number", "truth"))

    def categories(self, name: str) -> Categories:
        """A column as categories; numbers are told apart by their value."""
        kind, column = self.kind(name), self.table.column(name)
        if kind == "nothing":
            return Categories(np.full(self.n_rows, -1, dtype=np.int32), ())
        if not pa.types.is_dictionary(column.type):
            if pa.types.is_floating(column.type):
                column = _compute.if_else(_compute.is_nan(column), None, column)
            column = column.dictionary_encode()
        column = column.unify_dictionaries()
        chunks = [c.indices.fill_null(-1).to_numpy(zero_copy_only=False) for c in column.chunks]
        codes = np.concatenate([np.zeros(0, dtype=np.int32), *chunks]).astype(np.int32)
        found = column.chunk(0).dictionary.to_pylist() if column.num_chunks else []
        order = sorted(range(len(found)), key=found.__getitem__)
        places = np.empty(len(found) + 1, dtype=np.int32)
        places[order] = np.arange(len(found), dtype=np.int32)
        places[-1] = -1
        return Categories(places[codes], tuple(_shown(found[i]) for i in order))

    def _check_finite(self, name: str, values: NDArray[Any]) -> None:
        # A sum is finite only if every value is, NaN aside, and costs no memory.
        if np.isfinite(np.nansum(values, dtype=np.float64)):
            return
        rows = np.flatnonzero(np.isinf(values))
        if len(rows):
            place = self.place(int(rows[0]))
            raise DataError(self.path, "infinity is no number", column=name, place=place)


def kind_of(path: Path, name: str, type_: Any) -> str:
    """What columns of an Arrow type hold, in a word. Raises DataError for what is not taken."""
    types = pa.types
    if types.is_dictionary(type_):
        type_ = type_.value_type
    if types.is_integer(type_):
        return "whole number"
    if types.is_floating(type_) or types.is_decimal(type_):
        return "number"
    if types.is_boolean(type_):
        return "truth"
    if types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_):
        return "text"
    if types.is_timestamp(type_) or types.is_date(type_):
        return "time"
    if types.is_null(type_):
        return "nothing"
    raise DataError(path, f"holds {type_}; numbers, text and times are read", column=name)


def _days(column: Any) -> Any:
    stamps = column.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
    return _compute.divide(stamps.cast(pa.float64()), 86_400e6)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
