"""Headless: follows runs without a window, with a progress bar and Ctrl+C."""

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import typer

from workbench.cli import BAD, DIVERGED, DONE, FAILED, INTERRUPTED, output
from workbench.cli.progress import Progress
from workbench.cli.result import Result
from workbench.cli.services import Pool, Runner
from workbench.spec.command import Stop
from workbench.spec.event import (
    LAST,
    Began,
    Diverged,
    DriftDetected,
    Event,
    Failed,
    Noticed,
    Preparing,
    Replanned,
)
from workbench.spec.experiments.job import Job

_CODES = {"done": DONE, "diverged": DIVERGED, "failed": FAILED, "stopped": INTERRUPTED}


class Headless:
    """Follows runs. The first Ctrl+C stops them with checkpoints, the second ends at once."""

    def __init__(self, runner: Runner | None, *, is_quiet: bool, pool: Pool | None = None) -> None:
        self._runner = runner
        self._pool = pool
        self.is_quiet = is_quiet
        self.is_interrupted = False
        self.has_skipped = False
        self.is_spec_bad = False
        self._results: dict[int, Result] = {}
        self._before: Any = None

    def __enter__(self) -> "Headless":
        self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        for each in (self._runner, self._pool):
            if each is not None:
                each.close()
        if kind is KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED)

    @property
    def runner(self) -> Runner:
        """What trains and answers in this process."""
        assert self._runner is not None, "side by side there is a pool in its place"
        return self._runner

    @property
    def results(self) -> list[Result]:
        """What came of the runs, in the order in which they were asked for."""
        return [self._results[number] for number in sorted(self._results)]

    @property
    def by_number(self) -> dict[int, Result]:
        """The same by the number of each job; those that never began are not among them."""
        return dict(self._results)

    @property
    def code(self) -> int:
        """The exit code of the worst that happened."""
        codes = [_CODES.get(result.outcome.status, FAILED) for result in self.results]
        if self.is_spec_bad:
            return BAD
        if self.is_interrupted and (INTERRUPTED in codes or self.has_skipped):
            return INTERRUPTED
        return max(codes, default=DONE)

    def follow(self, events: Iterator[Event], title: str, seed: int, root: Path) -> Result:
        """Take every event of one run; what came of it. The title is shown beside the progress."""
        number = len(self._results)
        self._results[number] = Result(seed, root)
        progress = Progress(is_shown=not self.is_quiet)
        # Nothing but the result belongs on standard output, whatever a library prints.
        closing = contextlib.closing(_generator(events))
        with progress, contextlib.redirect_stdout(sys.stderr), closing as closable:
            progress.begin(number, f"{title}, seed {seed}")
            for event in closable:
                self._take(number, event, progress)
        return self._results[number]

    def follow_all(
        self, jobs: Sequence[Job], root: Path, ended: Callable[[Result], object]
    ) -> None:
        """Take the events of jobs that go side by side; `ended` is called with each that is over.

        One that fails or diverges takes no other with it, unless the spec is what is wrong.
        """
        pool, progress = self._pool, Progress(is_shown=not self.is_quiet)
        assert pool is not None
        with progress, contextlib.closing(pool.run(jobs)) as numbered_events:
            for number, event in numbered_events:
                job = jobs[number]
                if number not in self._results:
                    self._results[number] = Result(job.seed, root)
                    progress.begin(number, f"{job.spec.name}, seed {job.seed}")
                self._take(number, event, progress, whose=f"seed {job.seed}: ")
                if isinstance(event, LAST):
                    ended(self._results[number])
                    if self.is_spec_bad:
                        pool.stop()
        self.has_skipped = self.has_skipped or len(self._results) < len(jobs)

    def _take(self, number: int, event: Event, progress: Progress, whose: str = "") -> None:
        self._results[number].take(event)
        progress.take(number, event)
        self._tell(event, whose)

    def _tell(self, event: Event, whose: str) -> None:
        match event:
            case Began() | Preparing() if self.is_interrupted and not whose:
                self.runner.send(Stop())  # it was asked before there was a run to hear it
            case Failed() | Diverged():
                is_wrong = isinstance(event, Failed) and bool(event.place)
                if not (is_wrong and self.is_spec_bad):  # every seed says so
                    output.remark(event.message if is_wrong else whose + event.message)
                self.is_spec_bad = self.is_spec_bad or is_wrong
            case Noticed() if not self.is_quiet:
                output.remark(f"{whose}{event.source}: {event.message}")
            case Replanned(step) if event.groups and not self.is_quiet:
                plan = ", then ".join(" + ".join(group) for group in event.groups)
                output.remark(f"{whose}from step {step}: {plan}")
            case DriftDetected(step, task, detector) if not self.is_quiet:
                output.remark(f"{whose}{detector}: a drift at step {step}, in {task}")
            case _:
                pass

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        self.is_interrupted = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._stop()
        output.remark("stopping; Ctrl+C again ends at once")

    def _stop(self) -> None:
        if self._runner is not None:
            self._runner.send(Stop())
        if self._pool is not None:
            # in a thread: this one may hold the locks that are asked for, where it was interrupted
            threading.Thread(target=self._pool.stop).start()


def _generator(events: Iterator[Event]) -> Generator[Event]:
    """The same events, from something that can be closed."""
    yield from events
