"""Transfer, sweep and compare on the command line: runs are made once, and found again."""

import json
import math
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests import fakes
from workbench import cli
from workbench.spec.event import Diverged, Evaluated, Event, Failed, Finished
from workbench.spec.experiment import Spec
from workbench.store import run as store
from workbench.store.index import Index

GOOD = """\
version: 1
name: Good
tasks:
  - {family: fake}
seeds: [3, 4]
"""


@pytest.fixture
def good(tmp_path: Path) -> str:
    """A preset of two tasks and two seeds."""
    path = tmp_path / "good.yaml"
    path.write_text(GOOD)
    return str(path)


Capture = pytest.CaptureFixture[str]

#: A task alone, and with the other one.
ALONE, BOTH = {"first": 0.8, "second": 0.5}, {"first": 0.6, "second": 0.55}


def _scores(spec: Spec, seed: int) -> dict[str, float]:
    names = [str(choice.task) for choice in spec.tasks] if spec.tasks[0].task else list(fakes.TASKS)
    table = ALONE if len(names) == 1 else BOTH
    tilt = [choice.weight for choice in spec.tasks] if len(spec.tasks) == len(names) else [1.0] * 2
    return {n: table[n] + 0.1 * (w - 1) + 0.01 * seed for n, w in zip(names, tilt, strict=True)}


class Runner(fakes.Runner):
    """Tells runs whose scores depend on the spec."""

    def __init__(self, ends: Callable[[Spec, int], Event | None] = lambda *_: None) -> None:
        super().__init__()
        self.ends = ends

    def run(self, spec: Spec, seed: int, root: Path | None = None) -> Iterator[Event]:
        self.specs.append(spec)
        yield from store.record(self._events(spec, seed), store.create(spec, seed, root))

    def _events(self, spec: Spec, seed: int) -> Iterator[Event]:
        scores = _scores(spec, seed)
        yield replace(fakes.began(seed), tasks=tuple(fakes.facts(name) for name in scores))
        row = np.asarray(list(scores.values()), dtype=np.float32)
        yield Evaluated(3, 1, "val", row, np.zeros_like(row), ends_stage=True)
        yield self.ends(spec, seed) or Finished(
            step=40,
            status="done",
            matrix=row[None],
            baseline=np.zeros_like(row),
            scores={task: {"accuracy": value} for task, value in scores.items()},
            summary={"acc": float(row.mean())},
        )


def _json(capsys: Capture) -> Any:
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def _transfer(good: str, runner: Runner, *more: str) -> int:
    return cli.main(fakes.Services(runner), ["transfer", good, *more])


def test_transfer_tells_the_change_of_each_task(good: str, capsys: Capture):
    runner = Runner()
    assert _transfer(good, runner, "--json", "--pairs") == 0
    data = _json(capsys)
    assert len(runner.specs) == 6
    first, second = data["transfer"]["tasks"]
    expected = [(0.6 - 0.8) / (0.8 + seed / 100) for seed in (3, 4)]
    assert first["change"]["mean"] == pytest.approx(sum(expected) / 2)
    assert first["change"]["n"] == 2
    assert first["change"]["low"] < first["change"]["mean"] < first["change"]["high"]
    assert second["change"]["mean"] > 0
    both = data["transfer"]["pairwise"]
    assert both[1][0]["mean"] == pytest.approx(first["change"]["mean"])
    assert both[0][0] is None
    assert data["transfer"]["groups"] == [["first"], ["second"]]
    assert {run["found"] for run in data["runs"]} == {False}
    assert all(Path(run["path"]).is_dir() for run in data["runs"])


def test_what_was_made_is_found_again(good: str, capsys: Capture):
    assert _transfer(good, Runner()) == 0
    again = Runner()
    capsys.readouterr()
    assert _transfer(good, again, "--json", "--seeds", "3..5") == 0
    assert [spec.name for spec in again.specs] == [
        "Good",
        "Good · first alone",
        "Good · second alone",
    ]
    data = _json(capsys)
    assert [run["found"] for run in data["runs"]] == [True] * 6 + [False] * 3
    assert data["transfer"]["pairwise"] is None
    assert data["transfer"]["seeds"] == [3, 4, 5]


