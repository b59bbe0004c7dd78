"""run --jobs: seeds side by side print what they print one by one, and none takes another down."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import fakes
from tests.cli.printed import Capture, printed_json
from workbench import cli
from workbench.spec.command import Stop
from workbench.spec.event import Diverged, Event, Failed
from workbench.spec.experiments.job import RunNeeds, n_that_fit
from workbench.spec.experiments.resources import Resources
from workbench.spec.question import Needs, RefusedError


def _json(services: fakes.Services, good: str, *options: str) -> int:
    return cli.main(services, ["run", good, "--json", "--seeds=3,1,2", *options])


def _comparable(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The runs without what names them."""
    return [
        {key: value for key, value in run.items() if key not in ("run_id", "path")}
        for run in document["runs"]
    ]


def test_side_by_side_the_document_is_that_of_one_after_the_other(good: str, capsys: Capture):
    assert _json(fakes.Services(), good) == 0
    alone = printed_json(capsys)
    services = fakes.Services()
    assert _json(services, good, "--jobs=2") == 0
    beside = printed_json(capsys)
    assert [run["seed"] for run in beside["runs"]] == [3, 1, 2]
    assert _comparable(beside) == _comparable(alone)
    (pool,) = services.pools
    assert pool.most_at_once == 2
    assert pool.is_closed


def test_on_a_cluster_all_seeds_train_there(good: str, capsys: Capture):
    assert _json(fakes.Services(), good) == 0
    alone = printed_json(capsys)
    services = fakes.Services()
    assert _json(services, good, "--on=ray://somewhere:10001") == 0
    assert services.addresses == ["ray://somewhere:10001"]
    assert len(services.pools[0].jobs) == 3
    assert services.pools[0].is_closed
    assert _comparable(printed_json(capsys)) == _comparable(alone)


def test_what_a_run_takes_of_a_cluster_is_said(good: str, capsys: Capture):
    services = fakes.Services()
    assert _json(services, good, "--on=ray", "--resources=cpu=2,gpu=0.5,memory=4GB") == 0
    assert services.resources == [Resources(2, 0.5, 4 * 10**9)]
    capsys.readouterr()
    assert cli.main(services, ["run", good, "--resources=cpu=2"]) == 2
    assert "name one with --on" in capsys.readouterr().err
    assert cli.main(services, ["sweep", good, "--on=ray", "--resources=cpus=2"]) == 2
    assert "cpu=2,gpu=1,memory=4GB" in capsys.readouterr().err


def test_a_cluster_that_is_not_there_is_a_sentence(good: str, capsys: Capture):
    class Nowhere(fakes.Services):
        def cluster(
            self, address: str, n_children: int | None, resources: Resources | None = None
        ) -> fakes.Pool:
            raise RefusedError(f"--on {address}: there is no such cluster")

    assert cli.main(Nowhere(), ["run", good, "--on=ray://nowhere:1"]) == 2
    assert "--on ray://nowhere:1: there is no such cluster" in capsys.readouterr().err


def test_the_threads_are_decided_once_for_all(good: str):
    services = fakes.Services()
    services.fake_runner.answers[Needs] = RunNeeds(threads=4, n_in_memory=9)
    assert _json(services, good, "--jobs=2") == 0
    assert [job.threads for job in services.pools[0].jobs] == [4, 4, 4]
    assert sum(isinstance(each, Needs) for each in services.fake_runner.asked) == 1


def test_auto_is_as_many_as_there_is_room_for(good: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workbench.cli.training.n_cores", lambda: 8)
    services = fakes.Services()
    services.fake_runner.answers[Needs] = RunNeeds(threads=1, n_in_memory=2)
    assert _json(services, good, "--jobs=auto") == 0
    assert services.pools[0].most_at_once == 2
    monkeypatch.setattr("workbench.cli.training.n_cores", lambda: 1)
    alone = fakes.Services()
    assert _json(alone, good, "--jobs=auto") == 0
    assert alone.pools == []


@pytest.mark.parametrize(
    ("n_runs", "cores", "threads", "memory", "n"),
    [(6, 4, 1, 99, 4), (3, 4, 1, 99, 3), (6, 4, 2, 99, 2), (6, 4, 1, 3, 3), (6, 1, 4, 0, 1)],
)
def test_runs_side_by_side_keep_out_of_each_others_way(
    n_runs: int, cores: int, threads: int, memory: int, n: int
):
    assert n_that_fit(n_runs, cores, RunNeeds(threads, memory)) == n


@pytest.mark.parametrize("jobs", ["0", "-1", "many", "1.5", "257", ""])
def test_a_number_of_jobs_that_is_none_is_refused(good: str, capsys: Capture, jobs: str):
    services = fakes.Services()
    assert _json(services, good, f"--jobs={jobs}") == 2
    assert "--jobs" in capsys.readouterr().err
    assert services.pools == []


@pytest.mark.parametrize(
    ("last", "code"),
    [(Failed(5, "the child was killed"), 4), (Diverged(5, "first", "it became nan"), 3)],
)
def test_one_that_ends_badly_does_not_stop_the_rest(
    good: str, capsys: Capture, last: Event, code: int
):
    def told(seed: int) -> Iterator[Event]:
        yield fakes.began(seed)
        if seed == 1:
            yield last
            return
        yield from list(fakes.run(seed))[1:]

    assert _json(fakes.Services(fakes.Runner(told)), good, "--jobs=2") == code
    printed = capsys.readouterr()
    statuses = [run["status"] for run in json.loads(printed.out)["runs"]]
    assert statuses == ["done", "failed" if code == 4 else "diverged", "done"]
    assert "seed 1: " in printed.err


def test_a_wrong_setup_is_said_once(good: str, capsys: Capture):
    wrong = Failed(0, "tasks: no such file", place="tasks")
    runner = fakes.Runner(lambda _: iter([wrong]))
    assert _json(fakes.Services(runner), good, "--jobs=2") == 2
    assert capsys.readouterr().err.count("no such file") == 1
    assert len(runner.specs) == 2


def test_an_interrupt_stops_all_and_begins_no_more(good: str, home: Path, capsys: Capture):
    def told(seed: int) -> Iterator[Event]:
        yield fakes.began(seed)
        if seed == 3:
            os.kill(os.getpid(), signal.SIGINT)
        while Stop() not in runner.commands:  # it comes from another thread
            yield fakes.CheckpointSaved(10)
        yield fakes.finished(seed, status="stopped", step=10)

    runner = fakes.Runner(told)
    assert _json(fakes.Services(runner), good, "--jobs=2") == 130
    runs = printed_json(capsys)["runs"]
    assert {run["status"] for run in runs} == {"stopped"}
    assert len(runs) <= 2
