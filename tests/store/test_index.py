"""The index: fast, shared, and never the only copy."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests import fakes
from workbench.spec.experiment import Spec
from workbench.spec.experiments.flat_settings import flat_settings
from workbench.spec.fingerprint import NUMERICS
from workbench.spec.score import Score
from workbench.store import run
from workbench.store.errors import UnknownRunError
from workbench.store.index import Index
from workbench.store.index_row import row_of
from workbench.store.stored_run import read


def _copy(of: Path, run_id: str, started: str = "") -> Path:
    """Another run like that one, begun at another time."""
    folder = of.with_name(run_id)
    shutil.copytree(of, folder)
    if started:
        facts = json.loads((folder / "environment.json").read_text())
        (folder / "environment.json").write_text(json.dumps({**facts, "started": started}))
    return folder


@pytest.fixture
def done(spec: Spec) -> Path:
    """A finished run."""
    folder = run.create(spec, 3)
    list(run.record(fakes.run(3), folder))
    return folder


def test_a_recorded_run_is_in_the_history(done: Path):
    (row,) = Index.open().rows()
    assert row.run_id == done.name
    assert row.path == str(done)
    assert (row.seed, row.status, row.steps, row.seconds) == (3, "done", 40, 2.5)
    assert row.acc == pytest.approx(0.775)
    assert row.forgetting == pytest.approx(0.3)
    assert row.bwt == pytest.approx(-0.3)


def test_the_newest_run_comes_first(done: Path):
    for day in ("02", "03", "01"):
        _copy(done, f"run-{day}", f"2025-01-{day}T00:00:00+00:00")
    assert [row.run_id for row in Index.open().rows()] == [done.name, "run-03", "run-02", "run-01"]


def test_a_run_whose_directory_is_gone_is_not_shown(done: Path):
    index = Index.open()
    assert len(index.rows()) == 1
    shutil.rmtree(done)
    assert index.rows() == []


def test_star_and_tag_outlive_the_index(done: Path, home: Path):
    index = Index.open()
    index.set_star(done.name, True)
    index.set_tag(done.name, "baseline")
    for path in home.glob("index.sqlite*"):
        path.unlink()
    index.rebuild()
    (row,) = index.rows()
    assert (row.tag, row.starred) == ("baseline", True)
    index.set_star(done.name, False)
    assert index.rows() == [replace(row, starred=False)]


@pytest.mark.parametrize("content", [b"not a database at all " * 100, b"SQLite format 3\0junk"])
def test_a_broken_file_is_made_anew_from_the_directories(done: Path, home: Path, content: bytes):
    before = Index.open().rows()
    (home / "index.sqlite").write_bytes(content)
    assert Index.open().rows() == before


def test_a_file_with_a_broken_page_is_made_anew(done: Path, home: Path):
    before = Index.open().rows()
    path = home / "index.sqlite"
    data = bytearray(path.read_bytes())
    data[5000:] = b"\xff" * (len(data) - 5000)
    path.write_bytes(data)
    assert Index.open().rows() == before


def test_a_run_recorded_elsewhere_survives_a_rebuild(spec: Spec, tmp_path: Path):
    folder = run.create(spec, 3, root=tmp_path / "elsewhere")
    list(run.record(fakes.run(3), folder))
    index = Index.open()
    index.rebuild()
    assert [row.path for row in index.rows()] == [str(folder)]


def test_a_rebuild_passes_over_what_is_no_run(done: Path, home: Path):
    (home / "runs" / "notes").mkdir()
    (home / "runs" / ".new-1234").mkdir()
    (home / "runs" / "a file").touch()
    index = Index.open()
    index.rebuild()
    assert [row.run_id for row in index.rows()] == [done.name]


def test_a_run_is_found_by_id_prefix_or_path(done: Path, tmp_path: Path):
    index = Index.open()
    for text in (done.name, done.name[:12], str(done)):
        assert index.find(text).run_id == done.name
    moved = done.rename(tmp_path / "moved")
    assert index.find(str(moved)).run_id == "moved"


def test_an_unknown_or_ambiguous_run_names_what_comes_near(done: Path, tmp_path: Path):
    index = Index.open()
    for name in ("see-forgetting-1", "see-forgetting-2"):
        _copy(done, name)
    with pytest.raises(UnknownRunError, match="may mean 2 runs: see-forgetting-2, see-forg"):
        index.find("see")
    with pytest.raises(UnknownRunError, match="did you mean see-forgetting-1"):
        index.find("sea-forgetting-1")
    with pytest.raises(UnknownRunError, match="there is no run ''"):
        index.find("")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnknownRunError, match=r"not a run.*spec\.yaml"):
        index.find(str(tmp_path / "empty"))


_WRITER = """
import sys
from pathlib import Path
import shutil
from workbench.store.index import Index

