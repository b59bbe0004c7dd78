"""Training: run and resume, with a progress bar, Ctrl+C, and the result at the end."""

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
from workbench.cli.result import Result, print_results
from workbench.cli.services import Runner, Services
from workbench.spec import preset as presets
from workbench.spec.check import check
from workbench.spec.command import Stop
from workbench.spec.event import Began, Diverged, Event, Failed, Noticed
from workbench.spec.experiment import Spec
from workbench.store.home import runs_folder
from workbench.store.index import Index
from workbench.store.stored import read

_MAX_SEEDS = 1000
_CODES = {"done": DONE, "diverged": DIVERGED, "failed": FAILED, "stopped": INTERRUPTED}


def seeds_of(text: str) -> list[int]:
    """`0,1,2` or `0..4` as numbers. Raises typer.BadParameter."""
    seeds: list[int] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("..")
        try:
            a, b = int(first), int(last if ".." in part else first)
        except ValueError:
            raise typer.BadParameter(f"--seeds wants 0,1,2 or 0..4; found '{text}'") from None
        if a < 0 or b < a or b - a >= _MAX_SEEDS:
            rule = f"a range runs up from 0 or more, {_MAX_SEEDS} seeds at most"
            raise typer.BadParameter(f"--seeds: {rule}; found '{part.strip()}'")
        seeds += range(a, b + 1)
    return seeds


def train(
    services: Services,
    preset: str,
    changes: list[str],
    out: Path | None,
    *,
    as_json: bool,
    is_quiet: bool,
) -> int:
    """Run every seed of a preset; returns the exit code. Raises PresetError."""
    document = presets.with_values(presets.read(preset), changes)
    spec = check(document, services.catalogue())
    root = runs_folder() if out is None else out.absolute()
    runner = services.runner()
    with _Headless(runner, is_quiet=is_quiet) as headless:
        for i, seed in enumerate(spec.seeds, 1):
            result = headless.follow(runner.run(spec, seed, root), spec, seed, root)
            if result.outcome.status == "failed" or headless.is_interrupted:
                headless.has_skipped = i < len(spec.seeds)
                break
    return _concluded(headless, as_json=as_json)


def go_on(services: Services, run: str, *, as_json: bool, is_quiet: bool) -> int:
    """Go on with a run; returns the exit code. Raises UnknownRunError, NotARunError, OSError."""
    folder = Path(Index.open().find(run).path)
    stored = read(folder)
    if stored.status in ("running", "done"):
        why = "is done" if stored.status == "done" else "is running, in another process"
        output.remark(f"{stored.run_id} {why}: there is nothing to resume")
        return BAD
    runner = services.runner()
    with _Headless(runner, is_quiet=is_quiet) as headless:
        headless.follow(runner.resume(folder), stored.spec, stored.seed, folder.parent)
    return _concluded(headless, as_json=as_json)


def _concluded(headless: "_Headless", *, as_json: bool) -> int:
    """Print what there is; the exit code of the worst that happened."""
    results = headless.results
    if as_json:
        output.emit_json({"runs": [result.as_json() for result in results]})
    else:
        print_results(results)
    codes = [_CODES.get(result.outcome.status, FAILED) for result in results]
    if headless.is_spec_bad:
        return BAD
    if headless.is_interrupted and (INTERRUPTED in codes or headless.has_skipped):
        return INTERRUPTED
    return max(codes, default=DONE)


class _Headless:
    """Follows runs. The first Ctrl+C stops the run with a checkpoint, the second ends at once."""

    def __init__(self, runner: Runner, *, is_quiet: bool) -> None:
        self.runner = runner
        self.is_quiet = is_quiet
        self.is_interrupted = False
        self.has_skipped = False
        self.is_spec_bad = False
        self.results: list[Result] = []
        self._before: Any = None

    def __enter__(self) -> "_Headless":
        self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        self.runner.close()
        if kind is KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED)

    def follow(self, events: Iterator[Event], spec: Spec, seed: int, root: Path) -> Result:
        """Take every event of one run; what came of it."""
        result = Result(seed, root)
        self.results.append(result)
        progress = Progress(f"{spec.name}, seed {seed}", is_shown=not self.is_quiet)
        # Nothing but the result belongs on standard output, whatever a library prints.
        told = contextlib.closing(_generator(events))
        with progress, contextlib.redirect_stdout(sys.stderr), told as closable:
            for event in closable:
                result.take(event)
                progress.take(event)
                self._tell(event)
        return result

    def _tell(self, event: Event) -> None:
        match event:
            case Began() if self.is_interrupted:
                self.runner.send(Stop())  # it was asked before there was a run to hear it
            case Failed() | Diverged():
                self.is_spec_bad = isinstance(event, Failed) and bool(event.place)
                output.remark(event.message)
            case Noticed() if not self.is_quiet:
                output.remark(f"{event.source}: {event.message}")
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
