"""Who records a run: one process, whatever the file system can do and whoever only asks."""

import errno
import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.store import claim
from workbench.store.claim import Claim, ClaimedError, is_claimed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run's folder, as good as empty."""
    return tmp_path


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that knows of no locks, as some network ones are."""

    def refuse(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)


def ended_process() -> dict[str, Any]:
    """What a process that is over had written of itself."""
    code = "import psutil; p = psutil.Process(); print(p.pid, p.create_time())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    pid, started = done.stdout.split()
    return {"pid": int(pid), "process_started": float(started), "has_lock": False}


@pytest.mark.usefixtures("without_locks")
def test_without_locks_the_number_of_the_process_has_to_do(folder: Path):
    own = Claim(folder)
    assert json.loads((folder / claim.NAME).read_text())["has_lock"] is False
    assert is_claimed(folder)
    with pytest.raises(ClaimedError):
        Claim(folder)
    own.release()
    assert not is_claimed(folder)
    Claim(folder).release()


@pytest.mark.usefixtures("without_locks")
def test_without_locks_what_a_process_left_that_is_over_claims_nothing(folder: Path):
    (folder / claim.NAME).write_text(json.dumps(ended_process()))
    assert not is_claimed(folder)
    own = Claim(folder)
    assert is_claimed(folder)
    own.release()


@pytest.mark.usefixtures("without_locks")
@pytest.mark.parametrize("text", ["", "[]", '{"pid": "x"}', '{"pid": 1e400}', '{"pid": 1}', "\0"])
def test_without_locks_what_says_nothing_claims_nothing(folder: Path, text: str):
    (folder / claim.NAME).write_text(text)
    assert not is_claimed(folder)


def waiting(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], None]) -> list[int]:
    """The waits of a claim, at each of which `act` is called with its number, from 1."""
    waits: list[int] = []

    def sleep(seconds: float) -> None:
        assert 0 < seconds < 0.1
        waits.append(len(waits) + 1)
        act(waits[-1])

    monkeypatch.setattr(claim.time, "sleep", sleep)
    return waits


def test_whoever_only_asks_is_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch):
    asking = os.open(folder / claim.NAME, os.O_RDONLY | os.O_CREAT)
    fcntl.flock(asking, fcntl.LOCK_SH)
    waits = waiting(monkeypatch, lambda number: os.close(asking) if number == 3 else None)
    own = Claim(folder)
    assert waits == [1, 2, 3]
    assert is_claimed(folder)
    own.release()


def test_whoever_does_not_let_go_has_it(folder: Path, monkeypatch: pytest.MonkeyPatch):
    waits = waiting(monkeypatch, lambda _: None)
    own = Claim(folder)
    with pytest.raises(ClaimedError):
        Claim(folder)
    assert len(waits) == 20
    own.release()


def test_a_lock_on_a_file_that_was_taken_away_meanwhile_is_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    """Between opening the file and locking it, who had it lets go and takes its file away."""
    lock: Callable[..., bool] = getattr(claim, "_lock")  # noqa: B009 - its own, to come between
    replaced: list[int] = []

    def late(handle: int, *, shared: bool) -> bool:
        if not replaced:
            replaced.append(handle)
            (folder / claim.NAME).unlink()
        return lock(handle, shared=shared)

    monkeypatch.setattr(claim, "_lock", late)
    waits = waiting(monkeypatch, lambda _: None)
    own = Claim(folder)
    assert waits == [1]
    assert is_claimed(folder)
    own.release()
    assert not (folder / claim.NAME).exists()


def test_letting_go_twice_takes_nothing_from_whoever_came_after(folder: Path):
    first = Claim(folder)
    first.release()
    second = Claim(folder)
    first.release()
    assert is_claimed(folder)
    second.release()
    assert not is_claimed(folder)
