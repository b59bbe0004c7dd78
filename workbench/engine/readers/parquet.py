"""Parquet: a table in columns, read one row group at a time."""

# pyarrow has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from workbench.engine.readers.frame import Frame, kind_of
from workbench.engine.readers.problem import DataError, check_size

#: Columns that are read at once: a row group may be the whole file, and progress is told between.
_COLUMNS = 8


def opened(path: Path) -> Any:
    """The file's `ParquetFile`, whose metadata are read. Raises DataError and OSError."""
    path.stat()  # a file that is not there is told as such
    try:
        file = parquet.ParquetFile(path)
    except pa.ArrowException as error:
        raise DataError(path, f"is no Parquet file: {error}") from None
    if file.metadata.num_rows == 0:
        raise DataError(path, "has no rows")
    return file


def read(path: Path, columns: list[str] | None = None) -> Generator[float, None, Frame]:
    """A Parquet file as a Frame; yields the share that is read. Raises DataError and OSError."""
    with opened(path) as file:
        schema = file.schema_arrow
        wanted = schema.names if columns is None else columns
        for name in wanted:
            if name in schema.names:
                kind_of(path, name, schema.field(name).type)
        # What a column takes in memory is bounded by its rows, not by what the file says.
        check_size(path, 8 * file.metadata.num_rows * len(wanted))
        texts = [name for name in wanted if kind_of(path, name, schema.field(name).type) == "text"]
        file = parquet.ParquetFile(path, read_dictionary=texts)
        pieces: list[Any] = []
        try:
            for i in range(file.num_row_groups):
                group: dict[str, Any] = {}
                for start in range(0, len(wanted), _COLUMNS):
                    done = i + start / len(wanted)
                    yield done / file.num_row_groups
                    piece = file.read_row_group(i, columns=wanted[start : start + _COLUMNS])
                    group.update(zip(piece.column_names, piece.columns, strict=True))
                pieces.append(pa.table(group).select(wanted))
            table = pa.concat_tables(pieces)
        except (pa.ArrowException, OSError) as error:
            raise DataError(path, f"cannot be read: {error}") from None
    return Frame(path, table)


def head(path: Path, n: int) -> Frame:
    """The first `n` rows, or fewer; nothing else is read. Raises DataError and OSError."""
    with opened(path) as file:
        try:
            batch = next(file.iter_batches(batch_size=n))
        except (pa.ArrowException, OSError) as error:
            raise DataError(path, f"cannot be read: {error}") from None
    return Frame(path, pa.Table.from_batches([batch]))


def missing_counts(path: Path) -> dict[str, int | None]:
    """Missing values by column, as the file's metadata tell; None where they do not.

    Raises DataError and OSError.
    """
    with opened(path) as file:
        metadata = file.metadata
        counts: dict[str, int | None] = {}
        for j in range(metadata.num_columns):
            found = [metadata.row_group(i).column(j) for i in range(metadata.num_row_groups)]
            known = [c.statistics.null_count for c in found if c.is_stats_set]
            is_whole = len(known) == len(found) and None not in known
            counts[metadata.schema.column(j).path] = sum(known) if is_whole else None
    return counts
