"""Column by column: a table whose columns are read when they are asked for, one at a time.

A table larger than memory is looked at in this way: what is said of a column, and what is made of
it, needs that column alone.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workbench.engine.readers import parquet, parquet_folder, tables
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import Frame
from workbench.spec.user_files.reading import PLAIN, Reading
from workbench.spec.work import finished

#: Kinds of tables of which a column can be read without the others.
KINDS = ("parquet", "parquet folder")


@dataclass(frozen=True, slots=True, eq=False)
class LargeFrame(Frame):
    """A Frame that reads a column each time it is asked of it; what it counted it remembers."""

    counts: dict[str, int] = field(default_factory=dict[str, int])

    def n_missing(self, name: str) -> int:
        """Rows without a value in a column."""
        if name not in self.counts:
            self.counts[name] = Frame.n_missing(self, name)
        return self.counts[name]


def n_rows(path: Path) -> int:
    """Rows of a table of one of these kinds, as it tells. Raises DataError and OSError."""
    match tables.kind_of_table(path):
        case "parquet folder":
            return parquet_folder.n_rows(path)
        case "parquet":
            with parquet.opened(path) as file:
                return int(file.metadata.num_rows)
        case _:
            raise DataError(path, "is no table of which a column can be read alone")


def read(path: Path, columns: list[str], wanted: Reading = PLAIN) -> LargeFrame:
    """Columns of a file as a Frame that reads each when it is used. Raises DataError and OSError.

    Equal in every respect to what `tables.read` gives.
    """
    asked = [name for name, _ in wanted.types if name in columns]
    typed = finished(tables.read(path, asked, wanted)) if asked else None
    table = _Columns(path, list(dict.fromkeys(columns)), wanted, n_rows(path))
    if typed is not None:
        notes, types, counters = typed.notes, typed.types, typed.counters
    else:
        first = table.frame_of(columns[0])
        notes, types, counters = first.notes, first.types, first.counters
    return LargeFrame(path, table, notes=notes, counters=counters, types=types)


class _Field:
    def __init__(self, type_: Any) -> None:
        self.type = type_


class _Columns:
    """What a Frame asks of its Arrow table; the newest column is held."""

    def __init__(
        self,
        path: Path,
        names: list[str],
        wanted: Reading,
        n_rows: int,
        is_kept: NDArray[np.bool_] | None = None,
    ) -> None:
        self.column_names = names
        self._path, self._wanted, self._is_kept = path, wanted, is_kept
        self._n_all = n_rows
        self.num_rows = n_rows if is_kept is None else int(is_kept.sum())
        self._types: dict[str, Any] = {}
        self._newest: tuple[str, Any] = ("", None)

    def frame_of(self, name: str) -> Frame:
        """A column alone, of every row."""
        return finished(tables.read(self._path, [name], self._wanted))

    def column(self, name: str) -> Any:
        """A column, as Arrow's tables give it."""
        if self._newest[0] != name:
            self._newest = ("", None)  # two columns need not be held at once
            column = self.frame_of(name).table.column(name)
            if len(column) != self._n_all:
                raise DataError(self._path, "has changed while it was read", column=name)
            if self._is_kept is not None:
                column = column.filter(pa.array(self._is_kept))
            self._newest = (name, column)
            self._types[name] = column.type
        return self._newest[1]

    @property
    def schema(self) -> "_Columns":
        """Itself: it knows the types of its columns."""
        return self

    def field(self, name: str) -> _Field:
        """The type of a column, as a field of Arrow's schema tells it."""
        if name not in self._types:
            self.column(name)
        return _Field(self._types[name])

    def filter(self, is_kept: Any) -> "_Columns":
        """The rows that are marked."""
        marked = is_kept.to_numpy(zero_copy_only=False)
        if self._is_kept is not None:
            whole = self._is_kept.copy()
            whole[self._is_kept] = marked
            marked = whole
        return _Columns(self._path, self.column_names, self._wanted, self._n_all, marked)
