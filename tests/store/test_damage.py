"""Damage: every good run is listed, a bad one with its reason, and nothing is written over."""

import contextlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import fakes
from tests.store.homes import Home, content_of, listed, made
from workbench import cli
from workbench.store import elsewhere, notes, run
from workbench.store.index import Index
from workbench.store.stored_run import read

pytestmark = pytest.mark.usefixtures("settled")

DEEP = b"[" * 100_000


@pytest.fixture
def runs(home: Path) -> Home:
    """Three good runs and their index."""
    home_with_runs = made(home, 3)
    assert listed(home) == dict.fromkeys(home_with_runs.ids, "done")
    return home_with_runs


def without_index(home: Path) -> None:
    for file in home.glob("index*"):
        file.unlink()


# --- 1: a damaged line --------------------------------------------------------------------------

_FINISHED = {"event": "Finished", "after": 40, "step": 40, "status": "done", "matrix": [[1, 2]]}
LINES = {
    "resumed": b'{"event":"Resumed"}',
    "resumed-from-text": b'{"event":"Resumed","step":"x"}',
    "list": b'{"event":["x"]}',
    "types": json.dumps({**_FINISHED, "step": "x", "baseline": 3, "scores": []}).encode(),
    "status": json.dumps({**_FINISHED, "status": 7, "baseline": [1, 2]}).encode(),
    "shape": json.dumps({**_FINISHED, "baseline": [1, 2, 3], "scores": {}, "summary": {}}).encode(),
    "huge-step": b'{"event":"StageBegan","after":0,"step":' + b"9" * 400 + b',"stage":0}',
    "infinite": b'{"event":"StageBegan","after":1e999,"step":1e999,"stage":0}',
    "long": b"x" * 10_000_000,
    "long-json": b'{"event":"Noticed","after":0,"step":0,"source":' + b"[" * 10_000 + b"}",
    "utf-8": b'{"event":"Noticed\xff\xfe"}',
    "deep": DEEP,
    "zeros": b"\0" * 100,
    "number": b"7",
}


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["cut", "whole"])
@pytest.mark.parametrize("line", LINES)
def test_a_damaged_line_hides_no_run_and_is_told(runs: Home, line: str, end: bytes):
    bad = runs.folders[0]
    with (bad / "events.jsonl").open("ab") as file:
        file.write(LINES[line] + end)
    without_index(runs.home)
    rows = {row.run_id: row for row in Index.open().rows()}
    assert rows.keys() == set(runs.ids)
    assert rows[bad.name].status == "damaged"
    assert "events.jsonl, line " in rows[bad.name].problem
    assert rows[bad.name].acc == rows[runs.ids[1]].acc  # what it said before still stands
    assert {rows[name].status for name in runs.ids[1:]} == {"done"}


def test_what_a_later_version_writes_is_no_damage(runs: Home):
    with (runs.folders[0] / "events.jsonl").open("ab") as file:
        file.write(b'{"event":"Danced","after":40,"step":40,"with":{"whom":[1]}}\n')
    assert listed(runs.home) == dict.fromkeys(runs.ids, "done")


def test_lines_that_contradict_how_the_run_began_are_not_handed_on(runs: Home):
    path = runs.folders[0] / "events.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[1:]))  # without Began
    stored = read(runs.folders[0])
    assert stored.events == []
    assert "of a run that did not begin" in stored.problem


# --- 2: killed while the index is made ----------------------------------------------------------


def test_an_index_cut_anywhere_gives_the_same_list(runs: Home):
    before = Index.open().rows()
    whole = (runs.home / "index.sqlite").read_bytes()
    for size in range(0, len(whole), 509):
        (runs.home / "index.sqlite").write_bytes(whole[:size])
        assert Index.open().rows() == before
        assert Index.open().rows() == before


def test_a_byte_changed_anywhere_in_the_index_gives_the_same_list(runs: Home):
    before = Index.open().rows()
    whole = (runs.home / "index.sqlite").read_bytes()
    for at in range(0, len(whole), 211):
        changed = bytearray(whole)
        changed[at] ^= 0x41
        (runs.home / "index.sqlite").write_bytes(changed)
        assert Index.open().rows() == before
        assert Index.open().rows() == before


