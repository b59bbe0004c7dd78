"""Tables: CSV, TSV and Parquet files alike."""

from collections.abc import Generator
from pathlib import Path

from workbench.engine.readers import delimited, parquet
from workbench.engine.readers.errors import opened
from workbench.engine.readers.frame import Frame
from workbench.spec.user_files.reading import PLAIN, Reading

_PARQUET = (b"PAR1", ".parquet", ".pq")


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet, by its name or by how it begins. Raises OSError."""
    with opened(path) as file:
        return file.read(4) == _PARQUET[0] or path.suffix.lower() in _PARQUET[1:]


def names(path: Path, wanted: Reading = PLAIN) -> list[str]:
    """The columns of a file. Raises DataError and OSError."""
    if is_parquet(path):
        with parquet.opened(path) as file:
            return parquet.names(file)[0]
    return list(delimited.header(path, wanted).names)


def read(path: Path, columns: list[str], wanted: Reading = PLAIN) -> Generator[float, None, Frame]:
    """Columns of a file; yields the share that is read. Raises DataError and OSError."""
    if is_parquet(path):
        return (yield from parquet.read(path, columns))
    return (yield from delimited.read(path, columns, wanted))
