"""Few-shot: your pictures. Classes go to one split whole; what is too little is said."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from workbench.engine.readers.errors import DataError
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.rows.pooled import Pooled
from workbench.engine.roles.task import Classes, Task
from workbench.engine.roles.task import Image as ImageKind
from workbench.methods.tasks.few_shot_pictures import FewShotPictures

N_CLASSES = 9


def folder(tmp_path: Path, *, n: int = 6, n_classes: int = N_CLASSES) -> Path:
    """Plain pictures: red is the class times 20, green the picture's number."""
    for name in range(n_classes):
        for i in range(n):
            save(tmp_path, f"c{name}", f"{i}.png", (name * 20, i * 20, 0))
    return tmp_path


def save(tmp_path: Path, name: str, file: str, colour: tuple[int, int, int]) -> None:
    path = tmp_path / name / file
    path.parent.mkdir(exist_ok=True, parents=True)
    Image.fromarray(np.full((6, 8, 3), colour, dtype=np.uint8)).save(path)


def load(path: Path, **settings: Any) -> Task:
    given = {
        "file": str(path), "ways": 2, "shots": 2, "queries": 2, "size": 4,
        "train_tasks": 60, "val_tasks": 20, "test_tasks": 20,
    }  # fmt: skip
    (task,) = FewShotPictures(
        FewShotPictures.Settings.model_validate({**given, **settings})
    ).tasks()
    return task


def refused(path: Path, **settings: Any) -> str:
    with pytest.raises((BadSpecError, DataError)) as caught:
        load(path, **settings)
    return str(caught.value)


def test_classes_go_to_one_split_whole_and_answers_tell_them_apart(tmp_path: Path):
    task = load(folder(tmp_path))
    assert task.inputs == {"picture": ImageKind(3, 4, 4)}
    assert task.output == Classes(2)
    assert task.answers == ("A", "B")
    assert [len(names) for names in task.drawn_from.values()] == [5, 2, 2]
    for split, part in task.data.items():
        red = (part.inputs["picture"][:, :, 0, 0, 0] * 255 / 20).round().long()
        for classes, answers in zip(red, part.target, strict=True):
            assert len(classes[answers == 0].unique()) == len(classes[answers == 1].unique()) == 1
            assert classes[0] != classes[1]
        assert {f"c{i}" for i in red.unique().tolist()} == set(task.drawn_from[split])


def test_pictures_lie_in_bytes_and_each_once(tmp_path: Path):
    task = load(folder(tmp_path))
    x = task.data["train"].inputs["picture"]
    assert isinstance(x, Pooled)
    assert x.pool.dtype == torch.uint8
    assert x.pool.shape == (5 * 6, 3, 4, 4)
    for name in range(N_CLASSES):  # of another brightness each, for colours may be one grey
        for i in range(6):
            save(tmp_path / "grey", f"c{name}", f"{i}.png", (name * 20 + i,) * 3)
    assert load(tmp_path / "grey", colours="grey").inputs == {"picture": ImageKind(1, 4, 4)}


def test_classes_with_too_few_pictures_are_left_out_and_named(tmp_path: Path):
    folder(tmp_path)
    for i in range(3):
        save(tmp_path, "rare", f"{i}.png", (250, i, 0))
    said = "1 of 10 classes have fewer than 4 different pictures, and are left out: 'rare' (3)"
    task = load(tmp_path)
    assert task.notices == (said,)
    assert "rare" not in {name for names in task.drawn_from.values() for name in names}


def test_a_picture_that_is_there_twice_counts_once(tmp_path: Path):
    folder(tmp_path, n=3)
    for name in range(N_CLASSES):
        save(tmp_path, f"c{name}", "again.png", (name * 20, 0, 0))
    assert "0 of its 9 classes have 4 different pictures" in refused(tmp_path)


def test_too_few_classes_are_refused_with_how_many_are_needed(tmp_path: Path):
    message = refused(folder(tmp_path), ways=4)
    assert "9 of its 9 classes have 4 different pictures, for shots and queries; 12 are" in message
    assert "needed: 4 of each task, and others to train, to validate and to test on" in message


def test_shares_give_way_to_as_many_classes_as_a_task_has(tmp_path: Path):
    task = load(folder(tmp_path), ways=3)
    assert [len(names) for names in task.drawn_from.values()] == [3, 3, 3]


def test_strays_are_told_and_broken_pictures_named(tmp_path: Path):
    folder(tmp_path)
    (tmp_path / "notes.txt").write_text("by me")
    assert load(tmp_path).notices == ("beside the folders: notes.txt; not looked at",)
    (tmp_path / "c3" / "broken.png").write_bytes(b"nothing")
    assert "c3/broken.png: is no picture" in refused(tmp_path)
    assert "names no file" in refused(tmp_path, file="")
    assert "has changed" in refused(tmp_path, sha256="0" * 64)


def test_shares_that_take_every_class_are_refused(tmp_path: Path):
    assert refused(tmp_path, val=0.5, test=0.5) == "val: must be less than 0.5: test takes 0.5"


def test_a_picture_of_two_classes_trains_neither_and_is_asked_of_neither(tmp_path: Path):
    folder(tmp_path)
    for copy in ("c1", "c2", "c3"):  # whatever split each of them goes to
        save(tmp_path, copy, "copied.png", (0, 20, 0))
    task = load(tmp_path)
    for part in task.data.values():
        reds, greens = (part.inputs["picture"][:, :, i, 0, 0] * 255 for i in range(2))
        assert not ((reds.round() == 0) & (greens.round() == 20)).any()
    said = "4 of 57 pictures lie in the folders of more than one class, and are left out: "
    assert task.notices == (said + "'c0' (1), 'c1' (1), 'c2' (1) and 1 more",)
    assert "c0" in {name for names in task.drawn_from.values() for name in names}