name, path = sys.argv[1], Path(sys.argv[2])
for i in range(10):
    shutil.copytree(path, path.with_name(f"{name}-{i}"))
    assert any(row.run_id == f"{name}-{i}" for row in Index.open().rows())
"""


@pytest.mark.parametrize("is_broken", [False, True])
def test_several_processes_write_at_once(done: Path, home: Path, is_broken: bool):
    if is_broken:
        (home / "index.sqlite").write_bytes(b"broken" * 1000)
    command = [sys.executable, "-c", _WRITER]
    writers = [subprocess.Popen([*command, name, str(done)]) for name in ("a", "b", "c")]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert len(Index.open().rows()) == 31


def test_a_home_that_cannot_be_used_says_where(home: Path):
    home.write_text("a file")
    with pytest.raises(OSError, match="home"):
        Index.open()


def test_a_lost_file_is_made_anew_from_the_directories(done: Path, home: Path):
    for file in home.glob("index*"):
        file.unlink()
    assert [row.run_id for row in Index.open().rows()] == [done.name]


# --- runs found again ----------------------------------------------------------------------


def test_a_run_that_was_made_is_found_by_what_decides_it(done: Path, spec: Spec):
    index = Index.open()
    same = spec.model_copy(update={"name": "Another name", "seeds": (8,)})
    row = index.find_done(same, 3)
    assert row is not None
    assert row.path == str(done)
    assert row.scores == (
        Score("first", "accuracy", pytest.approx(0.63), True, more={"auroc": None}),
        Score("second", "accuracy", pytest.approx(0.98), True, more={"auroc": None}),
    )


def test_another_seed_or_another_setup_is_not_found(done: Path, spec: Spec):
    index = Index.open()
    assert index.find_done(spec, 5) is None
    longer = spec.training.model_copy(update={"epochs": 21})
    assert index.find_done(spec.model_copy(update={"training": longer}), 3) is None


def test_a_run_that_was_computed_otherwise_is_not_found(done: Path, spec: Spec):
    path = done / "environment.json"
    facts = json.loads(path.read_text())
    assert facts["numerics"] == NUMERICS
    for numerics in (NUMERICS - 1, NUMERICS + 1, None):
        path.write_text(json.dumps({**facts, "numerics": numerics}))
        assert Index.open().find_done(spec, 3) is None
    path.write_text(json.dumps(facts))
    assert Index.open().find_done(spec, 3) is not None


def test_a_run_that_another_version_went_on_with_is_not_found(spec: Spec):
    folder = run.create(spec, 3)
    list(run.record([fakes.began(3), fakes.block(0, 10, 3)], folder))
    list(run.record(fakes.run(3, from_step=10), folder))
    assert Index.open().find_done(spec, 3) is not None
    path = folder / "events.jsonl"
    path.write_text(
        path.read_text().replace(f'"numerics":{NUMERICS}', f'"numerics":{NUMERICS - 1}')
    )
    assert Index.open().find_done(spec, 3) is None
    assert read(folder).numerics == f"{NUMERICS - 1}+{NUMERICS}"


def test_a_run_on_other_threads_is_not_found(
    spec: Spec, done: Path, monkeypatch: pytest.MonkeyPatch
):
    two = spec.training.model_copy(update={"threads": 2})
    assert Index.open().find_done(spec.model_copy(update={"training": two}), 3) is None
    path = done / "events.jsonl"
    path.write_text(path.read_text().replace('"threads":1', '"threads":8'))
    for n_processors, is_found in ((2, False), (8, True)):
        # With the number left open, it is one that this machine could choose.
        monkeypatch.setattr("workbench.store.index.os.cpu_count", lambda n=n_processors: n)
        assert (Index.open().find_done(spec, 3) is not None) == is_found
    assert Index.open().rows()[0].threads == 8


def test_a_damaged_run_is_not_found_in_place_of_a_new_one(done: Path, spec: Spec):
    with (done / "events.jsonl").open("ab") as file:
        file.write(b'{"event":"Resumed"}\n')
    assert Index.open().rows()[0].status == "damaged"
    assert Index.open().find_done(spec, 3) is None


def test_a_run_that_was_stopped_does_not_count(spec: Spec):
    folder = run.create(spec, 3)
    list(run.record([fakes.began(3), fakes.finished(3, status="stopped", step=10)], folder))
    assert Index.open().find_done(spec, 3) is None


def test_of_several_the_newest_that_is_still_there_is_found(spec: Spec, done: Path):
    index = Index.open()
    _copy(done, "newer", "2099-01-01T00:00:00+00:00")
    deleted = _copy(done, "gone", "2100-01-01T00:00:00+00:00")
    assert len(index.rows()) == 3
    shutil.rmtree(deleted)
    row = index.find_done(spec, 3)
    assert row is not None
    assert row.run_id == "newer"


def test_what_decides_a_run_is_known_again_after_a_rebuild(done: Path, spec: Spec):
    index = Index.open()
    before = index.find_done(spec, 3)
    index.rebuild()
    assert before is not None
    assert index.find_done(spec, 3) == before


def test_the_index_of_an_earlier_version_is_made_anew(done: Path, home: Path, spec: Spec):
    before = Index.open().rows()
    for file in home.glob("index.sqlite*"):
        file.unlink()
    with sqlite3.connect(home / "index.sqlite") as old:
        old.execute("CREATE TABLE runs (run_id TEXT PRIMARY KEY, path TEXT)")
        old.execute("INSERT INTO runs VALUES (?, ?)", (done.name, str(done)))
        old.execute("PRAGMA user_version=1")
    old.close()
    assert Index.open().rows() == before
    assert Index.open().find_done(spec, 3) is not None


def test_a_run_that_just_ended_has_the_curve_that_is_read_back(spec: Spec):
    first, *others = fakes.run()
    seen = [
        replace(fakes.evaluated(0, 0, ends_stage=False), split="val", scores=scores)
        for scores in np.asarray([[0.1, 0.3], [np.nan, 0.5], [0.5, 0.7]], dtype=np.float32)
    ]
    folder = run.create(spec, 0)
    list(run.record([first, *seen, *others], folder, Index.open()))
    (row,) = Index.open().rows()
    assert row.curve == pytest.approx((0.2, 0.6))
    assert row.curve == row_of(read(folder)).curve


# --- settings ------------------------------------------------------------------------------


def test_the_settings_of_runs_are_known_by_path(done: Path, spec: Spec, tmp_path: Path):
    outside = run.create(spec, 5, root=tmp_path / "out")
    list(run.record(fakes.run(5), outside))
    index = Index.open()
    rows = index.rows()
    settings = index.settings(rows)
    assert set(settings) == {str(done), str(outside)}
    assert settings[str(done)] == flat_settings(spec)
    # of runs that differ in their seed alone one mapping is kept
    assert settings[str(done)] is settings[str(outside)]


def test_settings_that_no_note_has_are_read_from_the_preset(done: Path, home: Path):
    index = Index.open()
    before = index.settings(index.rows())
    with closing(sqlite3.connect(home / "index.sqlite")) as connection:
        connection.execute("UPDATE settings SET text = replace(text, 'kind', 'king')")
        connection.commit()
    assert index.settings(index.rows()) == before
    (done / "spec.yaml").unlink()
    assert index.settings(index.rows()) == {}


def test_known_rows_are_those_of_the_last_look(done: Path):
    index = Index.open()
    assert index.known_rows() == []
    rows = index.rows()
    assert index.known_rows() == rows
    shutil.rmtree(done)
    assert index.known_rows() == rows
    assert index.rows() == []
    assert index.known_rows() == []
