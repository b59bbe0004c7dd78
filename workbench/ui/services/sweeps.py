"""Sweeps: those of the home, made by a process of their own, and watched through their folders."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import IO, Any, cast

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Spec
from workbench.spec.question import ListTasks
from workbench.study.search.definition import Definition
from workbench.study.search.folder import (
    NotASweepError,
    SweepFolder,
    all_sweeps,
    create,
    marked,
)
from workbench.study.search.request import Request
from workbench.study.search.space import BadSpaceError
from workbench.study.search.trial import State
from workbench.study.search.weights import weights_sweep
from workbench.ui.services.tab_context import TabContext
from workbench.ui.services.worker import Calls
from workbench.ui.words.language import translator

tr = translator("Sweeps")

#: How often a sweep's folder is looked at.
WATCH_MS = 400

#: Starts the process that makes a sweep, given its name and how many runs go side by side.
Launch = Callable[[str, str], "subprocess.Popen[bytes]"]

#: From the facts of the tasks to the folder of the sweep. Raises ValueError and OSError.
Made = Callable[[Sequence[TaskFacts]], SweepFolder]


def launch(name: str, jobs: str) -> "subprocess.Popen[bytes]":
    """The command line's own process. It ends with its standard input, so with this one."""
    command = [sys.executable, "-m", "workbench", "sweep", "--resume", name, "--jobs", jobs]
    return subprocess.Popen(
        [*command, "--with-parent", "--json", "--quiet"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


class Sweeps(QObject):
    """The sweep that is looked at: what it is, how it stands, and the process that makes it."""

    #: Another sweep, or another state of it.
    changed = Signal()
    #: Why a sweep cannot be made, or what ended it.
    refused = Signal(str)

    def __init__(
        self, context: TabContext, parent: QObject | None = None, start: Launch = launch
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._launch = start
        self._calls = Calls(self._broke, self)
        self._process: subprocess.Popen[bytes] | None = None
        self._made = ""
        self._seen = (0, 0)
        self._is_reading = False
        self.folder: SweepFolder | None = None
        self.definition: Definition | None = None
        self.state = State()
        self._timer = QTimer(self)
        self._timer.setInterval(WATCH_MS)
        self._timer.timeout.connect(self.look)

    @property
    def is_making(self) -> bool:
        """Whether the sweep that is looked at is made by this window."""
        return self._process is not None and self.folder is not None and self._is_made(self.folder)

    @property
    def is_busy(self) -> bool:
        """Whether this window makes any sweep."""
        return self._process is not None

    def _is_made(self, folder: SweepFolder) -> bool:
        return folder.name == self._made

    def known(self) -> list[SweepFolder]:
        """Every sweep there is, newest first."""
        return all_sweeps()

    def start(self, spec: Spec, request: Request, jobs: str) -> None:
        """Make a sweep, or go on with one that was asked for in the same way."""
        catalogue = self._context.presenter.catalogue
        try:
            draft = request.draft(spec, catalogue)
        except BadSpaceError as error:
            self.refused.emit(str(error))
            return

        def made(tasks: Sequence[TaskFacts]) -> SweepFolder:
            folder = marked(request.mark(draft))
            whole = request.whole(draft, tasks, catalogue)
            if folder is None:
                return create(whole, spec.name)
            folder.keep_definition(whole)
            return folder

        self._begin("sweep", spec, made, jobs)

    def start_weights(self, spec: Spec, n_points: int, jobs: str) -> None:
        """Try so many fixed weightings of the tasks, or go on with them."""
        catalogue = self._context.presenter.catalogue
        self._begin(
            "weights", spec, lambda tasks: weights_sweep(spec, catalogue, n_points, tasks)[1], jobs
        )

    def _begin(self, topic: str, spec: Spec, made: Made, jobs: str) -> None:
        """Ask for the tasks, have the folder made that their facts lead to, and begin."""

        def take(tasks: Sequence[TaskFacts]) -> None:
            try:
                folder = made(tasks)
            except (ValueError, OSError) as error:  # a space that cannot be searched among them
                self.refused.emit(str(error))
                return
            self.show(folder)
            self.go_on(jobs)

        self._context.questions.ask(
            topic, ListTasks(spec), take, lambda error: self.refused.emit(str(error))
        )

    def show(self, folder: SweepFolder) -> None:
        """Look at a sweep from now on."""
        try:
            self.definition = folder.definition()
        except NotASweepError as error:
            self.refused.emit(str(error))
            return
        self.folder, self.state, self._seen = folder, State(), (0, 0)
        self._is_reading = False
        self.changed.emit()
        self.look()

    def leave(self) -> None:
        """Look at none any more."""
        self.folder, self.definition, self.state, self._seen = None, None, State(), (0, 0)
        self.changed.emit()

    def watch(self, is_on: bool) -> None:
        """Follow the folder, as long as somebody sees it or this window makes it."""
        if is_on or self.is_busy:
            self._timer.start()
        else:
            self._timer.stop()

    def go_on(self, jobs: str = "auto") -> None:
        """Make what is missing of the sweep that is looked at."""
        if self.folder is None or self._process is not None:
            return
        try:
            self._process = self._launch(self.folder.name, jobs)
        except OSError as error:
            self.refused.emit(str(error))
            return
        self._made = self.folder.name
        self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        """Have its runs end with a checkpoint; it can be gone on with."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def look(self) -> None:
        """See whether the folder has anything new, and whether the process ended."""
        self._see_process()
        folder = self.folder
        if folder is None or self._is_reading:
            return
        seen = folder.seen()
        if seen == self._seen:
            return
        self._is_reading = True
        self._calls.make(lambda: (folder, seen, folder.state()), self._take)

    def wait(self, milliseconds: int) -> bool:
        """Wait at shutdown for what is being read."""
        return self._calls.wait(milliseconds)

    def _take(self, news: tuple[SweepFolder, tuple[int, int], State]) -> None:
        self._is_reading = False
        folder, seen, state = news
        if folder != self.folder:
            return
        self._seen, self.state = seen, state
        self.changed.emit()

    def _see_process(self) -> None:
        process = self._process
        if process is None or process.poll() is None:
            return
        self._process = None
        words = _last_words(process.stderr)
        for stream in (process.stdin, process.stderr):
            if stream is not None:
                stream.close()
        self.changed.emit()
        if process.returncode not in (0, 3, 130):
            unsaid = tr("the sweep ended with code {}").format(process.returncode)
            self.refused.emit(words or unsaid)

    def _broke(self, message: str) -> None:
        self._is_reading = False
        self.refused.emit(message)


def _last_words(stream: IO[bytes] | None) -> str:
    """The last line that a process said."""
    text = cast("Any", stream).read().decode(errors="replace") if stream is not None else ""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("workbench: ") if lines else ""
