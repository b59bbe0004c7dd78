"""Runs that earlier versions recorded open, are listed, and say what they said."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import workbench as wb
from workbench.publish.tables import TABLES
from workbench.runner.local import LocalRunner
from workbench.spec.event import Adapted, Diverged, Finished, Intervened, Probed, Written
from workbench.store.index import Index
from workbench.store.stored_run import read

FIXTURES = Path(__file__).parent / "fixtures"
PACKED = sorted(FIXTURES.glob("version-*/*.zip"))


def opened(path: Path, home: Path) -> Path:
    """The run in a packed folder, in the home of a test."""
    runs = home / "runs"
    before = set(runs.glob("*"))
    shutil.unpack_archive(path, runs)
    (folder,) = set(runs.glob("*")) - before
    return folder


@pytest.fixture(params=PACKED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def folder(request: pytest.FixtureRequest, home: Path) -> Path:
    return opened(request.param, home)


def test_there_are_some() -> None:
    assert {path.stem for path in PACKED} >= {
        "lifelong-run",
        "learning-to-learn",
        "translation",
        "run-that-diverged",
    }


def test_it_is_whole_and_says_what_it_said_when_it_ended(folder: Path) -> None:
    stored = read(folder)
    assert stored.problem == ""
    said = json.loads((folder / "summary.json").read_text())
    now = json.loads(json.dumps(stored.summary))
    aside = ("summary", "steps_per_second")  # of which times are read back as they were rounded
    assert {key: now[key] for key in said if key not in aside} == {
        key: value for key, value in said.items() if key not in aside
    }
    measures = said["summary"]  # a later version may know more of them
    assert {key: now["summary"][key] for key in measures} == measures


def test_it_is_in_the_history_and_every_table_can_be_made(folder: Path) -> None:
    (row,) = Index().rows()
    assert (row.run_id, row.problem) == (folder.name, "")
    result = wb.load(row.run_id)
    assert all(result.arrow(name) is not None for name in TABLES)
    assert result.series.losses.shape == (len(result.series.steps), len(result.task_names))


def test_events_of_every_kind_are_read(home: Path) -> None:
    kinds = {
        type(event)
        for i, path in enumerate(PACKED)
        for event in read(opened(path, home / str(i))).events
    }
    assert kinds >= {Adapted, Diverged, Finished, Intervened, Probed, Written}


@pytest.mark.parametrize("version", sorted({path.parent.name for path in PACKED}))
def test_a_run_goes_on_from_its_checkpoint(version: str, home: Path) -> None:
    folder = opened(FIXTURES / version / "lifelong-run.zip", home)
    before = read(folder)
    assert before.labels == {"tag": "fixture", "starred": True}
    assert wb.load(folder).model().state_dict()
    last = list(LocalRunner().resume(folder))[-1]
    assert isinstance(last, Finished)
    assert last.matrix.shape == np.shape(before.outcome.matrix)
    assert read(folder).problem == ""
