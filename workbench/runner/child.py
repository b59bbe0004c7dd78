"""Child: the process in which isolated runs happen. It outlives neither its parent nor its use."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from workbench.spec.command import Command, Stop
from workbench.spec.event import LAST, CheckpointSaved, Event, Failed
from workbench.spec.experiments.job import Job
from workbench.spec.question import CancelledError, Question, RefusedError

if TYPE_CHECKING:
    from workbench.runner.local import LocalRunner

#: Seconds for a last checkpoint when the parent is gone; then the child ends whatever it does.
GRACE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """Make a run; `commands` are asked of it before its first step."""

    job: Job
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on with a run; `commands` are asked of it before its next step."""

    folder: Path
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Cancel:
    """The answer that is being worked out is no longer wanted."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an answer has come."""

    done: float | None
    text: str


@dataclass(frozen=True, slots=True)
class AnswerOrError:
    """The answer to a question, or the error to raise in its place."""

    value: Any = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The child has done what it was asked and waits for more."""


Request = Run | Resume | Question
Answer = Event | Progress | AnswerOrError | Done


def serve(connection: Connection) -> None:
    """Do what the parent asks until its end of the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's business
    with contextlib.suppress(OSError):
        os.dup2(2, 1)  # what a library prints is no part of the parent's output
    _Child(connection).work()


class _Child:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.requests: SimpleQueue[Request | None] = SimpleQueue()
        self.is_alone = False
        self._runner: LocalRunner | None = None
        # Before torch is imported, which takes seconds: a parent may be gone by then.
        threading.Thread(target=self._listen, daemon=True).start()

    @cached_property
    def runner(self) -> "LocalRunner":
        """What trains; it is imported when it is first asked for."""
        from workbench.runner.local import LocalRunner

        self._runner = LocalRunner()
        return self._runner

    def work(self) -> None:
        """Answer requests, one after the other."""
        self._warm_up()
        while (request := self.requests.get()) is not None:
            match request:
                case Run(job, commands):
                    self._tell(self.runner.make(job, commands))
                case Resume(folder, commands):
                    self._tell(self.runner.resume(folder, commands))
                case _:
                    self._say(self._answered(request))
            self._say(Done())
        os._exit(0)  # every file is closed; tearing torch down would take a second

    def _warm_up(self) -> None:
        """Import what the first run would otherwise wait for."""
        self.runner.warm()
        self._say(Done())

    def _listen(self) -> None:
        """Commands go to the run at once; requests wait their turn."""
        while True:
            try:
                message: Command | Request | Cancel = self.connection.recv()
            except (EOFError, OSError):
                break
            if isinstance(message, Run | Resume | Question):
                self.requests.put(message)
            elif self._runner is None:  # nothing goes on yet
                continue
            elif isinstance(message, Cancel):
                self._runner.cancel()
            else:
                self._runner.send(message)
        self.is_alone = True
        self.requests.put(None)
        if self._runner is None:
            os._exit(1)
        self._runner.cancel()
        self._runner.send(Stop())
        timer = threading.Timer(GRACE_SECONDS, os._exit, [1])
        timer.daemon = True
        timer.start()

    def _answered(self, question: Question) -> AnswerOrError:
        try:
            return AnswerOrError(
                self.runner.ask(question, lambda done, text: self._say(Progress(done, text)))
            )
        except (RefusedError, CancelledError) as error:
            return AnswerOrError(error=error)
        except Exception as error:  # noqa: BLE001 - the boundary: it ends no child
            return AnswerOrError(error=RefusedError(f"{type(error).__name__}: {error}"))

    def _tell(self, events: Iterator[Event]) -> None:
        """Hand on the events of a run. Without a parent, go on to the next checkpoint only."""
        for event in events:
            if self.is_alone:
                if isinstance(event, CheckpointSaved):
                    return
            else:
                self._say(event)
            if isinstance(event, LAST):
                return

    def _say(self, answer: Answer) -> None:
        try:
            self.connection.send(answer)
        except OSError:
            self.is_alone = True


def failed(step: int, exit_code: int | None) -> Failed:
    """What to tell of a child that ended without a last event."""
    if exit_code == -signal.SIGKILL:
        why = "was killed (signal 9), which is also what the system does when memory runs out"
    elif exit_code is not None and exit_code < 0:
        why = f"crashed ({signal.Signals(-exit_code).name})"
    else:
        why = f"ended unexpectedly (exit code {exit_code})"
    return Failed(step, f"the training process {why}; the run can be resumed from its checkpoint")
