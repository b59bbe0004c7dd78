"""The pool: runs side by side, each as if it were alone, and none that takes another down."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.runner.specs import endless, short
from workbench.runner.local import LocalRunner
from workbench.runner.pool import Pool
from workbench.spec import command
from workbench.spec.event import Began, Event, Failed, Finished
from workbench.spec.experiments.job import Job


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """One for several tests: children take seconds to start."""
    made = Pool(2)
    yield made
    made.close()


def ends(events: Iterator[tuple[int, Event]]) -> dict[int, Event]:
    """The last event of each job."""
    return dict(events)


def test_each_run_is_what_it_is_alone(pool: Pool, tmp_path: Path):
    jobs = [Job(short(), seed, root=tmp_path / "pool") for seed in range(3)]
    ended = ends(pool.run(jobs))
    assert len(pool.processes) == 2
    for seed in range(3):
        *_, alone = LocalRunner().run(short(), seed, tmp_path / "alone")
        beside = ended[seed]
        assert isinstance(alone, Finished)
        assert isinstance(beside, Finished)
        assert np.array_equal(beside.matrix, alone.matrix)
        assert beside.scores == alone.scores


def test_the_next_job_is_asked_for_when_the_end_of_another_is_known(pool: Pool, tmp_path: Path):
    known: list[int] = []
    asked: list[tuple[int, int]] = []

    def proposed() -> Iterator[Job]:
        for seed in range(4):
            asked.append((seed, len(known)))
            yield Job(short(), seed, root=tmp_path)

    for number, event in pool.run(proposed()):
        if isinstance(event, Finished):
            known.append(number)
    assert sorted(known) == [0, 1, 2, 3]
    assert [seed for seed, _ in asked] == [0, 1, 2, 3]
    assert all(n_known >= seed - 1 for seed, n_known in asked)


def test_a_child_that_is_killed_takes_no_other_run_with_it(pool: Pool, tmp_path: Path):
    jobs = [Job(endless(), 0, root=tmp_path), Job(short(), 1, root=tmp_path)]
    ended: dict[int, Event] = {}
    for number, event in pool.run(jobs):
        ended[number] = event
        if isinstance(event, Finished) and number == 1:
            os.kill(pool._places[0].link.process.pid or 0, signal.SIGKILL)
    assert isinstance(ended[0], Failed)
    assert "killed" in ended[0].message
    assert isinstance(ended[1], Finished)
    assert isinstance(ends(pool.run([Job(short(), 2, root=tmp_path)]))[0], Finished)


def test_a_stop_ends_those_that_go_on_and_begins_no_more(pool: Pool, tmp_path: Path):
    jobs = [Job(endless(), seed, root=tmp_path) for seed in range(5)]
    began: set[int] = set()
    ended: dict[int, Event] = {}
    for number, event in pool.run(jobs):
        ended[number] = event
        if isinstance(event, Began):
            began.add(number)
            if number == 0:
                pool.stop()
    assert set(ended) <= {0, 1}
    assert all(isinstance(last, Finished) and last.status == "stopped" for last in ended.values())


def test_one_run_can_be_asked_alone(pool: Pool, tmp_path: Path):
    jobs = [Job(endless(), seed, root=tmp_path) for seed in range(2)]
    order: list[int] = []
    for number, event in pool.run(jobs):
        if isinstance(event, Finished):
            order.append(number)
            pool.send(command.Stop(), 0)
        elif isinstance(event, Began) and number == 1:
            pool.send(command.Stop(), 1)
    assert order == [1, 0]


def test_a_job_may_be_a_run_that_goes_on(pool: Pool, tmp_path: Path):
    events = pool.run([Job(endless(), 0, root=tmp_path)])
    run_id = ""
    for _, event in events:
        if isinstance(event, Began):
            run_id = event.run_id
            pool.stop()
    (last,) = ends(pool.run([Job(endless(), 0, folder=tmp_path / "nothing-here")])).values()
    assert isinstance(last, Failed)
    again: list[Event] = []
    for _, event in pool.run([Job(endless(), 0, folder=tmp_path / run_id)]):
        again.append(event)
        if isinstance(event, Began):
            pool.stop()
    assert isinstance(again[-1], Finished)


def test_nobody_is_left_when_it_is_closed_or_nobody_reads_on(tmp_path: Path):
    pool = Pool(2)
    events = pool.run([Job(endless(), seed, root=tmp_path) for seed in range(2)])
    next(events)
    children = pool.processes
    events.close()
    pool.close()
    assert not any(psutil.pid_exists(child) for child in children)
