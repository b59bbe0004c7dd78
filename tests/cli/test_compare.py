"""Compare on the command line: the answer first, and only what can be compared subtracted."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests import fakes
from workbench import cli
from workbench.spec.entry import Catalogue
from workbench.spec.event import Event, Finished
from workbench.spec.experiment import Spec
from workbench.store import run as store
from workbench.store.index import Index
from workbench.store.labels import label

Capture = pytest.CaptureFixture[str]

SEEDS = range(6)


class Runner(fakes.Runner):
    """Runs whose every task ends at a score that depends on name and seed, all in one way."""

    def __init__(self, tasks: Sequence[str] = fakes.TASKS, status: str = "done") -> None:
        super().__init__()
        self.tasks, self.status = tasks, status

    def run(self, spec: Spec, seed: int, root: Path | None = None) -> Iterator[Event]:
        yield from store.record(self._told(spec, seed), store.create(spec, seed, root))

    def _told(self, spec: Spec, seed: int) -> Iterator[Event]:
        reached = score(spec.name, seed)
        row = np.full(len(self.tasks), reached, dtype=np.float32)
        yield replace(fakes.began(seed), tasks=tuple(fakes.facts(name) for name in self.tasks))
        yield Finished(
            step=40,
            status=self.status,  # pyright: ignore[reportArgumentType]
            matrix=row[None],
            baseline=np.zeros_like(row),
            scores={task: {"accuracy": reached} for task in self.tasks},
            summary={"acc": reached, "bwt": reached - 1.0},
        )


class Services(fakes.Services):
    """With a family of tasks that may be noisy."""

    def catalogue(self) -> Catalogue:
        noise = {"noise": {"type": "number", "default": 0.0}}
        noisy = fakes.entry("tasks", "fake", tasks=fakes.TASKS, settings=noise)
        return {**super().catalogue(), ("tasks", "fake"): noisy}


def score(name: str, seed: int) -> float:
    """What an experiment reaches on a seed: b beats a on each, c is as good as it."""
    roll = np.random.default_rng([seed, ord(name[0])]).normal(0, 0.01)
    return float(np.float32(0.5 + 0.05 * seed + roll + (0.1 if name == "b" else 0.0)))


@pytest.fixture
def make(tmp_path: Path, capsys: Capture) -> Any:
    """Makes runs of an experiment called by one letter; gives their ids."""

    def made(name: str, seeds: Sequence[int] = SEEDS, *sets: str, **kind: Any) -> list[str]:
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"{{version: 1, name: {name}, tasks: [{{family: fake}}]}}")
        changes = [part for change in sets for part in ("--set", change)]
        known = {row.run_id for row in Index.open().rows()}
        numbers = ",".join(map(str, seeds))
        cli.main(Services(Runner(**kind)), ["run", str(path), "--seeds", numbers, *changes])
        capsys.readouterr()
        new = [row for row in Index.open().rows() if row.run_id not in known]
        return [row.run_id for row in sorted(new, key=lambda row: row.seed)]

    return made


def compared(capsys: Capture, *ids: str) -> tuple[str, dict[str, Any]]:
    """What is said of runs, and as JSON."""
    assert cli.main(Services(), ["compare", *ids]) == 0
    text = capsys.readouterr().out
    assert cli.main(Services(), ["compare", *ids, "--json"]) == 0
    return text, json.loads(capsys.readouterr().out)


def test_the_answer_comes_first_and_is_that_of_scipy(make: Any, capsys: Capture) -> None:
    ids = [
        *make("a"),
        *make("b", SEEDS, "training.epochs=3"),
        *make("c", SEEDS, "training.epochs=4"),
    ]
    text, data = compared(capsys, *ids)
    answer = data["answer"]
    assert text.splitlines()[0] == answer["sentence"]
    assert answer["sentence"].startswith(
        "Against a, of 2 others: 1 better, 1 with no difference shown. b keeps 0."
    )
    better, open_ = data["differences"]
    a, b, c = ([score(name, seed) for seed in SEEDS] for name in "abc")
    ps = [stats.ttest_rel(other, a).pvalue for other in (b, c)]
    assert better["measures"]["acc"]["p_t"] == pytest.approx(2 * ps[0], rel=1e-3)
    assert open_["measures"]["acc"]["p_t"] == pytest.approx(max(ps[1], 2 * ps[0]), rel=1e-3)
    assert better["measures"]["acc"]["mean"] == pytest.approx(np.mean(b) - np.mean(a), rel=1e-4)
    assert better["measures"]["acc"]["finding"] == "better"
    assert open_["measures"]["acc"]["finding"] == "no difference shown"
    wilcoxon = stats.wilcoxon(b, a, method="exact").pvalue
    assert better["tasks"]["first"]["accuracy"]["p_wilcoxon"] == pytest.approx(4 * wilcoxon)
    assert better["sentence"] in answer["sentence"]
    assert data["settings"] == [{"key": "training.epochs", "values": [20, 3, 4]}]
    assert "settings that differ" in text
    assert data["ranks"]["methods"]["b"] == 1.0
    assert data["ranks"]["critical_difference"] == pytest.approx(
        2.3437 * (12 / 12) ** 0.5, abs=1e-3
    )
    assert "ranks over 2 tasks" in text


def test_unlike_experiments_are_said_to_be_and_not_subtracted(make: Any, capsys: Capture) -> None:
    ids = [*make("a"), *make("b", SEEDS, "tasks.0.noise=0.5")]
    other = make("c", (0, 1), "training.epochs=3", tasks=("first", "third"))
    text, data = compared(capsys, *ids, *other)
    unlike = [each["unlike"]["why"] for each in data["differences"]]
    assert unlike == ["other data or splits", "other tasks"]
    assert [(each["tasks"], each["measures"]) for each in data["differences"]] == [({}, {})] * 2
    assert "b against a: its data or splits are others (tasks.0.noise=0.5)" in text
    assert "c against a: it has other tasks (second, third)" in text
    assert "95 % interval" not in text


def test_what_did_not_come_to_its_end_is_counted_and_not_subtracted(
    make: Any, capsys: Capture
) -> None:
    ids = [*make("a"), *make("b", (0, 1, 2), "training.epochs=3")]
    ids += make("b", (3,), "training.epochs=3", status="stopped")
    text, data = compared(capsys, *ids)
    (difference,) = data["differences"]
    assert difference["seeds"] == [0, 1, 2]
    assert difference["measures"]["acc"]["n"] == 3
    assert "b: 1 of 4 seeds did not come to their end (3) and have no say." in text
    assert data["answer"]["notes"][0] in text
    assert "With 3 seeds Wilcoxon's p cannot fall below 0.25" in text


def test_one_seed_has_no_interval_and_no_test(make: Any, capsys: Capture) -> None:
    text, data = compared(capsys, *make("a", (0,)), *make("b", (0,), "training.epochs=3"))
    assert "on one seed: no interval and no test, so it shows nothing." in text.splitlines()[0]
    gain = data["differences"][0]["measures"]["acc"]
    assert (gain["low"], gain["p_t"], gain["p_wilcoxon"]) == (None, None, None)
    assert data["ranks"] is None


def test_the_pinned_experiment_is_the_baseline(make: Any, capsys: Capture) -> None:
    first, second = make("a"), make("b", SEEDS, "training.epochs=3")
    row = Index.open().find(second[2])
    label(Path(row.path), {"pinned": True})
    text, data = compared(capsys, *first, *second)
    assert data["baseline"] == "b"
    assert [(each["from"], each["to"]) for each in data["differences"]] == [("b", "a")]
    assert text.startswith("a keeps 0.")
    assert "less accuracy" in text.splitlines()[0]
    assert data["differences"][0]["measures"]["acc"]["mean"] < 0


def test_one_experiment_alone_is_said_and_not_compared(make: Any, capsys: Capture) -> None:
    text, data = compared(capsys, *make("a"))
    assert "nothing to compare it with yet" in text.splitlines()[0]
    assert data["differences"] == []
    assert data["settings"] == []


def test_many_runs_are_found_in_one_look(
    make: Any, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = make("a")
    looks: list[int] = []
    rows = Index.rows
    monkeypatch.setattr(Index, "rows", lambda index: looks.append(1) or rows(index))
    compared(capsys, *ids)
    assert len(looks) == 2  # one of each call
