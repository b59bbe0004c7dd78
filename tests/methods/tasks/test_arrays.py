"""Your arrays and your pictures: what becomes of them, and what is refused."""

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image as Picture

from tests.contracts.faces import CATALOGUE
from tests.contracts.files import settings_of
from tests.engine.toys import SPLITS, Run, given, methods
from workbench.engine.build.tasks import select
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, Task, Values, Vector
from workbench.spec.check import is_judged_built, problems
from workbench.spec.event import Finished
from workbench.spec.experiment import Choice, Spec, TaskChoice

DRAW = np.random.default_rng(0)
X, Y = DRAW.normal(5, 3, (60, 4)), DRAW.integers(0, 3, 60)


def load(family: str, **settings: Any) -> dict[str, Task]:
    choice = TaskChoice(family=family, **settings)
    return select(Spec(tasks=(choice,)), methods(), torch.device("cpu"))


def npz(folder: Path, **arrays: Any) -> str:
    np.savez(folder / "a.npz", **arrays)
    return str(folder / "a.npz")


def idx(path: Path, values: Any) -> str:
    head = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(gzip.compress(head + values.astype(np.uint8).tobytes()))
    return str(path)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ((60,), Vector(1)),
        ((60, 5), Vector(5)),
        ((60, 6, 7), Image(1, 6, 7)),
        ((60, 6, 7, 3), Image(3, 6, 7)),
        ((60, 3, 6, 7), Image(3, 6, 7)),
    ],
)
def test_the_shape_of_an_array_tells_what_it_holds(
    tmp_path: Path, shape: tuple[int, ...], kind: object
):
    file = npz(tmp_path, x=DRAW.integers(0, 256, shape).astype(np.uint8), y=Y)
    (task,) = load("arrays", file=file, targets={"y": "auto"}).values()
    assert task.input == kind
    values = torch.cat([task.data[split].inputs["array"] for split in SPLITS])
    assert values.shape[0] == 60
    if isinstance(kind, Image):
        assert 0 <= values.min() <= values.max() <= 1


def test_targets_are_classes_or_values(tmp_path: Path):
    names = np.array(["cat", "dog", "eel"])[Y]
    file = npz(tmp_path, x=X, y=Y, names=names, several=X[:, :2] * 3)
    targets = {"y": "auto", "names": "auto", "several": "auto"}
    tasks = load("arrays", file=file, inputs="x", targets=targets)
    assert tasks["y"].answers == ("0", "1", "2")
    assert tasks["names"].answers == ("cat", "dog", "eel")
    assert tasks["several"].output == Values(2)
    for split in SPLITS:
        assert torch.equal(tasks["y"].data[split].target, tasks["names"].data[split].target)


def test_standardisation_is_that_of_the_training_rows(tmp_path: Path):
    file = npz(tmp_path, x=X, y=Y)
    (task,) = load("arrays", file=file, targets={"y": "auto"}, standardise=True).values()
    train = task.data["train"].inputs["array"]
    torch.testing.assert_close(train.mean(0), torch.zeros(4), atol=1e-6, rtol=0)
    torch.testing.assert_close(train.std(0, correction=0), torch.ones(4))


def test_idx_files_as_mnist_has_them(tmp_path: Path):
    images = idx(tmp_path / "images.gz", DRAW.integers(0, 256, (60, 6, 7)))
    labels = idx(tmp_path / "labels.gz", Y)
    (task,) = load("arrays", file=images, labels=labels).values()
    assert task.name == "label"
    assert task.input == Image(1, 6, 7)
    assert sum(len(task.data[split]) for split in SPLITS) == 60


BAD = X.copy()
BAD[7, 2] = np.nan


@pytest.mark.parametrize(
    ("arrays", "settings", "words"),
    [
        ({"x": BAD, "y": Y}, {}, "row 8: a value of array 'x' is no number"),
        (
            {"x": X, "y": np.where(np.arange(60) == 7, np.inf, X[:, 2])},
            {},
            "row 8: a value of array 'y' is infinite",
        ),
        ({"x": X, "y": np.zeros(60, int)}, {}, "has one class only"),
        ({"x": X, "y": Y[:50]}, {}, "x 60, y 50"),
        ({"x": X, "y": Y, "z": Y}, {}, "choose the array of inputs (there is: x, z)"),
        ({"x": X, "y": Y}, {"targets": {}}, "names no array to predict"),
        ({"x": X, "y": Y}, {"targets": {"q": "auto"}, "inputs": "x"}, "has no array 'q'"),
        ({"x": np.zeros((60, 2, 9, 9, 9)), "y": Y}, {}, "has the shape"),
    ],
)
def test_bad_arrays_are_refused_by_name(
    tmp_path: Path, arrays: dict[str, Any], settings: dict[str, Any], words: str
):
    with pytest.raises(BadSpecError) as caught:
        load("arrays", **{"file": npz(tmp_path, **arrays), "targets": {"y": "auto"}, **settings})
    assert words in str(caught.value)


