"""Headless: follows runs without a window, with a progress bar and Ctrl+C."""

import contextlib
import signal
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import typer

from workbench.cli import BAD, DIVERGED, DONE, FAILED, INTERRUPTED, output
from workbench.cli.progress import Progress
from workbench.cli.result import Result
from workbench.cli.services import Runner
from workbench.spec.command import Stop
from workbench.spec.event import (
    Began,
    Diverged,
    DriftDetected,
    Event,
    Failed,
    Noticed,
    Preparing,
    Replanned,
)

_CODES = {"done": DONE, "diverged": DIVERGED, "failed": FAILED, "stopped": INTERRUPTED}


class Headless:
    """Follows runs. The first Ctrl+C stops the run with a checkpoint, the second ends at once."""

    def __init__(self, runner: Runner, *, is_quiet: bool) -> None:
        self.runner = runner
        self.is_quiet = is_quiet
        self.is_interrupted = False
        self.has_skipped = False
        self.is_spec_bad = False
        self.results: list[Result] = []
        self._before: Any = None

    def __enter__(self) -> "Headless":
        self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        self.runner.close()
        if kind is KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED)

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
        result = Result(seed, root)
        self.results.append(result)
        progress = Progress(f"{title}, seed {seed}", is_shown=not self.is_quiet)
        # Nothing but the result belongs on standard output, whatever a library prints.
        closing = contextlib.closing(_generator(events))
        with progress, contextlib.redirect_stdout(sys.stderr), closing as closable:
            for event in closable:
                result.take(event)
                progress.take(event)
                self._tell(event)
        return result

    def _tell(self, event: Event) -> None:
        match event:
            case Began() | Preparing() if self.is_interrupted:
                self.runner.send(Stop())  # it was asked before there was a run to hear it
            case Failed() | Diverged():
                self.is_spec_bad = isinstance(event, Failed) and bool(event.place)
                output.remark(event.message)
            case Noticed() if not self.is_quiet:
                output.remark(f"{event.source}: {event.message}")
            case Replanned(step) if event.groups and not self.is_quiet:
                plan = ", then ".join(" + ".join(group) for group in event.groups)
                output.remark(f"from step {step}: {plan}")
            case DriftDetected(step, task, detector) if not self.is_quiet:
                output.remark(f"{detector}: a drift at step {step}, in {task}")
            case _:
                pass

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        self.is_interrupted = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.runner.send(Stop())
        output.remark("stopping; Ctrl+C again ends at once")


def _generator(events: Iterator[Event]) -> Generator[Event]:
    """The same events, from something that can be closed."""
    yield from events
