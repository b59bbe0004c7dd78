"""Pool: several runs side by side, each in a warm child of its own."""

import contextlib
import threading
from collections.abc import Generator, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import cast

from workbench.runner import child
from workbench.runner.link import Link
from workbench.spec.command import Command, Stop
from workbench.spec.event import LAST, Began, Event, Preparing
from workbench.spec.experiments.job import Job


class _Place:
    """A child and the job that it is busy with: its number, −1 where it is free."""

    def __init__(self) -> None:
        self.link = Link()
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
        self._lock = threading.Lock()
        self._is_stopped = False
        self._is_closed = False

    def run(self, jobs: Iterable[Job]) -> Generator[tuple[int, Event]]:
        """The events of all jobs as they come, each with its job's number, from 0.

        `jobs` is asked for the next one when a child is free and every event before has been
        taken, so that who proposes jobs knows by then how the last ones ended. Closed early, it
        ends the children that are busy.
        """
        self._is_stopped = False
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
        finally:
            for place in [place for place in self._places if place.number >= 0]:
                self._drop(place)

    def send(self, command: Command, number: int | None = None) -> None:
        """Ask something of one run, or of all that go on. Any thread may."""
        with self._lock:
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
        with self._lock:
            self._is_closed = True
            places, self._places = self._places, []
        for place in places:
            place.link.end()

    @property
    def processes(self) -> list[int]:
        """Process numbers of the children."""
        numbers = [place.link.process.pid for place in list(self._places)]
        return [number for number in numbers if number is not None]

    def _fill(self, numbered: Iterator[tuple[int, Job]]) -> None:
        """Give every free child a job, starting children as long as there may be more."""
        while not self._is_stopped:
            place = next((place for place in self._places if place.number < 0), None)
            if place is None and len(self._places) >= self.n_children:
                return
            number, job = next(numbered, (-1, None))
            if job is None:
                return
            place = place or self._started()
            place.number, place.step, place.has_ended = number, 0, False
            with contextlib.suppress(OSError):  # a child that is gone is told by its pipe
                place.link.send(_request(job))

    def _started(self) -> _Place:
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the pool is closed")
            place = _Place()
            self._places.append(place)
        return place

    def _taken(self, place: _Place) -> Iterator[tuple[int, Event]]:
        """What one child has to say next."""
        try:
            answer = place.link.receive()
        except (EOFError, OSError):
            failure = child.failed(place.step, place.link.exit_code())
            number = place.number
            self._drop(place)
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

    def _drop(self, place: _Place) -> None:
        with self._lock:
            if place in self._places:
                self._places.remove(place)
        place.number = -1
        place.link.end()


def _request(job: Job) -> child.Request:
    if job.folder is not None:
        return child.Resume(job.folder)
    return child.Run(job.spec, job.seed, job.root)
