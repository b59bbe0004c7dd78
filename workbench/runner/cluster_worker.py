"""Cluster worker: makes one run on a machine of a cluster, in a scratch home of its own."""

import os
import shutil
import tarfile
import tempfile
import threading
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import psutil

from workbench.spec.command import Command
from workbench.spec.event import Event
from workbench.spec.experiments.job import Job
from workbench.spec.question import Question

#: How the name of a scratch home begins; the number of its process follows.
_PREFIX = "workbench-run-"

#: So long a question for events waits for the first, and so many are told at once.
_WAIT_SECONDS, _MOST_EVENTS = 0.5, 200


@dataclass(frozen=True, slots=True)
class News:
    """Events of a run; whether they are the last, and whether there is a folder to fetch."""

    events: tuple[Event, ...]
    is_over: bool
    has_folder: bool


class RunOnWorker:
    """One run: begun once, asked for its events, and fetched. Each method is a lane of its own."""

    def __init__(self) -> None:
        _tidy()
        self.home = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        os.environ["WORKBENCH_HOME"] = str(self.home)
        from workbench.runner.local import LocalRunner

        self.runner = LocalRunner()
        self.folder: Path | None = None
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._waiting: list[Command] = []
        self._lock = threading.Lock()
        self._has_begun = False

    def ask(self, question: Question) -> Any:
        """The answer to a question; nothing else is asked of this one, and its home goes."""
        try:
            return self.runner.ask(question)
        finally:
            shutil.rmtree(self.home, ignore_errors=True)

    def begin(self, job: Job, archive: bytes) -> None:
        """Make the run, or go on with the one in the archive, in a thread."""
        root = self.home / "runs"
        root.mkdir()
        if job.folder is not None:
            with tarfile.open(fileobj=BytesIO(archive)) as tar:
                tar.extractall(root, filter="data")
            self.folder = root / job.folder.name
            job = replace(job, folder=self.folder)
        else:
            self.folder = root / job.run_id
            job = replace(job, root=root)
        threading.Thread(target=self._make, args=(job,), daemon=True).start()

    def _make(self, job: Job) -> None:
        try:
            with self._lock:
                commands, self._has_begun = tuple(self._waiting), True
                events = self.runner.make(job, commands)
            for event in events:
                self._events.put(event)
        finally:
            self._events.put(None)

    def news(self) -> News:
        """The events since last asked, as soon as there is one."""
        events: list[Event] = []
        is_over = False
        try:
            event = self._events.get(timeout=_WAIT_SECONDS)
            while event is not None and len(events) < _MOST_EVENTS:
                events.append(event)
                event = self._events.get_nowait()
            if event is not None:
                events.append(event)
            is_over = event is None
        except Empty:
            pass
        has_folder = self.folder is not None and self.folder.is_dir()
        return News(tuple(events), is_over, is_over and has_folder)

    def send(self, command: Command) -> None:
        """Ask something of the run; before it begins, it is asked before its first step."""
        with self._lock:
            if not self._has_begun:
                self._waiting.append(command)
                return
        self.runner.send(command)

    def archive(self) -> bytes:
        """The run's folder; the scratch home goes."""
        assert self.folder is not None
        data = packed(self.folder)
        shutil.rmtree(self.home, ignore_errors=True)
        return data


def _tidy() -> None:
    """Take away the scratch homes of those on this machine that were ended before they could."""
    for home in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        number = home.name.removeprefix(_PREFIX).partition("-")[0]
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            shutil.rmtree(home, ignore_errors=True)


def packed(folder: Path) -> bytes:
    """A run's folder as one archive, without who records it."""
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.add(folder, arcname=folder.name, filter=_kept)
    return buffer.getvalue()


def _kept(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if Path(member.name).name == "recording.json" else member
