"""Checkpoints are whole or not there, and reading one runs no code."""

import errno
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.toys import Run, methods, spec
from workbench.engine import checkpoint, session
from workbench.spec.event import CheckpointSaved, Failed


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def save(folder: Path, step: int) -> Path:
    trainer = Run(spec()).trainer
    return checkpoint.save(folder, step, trainer.model, trainer.state_dict())


def test_only_the_newest_is_kept(tmp_path: Path):
    save(tmp_path, 9)
    newest = save(tmp_path, 10)
    assert names(tmp_path) == [newest.name]
    assert checkpoint.latest(tmp_path) == newest


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


def disk_errors() -> dict[str, Exception]:
    return {
        "system": OSError(errno.ENOSPC, "No space left on device"),
        "torch": RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 64 vs 0"),
        "torch-writer": RuntimeError("PytorchStreamWriter failed writing file data/1"),
    }


@pytest.mark.parametrize("kind", disk_errors())
def test_a_full_disk_fails_the_run_and_says_so(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: Any) -> None:
        raise disk_errors()[kind]

    monkeypatch.setattr(checkpoint.torch, "save", full)
    folder = tmp_path / "checkpoint"
    *_, last = session.run(spec(), 0, methods(), folder=folder)
    assert isinstance(last, Failed)
    assert last.step == 20
    assert last.message.startswith(f"the checkpoint could not be written to {folder}")
    assert names(folder) == []


def test_a_folder_that_cannot_be_made_fails_the_run(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    *_, last = session.run(spec(), 0, methods(), folder=tmp_path / "file" / "checkpoint")
    assert isinstance(last, Failed)
    assert "could not be written" in last.message


def test_an_error_that_is_not_the_disks_keeps_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def wrong(*_: Any) -> None:
        raise ValueError("a mistake")

    monkeypatch.setattr(checkpoint, "save_file", wrong)
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


def test_reading_one_runs_no_code(tmp_path: Path):
    saved = save(tmp_path / "checkpoint", 3)
    trap = tmp_path / "trap"
    torch.save({"evil": Evil(trap)}, saved / "state.pt")
    with pytest.raises(pickle.UnpicklingError):
        checkpoint.load(saved)
    assert not trap.exists()


def test_the_event_names_the_folder(tmp_path: Path):
    run = Run(spec(), folder=tmp_path).to_the_end()
    (event,) = [event for event in run.events if isinstance(event, CheckpointSaved)]
    assert Path(event.path) == checkpoint.latest(tmp_path)
    assert event.step == 20
