"""Your pictures: in a file as in memory, by folder or by a table beside them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from tests.engine.toys import SPLITS, Run, methods, same
from workbench.engine.build.data_sums import sums_of
from workbench.engine.build.tasks import select
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.rows.on_demand import OnDemand
from workbench.engine.roles.task import Task
from workbench.spec.experiment import Spec

N = 48
KINDS = ("cat", "dog")


def folder_in(root: Path) -> Path:
    """Pictures in two folders, and a table of them with gaps."""
    folder = root / "animals"
    draw = np.random.default_rng(0)
    lines = ["file;kind;weight;for"]
    for i in range(N):
        kind = KINDS[i % 2]
        pixels = draw.integers(0, 256, (6, 8, 3), dtype=np.uint8)
        (folder / kind).mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(folder / kind / f"{i:02}.png")
        weight = "" if i % 5 == 0 else f"{draw.normal(4, 2):.2f}"
        use = ("train", "train", "val", "test")[i // 2 % 4]
        lines.append(f"{i:02}.png;{'' if i % 7 == 0 else kind};{weight};{use}")
    (root / "about.csv").write_text("\n".join(lines))
    return folder


def spec_of(folder: Path, **settings: Any) -> Spec:
    choice = {"family": "pictures", "file": str(folder), "size": 6, **settings}
    training = {"epochs": 2, "batch_size": 5, "evaluate_every": 9}
    return Spec.model_validate({"name": "seen", "tasks": [choice], "training": training})


def tasks_of(folder: Path, **settings: Any) -> dict[str, Task]:
    return select(spec_of(folder, **settings), methods(), torch.device("cpu"))


def by_table(folder: Path, **settings: Any) -> dict[str, Any]:
    targets = {"kind": "classes", "weight": "values"}
    return {"labels": str(folder.parent / "about.csv"), "targets": targets, **settings}


@pytest.mark.parametrize("more", [{}, {"standardise": True, "colours": "grey"}])
def test_pictures_in_a_file_are_those_in_memory(more: dict[str, Any], tmp_path: Path):
    folder = folder_in(tmp_path)
    whole = tasks_of(folder, inputs_in="memory", **more)
    for large in (tasks_of(folder, inputs_in="file", **more) for _ in ("made", "found again")):
        for split in SPLITS:
            mine = large["class"].data[split].inputs["picture"]
            assert isinstance(mine, OnDemand)
            other = whole["class"].data[split].inputs["picture"]
            torch.testing.assert_close(mine.plain(), other, rtol=0, atol=0)
        assert sums_of(large) == sums_of(whole)


def test_a_run_changes_pictures_in_a_file_as_those_in_memory(tmp_path: Path):
    folder, changes = folder_in(tmp_path), {"flip": True, "crop": 2}
    whole, large = (
        Run(spec_of(folder, inputs_in=where, **changes)).to_the_end()
        for where in ("memory", "file")
    )
    assert same(large.parameters, whole.parameters)


def test_a_table_beside_them_makes_a_task_of_each_column(tmp_path: Path):
    folder = folder_in(tmp_path)
    tasks = tasks_of(folder, **by_table(folder, split="for"))
    kind, weight = tasks["kind"], tasks["weight"]
    assert kind.answers == KINDS
    n_known = {name: sum(len(t.answered(split)) for split in SPLITS) for name, t in tasks.items()}
    assert n_known == {"kind": N - 7, "weight": N - 10}
    by_folder = tasks_of(folder)["class"]
    truth = {
        row.numpy().tobytes(): int(answer)
        for part in by_folder.data.values()
        for row, answer in zip(part.inputs["picture"], part.target, strict=True)
    }
    for split, n in (("train", N // 2), ("val", N // 4), ("test", N // 4)):
        assert kind.data[split].inputs["picture"] is weight.data[split].inputs["picture"]
        assert len(kind.data[split]) == n
        part = kind.answered(split)
        for row, answer in zip(part.inputs["picture"], part.target, strict=True):
            assert truth[row.numpy().tobytes()] == int(answer)


def test_pictures_that_no_row_names_are_told(tmp_path: Path):
    folder = folder_in(tmp_path)
    table = folder.parent / "about.csv"
    table.write_text("\n".join(table.read_text().splitlines()[:-2]))
    tasks = tasks_of(folder, **by_table(folder))
    assert "2 pictures have no row in the table: 46.png, 47.png" in tasks["kind"].notices


REFUSED = [
    ({"targets": {}}, "targets", "names no column to predict"),
    ({"targets": {"age": "values"}}, "targets", "about.csv has no column 'age'"),
    ({"targets": {"file": "classes"}}, "targets", "'file' names the pictures"),
    ({"name": "kind", "targets": {"weight": "values"}}, "file", "row 1, .*names no picture"),
    ({"name": "weight", "targets": {"kind": "classes"}}, "file", "holds number, and the names"),
    ({"split": "kind"}, "split", "is to be predicted too"),
    ({"split": "weight", "targets": {"kind": "classes"}}, "file", "row 1, .*does not say"),
    ({"labels": ""}, "targets", "belongs to a table of labels"),
]


@pytest.mark.parametrize(("settings", "field", "words"), REFUSED)
def test_what_makes_no_sense_is_refused(
    settings: dict[str, Any], field: str, words: str, tmp_path: Path
):
    folder = folder_in(tmp_path)
    with pytest.raises(BadSpecError, match=words) as caught:
        tasks_of(folder, **{**by_table(folder), **settings})
    assert caught.value.field.rpartition(".")[2] == field


def test_a_row_of_a_picture_that_is_not_there_is_named(tmp_path: Path):
    folder = folder_in(tmp_path)
    (folder / "cat" / "10.png").unlink()
    with pytest.raises(BadSpecError, match=r"about.csv, row 11, .*there is no picture '10.png'"):
        tasks_of(folder, **by_table(folder))
