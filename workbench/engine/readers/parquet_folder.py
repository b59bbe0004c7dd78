"""Parquet folder: a table in several Parquet files of the same columns, read one after the other.

What folders say, as in `site=north/part-0.parquet`, is a column of its own.
"""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pyarrow as pa

from workbench.engine.readers import parquet
from workbench.engine.readers.errors import DataError, check_size
from workbench.engine.readers.frame import Frame
from workbench.engine.readers.names import unique
from workbench.spec.user_files.sources import files_in

#: Files that a message names.
_NAMED = 3


def is_folder_of_parquet(path: Path) -> bool:
    """Whether there are Parquet files in a folder, and no pictures between them."""
    return path.is_dir() and bool(_parts(path))


def names(path: Path) -> list[str]:
    """The columns of the files, and of their folders. Raises DataError and OSError."""
    return list(head(path, 1).names)


def read(path: Path, columns: list[str] | None = None) -> Generator[float, None, Frame]:
    """Every file as one Frame; yields the share that is read. Raises DataError and OSError."""
    files = _parts(path)
    wanted = names(path) if columns is None else list(dict.fromkeys(columns))
    pieces: list[Any] = []
    n_bytes = 0
    for i, file in enumerate(files):
        said = _said(path, file)
        inner = [name for name in wanted if name not in said]
        known = _known(path, file, inner)
        reading = parquet.read(file, inner or known[:1])
        while True:
            try:
                share = next(reading)
            except StopIteration as end:
                frame = end.value
                break
            yield (i + share) / len(files)
        pieces.append(_with(frame.table, said).select(wanted))
        n_bytes += pieces[-1].nbytes
        check_size(path, n_bytes)
    try:
        table = pa.concat_tables(_alike(pieces), promote_options="permissive")
    except parquet.DAMAGE as error:
        words = parquet.line(error)
        raise DataError(path, f"the files hold columns of different kinds: {words}") from None
    return Frame(path, table, notes=notes_of(path))


def head(path: Path, n: int) -> Frame:
    """The first `n` rows of the first file. Raises DataError and OSError."""
    files = _parts(path)
    frame = parquet.head(files[0], n)
    return Frame(
        path, _with(frame.table, _said(path, files[0])), notes=frame.notes + notes_of(path)
    )


def n_rows(path: Path) -> int:
    """Rows of all files, as they tell. Raises DataError and OSError."""
    total = 0
    for file in _parts(path):
        with parquet.opened(file) as opened:
            total += int(opened.metadata.num_rows)
    return total


def notes_of(path: Path) -> tuple[str, ...]:
    """What is said of files that lie beside and are none of the table."""
    parts = set(_parts(path))
    others = [file.relative_to(path).as_posix() for file in files_in(path) if file not in parts]
    more = f" and {len(others) - _NAMED:,} more" if len(others) > _NAMED else ""
    return (
        (f"beside the table: {', '.join(others[:_NAMED])}{more}; not looked at",) if others else ()
    )


def _parts(path: Path) -> list[Path]:
    return [file for file in files_in(path) if file.suffix.lower() in (".parquet", ".pq")]


def _said(path: Path, file: Path) -> dict[str, str]:
    """What the folders of a file say of its rows."""
    folders = file.relative_to(path).parts[:-1]
    return dict(part.split("=", 1) for part in folders if "=" in part)


def _known(path: Path, file: Path, wanted: list[str]) -> list[str]:
    with parquet.opened(file) as opened:
        known = unique(opened.schema_arrow.names)[0]
    lacking = [name for name in wanted if name not in known]
    if lacking:
        inside = file.relative_to(path).as_posix()
        message = f"'{inside}' has no column '{lacking[0]}', which the others have"
        raise DataError(path, message)
    return known


def _with(table: Any, said: dict[str, str]) -> Any:
    for name, value in said.items():
        column = pa.array([value] * table.num_rows, pa.string())
        table = table.append_column(name, column) if name not in table.column_names else table
    return table


def _alike(pieces: list[Any]) -> list[Any]:
    """Pieces whose categories are text: each file has its own."""
    alike: list[Any] = []
    for piece in pieces:
        columns = [
            column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
            for column in piece.columns
        ]
        alike.append(pa.table(columns, names=piece.column_names) if columns else piece)
    return alike
