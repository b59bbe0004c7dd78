"""A disk that is full: wherever that happens, the run says so and goes on when there is room."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import fakes
from workbench.spec.checks.joined_events import joined
from workbench.spec.event import Event, Failed, Finished, Intervened, Noticed
from workbench.spec.experiment import Spec
from workbench.store import run
from workbench.store.index import Index


def told(from_step: int = 0) -> Iterator[Event]:
    """A run with a live change in it, which is written into its preset."""
    for event in fakes.run(from_step=from_step):
        yield event
        if isinstance(event, fakes.StageBegan) and event.stage == 1:
            yield Intervened(event.step, "first", 0.5)


class Disk:
    """Counts what takes room, and has none from call number `room` on."""

    def __init__(self, room: int | None = None) -> None:
        self.n_calls, self.room = 0, room

    def take(self, path: object) -> None:
        self.n_calls += 1
        if self.room is not None and self.n_calls > self.room:
            raise OSError(errno.ENOSPC, "No space left on device", path)


@contextmanager
def counted(disk: Disk, home: Path) -> Iterator[None]:
    """Every call that makes or fills a file of the home goes through the disk."""
    opened, written, made = os.open, os.write, os.mkdir

    def open_(path: object, flags: int, *more: object, **others: object) -> int:
        if flags & os.O_CREAT and str(path).startswith(str(home)) and not Path(str(path)).exists():
            disk.take(str(path))
        return opened(path, flags, *more, **others)  # pyright: ignore

    def write(handle: int, data: bytes) -> int:
        disk.take(None)
        return written(handle, data)

    def mkdir(path: object, *more: object, **others: object) -> None:
        disk.take(str(path))
        made(path, *more, **others)  # pyright: ignore

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", open_)
        patch.setattr(os, "write", write)
        patch.setattr(os, "mkdir", mkdir)
        yield


def n_calls(spec: Spec, home: Path) -> int:
    """How often a whole run asks for room, after it was made."""
    disk = Disk()
    folder = run.create(spec, 0)
    with counted(disk, home):
        list(run.record(told(), folder))
    shutil.rmtree(folder)
    return disk.n_calls


def test_a_run_ends_in_plain_words_at_any_write_and_goes_on_when_there_is_room(
    spec: Spec, home: Path
):
    total = n_calls(spec, home)
    assert total > 15
    for room in range(total):
        folder = run.create(spec, 0)
        with counted(Disk(room), home):
            handed_on = list(run.record(told(), folder))
        last = handed_on[-1]
        if isinstance(last, Finished):
            notices = [event.message for event in handed_on if isinstance(event, Noticed)]
            assert any("No space left on device" in message for message in notices)
        else:
            assert isinstance(last, Failed)
            assert "No space left on device" in last.message
            assert str(folder) in last.message
            assert f"make room there, then `workbench resume {folder.name}`" in last.message
            assert "Errno" not in last.message
            assert run.read(folder).status in ("failed", "interrupted")
        (row,) = Index.open().rows()
        assert not row.problem
        if not isinstance(last, Finished):
            list(run.record(told(), folder))
        stored = run.read(folder)
        assert (stored.status, stored.problem) == ("done", "")
        assert joined(stored.events) == joined(list(told()))
        assert len(stored.spec.interventions) == 1
        shutil.rmtree(folder)


def test_a_run_that_finds_no_room_to_be_made_leaves_nothing(spec: Spec, home: Path):
    disk = Disk()
    run.create(spec, 0)
    with counted(disk, home):
        shutil.rmtree(run.create(spec, 0))
    for room in range(disk.n_calls):
        before = sorted((home / "runs").iterdir())
        with counted(Disk(room), home), pytest.raises(OSError, match="No space left on device"):
            run.create(spec, 0)
        assert sorted((home / "runs").iterdir()) == before
