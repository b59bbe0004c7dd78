"""Sources: where the user's files are, in a preset and in a Spec, and whether they changed."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.faces import CATALOGUE
from workbench.spec import preset
from workbench.spec.check import check, check_whole
from workbench.spec.documents.document import PresetError
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.user_files.sources import digest, digesting, files_in


def spec_with(file: Path, **settings: Any) -> Spec:
    choice = TaskChoice(family="table", file=str(file), targets={"b": "values"}, **settings)
    return Spec(tasks=(choice,))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "here" / "a.csv"
    path.parent.mkdir()
    path.write_text("a,b\n1,2\n3,4\n")
    return path


@pytest.mark.parametrize(
    ("folder", "written"), [("here", "a.csv"), ("beside", "../here/a.csv"), ("far/off", None)]
)
def test_a_preset_names_near_files_relative_to_itself(
    tmp_path: Path, file: Path, folder: str, written: str | None
):
    path = tmp_path / folder / "p.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    preset.save(spec_with(file), path)
    assert f"file: {written or file}" in path.read_text()
    assert preset.load(path).tasks[0].settings["file"] == str(file)


def test_a_folder_with_preset_and_file_can_be_moved(tmp_path: Path, file: Path):
    preset.save(spec_with(file, sha256=digest(file)), file.parent / "p.yaml")
    moved = file.parent.rename(tmp_path / "moved")
    spec = check_whole(preset.read(moved / "p.yaml"), CATALOGUE)
    assert spec.tasks[0].settings["file"] == str(moved / "a.csv")


def test_the_text_of_a_spec_names_files_from_the_root(file: Path):
    assert str(file) in preset.text_of(spec_with(file))


def test_a_missing_file_is_a_problem_in_its_line(tmp_path: Path, file: Path):
    preset.save(spec_with(file), tmp_path / "p.yaml")
    file.unlink()
    with pytest.raises(PresetError) as caught:
        check(preset.read(tmp_path / "p.yaml"), CATALOGUE)
    (problem,) = caught.value.problems
    assert problem.field == "tasks.0.file"
    assert problem.message == f"there is no {file}"
    line = (tmp_path / "p.yaml").read_text().splitlines()[(problem.line or 0) - 1]
    assert "a.csv" in line


def test_no_file_is_a_problem():
    document = preset.parse("tasks: [{family: table, targets: {b: values}}]")
    with pytest.raises(PresetError, match="names no file"):
        check(document, CATALOGUE)


def test_a_changed_file_is_a_problem_even_where_size_and_time_are_the_same(
    tmp_path: Path, file: Path
):
    sha256 = digest(file)
    preset.save(spec_with(file, sha256=sha256), tmp_path / "p.yaml")
    check_whole(preset.read(tmp_path / "p.yaml"), CATALOGUE)
    before = file.stat()
    file.write_text("a,b\n1,2\n3,5\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    with pytest.raises(PresetError, match="has changed since this was set up"):
        check_whole(preset.read(tmp_path / "p.yaml"), CATALOGUE)


def test_the_digest_of_a_folder_is_that_of_names_and_contents(tmp_path: Path):
    folder = tmp_path / "f"
    for name in ("b/2.png", "a/1.png"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(name)
    first = digest(folder)
    assert [path.name for path in files_in(folder)] == ["1.png", "2.png"]
    (folder / ".hidden").write_text("passed over")
    assert digest(folder) == first
    (folder / "b" / "2.png").rename(folder / "b" / "3.png")
    assert digest(folder) != first


def test_reading_tells_how_far_it_is(file: Path):
    assert list(digesting(file)) == [1.0]
    folder = file.parent / "f"
    folder.mkdir()
    for name in ("1", "2"):
        (folder / name).write_text("1234")
    assert list(digesting(folder)) == [0.5, 1.0]
