"""Worker: the threads that wait for a run, so that the window never does."""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar, cast

from PySide6.QtCore import QObject, QThread, Signal, Slot

from workbench.spec.command import Command
from workbench.spec.entry import Catalogue
from workbench.spec.event import LAST, Event, Failed
from workbench.spec.experiments.job import Job
from workbench.spec.question import Question, Tell

log = logging.getLogger(__name__)

_Result = TypeVar("_Result")


class Runner(Protocol):
    """Where runs take place; the window is given one and knows no more of it."""

    def warm(self) -> None:
        """Make ready for the first run, so that it need not wait; blocks for a moment."""
        ...

    def catalogue(self) -> Catalogue:
        """The catalogue; blocks for seconds the first time."""
        ...

    def run_all(
        self, jobs: Sequence[Job], n_children: int | None = None
    ) -> Iterator[tuple[int, Event]]:
        """The events of all jobs as they come, each with its job's number, from 0.

        Up to `n_children` go side by side; None: as many as there is room for. Blocks between
        events; each run ends with one of `LAST`. One that fails takes no other with it.
        """
        ...

    def stop(self) -> None:
        """Begin no further run, and end those that go on; safe from any thread."""
        ...

    def send(self, command: Command, number: int | None = None) -> None:
        """Ask something of the runs that go on, or of one by its number; safe from any thread.

        What is asked of all, those that begin later are asked before their first step.
        """
        ...

    def ask(self, question: Question, tell: Tell | None = None) -> Any:
        """The answer to a question; blocks. Raises RefusedError or CancelledError."""
        ...

    def cancel(self) -> None:
        """The answer that is being worked out is no longer wanted; safe from any thread."""
        ...

    def close(self) -> None:
        """End the child process within a second."""
        ...


class RunThread(QThread):
    """Takes the events of the runs of a launch and leaves them in `events`, with their numbers.

    A deque's append and popleft are atomic, so the window needs no lock to take them.
    """

    def __init__(self, events: Iterator[tuple[int, Event]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.events: deque[tuple[int, Event]] = deque()
        self._events = events

    def run(self) -> None:
        """Iterate in the thread. Whatever a runner raises ends as an event of those that go on."""
        steps: dict[int, int] = {}
        try:
            for number, event in self._events:
                self.events.append((number, event))
                steps[number] = event.step
                if isinstance(event, LAST):
                    del steps[number]
        except Exception as error:
            log.exception("The runner broke")
            for number, step in (steps or {0: 0}).items():
                failed = Failed(step, f"the runner broke: {error}", repr(error))
                self.events.append((number, failed))


class CallThread(QThread):
    """Makes one blocking call; `then` or `failed` is called with what came of it.

    The answer goes through a bound method of this object, which lives in the window's thread:
    a plain function would be called in the thread that emits.
    """

    _answered = Signal(object)
    _broke = Signal(str)

    def __init__(
        self,
        call: Callable[[], object],
        then: Callable[[object], object],
        failed: Callable[[str], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._call, self._then, self._failed = call, then, failed
        self._answered.connect(self._deliver)
        self._broke.connect(self._report)

    def run(self) -> None:
        """Make the call in the thread."""
        try:
            result = self._call()
        except OSError as error:  # a file that is not there or damaged: told, and no fault of ours
            self._broke.emit(str(error))
            return
        except Exception as error:
            log.exception("A call in the background broke")
            self._broke.emit(str(error) or type(error).__name__)
            return
        self._answered.emit(result)

    @Slot(object)
    def _deliver(self, result: object) -> None:
        self._then(result)

    @Slot(str)
    def _report(self, message: str) -> None:
        self._failed(message)


class Calls(QObject):
    """Blocking calls under way; each thread is let go of when it ended."""

    def __init__(self, failed: Callable[[str], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._failed = failed
        self._threads: list[CallThread] = []

    def make(self, call: Callable[[], _Result], then: Callable[[_Result], object]) -> None:
        """Make `call` in a thread of its own, then `then` with its result in this one."""
        thread = CallThread(call, cast("Callable[[object], object]", then), self._failed, self)
        self._threads.append(thread)
        thread.finished.connect(self._drop_ended)
        thread.start()

    def _drop_ended(self) -> None:
        for thread in [thread for thread in self._threads if thread.isFinished()]:
            self._threads.remove(thread)
            thread.deleteLater()

    def wait(self, milliseconds: int) -> bool:
        """Wait at shutdown for the calls under way; whether all ended."""
        return all(thread.wait(milliseconds) for thread in list(self._threads))
