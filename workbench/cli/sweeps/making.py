"""Sweep: tries settings over a space, and goes on with one that was cut short."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import typer

from workbench.cli import BAD, DIVERGED, DONE, FAILED, INTERRUPTED, output
from workbench.cli.services import HERE, Place, Pool, Services
from workbench.cli.sweeps.found_runs import SweepRuns
from workbench.cli.sweeps.progress import SweepProgress
from workbench.cli.sweeps.tables import print_trials, sweep_document
from workbench.spec import preset as presets
from workbench.spec.check import check_whole
from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Spec
from workbench.spec.experiments.job import n_cores, n_that_fit
from workbench.spec.question import ListTasks, Needs, RefusedError
from workbench.store.claim import Claim, ClaimedError
from workbench.study.search.definition import Definition
from workbench.study.search.folder import NotASweepError, SweepFolder, create, find, marked
from workbench.study.search.request import Request
from workbench.study.search.space import BadSpaceError
from workbench.study.search.trial import State
from workbench.study.search.weights import weights_sweep
from workbench.study.sweep import SweepPlan

if TYPE_CHECKING:
    from workbench.spec.entry import Catalogue
    from workbench.study.search.driver import Driver

#: Seconds that a sweep whose parent is gone has for its last words.
_GRACE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class How:
    """How a sweep is made and told, whatever it is; `jobs` are None for as many as fit."""

    jobs: int | None = 1
    on: Place = HERE
    out: Path | None = None
    as_json: bool = False
    is_quiet: bool = False
    has_parent: bool = False


def search(services: Services, preset: str, changes: list[str], request: Request, how: How) -> int:
    """Make a sweep, or go on with the one that was asked for in the same way; the exit code."""
    spec, catalogue = _read(services, preset, changes)
    with _Crew(services, how) as crew:
        try:
            draft = request.draft(spec, catalogue)
            folder = marked(request.mark(draft))
            if folder is None:
                whole = request.whole(draft, crew.tasks_of(spec), catalogue)
                folder = create(whole, spec.name)
            else:
                _tell(how, f"going on with {folder.name}")
            definition = _longer(folder, request.n_trials)
        except (BadSpaceError, RefusedError, NotASweepError) as error:
            output.remark(str(error))
            return BAD
        code, state = _made(crew, catalogue, folder, definition, how)
        _print(folder, definition, state, how)
        return code


def resume(services: Services, name: str, n_trials: int | None, how: How) -> int:
    """Go on with a sweep by its name; the exit code."""
    with _Crew(services, how) as crew:
        try:
            folder = find(name)
            definition = _longer(folder, n_trials)
        except NotASweepError as error:
            output.remark(str(error))
            return BAD
        code, state = _made(crew, services.catalogue(), folder, definition, how)
        _print(folder, definition, state, how)
        return code


def weights(services: Services, preset: str, changes: list[str], n_points: int, how: How) -> int:
    """Try fixed weights over all their proportions; the exit code."""
    spec, catalogue = _read(services, preset, changes)
    with _Crew(services, how) as crew:
        try:
            plan, folder = weights_sweep(spec, catalogue, n_points, crew.tasks_of(spec))
            definition = folder.definition()
        except (ValueError, RefusedError, NotASweepError) as error:
            output.remark(str(error))
            return BAD
        code, state = _made(crew, catalogue, folder, definition, how)
        _print_weights(plan, state, how)
        return code


def _read(services: Services, preset: str, changes: list[str]) -> "tuple[Spec, Catalogue]":
    document = presets.with_values(presets.read(preset), changes)
    catalogue = services.catalogue()
    return check_whole(document, catalogue), catalogue


class _Crew:
    """The processes that train, started when first needed, and how many threads each run has."""

    def __init__(self, services: Services, how: How) -> None:
        self.services, self.how = services, how
        self.threads: int | None = None
        self._pool: Pool | None = None

    def __enter__(self) -> "_Crew":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.close()

    @property
    def pool(self) -> Pool:
        """The processes, already starting."""
        if self._pool is None:
            self._pool = (
                self.services.cluster(self.how.on.address, self.how.jobs, self.how.on.resources)
                if self.how.on.address
                else self.services.pool(self.how.jobs or n_cores())
            )
        return self._pool

    def tasks_of(self, spec: Spec) -> Sequence[TaskFacts]:
        """What the experiment calls its tasks, and their metrics. Raises RefusedError."""
        return self.pool.ask(ListTasks(spec))

    def share_out(self, spec: Spec) -> None:
        """Decide on threads once for all runs that go side by side, and on how many do."""
        if self.how.jobs == 1:
            return
        with contextlib.suppress(RefusedError):  # why there can be no run, the run itself says
            needs = self.pool.ask(Needs(spec, spec.seeds[0]))
            self.threads = needs.threads
            if self.how.jobs is None and not self.how.on.address:
                self.pool.limit(n_that_fit(n_cores(), n_cores(), needs))


def _longer(folder: SweepFolder, n_trials: int | None) -> Definition:
    """The sweep with as many trials as are asked for now. Raises NotASweepError."""
    definition = folder.definition()
    if n_trials is not None and n_trials != definition.n_trials:
        if definition.with_trials(n_trials).mark != definition.mark:
            message = "the points of a grid over ranges are laid by how many there are"
            raise NotASweepError(f"--trials: {message}: ask for another sweep")
        definition = definition.with_trials(n_trials)
        folder.keep_definition(definition)
    return definition


def _tell(how: How, message: str) -> None:
    if not how.is_quiet:
        output.remark(message)


def _made(
    crew: _Crew,
    catalogue: "Catalogue",
    folder: SweepFolder,
    definition: Definition,
    how: How,
) -> tuple[int, State]:
    """Make what is missing of a sweep; the exit code, and how it stands then."""
    from workbench.study.search.driver import Driver

    try:
        claim = Claim(folder.path)
    except ClaimedError:
        output.remark(f"{folder.name} is being made already, by a process that is alive")
        return BAD, folder.state()
    progress = SweepProgress(definition, is_shown=not how.is_quiet)
    root = how.out.absolute() if how.out is not None else None
    try:
        driver = Driver(
            folder, definition, catalogue, SweepRuns(folder.name, root), root, progress.take
        )
        if driver.state.is_over:
            return _code(driver.state, is_stopped=False), driver.look()
        interruptions = _Interruptions(driver, crew.pool, how)
        with progress, interruptions:
            crew.share_out(definition.spec)
            driver.threads = crew.threads
            state = driver.make(crew.pool)
        return _code(state, is_stopped=interruptions.is_stopped), state
    except RefusedError as error:
        output.remark(str(error))
        return BAD, folder.state()
    finally:
        claim.release()


def _code(state: State, *, is_stopped: bool) -> int:
    statuses = {trial.status for trial in state.trials}
    if is_stopped and not state.is_over:
        return INTERRUPTED
    if state.message or "failed" in statuses:
        return FAILED
    return DIVERGED if "diverged" in statuses else DONE


class _Interruptions:
    """Ctrl+C stops with checkpoints, a second one ends at once; so does a parent that is gone."""

    def __init__(self, driver: "Driver", pool: Pool, how: How) -> None:
        self.driver, self.pool, self.how = driver, pool, how
        self.is_stopped = False
        self._before: Any = None

    def __enter__(self) -> "_Interruptions":
        self._before = signal.signal(signal.SIGINT, self._interrupt)
        if self.how.has_parent:
            threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        if kind is KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED)

    def stop(self) -> None:
        """Begin nothing more; runs that are on end with a checkpoint."""
        self.is_stopped = True
        self.driver.stop()
        # Elsewhere: this may be a signal's moment, in the middle of the pool's own sending.
        threading.Thread(target=self.pool.stop, daemon=True).start()

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.stop()
        _tell(self.how, "stopping; the same command goes on later. Ctrl+C again ends at once")

    def _watch(self) -> None:
        """End soon after standard input does: the window that started this is gone, or wants it."""
        while os.read(sys.stdin.fileno(), 4096):
            pass
        self.stop()
        timer = threading.Timer(_GRACE_SECONDS, os._exit, [INTERRUPTED])
        timer.daemon = True
        timer.start()


def _print(folder: SweepFolder, definition: Definition, state: State, how: How) -> None:
    if how.as_json:
        output.emit_json(sweep_document(folder, definition, state))
        return
    print_trials(definition, state)
    if state.message:
        output.remark(state.message)
    if not state.is_over:
        output.emit(f"goes on with: workbench sweep --resume {folder.name}")


def _print_weights(plan: SweepPlan, state: State, how: How) -> None:
    from workbench.cli.sweeps.tables import print_weights, weights_document

    if how.as_json:
        output.emit_json(weights_document(plan, state))
    else:
        print_weights(plan, state)