def test_transfer_prints_tables_and_a_grouping(good: str, capsys: Capture):
    assert _transfer(good, Runner(), "--pairs") == 0
    text = capsys.readouterr().out
    assert "from the same start" in text
    assert "-23.95 %" in text
    assert "2 of 2 seeds left out agree" in text
    assert "suggested groups: first | second" in text
    assert "--set sharing.kind=groups --set 'sharing.groups=first | second'" in text


def test_one_seed_suggests_nothing(good: str, capsys: Capture):
    assert _transfer(good, Runner(), "--pairs", "--seeds", "3") == 0
    text = capsys.readouterr().out
    assert "one seed cannot say how sure it is" in text
    assert "--set" not in text


def test_a_metric_that_there_is_not_is_refused(good: str, capsys: Capture):
    assert _transfer(good, Runner(), "--metric", "taste") == 2
    assert "there is no metric 'taste' (there is: accuracy)" in capsys.readouterr().err


def test_one_task_has_nothing_to_measure(good: str, capsys: Capture):
    assert _transfer(good, Runner(), "--set", "tasks=[{family: fake, task: first}]") == 2
    captured = capsys.readouterr()
    assert "two or more" in captured.err
    assert captured.out == ""


def test_a_run_that_diverged_leaves_its_place_open(good: str, capsys: Capture):
    def ends(spec: Spec, seed: int) -> Event | None:
        return Diverged(3, "first", "not finite") if spec.name == "Good · first alone" else None

    assert _transfer(good, Runner(ends), "--json") == 3
    data = _json(capsys)
    assert [task["change"] is None for task in data["transfer"]["tasks"]] == [True, False]
    assert data["transfer"]["delta_m"] is None
    assert "diverged" in {run["status"] for run in data["runs"]}


def test_a_change_says_how_many_seeds_it_rests_on(good: str, capsys: Capture):
    def ends(spec: Spec, seed: int) -> Event | None:
        is_it = spec.name == "Good · first alone" and seed == 3
        return Diverged(3, "first", "not finite") if is_it else None

    assert _transfer(good, Runner(ends)) == 3
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert next(line for line in lines if line[:1] == ["first"])[-3:] == ["1", "of", "2"]
    assert next(line for line in lines if line[:1] == ["second"])[-2:] == ["%", "2"]


def test_a_run_that_failed_ends_the_study(good: str, capsys: Capture):
    runner = Runner(lambda spec, seed: Failed(3, "boom") if len(spec.tasks) == 1 else None)
    good_again = ["--set", "tasks=[{family: fake, task: first}, {family: fake, task: second}]"]
    assert _transfer(good, runner, "--json", *good_again) == 4
    assert len(runner.specs) == 2
    assert "boom" in capsys.readouterr().err


def test_run_tells_delta_m_once_the_baselines_are_there(good: str, capsys: Capture):
    run = ["run", good, "--json"]
    assert cli.main(fakes.Services(Runner()), run) == 0
    assert _json(capsys)["runs"][0]["summary"]["delta_m"] is None
    assert _transfer(good, Runner(), "--json") == 0
    result = _json(capsys)["transfer"]["delta_m"]["mean"]
    assert cli.main(fakes.Services(Runner()), run) == 0
    deltas = [each["summary"]["delta_m"] for each in _json(capsys)["runs"]]
    assert sum(deltas) / 2 == pytest.approx(result)


def test_a_sweep_tries_weights_and_the_preset_as_it_is(good: str, capsys: Capture):
    runner = Runner()
    arguments = ["sweep", good, "--points", "3", "--seeds", "3", "--json"]
    assert cli.main(fakes.Services(runner), arguments) == 0
    data = _json(capsys)
    points = data["sweep"]["points"]
    assert points[0]["weights"] is None
    assert points[1]["weights"] == pytest.approx([1 / 3, 5 / 3])
    assert len(runner.specs) == 4
    assert [point["non_dominated"] for point in points] == [True] * 4
    assert cli.main(fakes.Services(again := Runner()), arguments) == 0
    assert again.specs == []


def test_a_point_whose_seeds_diverged_has_failed(good: str, capsys: Capture):
    def ends(spec: Spec, seed: int) -> Event | None:
        is_it = spec.name.startswith("Good · weights 1.67 : 0.33 (") and seed == 4
        return Diverged(3, "first", "not finite") if is_it else None

    arguments = ["sweep", good, "--points", "3"]
    assert cli.main(fakes.Services(Runner(ends)), [*arguments, "--json"]) == 3
    *_, last = _json(capsys)["sweep"]["points"]
    assert (last["seeds"], last["failed"], last["scores"]) == (1, 1, [None, None])
    assert not last["best_by_validation"]
    assert not last["non_dominated"]
    assert cli.main(fakes.Services(Runner(ends)), arguments) == 3
    lines = capsys.readouterr().out.splitlines()
    line = next(line for line in lines if line.strip().startswith("1.67 : 0.33"))
    assert "1 of 2" in line
    assert "failed on 1" in line