class Killed(BaseException):
    """The end of a process, as far as one can go on after it."""


@pytest.mark.parametrize("at", range(8))
def test_an_index_whose_making_is_cut_short_is_made_at_the_next_time(
    runs: Home, at: int, monkeypatch: pytest.MonkeyPatch
):
    before = Index.open().rows()
    without_index(runs.home)
    n_calls = 0
    connect = sqlite3.connect

    class Dying(sqlite3.Connection):
        def execute(self, *args: object) -> sqlite3.Cursor:
            nonlocal n_calls
            n_calls += 1
            if n_calls > at:
                raise Killed
            return super().execute(*args)  # pyright: ignore[reportArgumentType]

    with monkeypatch.context() as dying:
        dying.setattr(notes.sqlite3, "connect", lambda *a, **k: connect(*a, **k, factory=Dying))
        with contextlib.suppress(Killed):
            Index.open().rows()
    assert Index.open().rows() == before
    assert len(notes.load(runs.home).by_path) == 3


# --- 3: moved, copied, half deleted -------------------------------------------------------------


def test_a_home_that_is_renamed_or_opened_through_a_link_has_its_runs(
    runs: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    moved = runs.home.rename(tmp_path / "moved")
    link = tmp_path / "link"
    link.symlink_to(moved)
    for folder in (moved, link):
        monkeypatch.setenv("WORKBENCH_HOME", str(folder))
        rows = Index.open().rows()
        assert {row.run_id for row in rows} == set(runs.ids)
        assert {Path(row.path).parent for row in rows} == {folder / "runs"}


def test_a_renamed_home_is_not_read_again(
    runs: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The index holds no path of the home."""
    moved = runs.home.rename(tmp_path / "moved")
    monkeypatch.setattr("workbench.store.index.row_at", lambda _: pytest.fail("read again"))
    assert len(Index(moved).rows()) == 3
    with sqlite3.connect(moved / "index.sqlite") as connection:
        paths = [path for (path,) in connection.execute("SELECT path FROM runs")]
    connection.close()
    assert sorted(paths) == sorted(f"runs/{name}" for name in runs.ids)


def test_a_run_that_is_copied_in_or_moved_out_is_seen(runs: Home, tmp_path: Path):
    shutil.copytree(runs.folders[0], runs.home / "runs" / "copied")
    runs.folders[1].rename(tmp_path / "out")
    names = {runs.ids[0], runs.ids[2], "copied"}
    assert listed(runs.home) == dict.fromkeys(names, "done")
    assert Index.open().find(str(tmp_path / "out")).status == "done"


def test_an_index_of_another_place_is_not_believed(runs: Home, tmp_path: Path):
    other = made(tmp_path / "other", 2)
    assert len(Index(other.home).rows()) == 2
    shutil.copy(runs.home / "index.sqlite", other.home / "index.sqlite")
    assert listed(other.home) == dict.fromkeys(other.ids, "done")


def test_an_index_that_another_process_locks_changes_nothing(
    runs: Home, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(notes, "_WAIT_SECONDS", 0.0)
    before = Index.open().rows()
    locker = sqlite3.connect(runs.home / "index.sqlite", isolation_level=None)
    locker.execute("BEGIN EXCLUSIVE")
    assert Index.open().rows() == before
    locker.execute("ROLLBACK")
    locker.close()
    assert Index.open().rows() == before


FILES = ("spec.yaml", "environment.json", "events.jsonl", "steps-000.arrow", "summary.json")


@pytest.mark.parametrize("name", FILES)
def test_a_run_without_one_of_its_files_hides_no_other(runs: Home, name: str):
    bad = runs.folders[1]
    (bad / name).unlink()
    statuses = listed(runs.home)
    assert statuses.pop(bad.name) == ("done" if name == "summary.json" else "damaged")
    assert statuses == dict.fromkeys((runs.ids[0], runs.ids[2]), "done")
    (row,) = [row for row in Index.open().rows() if row.run_id == bad.name]
    assert (name.split("-")[0] in row.problem) == (name != "summary.json")
    assert row.seed == 1
    assert row.started


def test_a_folder_with_nothing_of_a_run_is_none(runs: Home):
    for name in ("empty", "notes"):
        (runs.home / "runs" / name).mkdir()
    (runs.home / "runs" / "notes" / "thoughts.txt").write_text("Later.")
    (runs.home / "runs" / "loop").symlink_to(runs.home / "runs" / "loop")
    assert listed(runs.home) == dict.fromkeys(runs.ids, "done")


def test_a_name_that_is_no_text_hides_no_run(runs: Home):
    name = os.fsdecode(b"caf\xe9")
    shutil.copytree(runs.folders[0], runs.home / "runs" / name)
    assert listed(runs.home) == dict.fromkeys((*runs.ids, name), "done")
    assert cli.main(fakes.Services(), ["runs"]) == 0
    assert cli.main(fakes.Services(), ["runs", "--json"]) == 0


# --- 4: killed before its first event -----------------------------------------------------------


def test_a_run_that_was_killed_before_its_first_event_is_listed_and_resumed(
    runs: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    folder = run.create(runs.spec, 9)
    assert listed(runs.home)[folder.name] == "interrupted"
    runner = fakes.Runner()
    monkeypatch.setattr(runner, "resume", lambda at: run.record(fakes.run(9), at))
    assert cli.main(fakes.Services(runner), ["resume", folder.name, "--quiet"]) == 0
    capsys.readouterr()
    assert listed(runs.home)[folder.name] == "done"


# --- 5: files that are empty, cut, deep, of the future ------------------------------------------

CONTENTS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda whole: whole[: len(whole) // 2],
    "zeros": lambda whole: b"\0" * len(whole),
    "deep": lambda _: DEEP,
    "deep-maps": lambda _: b'{"a":' * 100_000,
    "number": lambda _: b"3",
    "binary": lambda _: bytes(range(256)),
}


@pytest.mark.parametrize("how", CONTENTS)
@pytest.mark.parametrize("name", ["spec.yaml", "environment.json", "summary.json", "labels.json"])
def test_a_file_that_cannot_be_read_is_told(runs: Home, name: str, how: str):
    bad = runs.folders[2]
    if name == "labels.json":
        Index.open().set_tag(bad.name, "mine")
    path = bad / name
    path.write_bytes(CONTENTS[how](path.read_bytes()))
    before = content_of(runs.home / "runs")
    result = {row.run_id: row for row in Index.open().rows()}
    assert result.keys() == set(runs.ids)
    assert result[bad.name].status == "damaged"
    assert name in result[bad.name].problem
    assert result[bad.name].seed == 2
    assert result[bad.name].acc == result[runs.ids[0]].acc
    assert content_of(runs.home / "runs") == before


def test_a_preset_of_a_later_version_says_so(runs: Home):
    path = runs.folders[0] / "spec.yaml"
    path.write_text(path.read_text().replace("version: 1", "version: 99"))
    (row,) = [row for row in Index.open().rows() if row.run_id == runs.ids[0]]
    assert row.status == "damaged"
    assert "written for format 99" in row.problem


@pytest.mark.parametrize("name", FILES)
def test_a_pipe_or_a_folder_in_the_place_of_a_file_is_not_waited_for(runs: Home, name: str):
    for folder, make in ((runs.folders[0], os.mkfifo), (runs.folders[1], os.mkdir)):
        (folder / name).unlink()
        make(folder / name)
    statuses = listed(runs.home)
    assert statuses == {runs.ids[0]: "damaged", runs.ids[1]: "damaged", runs.ids[2]: "done"}


def test_steps_that_were_cut_after_the_end_are_told(runs: Home):
    path = runs.folders[0] / "steps-000.arrow"
    path.write_bytes(path.read_bytes()[:-600])
    (row,) = [row for row in Index.open().rows() if row.run_id == runs.ids[0]]
    assert row.status == "damaged"
    assert "of 40 steps" in row.problem
    assert row.acc is not None


# --- runs outside of the home -------------------------------------------------------------------


def test_a_run_elsewhere_is_listed_whatever_becomes_of_the_index(runs: Home, tmp_path: Path):
    folder = run.create(runs.spec, 7, root=tmp_path / "elsewhere")
    list(run.record(fakes.run(7), folder))
    for _ in range(2):
        assert listed(runs.home) == dict.fromkeys((*runs.ids, folder.name), "done")
        without_index(runs.home)
    with (runs.home / elsewhere.NAME).open("ab") as file:
        file.write(b'"/cut sho')
    other = run.create(runs.spec, 8, root=tmp_path / "elsewhere")
    list(run.record(fakes.run(8), other))
    assert {folder.name, other.name} < listed(runs.home).keys()


def test_what_the_index_of_an_earlier_version_alone_knew_is_taken_over(runs: Home, tmp_path: Path):
    folder = run.create(runs.spec, 7, root=tmp_path / "elsewhere")
    list(run.record(fakes.run(7), folder))
    (runs.home / elsewhere.NAME).unlink()
    without_index(runs.home)
    with sqlite3.connect(runs.home / "index.sqlite") as old:
        old.execute("CREATE TABLE runs (run_id TEXT PRIMARY KEY, path TEXT)")
        for path in (folder, *runs.folders):
            old.execute("INSERT INTO runs VALUES (?, ?)", (path.name, str(path)))
        old.execute("PRAGMA user_version=5")
    old.close()
    assert listed(runs.home) == dict.fromkeys((*runs.ids, folder.name), "done")


def test_a_run_in_another_folder_of_the_home_moves_with_it(runs: Home, tmp_path: Path):
    folder = run.create(runs.spec, 7, root=runs.home / "kept")
    list(run.record(fakes.run(7), folder))
    moved = runs.home.rename(tmp_path / "moved")
    assert listed(moved) == dict.fromkeys((*runs.ids, folder.name), "done")


def test_a_resumed_run_writes_into_no_segment_that_is_there(runs: Home):
    folder = run.create(runs.spec, 7)
    list(run.record([fakes.began(7), fakes.block(0, 12, 7)], folder))
    list(run.record([fakes.began(7, 10), fakes.block(10, 15, 7)], folder))
    (folder / "steps-000.arrow").unlink()
    content = (folder / "steps-001.arrow").read_bytes()
    list(run.record(fakes.run(7, from_step=10), folder))
    assert (folder / "steps-001.arrow").read_bytes() == content
    assert (folder / "steps-002.arrow").exists()
    (row,) = [row for row in Index.open().rows() if row.run_id == folder.name]
    assert row.status == "damaged"
    assert "of 40 steps 30 are left" in row.problem


# --- 7: read-only -------------------------------------------------------------------------------


def test_a_home_that_may_not_be_written_to_is_read(
    runs: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """As far as the administrator can be refused: what opens a file to write fails."""
    before = Index.open().rows()
    shutil.copytree(runs.folders[0], runs.home / "runs" / "copied")
    opened, mkdir = os.open, os.mkdir

    def refuse(path: object, flags: int, *more: object, **others: object) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and str(runs.home) in str(path):
            raise OSError(30, "Read-only file system", str(path))
        return opened(path, flags, *more, **others)  # pyright: ignore

    def refuse_folder(path: object, *more: object, **others: object) -> None:
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "mkdir", refuse_folder)
    monkeypatch.setattr(notes, "_save", lambda *_, **__: notes.sqlite3.connect("/proc/x/y"))
    rows = Index.open().rows()
    assert {row.run_id for row in rows} == {*runs.ids, "copied"}
    assert [row for row in rows if row.run_id != "copied"] == before
    assert cli.main(fakes.Services(), ["compare", *runs.ids[:2]]) == 0
    assert cli.main(fakes.Services(), ["resume", runs.ids[0]]) == 2
    assert "is done" in capsys.readouterr().err
    monkeypatch.setattr(os, "mkdir", mkdir)
