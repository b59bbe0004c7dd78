"""Columnar: tidy tables as Parquet, which pandas, Polars, R, DuckDB and others read."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from workbench.publish.columns import batches_of, schema_of
from workbench.publish.record import Record
from workbench.publish.tables import TABLES


def write_parquet(chosen: Sequence[Record], folder: Path) -> Iterator[str]:
    """A file for every table that has a row; yields the name of each. Raises OSError."""
    from pyarrow import parquet

    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        writer: Any = None
        try:
            for batch in batches_of(name, chosen):
                if writer is None:
                    writer = parquet.ParquetWriter(folder / f"{name}.parquet", schema_of(name))
                writer.write_batch(batch)
                yield name
        finally:
            if writer is not None:
                writer.close()
