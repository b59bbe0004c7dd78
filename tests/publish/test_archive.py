"""An archive is enough to make its runs again, and names nothing of this machine's."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from tests.publish.made import hostile, made, three
from workbench.publish.export import export
from workbench.publish.forms.archive import write_zip
from workbench.publish.forms.script import read_me, script
from workbench.publish.record import Record, records
from workbench.spec import preset

_ROOT = Path(__file__).parents[2]

SETUP: dict[str, Any] = {
    "name": "Small",
    "tasks": [{"family": "digits-split", "n_tasks": 2}],
    "curriculum": {"kind": "sequential"},
    "interventions": [{"step": 5, "lr": 0.01}],
    "training": {"epochs": 1},
}


def packed(chosen: list[Record], folder: Path) -> zipfile.ZipFile:
    path = folder / "made.zip"
    list(write_zip(chosen, path))
    return zipfile.ZipFile(path)


def test_unpacked_elsewhere_the_script_makes_the_same_figures(tmp_path: Path) -> None:
    results = wb.run(SETUP, seeds=[0, 1], out=tmp_path / "runs")
    export([result.record for result in results], ["zip"], tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "out" / "Small.zip") as archive:
        archive.extractall(tmp_path / "else where")
    folder = tmp_path / "else where" / "Small"
    command = tmp_path / "workbench"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m workbench "$@"\n')
    command.chmod(0o755)
    environment = {
        **os.environ,
        "WORKBENCH": str(command),
        "WORKBENCH_HOME": str(tmp_path / "another home"),
        "PYTHONPATH": str(_ROOT),
    }
    done = subprocess.run(
        ["sh", folder / "reproduce.sh"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    recorded = json.loads((folder / "results.json").read_text())["runs"]
    for result, before in zip(results, recorded, strict=True):
        document = json.loads((folder / "reproduced" / f"{result.run_id}.json").read_text())
        (again,) = document["runs"]
        for key in ("seed", "status", "steps", "tasks", "matrix", "baseline"):
            assert again[key] == before[key], key
        del again["summary"]["delta_m"], before["summary"]["delta_m"]
        assert again["summary"] == before["summary"]
        series = wb.load(again["path"]).series
        assert series.losses.tobytes() == result.series.losses.tobytes()
        assert series.rates.tobytes() == result.series.rates.tobytes()


def test_it_holds_presets_environment_sums_series_figures_and_report(tmp_path: Path) -> None:
    chosen = three(tmp_path / "runs")
    archive = packed(chosen, tmp_path)
    names = {name.removeprefix("made/") for name in archive.namelist()}
    assert {"README.txt", "reproduce.sh", "report.html", "results.json"} <= names
    assert {"tables/steps.parquet", "tables/matrix.csv", "figures/01-Fake-losses.svg"} <= names
    for record in chosen:
        text = archive.read(f"made/presets/{record.run_id}.yaml").decode()
        spec = preset.spec_of(preset.parse(text))
        assert (spec.seeds, spec.training.threads) == ((record.seed,), 1)
        facts = json.loads(archive.read(f"made/environment/{record.run_id}.json"))
        assert {"packages", "platform", "processor", "threads", "data", "commit"} <= set(facts)
    assert archive.getinfo("made/reproduce.sh").external_attr >> 16 == 0o755


def test_the_same_runs_are_the_same_bytes(tmp_path: Path) -> None:
    chosen = three(tmp_path / "runs")
    for name in ("a", "b"):
        list(write_zip(chosen, tmp_path / name / "x.zip"))
    first, second = ((tmp_path / name / "x.zip").read_bytes() for name in ("a", "b"))
    assert first == second


def test_no_name_leads_out_of_it_and_nothing_of_this_machine_is_in_it(
    tmp_path: Path, home: Path
) -> None:
    (folder,) = (record.stored.folder for record in hostile(tmp_path / "runs"))
    renamed = folder.with_name("it's; $(touch owned) \\..\\`x`")
    folder.rename(renamed)
    archive = packed(records([renamed]), tmp_path)
    for name in archive.namelist():
        assert ".." not in Path(name).parts
        assert not name.startswith("/")
        assert not {"\\", ":", "`", "$"} & set(name)
        content = archive.read(name)
        for place in (str(tmp_path), str(home), f"{Path.home()}/"):
            assert place.encode() not in content, name
    text = archive.read("made/reproduce.sh").decode()
    asked = subprocess.run(
        ["sh", "-n"], input=text, text=True, capture_output=True, cwd=tmp_path, check=False
    )
    assert asked.returncode == 0, asked.stderr
    calls = [line for line in text.splitlines() if line.startswith("again ")]
    stub = "again() { printf '%s\\n' \"$1\"; }"
    said = subprocess.run(
        ["sh"],
        input="\n".join([stub, *calls]),
        text=True,
        capture_output=True,
        cwd=tmp_path,
        check=True,
    )
    assert said.stdout.splitlines()[0] in {
        name.removeprefix("made/") for name in archive.namelist()
    }
    assert not (tmp_path / "owned").exists()


def test_runs_of_one_name_have_files_of_their_own(tmp_path: Path) -> None:
    folders = [made(tmp_path / name, 0) for name in ("a", "b")]
    for folder in folders:
        folder.rename(folder.parent / "same")
    archive = packed(records([tmp_path / "a" / "same", tmp_path / "b" / "same"]), tmp_path)
    names = set(archive.namelist())
    assert {"made/presets/same.yaml", "made/presets/same-2.yaml"} <= names


def test_it_says_which_of_the_users_files_are_not_in_it(tmp_path: Path) -> None:
    from workbench.spec.experiment import Spec, TaskChoice

    (record,) = records([made(tmp_path)])
    choice = TaskChoice(family="fake", file="/data/my table.csv")  # pyright: ignore
    record.stored.spec.__dict__["tasks"] = (choice,)
    assert isinstance(record.stored.spec, Spec)
    assert "  /data/my table.csv\n" in read_me([("presets/x.yaml", record)])
    (other,) = records([made(tmp_path, 1)])
    assert "learned from" not in read_me([("presets/x.yaml", other)])


def test_it_says_from_which_run_another_went_on(tmp_path: Path) -> None:
    (record,) = records([made(tmp_path, start={"run": "first-s0", "step": 20})])
    assert f"  {record.run_id}: first-s0, step 20\n" in read_me([("presets/x.yaml", record)])


@pytest.mark.parametrize(
    ("status", "code"), [("done", 0), ("diverged", 3), ("failed", 4), ("interrupted", 0)]
)
def test_the_script_expects_the_exit_code_that_was_recorded(
    status: str, code: int, tmp_path: Path
) -> None:
    (record,) = records([made(tmp_path)])
    object.__setattr__(record.stored, "status", status)
    assert f"again presets/x.yaml x {code}\n" in script([("presets/x.yaml", record)])
    assert ("did not come to their end" in read_me([("a", record)])) == (status == "interrupted")
