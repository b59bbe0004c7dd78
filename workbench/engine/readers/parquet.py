"""Parquet: a table in columns, read one row group at a time."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from workbench.engine.readers import errors as problem
from workbench.engine.readers.errors import DataError, check_size
from workbench.engine.readers.frame import READABLE, Frame, kind_of
from workbench.engine.readers.names import unique

#: Columns that are read at once: a row group may be the whole file, and progress is told between.
_COLUMNS = 8

#: What Arrow raises at a file that is damaged: much of it as if the disk had failed.
DAMAGE = (pa.ArrowException, OSError, ValueError, KeyError, OverflowError, EOFError, MemoryError)


def opened(path: Path, **how: Any) -> Any:
    """The file's `ParquetFile`, whose metadata are read. Raises DataError and OSError."""
    problem.opened(path).close()  # a file that is not there, or is none, is told as such
    try:
        file = parquet.ParquetFile(path, **how)
        names = file.schema_arrow.names
    except DAMAGE as error:
        raise DataError(path, f"is no Parquet file, or damaged: {line(error)}") from None
    if not names:
        raise DataError(path, "has no columns")
    if file.metadata.num_rows <= 0:
        raise DataError(path, "has no rows")
    return file


def names(file: Any) -> tuple[list[str], tuple[str, ...]]:
    """The names of an opened file's columns, each once, and what was changed for that."""
    return unique(file.schema_arrow.names)


def read(path: Path, columns: list[str] | None = None) -> Generator[float, None, Frame]:
    """A Parquet file as a Frame; yields the share that is read. Raises DataError and OSError."""
    with opened(path) as file:
        known, notes = names(file)
        schema = file.schema_arrow  # made anew each time that it is asked for
        kinds = {name: kind_of(schema.field(i).type) for i, name in enumerate(known)}
        wanted = known if columns is None else columns
        is_plain = known == schema.names
        texts = [name for name in wanted if is_plain and kinds.get(name) == "text"]
        # What a column takes in memory is bounded by its rows, not by what the file says.
        check_size(path, 8 * file.metadata.num_rows * len(wanted))
    with opened(path, read_dictionary=texts) as file:
        read_group = _by_name(file) if is_plain else _whole_groups(file, known)
        pieces: list[Any] = []
        try:
            for i in range(file.num_row_groups):
                group: dict[str, Any] = {}
                for start in range(0, len(wanted), _COLUMNS):
                    yield (i + start / len(wanted)) / file.num_row_groups
                    group.update(read_group(i, wanted[start : start + _COLUMNS]))
                pieces.append(pa.table(group).select(wanted))
            table = checked(pa.concat_tables(pieces))
        except DAMAGE as error:
            raise DataError(path, f"cannot be read: {line(error)}") from None
    if not table.num_rows:
        raise DataError(path, "has no rows")
    return Frame(path, table, notes=notes)


def head(path: Path, n: int) -> Frame:
    """The first `n` rows, or fewer; nothing else is read. Raises DataError and OSError."""
    with opened(path) as file:
        known, notes = names(file)
        try:
            batch = next(file.iter_batches(batch_size=n))
            table = pa.Table.from_batches([batch])
            table = checked(table.rename_columns(known))
        except (*DAMAGE, StopIteration) as error:
            raise DataError(path, f"cannot be read: {line(error)}") from None
    return Frame(path, table, notes=notes)


def missing_counts(path: Path) -> dict[str, int | None]:
    """Missing values by column, as the file's metadata tell; None where they do not.

    Columns of lists and records are several there, under names of their own. Raises DataError
    and OSError.
    """
    with opened(path) as file:
        known, _ = names(file)
        metadata = file.metadata
        if metadata.num_columns != len(known):
            return {}
        counts: dict[str, int | None] = {}
        try:
            for j, name in enumerate(known):
                chunks = [metadata.row_group(i).column(j) for i in range(metadata.num_row_groups)]
                nulls = [c.statistics.null_count for c in chunks if c.is_stats_set]
                is_whole = len(nulls) == len(chunks) and None not in nulls
                counts[name] = sum(nulls) if is_whole else None
        except DAMAGE as error:
            raise DataError(path, f"cannot be read: {line(error)}") from None
    return counts


_ReadGroup = Callable[[int, list[str]], dict[str, Any]]


def _by_name(file: Any) -> _ReadGroup:
    def read_group(i: int, wanted: list[str]) -> dict[str, Any]:
        piece = file.read_row_group(i, columns=wanted)
        return dict(zip(piece.column_names, piece.columns, strict=True))

    return read_group


def _whole_groups(file: Any, known: list[str]) -> _ReadGroup:
    """Columns of one name cannot be asked for by it: all are read, and told apart afterwards."""
    latest: dict[int, dict[str, Any]] = {}

    def read_group(i: int, wanted: list[str]) -> dict[str, Any]:
        if i not in latest:
            latest.clear()
            latest[i] = dict(zip(known, file.read_row_group(i).columns, strict=True))
        return {name: latest[i][name] for name in wanted}

    return read_group


def checked(table: Any) -> Any:
    """A table whose values are what their types say; the readable ones in plain types.

    Text that is damaged would else be found where it is shown.
    """
    plain: list[Any] = []  # one table of all: to set each in its turn copies all the others
    for column in table.columns:
        if kind_of(column.type) in READABLE:
            column.validate(full=True)
        is_coded = pa.types.is_dictionary(column.type) and kind_of(column.type) != "text"
        plain.append(column.cast(column.type.value_type) if is_coded else column)
    return pa.table(plain, names=table.column_names) if plain else table


def line(error: BaseException) -> str:
    """Arrow's words on one line, without the places in its own source."""
    text = " ".join(str(error).split())
    return text.partition(" Detail: ")[0] or type(error).__name__
