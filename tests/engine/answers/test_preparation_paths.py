"""Ordered categories and filled gaps become the same numbers wherever a row is prepared.

From a table, from rows that were typed, and by what an exported model is loaded with.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import torch

from workbench.engine.blocks.tasks.features import prepared_rows
from workbench.engine.build.trained import loader
from workbench.engine.build.trained.tables import frame_of_rows
from workbench.engine.readers.frame import Frame
from workbench.spec.trained.preparation import CategoryColumn, NumberColumn, TablePreparation

GRADES = ("low", "middle", "high")
PREPARATION = TablePreparation(
    columns=(
        NumberColumn(
            name="grade", fill=1.5, mean=0.5, deviation=2.0, has_indicator=True, order=GRADES
        ),
        CategoryColumn(name="colour", categories=("blue", "red"), has_others=True, fill="red"),
    )
)
ROWS = [("high", "blue"), ("low", ""), ("", "green"), ("none of them", "red")]
#: By hand: (place − 0.5) / 2 and whether it is missing; blue, red, another.
WANTED = [
    [0.75, 0.0, 1.0, 0.0, 0.0],
    [-0.25, 0.0, 0.0, 1.0, 0.0],
    [0.5, 1.0, 0.0, 0.0, 1.0],
    [0.5, 1.0, 0.0, 1.0, 0.0],
]
NAMES = ("grade", "colour")


def test_of_a_table():
    texts = {n: [row[i] or None for row in ROWS] for i, n in enumerate(NAMES)}
    frame = Frame(Path("rows.csv"), pa.table(texts))
    assert torch.equal(prepared_rows(frame, PREPARATION), torch.tensor(WANTED))


def test_of_rows_that_were_typed():
    rows = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
    frame = frame_of_rows(PREPARATION, rows)
    assert torch.equal(prepared_rows(frame, PREPARATION), torch.tensor(WANTED))


def test_by_the_loader_of_an_exported_model():
    columns = {n: [row[i] for row in ROWS] for i, n in enumerate(NAMES)}
    made = loader._table(PREPARATION.model_dump(mode="json"), columns)
    assert np.array_equal(made, np.array(WANTED, dtype=np.float32))
