"""Isolated: runs in a child process, so that the window never imports torch nor dies with a run."""

import contextlib
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.runner import child
from workbench.runner.link import Link, end_all
from workbench.runner.pool import Pool
from workbench.spec.command import Command, Stop
from workbench.spec.entry import Catalogue
from workbench.spec.event import LAST, Event
from workbench.spec.experiment import Spec
from workbench.spec.experiments.job import Job, n_beside_a_window, n_that_fit
from workbench.spec.question import ListMethods, Needs, Question, RefusedError, Tell
from workbench.store import catalogue as catalogue_cache

#: A run waits so long for the child that answers a question, rather than for a new one's imports.
_ANSWER_SECONDS = 1.0


class IsolatedRunner:
    """Trains in a child process that is started early and kept warm between runs.

    While it trains, questions are answered by a second child, started when first needed. One
    question is answered at a time.
    """

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._asking = threading.Lock()
        self._free: list[Link] = []
        self._running: Link | None = None
        self._answering: Link | None = None
        self._pool: Pool | None = None
        self._is_closed = False

    def warm(self) -> None:
        """Start a child now, so that the first run does not wait for its imports."""
        with self._lock:
            if not self._free and not self._is_closed:
                self._free.append(Link())

    def catalogue(self) -> Catalogue:
        """The catalogue, also kept on disk. Blocks while a child imports.

        Raises ChildProcessError if the child ends.
        """
        return catalogue_cache.keep(self.ask(ListMethods()))

    def ask(self, question: Question, tell: Tell | None = None) -> Any:
        """The answer to a question; blocks until it is there.

        `tell` is called in this thread with how far it has come. Raises RefusedError where there
        is no answer, CancelledError after `cancel`, ChildProcessError if the child ends.
        """
        with self._asking:
            link = self._answering = self._take()
            try:
                link.wait_ready()
                link.send(question)
                answered = child.AnswerOrError()
                while not isinstance(answer := link.receive(), child.Done):
                    if isinstance(answer, child.Progress) and tell is not None:
                        tell(answer.done, answer.text)
                    elif isinstance(answer, child.AnswerOrError):
                        answered = answer
            except (EOFError, OSError) as error:
                code = link.exit_code()
                self._drop(link)
                raise ChildProcessError(f"the training process ended (exit code {code})") from error
            except BaseException:
                self._drop(link)
                raise
            self._give_back(link)
        if answered.error is not None:
            raise answered.error
        return answered.value

    def cancel(self) -> None:
        """The answer that is being worked out is no longer wanted. Any thread may say so."""
        link = self._answering
        if link is not None:
            with contextlib.suppress(OSError):
                link.send(child.Cancel())

    def run(self, spec: Spec, seed: int, root: Path | None = None) -> Iterator[Event]:
        """A new run of one seed; the last event is Finished, Diverged or Failed."""
        return self._events(child.Run(Job(spec, seed, root=root)))

    def resume(self, folder: Path) -> Iterator[Event]:
        """Go on with a run from its newest checkpoint."""
        return self._events(child.Resume(folder))

    def run_all(
        self, jobs: Sequence[Job], n_children: int | None = None
    ) -> Generator[tuple[int, Event]]:
        """The events of all jobs as they come, each with its job's number, from 0.

        Up to `n_children` go at once, each in a child of its own; None: as many as there is room
        for beside a window. Where the first leaves its number of threads open, that is decided
        once for all, before the others begin.
        """
        pool = self._pool = Pool(n_children or n_beside_a_window())
        return self._events_of(pool, jobs, is_auto=n_children is None)

    def _events_of(
        self, pool: Pool, jobs: Sequence[Job], *, is_auto: bool
    ) -> Generator[tuple[int, Event]]:
        try:
            pool.adopt(self._take(_ANSWER_SECONDS))
            if pool.n_children > 1 and len(jobs) > 1:
                jobs = self._decided(pool, jobs, is_auto=is_auto)
            yield from pool.run(jobs)
        finally:
            link = pool.give_back()
            pool.close()
            self._pool = None
            if link is not None:
                self._give_back(link)
            else:
                self.warm()

    def _decided(self, pool: Pool, jobs: Sequence[Job], *, is_auto: bool) -> Sequence[Job]:
        """The jobs with the threads that they will have; the pool holds no more than fit."""
        try:
            needs = pool.ask(Needs(jobs[0].spec, jobs[0].seed))
        except (RefusedError, ChildProcessError):  # why there can be no run, the run itself says
            return jobs
        if is_auto:
            pool.limit(n_that_fit(len(jobs), pool.n_children, needs))
        return [replace(job, threads=needs.threads) for job in jobs]

    def stop(self) -> None:
        """Begin no further run of those that are going, and end these with a checkpoint."""
        if self._pool is not None:
            self._pool.stop()
        self.send(Stop())

    def send(self, command: Command, number: int | None = None) -> None:
        """Ask something of the runs that go on, or of one; nothing happens if none does."""
        if self._pool is not None:
            self._pool.send(command, number)
        link = self._running
        if link is None:
            return
        try:
            link.send(command)
        except OSError:
            return  # the child is gone; the iterator of its run tells so

    def close(self) -> None:
        """End every child."""
        with self._lock:
            self._is_closed = True
            links = self._links()
            self._free = []
            self._lock.notify_all()
        if self._pool is not None:
            self._pool.close()
        end_all(links)

    @property
    def processes(self) -> list[int]:
        """Process numbers of the children."""
        ours = [link.process.pid for link in self._links() if link.process.pid is not None]
        return ours + (self._pool.processes if self._pool is not None else [])

    def _links(self) -> list[Link]:
        busy = [link for link in (self._running, self._answering) if link is not None]
        return [*self._free, *busy]

    def _events(self, request: child.Request) -> Iterator[Event]:
        step = 0
        ended = False
        link = self._running = self._take(_ANSWER_SECONDS)
        try:
            link.wait_ready()
            link.send(request)
            while not isinstance(answer := link.receive(), child.Done):
                if isinstance(answer, Event):
                    step = answer.step
                    ended = ended or isinstance(answer, LAST)
                    yield answer
            self._running = None
            self._give_back(link)
        except (EOFError, OSError):
            self._running = None
            failure = child.failed(step, link.exit_code())
            link.end()
            if not ended:
                yield failure
            self.warm()
        finally:
            if self._running is link:  # nobody reads this run any more: it must not go on
                self._running = None
                link.end()

    def _take(self, patience_seconds: float = 0.0) -> Link:
        """A free child; a new one where none comes free in time."""
        with self._lock:
            if self._answering is not None and self._running is None:
                self._lock.wait_for(lambda: self._free or self._is_closed, patience_seconds)
            if self._is_closed:
                raise RuntimeError("the runner is closed")
            while self._free:
                link = self._free.pop()
                if link.process.is_alive():
                    return link
                link.end()
            return Link()

    def _give_back(self, link: Link) -> None:
        with self._lock:
            if self._answering is link:
                self._answering = None
            is_kept = not self._is_closed and not self._free
            if is_kept:
                self._free.append(link)
            self._lock.notify_all()
        if not is_kept:
            link.end()

    def _drop(self, link: Link) -> None:
        with self._lock:
            self._answering = None
            self._lock.notify_all()
        link.end()
