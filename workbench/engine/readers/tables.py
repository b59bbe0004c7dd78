"""Tables: CSV, TSV and Parquet files alike."""

from collections.abc import Generator
from pathlib import Path

from workbench.engine.readers import delimited, parquet
from workbench.engine.readers.frame import Frame

_PARQUET = (b"PAR1", ".parquet", ".pq")


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet, by its name or by how it begins. Raises OSError."""
    if path.suffix.lower() in _PARQUET[1:]:
        return True
    with path.open("rb") as file:
        return file.read(4) == _PARQUET[0]


def names(path: Path, separator: str = "auto", encoding: str = "utf-8") -> list[str]:
    """The columns of a file. Raises DataError and OSError."""
    if is_parquet(path):
        with parquet.opened(path) as file:
            return list(file.schema_arrow.names)
    return delimited.header(path, separator, encoding)[1]


def read(
    path: Path, columns: list[str], separator: str = "auto", encoding: str = "utf-8"
) -> Generator[float, None, Frame]:
    """Columns of a file; yields the share that is read. Raises DataError and OSError."""
    if is_parquet(path):
        return (yield from parquet.read(path, columns))
    return (yield from delimited.read(path, columns, separator, encoding))