def test_a_wrong_number_of_labels_is_refused(tmp_path: Path):
    images = idx(tmp_path / "images.gz", DRAW.integers(0, 256, (60, 6, 7)))
    labels = idx(tmp_path / "labels.gz", Y[:59])
    with pytest.raises(BadSpecError, match="has 59 labels, but"):
        load("arrays", file=images, labels=labels)
    with pytest.raises(BadSpecError, match=r"tasks\.0\.labels: names no file"):
        load("arrays", file=images)


def test_pictures_are_scaled_and_their_folders_are_the_classes():
    settings = settings_of("pictures")
    (task,) = load("pictures", **{**settings, "size": 16, "colours": "rgb"}).values()
    assert task.input == Image(3, 16, 16)
    assert task.answers == ("one", "zero")
    shares = [(task.data[split].target == 1).float().mean().item() for split in SPLITS]
    assert shares == pytest.approx([0.5] * 3, abs=0.03)


def test_a_folder_that_changed_is_refused(tmp_path: Path):
    for name, colour in (("a", 0), ("b", 255)):
        (tmp_path / name).mkdir()
        Picture.new("L", (8, 8), colour).save(tmp_path / name / "1.png")
    with pytest.raises(BadSpecError, match="has changed"):
        load("pictures", file=str(tmp_path), sha256="0" * 64)


@pytest.mark.parametrize(
    ("family", "changes", "words"),
    [
        ("mnist", {"samples": 1}, "tasks.0.samples: of 1 pictures 1 validate: none is left"),
        ("mnist", {"samples": 10, "val": 0.99}, "tasks.0.samples: of 10 pictures 10 validate"),
        ("cifar-10", {"samples": 1}, "tasks.0.samples: of 1 pictures 1 validate: none is left"),
    ],
)
def test_standard_pictures_without_any_to_train_on_are_refused(
    family: str, changes: dict[str, Any], words: str
):
    with pytest.raises(BadSpecError) as caught:
        load(family, **settings_of(family), **changes)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("arrays", "settings", "words"),
    [
        ({"x": np.zeros((60, 0)), "y": Y}, {"inputs": "x"}, "array 'x' has nothing in it: its sha"),
        ({"x": np.float64(3), "y": Y}, {"inputs": "x"}, "array 'x' is a single number"),
        ({"x": X, "y": np.int64(1)}, {}, "array 'y' is a single number"),
        ({"x": X, "y": np.zeros((60, 0))}, {}, "array 'y' has nothing in it"),
        ({"x": X * 1e200, "y": Y}, {}, "row 1, column 'x': a number of size"),
        ({"x": X * 1e40, "y": Y}, {}, ": a value of array 'x' is too large for single"),
        ({"x": X, "y": np.array(["a", "\ud800"])[Y % 2]}, {}, "array 'y' holds no readable text"),
    ],
)
def test_arrays_that_cannot_be_learned_from_are_refused_by_name(
    tmp_path: Path, arrays: dict[str, Any], settings: dict[str, Any], words: str
):
    with pytest.raises(BadSpecError) as caught:
        load("arrays", **{"file": npz(tmp_path, **arrays), "targets": {"y": "auto"}, **settings})
    assert words in str(caught.value)


def test_text_labels_of_bytes_are_read_as_text(tmp_path: Path):
    file = npz(tmp_path, x=X, y=np.array([b"cat", b"dog", b"\xff"])[Y])
    (task,) = load("arrays", file=file, targets={"y": "auto"}).values()
    assert task.answers == ("cat", "dog", "\\xff")


def test_pictures_in_an_array_are_for_a_convolutional_network(tmp_path: Path):
    draw = np.random.default_rng(0)
    file = tmp_path / "pictures.npz"
    rows = draw.random((60, 6, 6), dtype=np.float32)
    np.savez(file, x=rows, flat=rows.reshape(60, -1), y=draw.integers(0, 2, 60))
    for name, is_taken in (("x", True), ("flat", False)):
        choice = TaskChoice(family="arrays", file=str(file), inputs=name, targets={"y": "classes"})
        chosen = given(tasks=(choice,), encoder=Choice(kind="cnn", channels=[3], hidden=4))
        assert problems(chosen, CATALOGUE) == []
        assert is_judged_built(chosen, CATALOGUE), "check looks into the file"
        if is_taken:
            assert isinstance(Run(chosen).to_the_end().last, Finished)
        else:
            with pytest.raises(BadSpecError, match="cnn takes pictures; found vector"):
                Run(chosen)
