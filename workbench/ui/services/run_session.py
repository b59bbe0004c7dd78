"""RunSession: one launch, from Run to the last seed's end, as the window follows it."""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from workbench.spec.command import Command, Pause, Resume, SetPace, StepOnce, Stop
from workbench.spec.event import LAST, Began, Event, Preparing, StepsDone
from workbench.spec.experiment import Spec
from workbench.ui.model.presenter import Presenter
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.run_state import RunState
from workbench.ui.model.task_colours import orders_of
from workbench.ui.services.worker import Runner, RunThread

#: The window takes events this often; curves and matrices are drawn every n-th time.
TICK_MS = 33
CURVES_EVERY = 3
MATRIX_EVERY = 15

#: Events that wait longer than this are taken at the next tick, so the window stays quick.
_BUDGET_MS = 8


@dataclass(frozen=True, slots=True)
class Job:
    """One run of a launch: its setup, its seed, and what it is for, where there is more to say."""

    spec: Spec
    seed: int
    label: str = ""


class RunSession(QObject):
    """Owns the thread of the current launch and the models its events feed."""

    event_seen = Signal(object)
    status_due = Signal()
    curves_due = Signal()
    matrix_due = Signal()
    model_changed = Signal()
    seed_ended = Signal(object)
    ended = Signal()

    def __init__(
        self,
        runner: Runner,
        presenter: Presenter,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._presenter = presenter
        self._clock = clock
        self._thread: RunThread | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._n_ticks = 0
        self._number = -1
        self._jobs: tuple[Job, ...] = ()
        self._began_at = 0.0
        self._began_step = 0
        self._paused_at: float | None = None
        self._pace: float | None = None
        self.model = RunModel()
        self.finished: list[RunModel] = []

    @property
    def is_active(self) -> bool:
        """Whether a thread is at work."""
        return self._thread is not None

    @property
    def place(self) -> tuple[int, int]:
        """Which run of the launch this is, from 1, and how many there are."""
        return max(self._number, 0) + 1, max(len(self._jobs), 1)

    @property
    def seconds_left(self) -> float | None:
        """Time to the end of the launch at the pace so far; None while it cannot be told."""
        done = self.model.step - self._began_step
        total = self.model.total_steps
        if done < 1 or not total or self._presenter.state is RunState.PAUSED:
            return None
        pace = (self._clock() - self._began_at) / done
        runs_after = len(self._jobs) - self.place[0]
        return pace * (max(total - self.model.step, 0) + runs_after * total)

    def let_go(self) -> None:
        """Nobody looks on any more; what runs goes on, and waits for who looks on next."""
        for signal in (
            self.event_seen,
            self.status_due,
            self.curves_due,
            self.matrix_due,
            self.model_changed,
            self.seed_ended,
            self.ended,
        ):
            with contextlib.suppress(RuntimeError):  # it has no receiver
                signal.disconnect()
        self.setParent(None)

    def start(self, spec: Spec) -> None:
        """Run every seed of `spec`, one after the other."""
        self.start_jobs([Job(spec, seed) for seed in spec.seeds])

    def start_jobs(self, jobs: Sequence[Job]) -> None:
        """Run one job after the other; `finished` then holds the last setup's runs alone."""
        if jobs:
            sources = [partial(self._runner.run, job.spec, job.seed) for job in jobs]
            self._launch(sources, jobs)

    @property
    def job(self) -> Job | None:
        """What the current launch is busy with; None where nothing was launched."""
        number = max(self._number, 0)
        return self._jobs[number] if number < len(self._jobs) else None

    def resume(self, folder: Path, seed: int, past: Iterable[Event] = ()) -> None:
        """Go on with a run that was interrupted; `past` is what it told before."""
        if not self.is_active:
            sources = [partial(self._runner.resume, folder)]
            self._launch(sources, [Job(self._presenter.spec, seed)])
            for event in past:
                self.model.feed(event)
            self.model_changed.emit()

    def _launch(self, sources: list[Callable[[], Iterator[Event]]], jobs: Sequence[Job]) -> None:
        if self.is_active:
            return
        self.finished = []
        self._jobs = tuple(jobs)
        self._number = -1
        self._next_model(0)
        self._presenter.set_state(RunState.STARTING)
        self._thread = RunThread([partial(self._listening, source) for source in sources], self)
        self._thread.finished.connect(self._thread_ended)
        self._thread.start()
        self._timer.start()

    def _listening(self, source: Callable[[], Iterator[Event]]) -> Iterator[Event]:
        """Say again before the first step what was asked for; in the thread of the run."""
        for event in source():
            if isinstance(event, Began) and self._pace is not None:
                self._runner.send(SetPace(self._pace))
            is_early = isinstance(event, Began | Preparing)
            if is_early and self._presenter.state is RunState.STOPPING:
                self._runner.send(Stop())  # it may have been asked before there was a run to hear
            yield event

    def set_pace(self, steps_per_second: float | None) -> None:
        """Let this run and those after it take so many steps a second; None: as many as can be."""
        self._pace = steps_per_second
        self.send(SetPace(steps_per_second))

    def show(self, model: RunModel) -> None:
        """Show a run that was recorded."""
        if not self.is_active:
            self.model = model
            self.finished = [model]
            self.model_changed.emit()

    def show_all(self, models: Sequence[RunModel]) -> None:
        """Show the runs of an earlier launch again, of one setup."""
        if models and not self.is_active:
            self.model = models[-1]
            self.finished = list(models)
            self.model_changed.emit()

    def send(self, command: Command) -> None:
        """Ask something of the run that goes on."""
        if self.is_active:
            self._runner.send(command)

    def pause(self) -> None:
        """Wait before the next step."""
        if self._presenter.state is RunState.RUNNING:
            self.send(Pause())
            self._paused_at = self._clock()
            self._presenter.set_state(RunState.PAUSED)

    def go_on(self) -> None:
        """Go on after a pause."""
        if self._presenter.state is RunState.PAUSED:
            if self._paused_at is not None:
                self._began_at += self._clock() - self._paused_at
            self.send(Resume())
            self._presenter.set_state(RunState.RUNNING)

    def step(self) -> None:
        """Take one step and wait."""
        self.pause()
        if self._presenter.state is RunState.PAUSED:
            self.send(StepOnce())

    def stop(self) -> None:
        """End within one step, with a checkpoint."""
        if self._thread is not None and self._presenter.state is not RunState.STOPPING:
            self._presenter.set_state(RunState.STOPPING)
            self._thread.stop_after_this()
            self._runner.send(Stop())

    def wait(self, milliseconds: int) -> bool:
        """Wait for the thread at shutdown; whether it ended."""
        thread = self._thread
        return thread is None or thread.wait(milliseconds)

    def _next_model(self, number: int) -> None:
        self._number = number
        job = self._jobs[number]
        if self.finished and self.finished[-1].spec is not job.spec:
            self.finished = []
        self.model = RunModel(job.seed, job.spec, orders_of(self._presenter.catalogue))
        self.model_changed.emit()

    def _tick(self) -> None:
        self._n_ticks += 1
        self._take(_BUDGET_MS)
        self.status_due.emit()
        if self._n_ticks % CURVES_EVERY == 0:
            self.curves_due.emit()
        if self._n_ticks % MATRIX_EVERY == 0:
            self.matrix_due.emit()

    def _take(self, budget_ms: int | None) -> None:
        if self._thread is None:
            return
        timer = QElapsedTimer()
        timer.start()
        events = self._thread.events
        while events and (budget_ms is None or timer.elapsed() < budget_ms):
            number, event = events.popleft()
            if number != self._number:
                self._next_model(number)
            self._feed(event)

    def _feed(self, event: Event) -> None:
        self.model.feed(event)
        if isinstance(event, Began):
            self._began_at, self._began_step = self._clock(), event.step
            if self._presenter.state is RunState.STARTING:
                self._presenter.set_state(RunState.RUNNING)
            self.model_changed.emit()
        if isinstance(event, LAST):
            self.finished.append(self.model)
            self.seed_ended.emit(self.model)
        if not isinstance(event, StepsDone):
            self.event_seen.emit(event)

    def _thread_ended(self) -> None:
        self._take(None)
        self._timer.stop()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.deleteLater()
        self._presenter.set_state(RunState.IDLE)
        self.status_due.emit()
        self.curves_due.emit()
        self.matrix_due.emit()
        self.ended.emit()
