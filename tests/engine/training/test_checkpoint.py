"""Checkpoints are whole or not there, and reading one runs no code."""

import errno
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.toys import Run, methods, spec
from workbench.engine.build import build as session
from workbench.engine.training import checkpoint
from workbench.spec import files
from workbench.spec.command import Stop
from workbench.spec.event import Began, CheckpointSaved, Failed, Finished, Noticed


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def save(folder: Path, step: int) -> Path:
    trainer = Run(spec()).trainer
    return checkpoint.save(folder, step, trainer.model, trainer.state_dict())


def test_the_newest_and_the_one_before_are_kept(tmp_path: Path):
    save(tmp_path, 8)
    before = save(tmp_path, 9)
    newest = save(tmp_path, 10)
    assert names(tmp_path) == [before.name, newest.name]
    assert checkpoint.latest(tmp_path) == newest


def test_others_may_read_what_they_may_read_of_the_run(tmp_path: Path):
    (tmp_path / "run").mkdir()
    assert save(tmp_path, 9).stat().st_mode == (tmp_path / "run").stat().st_mode


def test_a_second_one_at_the_same_step_never_removes_the_first_too_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first = save(tmp_path, 10)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        save(tmp_path, 10)
    assert names(tmp_path) == [first.name]
    monkeypatch.undo()
    second = save(tmp_path, 10)
    assert checkpoint.latest(tmp_path) == second != first


def test_what_a_kill_left_half_written_is_passed_over_and_removed(tmp_path: Path):
    (tmp_path / ".partial-abc").mkdir()
    assert checkpoint.latest(tmp_path) is None
    saved = save(tmp_path, 3)
    assert names(tmp_path) == [saved.name]


def test_there_is_none_in_a_folder_that_is_not_there(tmp_path: Path):
    assert checkpoint.latest(tmp_path / "nowhere") is None


