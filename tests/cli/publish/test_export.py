"""export: what a user names is found, and what cannot be done is said."""

from pathlib import Path

import pytest

from tests import fakes
from tests.cli.printed import Capture
from workbench import cli
from workbench.cli.publish.export import folders_of
from workbench.store.errors import UnknownRunError
from workbench.store.index import Index


@pytest.fixture
def runs(good: str, home: Path) -> list[Path]:
    """The runs of two experiments of one name, on two seeds each."""
    assert cli.main(fakes.Services(), ["run", good, "--quiet"]) == 0
    assert cli.main(fakes.Services(), ["run", good, "--quiet", "--set", "training.epochs=3"]) == 0
    return sorted((home / "runs").iterdir())


def test_a_run_is_written_in_each_form_and_its_places_are_printed(
    runs: list[Path], tmp_path: Path, capsys: Capture
) -> None:
    capsys.readouterr()
    out = tmp_path / "out"
    command = ["export", runs[0].name, "--format", "csv, html,csv", "--out", str(out)]
    assert cli.main(fakes.Services(), command) == 0
    assert capsys.readouterr().out.splitlines() == [str(out / "csv"), str(out / "Good.html")]
    assert (out / "csv" / "steps.csv").exists()


def test_a_group_is_named_by_its_name_the_start_of_its_runs_or_its_folder(
    runs: list[Path], home: Path
) -> None:
    index = Index.open()
    assert folders_of(index, runs[1].name) == [runs[1]]
    assert set(folders_of(index, "good")) == set(runs)
    assert set(folders_of(index, "GOOD")) == set(runs)
    assert {f.name for f in folders_of(index, "good-s3")} == {
        run.name for run in runs if "-s3-" in run.name
    }
    assert folders_of(index, str(home / "runs")) == runs
    for wrong in ("nothing", "", "\0", str(home)):
        with pytest.raises(UnknownRunError):
            folders_of(index, wrong)


@pytest.mark.parametrize("formats", ["", "cvs", "csv,xlsx", ","])
def test_a_form_that_is_not_there_is_refused_with_those_that_are(
    formats: str, runs: list[Path], tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "out"
    command = ["export", runs[0].name, "--format", formats, "--out", str(out)]
    assert cli.main(fakes.Services(), command) == 2
    assert "csv, parquet, tensorboard, mlflow, html, zip" in capsys.readouterr().err
    assert not out.exists()


def test_a_run_that_is_not_there_and_a_place_that_is_a_file_are_said(
    runs: list[Path], tmp_path: Path, capsys: Capture
) -> None:
    command = ["export", "nothing", "--format", "csv", "--out", str(tmp_path / "out")]
    assert cli.main(fakes.Services(), command) == 2
    assert "there is no run 'nothing'" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    command = ["export", runs[0].name, "--format", "csv", "--out", str(tmp_path / "file")]
    assert cli.main(fakes.Services(), command) == 4
    assert str(tmp_path / "file") in capsys.readouterr().err


def test_a_damaged_run_is_exported_as_far_as_it_goes_and_said_to_be(
    runs: list[Path], tmp_path: Path, capsys: Capture
) -> None:
    (runs[0] / "environment.json").unlink()
    out = tmp_path / "out"
    command = ["export", runs[0].name, "--format", "parquet,html", "--out", str(out)]
    assert cli.main(fakes.Services(), command) == 0
    assert "is damaged: environment.json is missing" in capsys.readouterr().err
