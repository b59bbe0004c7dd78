"""Claim: who records a run. While a process does, it holds a lock on a file of the run's.

The system lets go of a lock when its process ends, however it ends, and asks no clock: neither a
process that took over the number of a dead one nor a clock that is set can be mistaken.
"""

import contextlib
import json
import os
import sys
import time
from pathlib import Path

import psutil

from workbench.store.json_file import JsonError, read_object

NAME = "recording.json"

#: Who only asks holds the lock for a moment: one that is taken is asked for again, so often.
_TRIES, _WAIT_SECONDS = 20, 0.01

#: The start of a process is known to about this much.
_SECONDS_APART = 2.0

if sys.platform == "win32":  # pragma: no cover - the other branch is what can be tried elsewhere
    import msvcrt

    def _lock(handle: int, *, shared: bool) -> bool:
        """Lock an open file; false where another process has."""
        del shared
        os.lseek(handle, 2**30, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(handle: int, *, shared: bool) -> bool:
        """Lock an open file; false where another has. Raises OSError where there are no locks."""
        how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class ClaimedError(Exception):
    """A process that is alive records the run already."""


class Claim:
    """The right to record a run, held until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        """Take it. Raises ClaimedError, and OSError where the folder cannot be written to."""
        self._path = folder / NAME
        if _is_claimed_without_lock(folder):
            raise ClaimedError
        self._handle = self._taken()
        process = psutil.Process()
        data = {"pid": process.pid, "process_started": process.create_time()}
        data["has_lock"] = self._has_lock
        # For people to read; the lock is what counts, and on a full disk it is all there is.
        with contextlib.suppress(OSError):
            os.ftruncate(self._handle, 0)
            os.write(self._handle, json.dumps(data).encode())

    def _taken(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        for _ in range(_TRIES):
            handle = os.open(self._path, flags, 0o666)
            try:
                self._has_lock = True
                is_mine = _lock(handle, shared=False)
            except OSError:  # a file system without locks: the process's number has to do
                self._has_lock = False
                is_mine = True
            if is_mine and self._is_at_place(handle):
                return handle
            os.close(handle)
            time.sleep(_WAIT_SECONDS)
        raise ClaimedError

    def _is_at_place(self, handle: int) -> bool:
        """Whether the open file is still the one of that name: who let go took its own away."""
        try:
            return os.path.samestat(os.fstat(handle), self._path.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Let go; works on a full disk, where the run is gone, and twice."""
        if self._handle < 0:
            return
        with contextlib.suppress(OSError):
            if self._is_at_place(self._handle):
                self._path.unlink()
        os.close(self._handle)
        self._handle = -1


def is_claimed(folder: Path) -> bool:
    """Whether a process that is alive records the run."""
    try:
        handle = os.open(folder / NAME, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        if not _lock(handle, shared=True):
            return True
    except OSError:
        pass
    finally:
        os.close(handle)
    return _is_claimed_without_lock(folder)


def _is_claimed_without_lock(folder: Path) -> bool:
    """Whether a process that could take no lock, or knew of none, says that it records the run."""
    try:
        data = read_object(folder / NAME)
        if data.get("has_lock", False):
            return False
        process = psutil.Process(int(data["pid"]))
        is_same = abs(process.create_time() - float(data["process_started"])) < _SECONDS_APART
        return is_same and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, JsonError, ValueError, KeyError, TypeError, OverflowError, psutil.Error):
        return False
