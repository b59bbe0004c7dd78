"""Deleted runs wait in the trash: they come back whole, or go for good."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from tests import fakes
from workbench.spec.experiment import Spec
from workbench.store import run, trash
from workbench.store.claim import Claim, is_claimed
from workbench.store.index import Index
from workbench.store.trash import TrashError


def made(spec: Spec, root: Path | None = None, run_id: str | None = None) -> Path:
    folder = run.create(spec, 3, root, run_id)
    list(run.record(fakes.run(3), folder))
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def test_a_deleted_run_is_in_the_trash_and_comes_back_as_it_was(spec: Spec, home: Path):
    folder = made(spec)
    before, rows = files(folder), Index.open().rows()
    deleted = trash.delete(home, folder)
    assert Index.open().rows() == []
    assert trash.contents(home) == [deleted]
    assert deleted.origin == str(folder)
    assert files(Path(deleted.path)) == before
    trash.restore(deleted)
    assert files(folder) == before
    assert Index.open().rows() == rows
    assert trash.contents(home) == []


def test_a_run_that_is_being_recorded_is_not_deleted(spec: Spec, home: Path):
    folder = run.create(spec, 3)
    claim = Claim(folder)
    with pytest.raises(TrashError, match="is being recorded: stop it first"):
        trash.delete(home, folder)
    assert folder.is_dir()
    claim.release()
    trash.delete(home, folder)
    assert not folder.exists()


def test_what_comes_back_can_be_recorded_again(spec: Spec, home: Path):
    folder = run.create(spec, 3)
    list(run.record([fakes.began(3), fakes.block(0, 10, 3)], folder))
    trash.restore(trash.delete(home, folder))
    assert not is_claimed(folder)
    list(run.record(fakes.run(3, from_step=10), folder))
    assert Index.open().rows()[0].status == "done"


def test_runs_of_one_name_each_come_back_to_their_own_place(spec: Spec, home: Path, tmp_path: Path):
    inside, outside = made(spec, run_id="same"), made(spec, tmp_path / "out", "same")
    (inside / "note.txt").write_text("inside")
    (outside / "note.txt").write_text("outside")
    assert len(Index.open().rows()) == 2
    trash.delete(home, inside)
    trash.delete(home, outside)
    # what was said of an earlier one of that name does not count for a later one
    for one in trash.contents(home):
        trash.restore(one)
    again = trash.delete(home, inside)
    trash.delete(home, outside)
    assert again.origin == str(inside)
    assert {one.origin for one in trash.contents(home)} == {str(inside), str(outside)}
    for one in trash.contents(home):
        trash.restore(one)
    assert (inside / "note.txt").read_text() == "inside"
    assert (outside / "note.txt").read_text() == "outside"


def test_a_place_that_is_taken_by_now_is_not_written_over(spec: Spec, home: Path):
    folder = made(spec, run_id="same")
    deleted = trash.delete(home, folder)
    made(spec, run_id="same")
    with pytest.raises(TrashError, match="is there again"):
        trash.restore(deleted)
    assert trash.contents(home) == [deleted]


def test_the_trash_is_emptied_and_nothing_else(spec: Spec, home: Path):
    kept = made(spec)
    trash.delete(home, made(spec))
    trash.delete(home, made(spec))
    assert trash.empty(home, trash.contents(home)[:1]) == 1
    assert len(trash.contents(home)) == 1
    assert trash.empty(home) == 1
    assert trash.contents(home) == []
    assert [row.path for row in Index.open().rows()] == [str(kept)]
    assert trash.empty(home) == 0


def test_a_link_to_a_run_goes_to_the_trash_and_what_it_leads_to_stays(
    spec: Spec, home: Path, tmp_path: Path
):
    folder = made(spec, tmp_path / "out", "far")
    (home / "runs").mkdir(exist_ok=True)
    (home / "runs" / "link").symlink_to(folder)
    trash.delete(home, home / "runs" / "link")
    assert trash.empty(home) == 1
    assert (folder / "spec.yaml").exists()


def test_a_run_that_is_gone_is_said_to_be(home: Path):
    with pytest.raises(TrashError, match="there is no run in"):
        trash.delete(home, home / "runs" / "gone")


def test_a_full_disk_does_not_keep_a_run_from_being_deleted(
    spec: Spec, home: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = made(spec)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(folder))

    monkeypatch.setattr(trash, "Claim", full)
    monkeypatch.setattr(trash.AppendFile, "append", full)
    deleted = trash.delete(home, folder)
    assert trash.contents(home) == [deleted]
    assert trash.empty(home) == 1


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EACCES, errno.ENOSPC])
def test_what_cannot_be_moved_stays_and_is_told(
    code: int, spec: Spec, home: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = made(spec)

    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code), str(folder))

    words = "another disk" if code == errno.EXDEV else "could not be moved to the trash"
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(TrashError, match=words):
            trash.delete(home, folder)
    assert not is_claimed(folder)
    assert [row.status for row in Index.open().rows()] == ["done"]
    assert trash.contents(home) == []


@pytest.mark.skipif(os.name != "posix", reason="names that only these systems allow")
@pytest.mark.parametrize("name", ["a b~2", "π & <b>", "-rf", "x\ny", "~2"])
def test_names_of_any_kind_come_back(name: str, spec: Spec, home: Path):
    folder = made(spec, run_id="plain")
    shutil.move(folder, odd := folder.with_name(name))
    trash.delete(home, odd)
    (one,) = trash.contents(home)
    trash.restore(one)
    assert files(odd)
    assert [row.path for row in Index.open().rows()] == [str(odd)]
