"""Delimited: tidy tables as CSV, which a spreadsheet shows and does not calculate."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from workbench.publish.columns import batches_of, schema_of
from workbench.publish.record import Record
from workbench.publish.tables import TABLES
from workbench.spec.text import csv_text


def write_csv(chosen: Sequence[Record], folder: Path) -> Iterator[str]:
    """A file for every table that has a row; yields the name of each. Raises OSError."""
    import pyarrow as pa
    from pyarrow import csv

    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        schema = pa.schema(
            [(f.name, pa.string() if _is_text(f.type) else f.type) for f in schema_of(name)]
        )
        writer: Any = None
        try:
            for batch in batches_of(name, chosen):
                if writer is None:
                    writer = csv.CSVWriter(str(folder / f"{name}.csv"), schema)
                columns = [_safe(column) for column in batch.columns]
                writer.write_batch(pa.record_batch(columns, schema=schema))
                yield name
        finally:
            if writer is not None:
                writer.close()


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    return pa.types.is_string(kind) or pa.types.is_dictionary(kind)


def _safe(column: Any) -> Any:
    """A column whose texts are shown, and never taken for a formula."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        words = pa.array([csv_text(word) for word in column.dictionary.to_pylist()], pa.string())
        return pa.DictionaryArray.from_arrays(column.indices, words).cast(pa.string())
    if pa.types.is_string(column.type):
        texts = [None if text is None else csv_text(text) for text in column.to_pylist()]
        return pa.array(texts, pa.string())
    return column
