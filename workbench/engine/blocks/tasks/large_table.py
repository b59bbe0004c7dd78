"""Large table: when a table's inputs lie in a file, and how they are found there again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from workbench.engine.blocks.tasks.features import Features
from workbench.engine.blocks.tasks.row_store import RowStore
from workbench.engine.blocks.tasks.splits import Splits
from workbench.engine.numerics.row_file import RowFile
from workbench.engine.readers import tables
from workbench.engine.readers.columns import column_by_column
from workbench.engine.roles.method import BadSpecError
from workbench.spec.cost import amount
from workbench.spec.trained.preparation import TablePreparation
from workbench.spec.user_files.sources import files_in

#: Bytes that a number takes while a table is read whole: in the table, as a column of features,
#: and beside the others.
_BYTES_A_NUMBER = 16
#: From how many bytes on a table is not read whole: speed is about the same, and memory is spared.
_LARGE = 2**30

#: Settings that do not decide what the inputs are.
_NOT_DECIDING = ("file", "sha256", "inputs_in", "row_weight")


def lies_in_file(path: Path, inputs_in: str, n_columns: int, room: int) -> bool:
    """Whether so many columns of a table are prepared in a file, and not held in memory.

    `room` are the bytes of memory there are. Raises BadSpecError where a file of this kind must be
    read whole, DataError and OSError.
    """
    if inputs_in == "memory":
        return False
    kind = tables.kind_of_table(path)
    if kind not in column_by_column.KINDS:
        if inputs_in == "file":
            words = "is read whole, whatever its size; save it as Parquet, or say memory or auto"
            raise BadSpecError("inputs_in", f"{path.name}, of {kind}, {words}")
        return False
    n_bytes = _BYTES_A_NUMBER * n_columns * column_by_column.n_rows(path)
    return inputs_in == "file" or n_bytes > min(_LARGE, room // 2)


def store_of(path: Path, settings: Mapping[str, Any], columns: Sequence[str]) -> RowStore:
    """Where the prepared inputs of a table lie, or will."""
    deciding = {name: value for name, value in settings.items() if name not in _NOT_DECIDING}
    files = files_in(path) if path.is_dir() else [path]
    return RowStore(files, {"table": deciding, "columns": list(columns)})


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What became of a table's inputs: which rows were kept [N] (None: all), splits and features.

    `remarks` are what was said of columns and rows that were left out.
    """

    splits: Splits
    features: Features
    remarks: tuple[str, ...] = ()
    is_kept: NDArray[np.bool_] | None = None

    def facts(self) -> dict[str, Any]:
        """All but the arrays, in types that JSON has."""
        return {
            "remarks": self.remarks,
            "notices": self.features.notices,
            "preparation": self.features.preparation.model_dump(),
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays by name."""
        kept = {} if self.is_kept is None else {"is_kept": self.is_kept}
        return {**self.splits, **kept}


def prepared_before(store: RowStore) -> Prepared | None:
    """What was put into a store; None where nothing was, or it was damaged and is taken away."""
    if not store.is_made:
        return None
    try:
        facts, arrays = store.saved()
        preparation = TablePreparation.model_validate_json(json.dumps(facts["preparation"]))
        splits = {name: arrays[name] for name in ("train", "val", "test")}
        n_rows, n_columns = sum(map(len, splits.values())), len(preparation.features)
        if store.rows.stat().st_size != 4 * n_rows * n_columns:
            raise ValueError("rows are missing")
        features = Features(
            store.inputs(RowFile(store.rows, n_rows, (n_columns,)), splits),
            preparation,
            tuple(facts["notices"]),
        )
        return Prepared(splits, features, tuple(facts["remarks"]), arrays.get("is_kept"))
    except (OSError, ValueError, KeyError, BadZipFile):
        store.take_away()
        return None


def where_they_lie(prepared: Prepared) -> str:
    """What is said of inputs in a file."""
    n_rows = sum(len(rows) for rows in prepared.splits.values())
    n_numbers = len(prepared.features.names)
    size = amount(4 * n_rows * n_numbers, "B")
    return (
        f"inputs are kept in a file: {n_rows:,} rows of {n_numbers:,} numbers, {size}; each batch"
        " is read ahead of its step"
    )
