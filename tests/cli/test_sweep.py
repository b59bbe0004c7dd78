"""The sweep command: over settings, gone on with, refused."""

import json
import os
import signal
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests import fakes
from tests.study.search.quick import Runner, diverged
from workbench import cli
from workbench.spec.event import Event
from workbench.spec.experiments.job import Job
from workbench.store.claim import Claim
from workbench.study.search.folder import all_sweeps

Capture = pytest.CaptureFixture[str]

RATE = ("--over", "optimizer.lr=log:1e-4:1")


@pytest.fixture
def quick(tmp_path: Path) -> str:
    """A preset whose runs take no time."""
    path = tmp_path / "quick.yaml"
    path.write_text("version: 1\nname: Quick\ntasks: [{family: fake}]\nseeds: [0]\n")
    return str(path)


def _sweep(runner: Runner, *arguments: str) -> int:
    return cli.main(fakes.Services(runner), ["sweep", *arguments])


def _json(capsys: Capture) -> Any:
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def test_a_sweep_prints_its_trials_best_first_and_how_to_have_the_best(quick: str, capsys: Capture):
    assert _sweep(Runner(), quick, *RATE, "--trials", "8", "--seeds", "0,1") == 0
    said = capsys.readouterr()
    lines = [line for line in said.out.splitlines() if line.strip()]
    assert "validation (max)" in lines[0]
    assert "best" in lines[2]
    assert "±" in lines[2]
    assert "8 of 8 trials: 8 done" in said.out
    assert "--set optimizer.lr=" in said.out
    assert "trial 7 (8 of 8)" in said.err


def test_the_same_command_goes_on_and_so_does_its_name(quick: str, capsys: Capture):
    first = Runner()
    arguments = (quick, *RATE, "--json", "--quiet")
    assert _sweep(first, *arguments, "--trials", "3") == 0
    before = _json(capsys)
    assert before["sweep"]["is_over"]
    again = Runner()
    assert _sweep(again, *arguments, "--trials", "5") == 0
    assert len(again.specs) == 2
    after = _json(capsys)
    assert after["sweep"]["trials"][:3] == before["sweep"]["trials"]
    by_name = Runner()
    assert _sweep(by_name, "--resume", "quick", "--trials", "6", "--json") == 0
    assert len(by_name.specs) == 1
    assert [sweep.name for sweep in all_sweeps()] == [after["sweep"]["name"]]


def test_json_says_what_was_made_and_for_what(quick: str, capsys: Capture):
    over = (*RATE, "--over", "training.batch_size=int:8:64")
    assert _sweep(Runner(diverged), quick, *over, "--trials", "12", "--json") == 3
    data = _json(capsys)
    assert data["sweep"]["objectives"] == [{"name": "validation", "direction": "max"}]
    assert data["sweep"]["importance"]["method"] == "fANOVA"
    assert set(data["sweep"]["importance"]["shares"]) == {"optimizer.lr", "training.batch_size"}
    best = data["sweep"]["trials"][data["sweep"]["best"]]
    results = [t["results"][0] for t in data["sweep"]["trials"] if t["status"] == "done"]
    assert best["results"][0] == max(results)
    assert {t["status"] for t in data["sweep"]["trials"]} == {"done", "diverged"}
    assert all(Path(run["path"]).is_dir() for run in data["runs"])


def test_several_objectives_are_a_front(quick: str, capsys: Capture):
    ways = ("--objective", "validation:first", "--objective", "validation:second")
    assert (
        _sweep(Runner(), quick, *RATE, *ways, "--direction", "min", "--trials", "4", "--json") == 0
    )
    data = _json(capsys)["sweep"]
    assert [each["direction"] for each in data["objectives"]] == ["min", "max"]
    assert data["best"] is None
    assert len(data["front"]) == 4


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "name a PRESET"),
        (("PRESET", "--over", "optimizer.lr=log:1e-4:1000"), "optimizer.lr"),
        (("PRESET", *RATE, "--objective", "acc"), "test scores choose nothing"),
        (("PRESET", *RATE, "--objective", "forgetting"), "several stages"),
        (("PRESET", *RATE, "--sampler", "best"), "grid, random, tpe"),
        (("PRESET", *RATE, "--direction", "max", "--direction", "max"), "2 for 1 objective"),
        (("PRESET", *RATE, "--jobs", "none"), "--jobs"),
        (("--resume", "nobody"), "there is no sweep 'nobody'"),
        (("PRESET", "--resume", "nobody"), "has its own preset"),
    ],
)
def test_what_is_wrong_is_said(quick: str, capsys: Capture, arguments: tuple[str, ...], why: str):
    runner = Runner()
    asked = [quick if argument == "PRESET" else argument for argument in arguments]
    assert _sweep(runner, *asked) == 2
    said = capsys.readouterr()
    assert why in said.err
    assert (said.out, runner.specs, all_sweeps()) == ("", [], [])


def test_ctrl_c_stops_and_the_same_command_goes_on(quick: str, capsys: Capture):
    class Interrupted(fakes.Pool):
        def run(self, jobs: Iterable[Job]) -> Generator[tuple[int, Event]]:
            for n, told in enumerate(super().run(jobs)):
                if n == 40:
                    os.kill(os.getpid(), signal.SIGINT)
                    while not self.is_stopped:  # told by a thread of its own
                        pass
                yield told

    class Services(fakes.Services):
        def pool(self, n_children: int) -> fakes.Pool:
            return Interrupted(self.fake_runner, n_children)

    arguments = ["sweep", quick, *RATE, "--trials", "4"]
    before = signal.getsignal(signal.SIGINT)
    assert cli.main(Services(Runner()), arguments) == 130
    said = capsys.readouterr()
    assert "goes on with: workbench sweep --resume quick-" in said.out
    assert "stopping; the same command goes on" in said.err
    assert signal.getsignal(signal.SIGINT) is before
    later = Runner()
    assert cli.main(fakes.Services(later), [*arguments, "--json"]) == 0
    assert len(later.resumed) == 1
    assert {trial["status"] for trial in _json(capsys)["sweep"]["trials"]} == {"done"}


def test_a_sweep_that_somebody_makes_is_left_alone(quick: str, capsys: Capture):
    assert _sweep(Runner(), quick, *RATE, "--trials", "2") == 0
    (folder,) = all_sweeps()
    claim = Claim(folder.path)
    capsys.readouterr()
    assert _sweep(runner := Runner(), quick, *RATE, "--trials", "4") == 2
    claim.release()
    assert "is being made already" in capsys.readouterr().err
    assert runner.specs == []
