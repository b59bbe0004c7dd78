"""A file that says which rows train, validate and test: what is done, and what is refused."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.engine.toys import SPLITS, methods
from workbench.engine.build.tasks import select
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Task
from workbench.spec.experiment import Spec

N = 60
WORDS = ("Train", "valid", "TEST ")


def saved(folder: Path, kind: str, told: Sequence[str]) -> dict[str, Any]:
    """A choice of a file of this kind whose rows are told what they are for; `x` counts them."""
    if kind == "csv":
        path = folder / "a.csv"
        rows = [f"{i},{i % 2},{word}" for i, word in enumerate(told)]
        path.write_text("\n".join(["x,y,for", *rows]))
        choice = {"family": "table", "inputs": ["x"], "standardise": False}
    else:
        path = folder / "a.npz"
        x = np.arange(float(N))
        np.savez(path, x=x, y=np.arange(N) % 2, **{"for": np.array(told)})
        choice = {"family": "arrays", "inputs": "x"}
    return {**choice, "file": str(path), "targets": {"y": "classes"}, "split": "for"}


def loaded(choice: dict[str, Any]) -> Task:
    spec = Spec.model_validate({"name": "told", "tasks": [choice]})
    return select(spec, methods(), torch.device("cpu"))["y"]


@pytest.mark.parametrize("kind", ["csv", "npz"])
def test_each_row_is_for_what_it_says(kind: str, tmp_path: Path):
    told = [WORDS[(i // 5) % 3] for i in range(N)]
    task = loaded(saved(tmp_path, kind, told))
    for split, word in zip(SPLITS, WORDS, strict=True):
        (values,) = task.data[split].inputs.values()
        assert sorted(values.flatten().tolist()) == [i for i in range(N) if told[i] == word]


REFUSED = [
    (["train", "val", "test", "later"] * 15, "row 4.*'later' is none of train, validation"),
    (["train", "val", "", "test"] * 15, "row 3.*"),
    (["train", "train", "test"] * 20, "no row is said to be to validate on"),
]


@pytest.mark.parametrize("kind", ["csv", "npz"])
@pytest.mark.parametrize(("told", "words"), REFUSED)
def test_what_says_no_split_is_refused(kind: str, told: list[str], words: str, tmp_path: Path):
    with pytest.raises(BadSpecError, match=words):
        loaded(saved(tmp_path, kind, told))


def test_rows_to_be_scored_on_that_were_trained_on_are_told(tmp_path: Path):
    choice = saved(tmp_path, "csv", [WORDS[i % 3] for i in range(N)])
    path = Path(choice["file"])
    path.write_text(path.read_text().replace("\n1,", "\n0,"))
    assert (
        "of the rows 1 to validate on have the inputs of rows to train" in loaded(choice).notices[0]
    )


@pytest.mark.parametrize("other", ["y", "x", "none"])
def test_a_column_that_serves_something_else_is_refused(other: str, tmp_path: Path):
    for kind in ("csv", "npz"):
        choice = saved(tmp_path, kind, [WORDS[i % 3] for i in range(N)])
        with pytest.raises(BadSpecError):
            loaded({**choice, "split": other})
