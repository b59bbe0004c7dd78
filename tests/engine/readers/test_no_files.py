"""Pipes, devices and folders where a file is asked for: said, and never waited for."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.contracts.faces import CATALOGUE
from tests.contracts.files import settings_of
from tests.engine.toys import methods
from workbench.engine.answers.dispatch import answer
from workbench.engine.build.tasks import select
from workbench.engine.readers import cifar, delimited, idx, npz, parquet, tables
from workbench.engine.readers.downloads import SOURCES
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.texts import sentences
from workbench.engine.roles.method import BadSpecError
from workbench.spec.check import problems
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.question import Columns, RefusedError
from workbench.spec.user_files.sources import change_of, changed, digest
from workbench.spec.work import finished

READERS: dict[str, Callable[[Path], Any]] = {
    "csv": lambda path: finished(delimited.read(path)),
    "head": delimited.header,
    "parquet": lambda path: finished(parquet.read(path)),
    "names": tables.names,
    "npz": npz.headers,
    "idx": lambda path: finished(idx.read(path)),
    "sentences": lambda path: finished(sentences.read(path)),
    "languages": sentences.languages_of,
    "cifar": lambda path: finished(cifar.read(path, ["a"], 1)),
}


@pytest.fixture(params=["pipe", "device", "socket"])
def no_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    match request.param:
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case _:
            os.mknod(path, 0o140644)
    return path


@pytest.mark.parametrize("kind", READERS)
def test_no_reader_opens_what_is_no_file(no_file: Path, kind: str):
    with pytest.raises(DataError, match=r"mine\.csv: is a (pipe|device|socket), not a file"):
        READERS[kind](no_file)


def test_a_hash_alone_is_refused_too(no_file: Path):
    with pytest.raises(OSError, match="not a file"):
        digest(no_file)
    assert "not a file" in change_of(no_file, "0" * 64)


@pytest.mark.parametrize("family", ["table", "arrays", "pictures"])
def test_check_and_run_say_the_same(no_file: Path, family: str):
    settings = {"file": str(no_file), "sha256": "0" * 64, "targets": {"y": "auto"}}
    if family == "pictures":
        del settings["targets"]
    spec = Spec(tasks=(TaskChoice.model_validate({"family": family, **settings}),))
    (problem,) = problems(spec, CATALOGUE)
    assert problem.field == "tasks.0.file"
    assert problem.message.endswith("not a file")
    assert "not a file" in changed(spec)[0].message
    with pytest.raises(BadSpecError) as caught:
        select(spec, methods(), torch.device("cpu"))
    assert caught.value.message == problem.message


def test_labels_are_looked_at_as_the_file_is(no_file: Path, tmp_path: Path):
    images = tmp_path / "images"
    images.write_bytes(b"\0\0\x08\x01\0\0\0\1\0")
    settings = {"file": str(images), "labels": str(no_file)}
    spec = Spec(tasks=(TaskChoice.model_validate({"family": "arrays", **settings}),))
    (problem,) = problems(spec, CATALOGUE)
    assert problem.field == "tasks.0.labels"
    with pytest.raises(BadSpecError, match=r"tasks\.0\.labels: .* not a file"):
        select(spec, methods(), torch.device("cpu"))


def test_the_window_is_told(no_file: Path):
    with pytest.raises(RefusedError, match=r"is a (pipe|device|socket), not a file"):
        answer(Columns(str(no_file)), methods(), lambda _done, _text: None)


#: A file that can be opened, and fails as soon as it is read, as one on a broken disk does.
FAILING = Path("/proc/self/mem")


@pytest.mark.skipif(not FAILING.exists(), reason="Linux has such a file")
@pytest.mark.parametrize("family", ["table", "arrays"])
def test_a_file_that_fails_while_it_is_read_is_named(family: str):
    settings = {"file": str(FAILING), "targets": {"y": "auto"}}
    spec = Spec(tasks=(TaskChoice.model_validate({"family": family, **settings}),))
    assert not problems(spec, CATALOGUE)
    with pytest.raises(BadSpecError) as caught:
        select(spec, methods(), torch.device("cpu"))
    assert caught.value.field == "tasks.0.file"
    assert caught.value.message == f"{FAILING}: Input/output error"
    with pytest.raises(RefusedError, match=f"{FAILING}: Input/output error"):
        answer(Columns(str(FAILING)), methods(), lambda _done, _text: None)


def test_a_pipe_among_pictures_is_no_picture(tmp_path: Path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        os.mkfifo(tmp_path / name / "1.png")
    choice = TaskChoice.model_validate({"family": "pictures", "file": str(tmp_path)})
    with pytest.raises(BadSpecError, match="has no folders with pictures in it"):
        select(Spec(tasks=(choice,)), methods(), torch.device("cpu"))


@pytest.mark.parametrize("family", ["mnist", "cifar-10"])
def test_a_pipe_among_the_files_of_a_standard_data_set_is_refused(tmp_path: Path, family: str):
    assert settings_of(family)
    for name in SOURCES[family].files:
        os.mkfifo(tmp_path / name)
    choice = TaskChoice.model_validate({"family": family, "folder": str(tmp_path)})
    with pytest.raises(BadSpecError, match="is a pipe, not a file"):
        select(Spec(tasks=(choice,)), methods(), torch.device("cpu"))


@pytest.mark.parametrize(
    ("name", "words"),
    [("x" * 300, "name too long"), ("a\0b", "null byte"), ("none.csv", "there is")],
)
def test_names_that_can_be_none_are_refused_alike(tmp_path: Path, name: str, words: str):
    choice = TaskChoice.model_validate(
        {"family": "table", "file": f"{tmp_path}/{name}", "targets": {"y": "auto"}}
    )
    (problem,) = problems(Spec(tasks=(choice,)), CATALOGUE)
    assert words in problem.message.lower()
    with pytest.raises(BadSpecError) as caught:
        select(Spec(tasks=(choice,)), methods(), torch.device("cpu"))
    assert caught.value.message == problem.message


def test_a_folder_is_no_table(tmp_path: Path):
    choice = TaskChoice.model_validate(
        {"family": "table", "file": str(tmp_path), "targets": {"y": "auto"}}
    )
    with pytest.raises(BadSpecError, match="is a folder without Parquet files"):
        select(Spec(tasks=(choice,)), methods(), torch.device("cpu"))
