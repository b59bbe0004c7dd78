"""Columns: tidy tables as Arrow's, which every other form is written from."""

from collections.abc import Iterable, Iterator
from typing import Any

from workbench.publish.record import Record
from workbench.publish.tables import columns_of, pieces_of


# pyarrow comes without types: what is made of it is Any.
def schema_of(name: str) -> Any:
    """The Arrow schema of a table."""
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "name": pa.dictionary(pa.int32(), pa.string()),
        "whole": pa.int64(),
        "single": pa.float32(),
        "number": pa.float64(),
        "truth": pa.bool_(),
    }
    return pa.schema([pa.field(column, kinds[kind]) for column, kind in columns_of(name).items()])


def batches_of(name: str, chosen: Iterable[Record]) -> Iterator[Any]:
    """A table of these runs as record batches, one after the other."""
    import pyarrow as pa

    schema = schema_of(name)
    for piece in pieces_of(name, chosen):
        arrays = [
            pa.array(piece[field.name], type=field.type, from_pandas=True) for field in schema
        ]
        yield pa.record_batch(arrays, schema=schema)


def table_of(name: str, chosen: Iterable[Record]) -> Any:
    """A whole table of these runs."""
    import pyarrow as pa

    return pa.Table.from_batches(
        list(batches_of(name, chosen)), schema_of(name)
    ).unify_dictionaries()
