"""Pool: several runs side by side, each in a warm child of its own."""

import contextlib
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, cast

from workbench.runner import child
from workbench.runner.link import Link, end_all
from workbench.runner.standing import Standing
from workbench.spec.command import Command, Stop
from workbench.spec.event import LAST, Began, Event, Preparing
from workbench.spec.experiments.job import Job
from workbench.spec.question import Question


class _Place:
    """A child and the job that it is busy with: its number, −1 where it is free."""

    def __init__(self, link: Link | None = None) -> None:
        self.link = link or Link()
        self.number = -1
        self.step = 0
        self.has_ended = False


class Pool:
    """Trains up to `n_children` jobs at once; a child that is done takes the next one.

    A child that dies takes no other run with it: its own ends as Failed, and a new child is
    started for the next job.
    """

    def __init__(self, n_children: int) -> None:
        self.n_children = n_children
        self._places: list[_Place] = []
        self._lock = threading.RLock()
        self._standing = Standing()
        self._is_stopped = False
        self._is_closed = False

    def warm(self) -> None:
        """Start every child now, so that all import at once what a run needs."""
        while len(self._places) < self.n_children:
            self._started()

    def adopt(self, link: Link) -> None:
        """Use a child that there is already."""
        self._added(_Place(link))

    def limit(self, n_children: int) -> None:
        """Run no more than so many at once; children that are too many end."""
        self.n_children = n_children
        self._drop([place for place in self._places if place.number < 0][n_children:])

    def ask(self, question: Question) -> Any:
        """The answer of one child to a question, before any run.

        By then every child there is has imported, so that an answer that times something has the
        machine to itself. Raises RefusedError, and ChildProcessError if a child ends.
        """
        if not self._places:
            self._started()
        try:
            for place in list(self._places):
                place.link.wait_ready()
            link = self._places[0].link
            link.send(question)
            answered = child.AnswerOrError()
            while not isinstance(answer := link.receive(), child.Done):
                if isinstance(answer, child.AnswerOrError):
                    answered = answer
        except (EOFError, OSError) as error:
            raise ChildProcessError("a training process ended before its first run") from error
        if answered.error is not None:
            raise answered.error
        return answered.value

    def run(self, jobs: Iterable[Job]) -> Generator[tuple[int, Event]]:
        """The events of all jobs as they come, each with its job's number, from 0.

        `jobs` is asked for the next one when a child is free and every event before has been
        taken, so that who proposes jobs knows by then how the last ones ended. Closed early, it
        ends the children that are busy.
        """
        numbered = enumerate(jobs)
        try:
            while True:
                self._fill(numbered)
                busy = {place.link.connection: place for place in self._places if place.number >= 0}
                if not busy:
                    return
                try:
                    ready = wait(list(busy))
                except (OSError, ValueError):  # closed meanwhile, by another thread
                    return
                for connection in ready:
                    yield from self._taken(busy[cast("Connection", connection)])
        except KeyboardInterrupt:
            self.kill()
            raise
        finally:
            self._drop([place for place in self._places if place.number >= 0])
            self._is_stopped = False
            self._standing = Standing()

    def send(self, command: Command, number: int | None = None) -> None:
        """Ask something of one run, or of all. Any thread may.

        What was asked of all, those that begin later are asked before their first step.
        """
        with self._lock:
            if number is None:
                self._standing.note(command)
            meant = [p for p in self._places if p.number >= 0 and number in (None, p.number)]
        for place in meant:
            with contextlib.suppress(OSError):  # the child is gone; the iterator tells so
                place.link.send(command)

    def stop(self) -> None:
        """Begin no further run, and end those that go on within a step, with a checkpoint."""
        self._is_stopped = True
        self.send(Stop())

    def close(self) -> None:
        """End every child."""
        end_all([place.link for place in self._close()])

    def kill(self) -> None:
        """End every child at once; what goes on can be resumed from its newest checkpoint."""
        for place in self._close():
            place.link.kill()

    def give_back(self) -> Link | None:
        """A child that is free and no longer the pool's, where there is one."""
        with self._lock:
            for place in self._places:
                if place.number < 0 and place.link.is_ready and place.link.process.is_alive():
                    self._places.remove(place)
                    return place.link
        return None

    @property
    def processes(self) -> list[int]:
        """Process numbers of the children."""
        numbers = [place.link.process.pid for place in list(self._places)]
        return [number for number in numbers if number is not None]

    def _close(self) -> list[_Place]:
        with self._lock:
            self._is_closed = True
            places, self._places = self._places, []
        return places

    def _fill(self, numbered: Iterator[tuple[int, Job]]) -> None:
        """Give every free child a job, starting children as long as there may be more."""
        while not self._is_stopped:
            place = next((place for place in self._places if place.number < 0), None)
            if place is None and len(self._places) >= self.n_children:
                return
            number, job = next(numbered, (-1, None))
            if job is None:
                return
            self._begin(place or self._started(), number, job)

    def _begin(self, place: _Place, number: int, job: Job) -> None:
        with self._lock:  # what is asked of all meanwhile is either before this or sent to it
            request = _request(job, self._standing.commands)
            place.number, place.step, place.has_ended = number, 0, False
            with contextlib.suppress(OSError):  # a child that is gone is told by its pipe
                place.link.send(request)

    def _started(self) -> _Place:
        return self._added(_Place())

    def _added(self, place: _Place) -> _Place:
        with self._lock:
            if not self._is_closed:
                self._places.append(place)
                return place
        place.link.end()
        raise RuntimeError("the pool is closed")

    def _taken(self, place: _Place) -> Iterator[tuple[int, Event]]:
        """What one child has to say next."""
        try:
            answer = place.link.receive()
        except (EOFError, OSError):
            failure = child.failed(place.step, place.link.exit_code())
            number = place.number
            self._drop([place])
            if not place.has_ended:
                yield number, failure
            return
        if isinstance(answer, Event):
            place.step = answer.step
            place.has_ended = place.has_ended or isinstance(answer, LAST)
            if self._is_stopped and isinstance(answer, Began | Preparing):
                self.send(Stop(), place.number)  # it was asked before there was a run to hear it
            yield place.number, answer
        elif isinstance(answer, child.Done):
            if place.link.is_ready:
                place.number = -1
            place.link.is_ready = True  # the first word of a child is that it has imported

    def _drop(self, places: Sequence[_Place]) -> None:
        with self._lock:
            self._places = [place for place in self._places if place not in places]
        for place in places:
            place.number = -1
        end_all([place.link for place in places])


def _request(job: Job, commands: tuple[Command, ...]) -> child.Request:
    if job.folder is not None:
        return child.Resume(job.folder, commands)
    return child.Run(job, commands)
