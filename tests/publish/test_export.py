"""An export is whole or not there, and takes nothing of the user's away."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.publish.made import HOSTILE, hostile, made, three
from workbench.cli.publish.commands import FORMATS as OFFERED
from workbench.publish import export as exports
from workbench.publish.export import FORMATS, NothingToExportError, export
from workbench.publish.forms.tracking import MissingProgramError, _key, write_mlflow
from workbench.publish.record import records
from workbench.spec.experiment import Spec, TaskChoice
from workbench.store import run as store

WRITTEN = [form for form in FORMATS if form != "mlflow"]


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_the_command_line_offers_what_there_is() -> None:
    assert OFFERED == FORMATS


def test_every_form_is_where_it_is_said_to_be_and_nothing_else_is_left(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    paths = export(
        three(tmp_path / "runs"),
        [*WRITTEN, "csv"],
        tmp_path / "out",
        lambda form, piece: told.append((form, piece)),
    )
    names = ["csv", "parquet", "tensorboard", "Fake.html", "Fake.zip"]
    assert [path.name for path in paths] == names
    assert all(path.exists() for path in paths)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(names)
    assert {form for form, _ in told} == set(WRITTEN)


def test_an_export_over_another_replaces_its_files_and_leaves_others(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "csv").mkdir(parents=True)
    (out / "csv" / "mine.txt").write_text("mine")
    (out / "csv" / "steps.csv").write_text("old")
    chosen = three(tmp_path / "runs")
    export(chosen, WRITTEN, out)
    before = files(out)
    export(chosen, WRITTEN, out)
    assert files(out) == before
    assert (out / "csv" / "mine.txt").read_text() == "mine"
    assert (out / "csv" / "steps.csv").read_text() != "old"


def test_one_that_is_stopped_leaves_nothing_half_written(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def tell(form: str, _piece: str) -> None:
        if form == "zip":
            raise StopError

    with pytest.raises(StopError):
        export(three(tmp_path / "runs"), ["csv", "zip"], tmp_path / "out", tell)
    assert {name.partition("/")[0] for name in files(tmp_path / "out")} == {"csv"}
    assert list((tmp_path / "out").iterdir()) == [tmp_path / "out" / "csv"]


def test_a_full_disk_is_an_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Any:
        raise OSError(28, "No space left on device")
        yield

    forms = {**exports._FORMS, "csv": (full, "csv")}
    monkeypatch.setattr(exports, "_FORMS", forms)
    with pytest.raises(OSError, match="No space"):
        export(three(tmp_path / "runs"), ["csv"], tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_runs_that_never_began_are_refused(tmp_path: Path) -> None:
    folder = store.create(Spec(tasks=(TaskChoice(family="fake"),)), 0, tmp_path)
    with pytest.raises(NothingToExportError, match="nothing to export"):
        export(records([folder]), ["csv"], tmp_path / "out")
    with pytest.raises(NothingToExportError):
        export([], ["csv"], tmp_path / "out")


def test_files_are_named_by_the_experiment_and_never_lead_elsewhere(tmp_path: Path) -> None:
    chosen = hostile(tmp_path / "runs")
    (path,) = export(chosen, ["html"], tmp_path / "out")
    assert path.parent == tmp_path / "out"
    assert files(tmp_path / "out") == {path.name}
    both = [*three(tmp_path / "runs"), *records([made(tmp_path / "runs", 0, "Other")])]
    (path,) = export(both, ["html"], tmp_path / "out")
    assert path.name == "Fake-and-1-more.html"


def test_without_mlflow_it_is_said_how_to_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(MissingProgramError, match=r"pip install 'mtl-workbench\[mlflow\]'"):
        export(three(tmp_path / "runs"), ["mlflow"], tmp_path / "out")


def test_mlflow_reads_back_what_was_written(tmp_path: Path) -> None:
    mlflow = pytest.importorskip("mlflow")
    chosen = [*three(tmp_path / "runs"), *hostile(tmp_path / "runs")]
    list(write_mlflow(chosen, tmp_path / "out"))
    client: Any = mlflow.MlflowClient(tracking_uri=(tmp_path / "out").as_uri())
    experiment = client.get_experiment_by_name("Fake")
    runs = client.search_runs([experiment.experiment_id])
    assert {run.data.tags["workbench.run"] for run in runs} == {r.run_id for r in chosen[:3]}
    run = next(run for run in runs if run.data.params["seed"] == "0")
    points = client.get_metric_history(run.info.run_id, "loss/first")
    assert sorted((p.step, p.value) for p in points) == [
        (int(step), float(loss))
        for step, loss in zip(chosen[0].series.steps, chosen[0].series.losses[:, 0], strict=True)
    ]
    assert run.data.metrics["acc"] == pytest.approx(0.775)
    assert run.info.status == "FINISHED"
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", [*HOSTILE, "../../etc/passwd", "/", "..", "a//b", "loss/0-1"])
def test_keys_of_mlflow_are_letters_and_no_paths(name: str) -> None:
    key = _key(name)
    parts = key.split("/")
    assert all(part not in ("", ".", "..") for part in parts)
    assert all(c.isalnum() or c in "_-. :/" for c in key)
    assert _key("loss/0-1") == "loss/0-1"
