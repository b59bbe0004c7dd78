"""The pool: runs side by side, each as if it were alone, and none that takes another down."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.runner.specs import endless, short
from workbench.runner.local import LocalRunner
from workbench.runner.pool import Pool
from workbench.spec import command, preset
from workbench.spec.event import (
    Began,
    Evaluated,
    Event,
    Failed,
    Finished,
    Intervened,
    StepsDone,
)
from workbench.spec.experiment import Spec, TaskChoice, Training
from workbench.spec.experiments.job import Job
from workbench.spec.question import Needs, RefusedError
from workbench.store import run as store


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """One for several tests: children take seconds to start."""
    made = Pool(2)
    yield made
    made.close()


def ends(events: Iterator[tuple[int, Event]]) -> dict[int, Event]:
    """The last event of each job."""
    return dict(events)


def test_each_run_is_what_it_is_alone_to_the_bit(pool: Pool, tmp_path: Path):
    """Losses and weights of every step, the matrix and the model, whoever trained beside it."""
    jobs = [Job(short(), seed, root=tmp_path / "pool") for seed in range(3)]
    told: dict[int, list[Event]] = {}
    for number, event in pool.run(jobs):
        told.setdefault(number, []).append(event)
    assert len(pool.processes) == 2
    for seed in range(3):
        alone = list(LocalRunner().run(short(), seed, tmp_path / "alone"))
        beside = told[seed]
        assert isinstance(alone[-1], Finished)
        assert isinstance(beside[-1], Finished)
        assert np.array_equal(beside[-1].matrix, alone[-1].matrix)
        assert beside[-1].scores == alone[-1].scores
        for one, other in zip(series(beside), series(alone), strict=True):
            assert one.tobytes() == other.tobytes()
        assert model(tmp_path / "pool", beside) == model(tmp_path / "alone", alone)


def series(events: list[Event]) -> tuple[np.ndarray, np.ndarray]:
    """Losses and weights of every step."""
    blocks = [event for event in events if isinstance(event, StepsDone)]
    return (
        np.concatenate([block.losses for block in blocks]),
        np.concatenate([block.weights for block in blocks]),
    )


def model(root: Path, events: list[Event]) -> bytes:
    """The newest checkpoint's model."""
    (run_id,) = [event.run_id for event in events if isinstance(event, Began)]
    *_, newest = sorted((root / run_id / "checkpoint").glob("*/model.safetensors"))
    return newest.read_bytes()


def test_how_many_threads_is_decided_with_nobody_beside_it(pool: Pool, tmp_path: Path):
    needs = pool.ask(Needs(short(), 0))
    assert needs.threads == 1
    assert needs.n_in_memory >= 1
    open_ = short().model_copy(update={"training": Training(epochs=1, batch_size=64)})
    events = pool.run([Job(open_, 0, root=tmp_path, threads=2)])
    (began,) = [event for _, event in events if isinstance(event, Began)]
    assert began.threads == 2
    assert store.read(tmp_path / began.run_id).spec.training.threads == "auto"
    wrong = Spec(tasks=(TaskChoice(family="nonsense"),))
    with pytest.raises(RefusedError, match="nonsense"):
        pool.ask(Needs(wrong, 0))


def test_who_begins_later_is_asked_what_all_were_asked(tmp_path: Path):
    """A weight before its first step, the rate too; and a pause that holds when it begins."""
    pool = Pool(1)
    spec = endless()
    jobs = [Job(spec, seed, root=tmp_path) for seed in range(2)]
    changes: dict[int, list[Intervened]] = {0: [], 1: []}
    steps = {0: 0, 1: 0}
    paused: list[int] = []
    try:
        for number, event in pool.run(jobs):
            steps[number] = max(steps[number], event.step)
            if isinstance(event, Intervened):
                changes[number].append(event)
            if number == 0 and isinstance(event, Began):
                pool.send(command.SetWeight("parity", 0.5))
                pool.send(command.SetWeight("parity", 0.25))
                pool.send(command.SetRate(0.002))
                pool.send(command.StepOnce())
                pool.send(command.Stop(), 0)
            if number == 1 and isinstance(event, Evaluated) and event.split == "test":
                paused.append(event.step)
                pool.send(command.Resume())
                pool.send(command.Stop(), 1)
    finally:
        pool.close()
    assert [(event.task, event.value) for event in changes[1]] == [("parity", 0.25), (None, 0.002)]
    assert {event.step for event in changes[1]} == {0}
    assert len(changes[0]) == 3
    assert steps[1] <= 1
    assert paused == [0]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no process groups to interrupt")
@pytest.mark.parametrize("times", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_ctrl_c_in_a_terminal_reaches_no_child(tmp_path: Path, times: int):
    """Once: all stop with a checkpoint. Twice: all are gone at once. From their first moment on."""
    command_line = [sys.executable, "-m", "workbench", "run", str(_preset(tmp_path))]
    options = ["--seeds=0..2", "--jobs=2", "--json", "--out", str(tmp_path / "runs")]
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "WORKBENCH_HOME": str(tmp_path / "home"),
    }
    with subprocess.Popen(
        [*command_line, *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        started = psutil.Process(program.pid)
        while len(list((tmp_path / "runs").glob("*/events.jsonl"))) < 2:
            assert program.poll() is None
            time.sleep(0.05)
        children = started.children(recursive=True)
        for _ in range(times):
            os.killpg(program.pid, signal.SIGINT)
            assert program.stderr is not None
            if times == 2:
                program.stderr.readline()
        out, err = program.communicate(timeout=60)
    assert program.returncode == 130
    assert "Traceback" not in err
    psutil.wait_procs(children, timeout=30)
    assert not any(each.is_running() for each in children)
    if times == 1:
        runs = json.loads(out)["runs"]
        assert [run["status"] for run in runs] == ["stopped", "stopped"]
        assert all(list((Path(run["path"]) / "checkpoint").iterdir()) for run in runs)


def _preset(folder: Path) -> Path:
    path = folder / "endless.yaml"
    preset.save(endless(), path)
    return path


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