@pytest.mark.parametrize("at", range(3))
def test_a_full_disk_fails_the_run_and_says_so_and_it_goes_on_when_there_is_room(
    at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Whichever of the checkpoint's files finds no room."""
    n_written = 0
    write = files.os.write

    def full(handle: int, data: memoryview) -> int:
        nonlocal n_written
        n_written += 1
        if n_written > at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(handle, data)

    folder = tmp_path / "checkpoint"
    with monkeypatch.context() as disk:
        disk.setattr(files.os, "write", full)
        *_, last = session.run(spec(), 0, methods(), folder=folder)
    assert isinstance(last, Failed)
    assert last.step == 20
    assert last.message.startswith(f"the checkpoint could not be written to {folder}")
    assert last.message.endswith("No space left on device")
    assert names(folder) == []
    *_, last = session.run(spec(), 0, methods(), folder=folder, resume=True)
    assert isinstance(last, Finished)


def test_a_folder_that_cannot_be_made_fails_the_run(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    *_, last = session.run(spec(), 0, methods(), folder=tmp_path / "file" / "checkpoint")
    assert isinstance(last, Failed)
    assert "could not be written" in last.message


def test_a_run_that_is_taken_away_meanwhile_stays_away(tmp_path: Path):
    folder = tmp_path / "run" / "checkpoint"
    *_, last = session.run(spec(), 0, methods(), folder=folder)
    assert isinstance(last, Failed)
    assert "the checkpoint could not be written" in last.message
    assert not folder.parent.exists()


def test_an_error_that_is_not_the_disks_keeps_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def wrong(*_: Any) -> None:
        raise ValueError("a mistake")

    monkeypatch.setattr(checkpoint.torch, "save", wrong)
    *_, last = session.run(spec(), 0, methods(), folder=tmp_path)
    assert isinstance(last, Failed)
    assert last.message == "ValueError: a mistake"
    assert "Traceback" in last.details


class Evil:
    """Leaves a file behind when it is unpickled by something careless."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("has_sums", [True, False])
def test_reading_one_runs_no_code(has_sums: bool, tmp_path: Path):
    saved = save(tmp_path / "checkpoint", 3)
    trap = tmp_path / "trap"
    torch.save({"evil": Evil(trap)}, saved / "state.pt")
    if not has_sums:
        (saved / "sums.json").unlink()
    with pytest.raises(checkpoint.DamagedError):
        checkpoint.load(saved)
    assert not trap.exists()


def damaged(path: Path, how: str) -> None:
    """Do something to a file that a disk may do."""
    content = bytearray(path.read_bytes())
    match how:
        case "gone":
            path.unlink()
            return
        case "empty":
            content = bytearray()
        case "cut":
            del content[len(content) // 2 :]
        case "flipped":
            content[len(content) * 3 // 4] ^= 0x10
        case _:
            content = bytearray(len(content))
    path.write_bytes(content)


@pytest.mark.parametrize("how", ["gone", "empty", "cut", "flipped", "zeros"])
@pytest.mark.parametrize("name", ["model.safetensors", "state.pt", "sums.json"])
def test_a_damaged_one_is_told_and_the_one_before_is_gone_on_from(
    tmp_path: Path, name: str, how: str
):
    whole = Run(spec(), folder=tmp_path / "whole").to_the_end()
    folder = tmp_path / "checkpoint"
    Run(spec(), folder=folder).to_the_end()
    newest = checkpoint.latest(folder)
    assert newest is not None
    Run(spec(), folder=tmp_path / "early", commands={10: [Stop()]}).to_the_end()
    early = checkpoint.latest(tmp_path / "early")
    assert early is not None
    shutil.copytree(early, folder / "000000010-0")
    damaged(newest / name, how)
    events = list(session.run(spec(), 0, methods(), folder=folder, resume=True))
    if name == "sums.json" and how == "gone":
        assert not [event for event in events if isinstance(event, Noticed)]
        return
    began, notice = events[:2]
    assert isinstance(began, Began)
    assert isinstance(notice, Noticed)
    assert began.step == 10
    assert "the checkpoint at step 20 is damaged" in notice.message
    assert "going on from the one before, at step 10" in notice.message
    assert name == "sums.json" or name in notice.message
    assert events[-1] == whole.events[-1]
    assert names(folder) == ["000000010-0", "000000020-0"]
    assert not checkpoint.load_newest(folder)[1]


def test_where_all_are_damaged_the_run_says_so_in_plain_words(tmp_path: Path):
    for step in (9, 10):
        damaged(save(tmp_path, step) / "state.pt", "cut")
    (only,) = session.run(spec(), 0, methods(), folder=tmp_path, resume=True)
    assert isinstance(only, Failed)
    assert "the checkpoint at step 10 is damaged: state.pt has" in only.message
    assert "the checkpoint at step 9 is damaged" in only.message
    assert str(tmp_path) in only.message
    assert "weights_only" not in only.message + only.details


@pytest.mark.parametrize("name", ["model.safetensors", "state.pt"])
def test_without_sums_damage_is_told_in_the_same_words(tmp_path: Path, name: str):
    """As an earlier version saved it."""
    saved = save(tmp_path, 3)
    (saved / "sums.json").unlink()
    whole = (saved / name).read_bytes()
    assert checkpoint.load(saved).state["step"] == 0
    for size in range(0, len(whole), max(len(whole) // 20, 1)):
        (saved / name).write_bytes(whole[:size])
        with pytest.raises(checkpoint.DamagedError, match=name):
            checkpoint.load(saved)


def test_the_event_names_the_folder(tmp_path: Path):
    run = Run(spec(), folder=tmp_path).to_the_end()
    (event,) = [event for event in run.events if isinstance(event, CheckpointSaved)]
    assert Path(event.path) == checkpoint.latest(tmp_path)
    assert event.step == 20


def test_what_is_large_is_not_kept_and_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    model = session.build(spec(), 0, methods()).model
    size = sum(x.nbytes for x in model.state_dict().values())
    monkeypatch.setattr(checkpoint, "KEPT_BYTES", size + 1000)
    monkeypatch.setattr(checkpoint, "save", lambda *_: pytest.fail("it was written"))
    checkpoint.keep(tmp_path / "kept", 1, model, {"roles": [{"memory": torch.zeros(1000)}]})
    assert not (tmp_path / "kept").exists()
