"""Columns: what the user's files are said to hold, and how little of them is read."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.contracts.files import PRESETS, settings_of
from tests.engine.toys import methods
from workbench.engine.answers.dispatch import answer
from workbench.spec.experiment import TaskChoice
from workbench.spec.question import CancelledError, Columns, Preview, RefusedError
from workbench.spec.user_files.file_facts import FileFacts
from workbench.spec.user_files.sources import digest


def ask(path: Path | str) -> FileFacts:
    return answer(Columns(str(path)), methods(), lambda _done, _text: None)


def test_a_csv_file():
    path = PRESETS / "data" / "iris.csv"
    file_facts = ask(path)
    assert (file_facts.family, file_facts.kind, file_facts.n_rows) == ("table", "CSV", 150)
    assert file_facts.sha256 == digest(path)
    assert [column.target for column in file_facts.columns] == ["values"] * 4 + ["classes"]
    assert [column.n_missing for column in file_facts.columns] == [0] * 5
    assert file_facts.columns[4].n_distinct == 3
    assert file_facts.rows[0] == ("5.1", "3.5", "1.4", "0.2", "setosa")
    assert len(file_facts.rows) == 20


def test_of_a_parquet_file_the_head_and_the_metadata_are_read(tmp_path: Path):
    n = 5000
    numbers = [None if i % 10 == 0 else float(i) for i in range(n)]
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"a": numbers, "b": ["x", "y"] * (n // 2)}), path)
    file_facts = ask(path)
    assert (file_facts.kind, file_facts.n_rows) == ("Parquet", n)
    assert file_facts.columns[0].n_missing == 500
    assert file_facts.columns[0].n_distinct is None
    assert file_facts.columns[1].target == "classes"
    assert file_facts.rows[:2] == (("", "x"), ("1", "y"))


def test_arrays_and_pictures():
    arrays = ask(settings_of("arrays")["file"])
    assert (arrays.family, arrays.kind) == ("arrays", "NPZ")
    assert {c.name: (c.target, c.shape[1:]) for c in arrays.columns} == {
        "images": ("values", (8, 8)),
        "even": ("classes", ()),
        "ink": ("values", ()),
    }
    pictures = ask(settings_of("pictures")["file"])
    assert (pictures.family, pictures.n_rows) == ("pictures", 360)
    assert [column.name for column in pictures.columns] == ["one", "zero"]
    assert pictures.sha256 == settings_of("pictures")["sha256"]


def test_the_labels_beside_an_idx_file_are_found(tmp_path: Path):
    images, labels = tmp_path / "t10k-images-idx3-ubyte", tmp_path / "t10k-labels-idx1-ubyte"
    images.write_bytes(b"\0\0\x08\x03" + np.array([2, 1, 1], ">u4").tobytes() + b"ab")
    labels.write_bytes(b"\0\0\x08\x01" + np.array([2], ">u4").tobytes() + b"\0\1")
    file_facts = ask(images)
    assert (file_facts.kind, file_facts.labels, file_facts.n_rows) == ("IDX", str(labels), 2)
    assert file_facts.labels_sha256 == digest(labels)


def test_what_is_wrong_is_said(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a,b\n1\n")
    with pytest.raises(RefusedError, match=r"a\.csv, line 2: has 1 value"):
        ask(tmp_path / "a.csv")
    with pytest.raises(RefusedError) as caught:
        ask(tmp_path / "none.csv")
    assert str(caught.value) == f"there is no {tmp_path / 'none.csv'}"


def test_reading_can_be_cancelled():
    def tell(_done: float | None, _text: str) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        answer(Columns(str(PRESETS / "data" / "iris.csv")), methods(), tell)


@pytest.mark.parametrize("family", ["table", "arrays", "pictures"])
def test_samples_of_the_users_files_are_shown(family: str):
    choice = TaskChoice(family=family, **settings_of(family))
    received: list[str] = []
    previews = answer(Preview(choice, 5), methods(), lambda _done, text: received.append(text))
    assert previews[0].n_train > previews[0].n_test > previews[0].n_val
    assert len(previews[0].samples) == 1
    assert received
