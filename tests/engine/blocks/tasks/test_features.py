"""Features are learned from training rows once, and applied alike to any other file."""

from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import TypeAdapter

from workbench.engine.blocks.tasks.features import Missing, Treatment, features_of, prepared_rows
from workbench.engine.readers import tables
from workbench.spec.trained.preparation import Preparation, TablePreparation
from workbench.spec.work import finished

_ROWS = """size,colour,is_new,when
1.5,red,true,2019-01-02
,blue,false,2019-03-04
3.5,,true,
4.5,red,false,2020-01-01
9.5,green,true,2021-01-01
"""
_TRAIN = np.array([0, 1, 3])


def _frame(tmp_path: Path, text: str, name: str = "rows.csv"):
    path = tmp_path / name
    path.write_text(text)
    return finished(tables.read(path, text.splitlines()[0].split(",")))


@pytest.mark.parametrize("missing", ["mean", "median", "indicator"])
def test_what_was_learned_makes_the_same_features_of_the_same_rows(
    tmp_path: Path, missing: Missing
) -> None:
    frame = _frame(tmp_path, _ROWS)
    splits = {"train": _TRAIN, "val": np.array([2]), "test": np.array([4])}
    features = finished(features_of(frame, frame.names, splits, Treatment(missing)))
    written = features.preparation.model_dump_json()
    read = TypeAdapter[Preparation](Preparation).validate_json(written)
    assert isinstance(read, TablePreparation)
    rows = prepared_rows(frame, read)
    assert rows.shape == (5, len(features.names))
    for split, chosen in splits.items():
        assert torch.equal(rows[torch.from_numpy(chosen)], features.values[split])


def test_means_and_categories_are_those_of_the_training_rows(tmp_path: Path) -> None:
    frame = _frame(tmp_path, _ROWS)
    splits = {"train": _TRAIN, "val": np.array([2]), "test": np.array([4])}
    size, colour, _, _ = finished(
        features_of(frame, frame.names, splits, Treatment("indicator"))
    ).preparation.columns
    assert size.kind == "number"
    assert (size.fill, size.mean) == (3.0, 3.0)
    assert colour.kind == "category"
    assert colour.categories == ("blue", "red")
    assert colour.features == (
        "colour = blue",
        "colour = red",
        "colour = another",
        "colour missing",
    )


def test_other_rows_are_told_apart_by_value_and_not_by_what_else_is_in_their_file(
    tmp_path: Path,
) -> None:
    frame = _frame(tmp_path, _ROWS)
    splits = {"train": _TRAIN, "val": np.array([2]), "test": np.array([4])}
    preparation = finished(
        features_of(frame, frame.names, splits, Treatment("indicator"))
    ).preparation
    whole = prepared_rows(frame, preparation)
    last = _frame(tmp_path, "when,is_new,colour,size\n2021-01-01,true,green,9.5\n", "other.csv")
    assert torch.equal(prepared_rows(last, preparation)[0], whole[4])
