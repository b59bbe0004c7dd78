"""Local: runs in this process, in whatever thread iterates them."""

import shutil
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from workbench.engine.answers import dispatch as answering
from workbench.engine.build import build as session
from workbench.engine.build import catalogue
from workbench.engine.training.command_queue import CommandQueue
from workbench.runner.standing import Standing
from workbench.spec.command import Command, Stop
from workbench.spec.documents.document import PresetError
from workbench.spec.entry import Catalogue
from workbench.spec.event import Began, Event, Failed, Finished, Preparing
from workbench.spec.experiment import Spec
from workbench.spec.experiments.forks import Origin
from workbench.spec.experiments.job import Job
from workbench.spec.files import words_of
from workbench.spec.question import (
    CancelledError,
    Cost,
    ListMethods,
    Question,
    RefusedError,
    Tell,
)
from workbench.store import catalogue as catalogue_cache
from workbench.store import run as store
from workbench.store import starts


class LocalRunner:
    """Trains in this process; each run is recorded in the store as it goes."""

    def __init__(self) -> None:
        self._control = CommandQueue()
        self._is_training = False
        self._is_cancelled = self._is_stopped = False
        self._standing = Standing()
        self._number = 0

    @cached_property
    def methods(self) -> catalogue.Catalogue:
        """The methods, found once."""
        return catalogue.discover()

    def warm(self) -> None:
        """Import now what the first run would otherwise wait for."""
        _ = self.methods
        session.warm_up()

    def catalogue(self) -> Catalogue:
        """The catalogue, also kept on disk for the next start."""
        return catalogue_cache.keep(self.ask(ListMethods()))

    def ask(self, question: Question, tell: Tell | None = None) -> Any:
        """The answer to a question. Raises RefusedError, and CancelledError after `cancel`.

        While a run goes on in this process a question is refused: both would use torch's one
        random generator, and the run would no longer be the same.
        """
        if self._is_training:
            raise RefusedError("a run goes on in this process; ask again when it has ended")
        self._is_cancelled = False

        def tell_unless_cancelled(done: float | None, text: str) -> None:
            if self._is_cancelled:
                raise CancelledError
            if tell is not None:
                tell(done, text)

        return answering.answer(_with_origin(question), self.methods, tell_unless_cancelled)

    def cancel(self) -> None:
        """The answer that is being worked out is no longer wanted. Any thread may say so."""
        self._is_cancelled = True

    def run(self, spec: Spec, seed: int, root: Path | None = None) -> Iterator[Event]:
        """A new run of one seed, recorded under `root` or in the user's runs.

        A spec that turns out to be wrong, or a stop before it begins, leaves no run behind.
        """
        return self.make(Job(spec, seed, root=root))

    def resume(self, folder: Path, commands: Sequence[Command] = ()) -> Iterator[Event]:
        """Go on with a run from its newest checkpoint."""
        try:
            stored = store.read(folder)
        except (OSError, store.NotARunError) as error:
            yield Failed(0, str(error))
            return
        job = Job(stored.spec, stored.seed, folder=folder)
        yield from self._recorded(job, folder, commands)

    def make(self, job: Job, commands: Sequence[Command] = ()) -> Iterator[Event]:
        """Make the run that is asked for; `commands` are asked of it before its first step."""
        if job.folder is not None:
            yield from self.resume(job.folder, commands)
            return
        try:
            folder = store.create(job.spec, job.seed, job.root, job.run_id or None)
        except OSError as error:
            yield Failed(0, f"the run's folder could not be made: {words_of(error)}")
            return
        has_begun = False
        for event in self._recorded(job, folder, commands):
            has_begun = has_begun or isinstance(event, Began)
            is_wrong = isinstance(event, Failed) and event.place
            if is_wrong or (isinstance(event, Finished) and not has_begun):
                shutil.rmtree(folder, ignore_errors=True)
            yield event

    def run_all(
        self, jobs: Sequence[Job], n_children: int | None = None
    ) -> Generator[tuple[int, Event]]:
        """The events of all jobs, one after the other, each with its job's number, from 0.

        What is asked of all while one trains, those after it are asked before their first step.
        """
        del n_children
        self._is_stopped, self._standing = False, Standing()
        return self._one_by_one(jobs)

    def _one_by_one(self, jobs: Sequence[Job]) -> Generator[tuple[int, Event]]:
        for number, job in enumerate(jobs):
            if self._is_stopped:
                return
            self._number = number
            for event in self.make(job, self._standing.commands):
                if self._is_stopped and isinstance(event, Began | Preparing):
                    self._control.send(Stop())  # it was asked before there was a run to hear it
                yield number, event

    def stop(self) -> None:
        """Begin no further run, and end the one that goes on with a checkpoint."""
        self._is_stopped = True
        self.send(Stop())

    def send(self, command: Command, number: int | None = None) -> None:
        """Ask something of the run that goes on, or of one by its number. Any thread may."""
        if number is None:
            self._standing.note(command)
        if number in (None, self._number):
            self._control.send(command)

    def close(self) -> None:
        """Nothing is held between runs."""

    def _recorded(self, job: Job, folder: Path, commands: Sequence[Command]) -> Iterator[Event]:
        self._control = CommandQueue()
        for command in commands:
            self._control.send(command)
        try:
            origin = _origin(job.spec, folder)
        except (starts.NoStartError, PresetError, OSError) as error:
            yield Failed(0, str(error), place="start")
            return
        events = session.run(
            job.spec,
            job.seed,
            self.methods,
            self._control,
            store.checkpoint(folder),
            resume=job.folder is not None,
            origin=origin,
            n_threads=job.threads,
        )
        self._is_training = True
        try:
            yield from store.record(events, folder)
        finally:
            self._is_training = False


def _origin(spec: Spec, folder: Path) -> Origin | None:
    """The checkpoint of another run that the one in a folder begins from, None: from nothing.

    It is copied there, once. Raises NoStartError, PresetError and OSError.
    """
    if spec.start is None:
        return None
    if starts.taken(folder) is None:
        starts.take(spec.start, folder)
    return starts.taken(folder)


def _with_origin(question: Question) -> Question:
    """A question about a setup with what the setup begins from. Raises RefusedError."""
    if not isinstance(question, Cost) or question.spec.start is None:
        return question
    try:
        return replace(question, origin=starts.origin_of(question.spec.start))
    except (starts.NoStartError, PresetError, OSError) as error:
        raise RefusedError(str(error), "start") from None