def test_seeds_that_ended_otherwise_are_told_beside_the_mean(good: str, capsys: Capture):
    runner = Runner(lambda _, seed: Diverged(3, "first", "not finite") if seed == 4 else None)
    assert cli.main(fakes.Services(runner), ["run", good, "--seeds", "3..5"]) == 3
    assert "mean ± sd over 2 seeds of 3, without seed 4 diverged" in capsys.readouterr().out


def test_a_figure_says_on_how_many_seeds_it_rests(good: str, capsys: Capture, home: Path):
    class Lost(Runner):
        """The first task's score is no number on seed 4, and far off on the others."""

        def _events(self, spec: Spec, seed: int) -> Iterator[Event]:
            for event in super()._events(spec, seed):
                if isinstance(event, Finished):
                    first = math.nan if seed == 4 else -2.5e20 - seed * 1e18
                    scores = {**event.scores, "first": {"accuracy": first}}
                    event = replace(event, scores=scores)
                yield event

    assert cli.main(fakes.Services(Lost()), ["run", good, "--seeds", "3..5"]) == 0
    text = capsys.readouterr().out
    assert "mean ± sd over 3 seeds" in text
    assert "-2.5400e+20 ± 1.4142e+18 (2 of 3 seeds)" in text
    assert "00000" not in text
    runs = [path.name for path in (home / "runs").iterdir()]
    assert cli.main(fakes.Services(), ["run", good, "--seeds", "3..5", "--set", "name=b"]) == 0
    others = [path.name for path in (home / "runs").iterdir() if path.name not in runs]
    capsys.readouterr()
    assert cli.main(fakes.Services(), ["compare", *runs, *others]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "first accuracy -2.5400e+20 ± 1.4142e+18 (2 of 3 seeds)" in text


def test_a_sweep_is_printed(good: str, capsys: Capture):
    assert cli.main(fakes.Services(Runner()), ["sweep", good, "--points", "3"]) == 0
    text = capsys.readouterr().out
    assert "0.33 : 1.67" in text
    assert "on the front" in text


def _ids(name: str) -> Sequence[str]:
    rows = Index.open().rows()
    # a sweep's runs have its mark behind their names
    meant = [row for row in rows if row.name == name or row.name.startswith(f"{name} (")]
    return [row.run_id for row in meant]


def test_compare_pairs_runs_by_seed(good: str, capsys: Capture):
    assert _transfer(good, Runner(), "--json") == 0
    cli.main(fakes.Services(Runner()), ["sweep", good, "--points", "3", "--json"])
    capsys.readouterr()
    ids = [*_ids("Good"), *_ids("Good · weights 1.67 : 0.33")]
    assert cli.main(fakes.Services(), ["compare", *ids, "--json"]) == 0
    data = _json(capsys)
    assert [sorted(each["seeds"]) for each in data["experiments"]] == [[3, 4], [3, 4]]
    (difference,) = data["differences"]
    gain = difference["tasks"]["first"]["accuracy"]
    assert gain["mean"] == pytest.approx(0.2 / 3, abs=1e-6)
    assert gain["low"] == pytest.approx(gain["high"], abs=1e-5)
    assert cli.main(fakes.Services(), ["compare", *ids]) == 0
    text = capsys.readouterr().out
    assert "on 2 shared seed(s)" in text
    assert "+0.0667" in text


def test_setups_of_one_name_are_told_apart_by_what_was_set(good: str, capsys: Capture):
    ids: list[str] = []
    for more in ([], ["--set", "training.epochs=3"], ["--set", "training.batch_size=7"]):
        for seed in ("1", "2"):  # runs of one second are listed in any order
            cli.main(fakes.Services(Runner()), ["run", good, "--seeds", seed, *more])
            ids += [run for run in _ids("Good") if run not in ids]
    capsys.readouterr()
    assert cli.main(fakes.Services(), ["compare", *ids, "--json"]) == 0
    data = _json(capsys)
    names = [each["name"] for each in data["experiments"]]
    assert names == ["Good", "Good (training.epochs=3)", "Good (training.batch_size=7)"]
    assert [(each["from"], each["to"]) for each in data["differences"]] == [
        ("Good", name) for name in names[1:]
    ]
    assert cli.main(fakes.Services(), ["compare", *ids]) == 0
    text = capsys.readouterr().out
    assert "2: Good (training.epochs=3), seeds 1, 2 done" in text
    assert "Good (training.batch_size=7) against Good, on 2 shared seed(s)" in text


def test_compare_says_when_there_is_nothing_to_pair(good: str, capsys: Capture):
    cli.main(fakes.Services(Runner()), ["run", good, "--seeds", "1"])
    cli.main(fakes.Services(Runner()), ["run", good, "--seeds", "2", "--set", "name=Other",
                                        "--set", "training.epochs=3"])  # fmt: skip
    capsys.readouterr()
    assert cli.main(fakes.Services(), ["compare", *_ids("Good"), *_ids("Other")]) == 0
    assert "share no finished seed" in capsys.readouterr().out


def test_compare_says_how_runs_ended_and_takes_a_finished_one(good: str, capsys: Capture):
    def stopped(spec: Spec, seed: int) -> Event | None:
        row = np.asarray([0.1, 0.1], dtype=np.float32)
        scores = {task: {"accuracy": 0.1} for task in fakes.TASKS}
        return Finished(7, "stopped", row[None], row, scores, {}) if seed == 3 else None

    run = ["run", good]
    assert cli.main(fakes.Services(Runner(stopped)), [*run, "--seeds", "3,4"]) == 130
    early = list(_ids("Good"))
    capsys.readouterr()
    assert cli.main(fakes.Services(), ["compare", *early]) == 0
    text = capsys.readouterr().out
    assert "seed 3 stopped at step 7, without a say below" in text
    assert "seed 4 done at step 40" in text
    cli.main(fakes.Services(Runner()), [*run, "--seeds", "3"])
    capsys.readouterr()
    wanted = [*early, *(i for i in _ids("Good") if i not in early)]
    assert cli.main(fakes.Services(), ["compare", *wanted, "--json"]) == 0
    (group,) = _json(capsys)["experiments"]
    ended = {each["seed"]: (each["status"], each["steps"]) for each in group["ended"]}
    assert ended == {3: ("done", 40), 4: ("done", 40)}
    assert group["tasks"]["first"]["accuracy"]["n"] == 2


def test_a_run_that_is_not_there_is_refused(capsys: Capture):
    assert cli.main(fakes.Services(), ["compare", "nothing"]) == 2
    assert "there is no run 'nothing'" in capsys.readouterr().err


def test_side_by_side_transfer_says_what_it_says_one_by_one(
    good: str, capsys: Capture, home: Path
) -> None:
    assert _transfer(good, Runner(), "--json", "--pairs", "--out", str(home / "one")) == 0
    alone = _json(capsys)
    for run in Index.open().rows():
        shutil.rmtree(run.path)
    services = fakes.Services(Runner())
    assert cli.main(services, ["transfer", good, "--json", "--pairs", "--jobs", "2"]) == 0
    beside = _json(capsys)
    assert beside["transfer"] == alone["transfer"]
    labels = [{(run["label"], run["seed"]) for run in data["runs"]} for data in (alone, beside)]
    assert labels[0] == labels[1]
    (pool,) = services.pools
    assert pool.most_at_once == 2
    assert pool.is_closed
    assert len(pool.jobs) == 6
    # What is there is found again, and nothing is run.
    again = fakes.Services(Runner())
    assert cli.main(again, ["transfer", good, "--json", "--pairs", "--jobs", "2"]) == 0
    assert {run["found"] for run in _json(capsys)["runs"]} == {True}
    assert again.pools[0].jobs == []


def test_side_by_side_one_that_fails_begins_no_more(good: str, capsys: Capture) -> None:
    def ends(spec: Spec, seed: int) -> Event | None:
        del seed
        return Failed(40, "broken") if len(spec.tasks) == 1 and spec.tasks[0].task else None

    services = fakes.Services(Runner(ends))
    arguments = ["transfer", good, "--json", "--jobs", "2", "--seeds", "0..9"]
    assert cli.main(services, arguments) == 4
    assert len(services.pools[0].jobs) < 30
    assert "failed" in {run["status"] for run in _json(capsys)["runs"]}
