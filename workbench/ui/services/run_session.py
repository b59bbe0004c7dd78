"""RunSession: one launch, from Run to the last seed's end, as the window follows it."""

import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from workbench.spec.command import Command, Pause, Resume, SetPace, StepOnce
from workbench.spec.event import LAST, Began, Event, Failed, StepsDone
from workbench.spec.experiment import Spec
from workbench.spec.experiments.job import Job
from workbench.ui.model.presenter import Presenter
from workbench.ui.model.run_group import RunGroup
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.run_state import RunState
from workbench.ui.model.task_colours import orders_of
from workbench.ui.services.worker import Runner, RunThread

__all__ = ["CURVES_EVERY", "MATRIX_EVERY", "TICK_MS", "Job", "RunSession"]

#: The window takes events this often; curves and matrices are drawn every n-th time.
TICK_MS = 33
CURVES_EVERY = 3
MATRIX_EVERY = 15

#: Events that wait longer than this are taken at the next tick, so the window stays quick.
_BUDGET_MS = 8


class RunSession(QObject):
    """Owns the thread of the current launch and the models its events feed.

    The runs of a launch are a group: what is asked of it is asked of all that go on, and of those
    that begin later before their first step.
    """

    event_seen = Signal(object)
    status_due = Signal()
    curves_due = Signal()
    matrix_due = Signal()
    #: Another run is shown, or one more began, or a seed was picked.
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
        self._offset = 0
        self._began_at: float | None = None
        self._paused_at: float | None = None
        self._pace: float | None = None
        self.group = RunGroup()
        #: The run that told the event that is seen.
        self.teller = self.group.model
        #: How many runs go side by side; None: as many as there is room for.
        self.n_jobs: int | None = None

    @property
    def is_active(self) -> bool:
        """Whether a thread is at work."""
        return self._thread is not None

    @property
    def model(self) -> RunModel:
        """The run that is shown where one alone can be."""
        return self.group.model

    @property
    def models(self) -> list[RunModel]:
        """The runs that are shown together: the seeds of one setup, or the one that was picked."""
        return self.group.shown

    @property
    def finished(self) -> list[RunModel]:
        """The runs of the setup that is shown that are over."""
        return self.group.finished

    @property
    def job(self) -> Job | None:
        """What the run that is shown is for; None where nothing was launched."""
        return self.group.job

    @property
    def place(self) -> tuple[int, int]:
        """Which run of the launch ends next, from 1, and how many there are."""
        return min(self.group.n_ended + 1, self.group.n_jobs), self.group.n_jobs

    @property
    def seconds_left(self) -> float | None:
        """Time to the end of the launch at the pace so far; None while it cannot be told."""
        if self._began_at is None or self._presenter.state is RunState.PAUSED:
            return None
        return self.group.seconds_left(self._clock() - self._began_at)

    def pick(self, seed: int | None) -> None:
        """Show one seed alone; None: all of them together."""
        if seed != self.group.picked:
            self.group.picked = seed
            self.model_changed.emit()

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
        """Run every seed of `spec`."""
        self.start_jobs([Job(spec, seed) for seed in spec.seeds])

    def start_jobs(self, jobs: Sequence[Job]) -> None:
        """Run these jobs; the last setup's runs are shown when all are over."""
        if jobs and not self.is_active:
            self._launch(RunGroup(jobs, orders_of(self._presenter.catalogue)))

    def add_seeds(self, spec: Spec, seeds: Sequence[int]) -> None:
        """Run more seeds of the setup that is shown; its runs stay, and all are one group."""
        if seeds and not self.is_active:
            before = self.group.finished
            jobs = [Job(spec, model.seed) for model in before] + [Job(spec, s) for s in seeds]
            group = RunGroup(jobs, orders_of(self._presenter.catalogue))
            group.take_in(before, are_over=True)
            self._launch(group, len(before))

    def resume(self, folder: Path, seed: int, past: Iterable[Event] = ()) -> None:
        """Go on with a run that was interrupted; `past` is what it told before."""
        self.resume_all([(folder, seed, past)])

    def resume_all(self, runs: Sequence[tuple[Path, int, Iterable[Event]]]) -> None:
        """Go on with runs of one setup that were interrupted: folder, seed and past of each."""
        if self.is_active:
            return
        spec, orders = self._presenter.spec, orders_of(self._presenter.catalogue)
        group = RunGroup([Job(spec, seed, folder=folder) for folder, seed, _ in runs], orders)
        models = [RunModel.of(past, seed, spec, orders) for _, seed, past in runs]
        group.take_in(models, are_over=False)
        self._launch(group)

    def _launch(self, group: RunGroup, n_over: int = 0) -> None:
        """Start what is to be run of a group, whose first runs may be over."""
        self.group, self._offset = group, n_over
        self.teller = group.model
        self._began_at = self._paused_at = None
        self._presenter.set_state(RunState.STARTING)
        self.model_changed.emit()
        events = self._runner.run_all(group.jobs[n_over:], self.n_jobs)
        if self._pace is not None:
            self._runner.send(SetPace(self._pace))
        self._thread = RunThread(events, self)
        self._thread.finished.connect(self._thread_ended)
        self._thread.start()
        self._timer.start()

    def set_pace(self, steps_per_second: float | None) -> None:
        """Let these runs and those after them take so many steps a second; None: full speed."""
        self._pace = steps_per_second
        self.send(SetPace(steps_per_second))

    def show(self, model: RunModel) -> None:
        """Show a run that was recorded."""
        self.show_all([model])

    def show_all(self, models: Sequence[RunModel]) -> None:
        """Show the runs of an earlier launch again, of one setup."""
        if models and not self.is_active:
            self.group = RunGroup.of(models)
            self.model_changed.emit()

    def send(self, command: Command) -> None:
        """Ask something of all the runs that go on."""
        if self.is_active:
            self._runner.send(command)

    def send_each(self, command_for: Callable[[RunModel], Command | None]) -> None:
        """Ask something of each run that goes on, by where it is."""
        if self.is_active:
            for number, model in self.group.going.items():
                command = command_for(model)
                if command is not None:
                    self._runner.send(command, number - self._offset)

    def pause(self) -> None:
        """Wait before the next step."""
        if self._presenter.state is RunState.RUNNING:
            self.send(Pause())
            self._paused_at = self._clock()
            self._presenter.set_state(RunState.PAUSED)

    def go_on(self) -> None:
        """Go on after a pause."""
        if self._presenter.state is RunState.PAUSED:
            if self._paused_at is not None and self._began_at is not None:
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
            self._runner.stop()

    def wait(self, milliseconds: int) -> bool:
        """Wait for the thread at shutdown; whether it ended."""
        thread = self._thread
        return thread is None or thread.wait(milliseconds)

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
            self._feed(number + self._offset, event)

    def _feed(self, number: int, event: Event) -> None:
        before = self.group.model
        self.teller = model = self.group.feed(number, event)
        if isinstance(event, Began):
            self._began_at = self._clock() if self._began_at is None else self._began_at
            if self._presenter.state is RunState.STARTING:
                self._presenter.set_state(RunState.RUNNING)
        if isinstance(event, LAST):
            self.seed_ended.emit(model)
            self.group.end(number)
        if isinstance(event, Began) or self.group.model is not before:
            self.model_changed.emit()
        if isinstance(event, Failed) and event.place:
            self._runner.stop()  # the setup is wrong, on whatever seed
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
