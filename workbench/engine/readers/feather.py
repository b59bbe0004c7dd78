"""Feather: a table as Arrow keeps it in memory, in batches of rows."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import ipc

from workbench.engine.readers import errors as problem
from workbench.engine.readers.errors import DataError, check_size
from workbench.engine.readers.frame import Frame
from workbench.engine.readers.names import unique
from workbench.engine.readers.parquet import DAMAGE, checked, line

#: How files begin. Those of the first version of the format began with FEA1.
_ARROW = b"ARROW1"


def is_feather(path: Path) -> bool:
    """Whether a file is Feather, by how it begins. Raises DataError and OSError."""
    with problem.opened(path) as file:
        return file.read(6) == _ARROW


def names(path: Path) -> list[str]:
    """The columns of a file, each of another name. Raises DataError and OSError."""
    return list(head(path, 1).names)


def read(path: Path, columns: list[str] | None = None) -> Generator[float, None, Frame]:
    """A Feather file as a Frame; yields the share that is read. Raises DataError and OSError."""
    yield 0.0
    check_size(path, path.stat().st_size)
    try:
        table = yield from _batches(path)
    except DAMAGE as error:
        raise DataError(path, f"cannot be read: {line(error)}") from None
    return _framed(path, table, columns)


def head(path: Path, n: int) -> Frame:
    """The first `n` rows, or fewer. Raises DataError and OSError."""
    check_size(path, path.stat().st_size)
    try:
        with pa.OSFile(str(path)) as source:
            file = ipc.open_file(source)
            first: list[Any] = []
            for i in range(file.num_record_batches):
                first.append(file.get_batch(i))
                if sum(batch.num_rows for batch in first) >= n:
                    break
            table = pa.Table.from_batches(first, file.schema).slice(0, n)
    except DAMAGE as error:
        raise DataError(path, f"is no Feather file, or damaged: {line(error)}") from None
    return _framed(path, table, None)


def _batches(path: Path) -> Generator[float, None, Any]:
    with pa.OSFile(str(path)) as source:
        file = ipc.open_file(source)
        batches: list[Any] = []
        n_bytes = 0
        for i in range(file.num_record_batches):
            yield i / file.num_record_batches
            batches.append(file.get_batch(i))
            n_bytes += batches[-1].nbytes
            check_size(path, n_bytes)
        return pa.Table.from_batches(batches, file.schema)


def _framed(path: Path, table: Any, columns: list[str] | None) -> Frame:
    known, notes = unique(table.column_names)
    if not known:
        raise DataError(path, "has no columns")
    if not table.num_rows:
        raise DataError(path, "has no rows")
    table = table.rename_columns(known)
    try:
        table = checked(table if columns is None else table.select(list(dict.fromkeys(columns))))
    except DAMAGE as error:
        raise DataError(path, f"cannot be read: {line(error)}") from None
    return Frame(path, table, notes=notes)
