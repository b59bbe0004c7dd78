"""Which runs the history shows, in which groups and order."""

import random
from typing import Any

import pytest

from tests.ui.fakes import FakeRow
from workbench.ui.model.history.run_line import Line
from workbench.ui.model.history.run_list import BY_EXPERIMENT, BY_NOTHING, BY_TAG, RunList


def listed(*rows: FakeRow, **settings: Any) -> RunList:
    runs = RunList()
    runs.set_rows(rows)
    if settings:
        runs.set_settings(settings)
    return runs


def ids(lines: list[Line]) -> list[str]:
    return [line.run.row.run_id if line.run else f"[{line.title}]" for line in lines]


def seeds(n: int, name: str = "x") -> list[FakeRow]:
    return [FakeRow(f"{name}{i}", seed=i, fingerprint=name, path=f"{name}{i}") for i in range(n)]


def test_runs_of_one_experiment_are_one_line_with_their_mean() -> None:
    rows = [*seeds(2), FakeRow("alone", fingerprint="y", acc=0.5)]
    rows[0] = FakeRow("x0", seed=0, fingerprint="x", path="x0", acc=0.8, name="Mine")
    rows[1] = FakeRow("x1", seed=1, fingerprint="x", path="x1", acc=0.9, name="Mine")
    runs = listed(*rows, FakeRow("x2", fingerprint="x", path="x2", status="failed", acc=0.0))
    assert ids(runs.lines) == ["[Mine]", "alone"]
    group = runs.lines[0]
    assert group.value("acc") == pytest.approx(0.85)
    assert group.spread("acc") == pytest.approx(0.0707, abs=1e-4)
    assert (group.value("seed"), group.n_done()) == (3, 2)
    assert group.value("status") is None
    assert len(list(group.runs)) == 3


@pytest.mark.parametrize("is_descending", [False, True])
def test_what_has_no_value_comes_last_in_both_directions(is_descending: bool) -> None:
    chance = random.Random(1)
    values = [None, None, *(chance.random() for _ in range(20))]
    chance.shuffle(values)
    runs = listed(*(FakeRow(f"r{i}", acc=value) for i, value in enumerate(values)))
    runs.set_order("acc", is_descending)
    shown = [line.value("acc") for line in runs.lines]
    assert shown[-2:] == [None, None]
    known = [value for value in values if value is not None]
    assert shown[:-2] == sorted(known, reverse=is_descending)


@pytest.mark.parametrize("is_descending", [False, True])
def test_settings_of_several_kinds_are_sorted_and_missing_ones_last(is_descending: bool) -> None:
    values = {"a": 2, "b": "auto", "c": None, "d": 10, "e": "Auto", "f": True}
    runs = RunList()
    runs.set_rows([FakeRow(key, path=key) for key in values])
    runs.set_settings({k: {} if v is None else {"t.n": v} for k, v in values.items()})
    runs.set_order("t.n", is_descending)
    order = ids(runs.lines)
    assert order[-1] == "c"
    numbers = [key for key in order if key in "adf"]
    assert numbers == (["d", "a", "f"] if is_descending else ["f", "a", "d"])


def test_runs_are_grouped_by_tag_and_by_any_setting() -> None:
    rows = [
        FakeRow("a", path="a", tag="x, y"),
        FakeRow("b", path="b", tag="y"),
        FakeRow("c", path="c"),
    ]
    runs = listed(*rows, a={"o.lr": 0.1}, b={"o.lr": 0.1}, c={"o.lr": 0.2})
    runs.set_group(BY_TAG)
    runs.set_order("name", False)
    assert {line.title: ids(line.children) for line in runs.lines} == {
        "x": ["a"],
        "y": ["a", "b"],
        "": ["c"],
    }
    assert runs.lines[-1].title == ""
    runs.set_group("o.lr")
    assert {line.title: ids(line.children) for line in runs.lines} == {
        "0.1": ["a", "b"],
        "0.2": ["c"],
    }
    runs.set_group(BY_NOTHING)
    assert len(runs.lines) == 3


def test_what_differs_is_said_of_the_runs_that_are_shown() -> None:
    same = {"device": "cpu", "o.lr": 0.1, "r.kind": "none"}
    rows = [FakeRow(key, path=key) for key in "abc"]
    runs = listed(*rows, a=same, b={**same, "o.lr": 0.2}, c={**same, "r.kind": "ewc", "r.s": 1})
    assert runs.differing() == ["o.lr", "r.kind", "r.s"]
    runs.set_filter("-r.kind:ewc")
    assert runs.differing() == ["o.lr"]
    runs.set_filter("r.kind:ewc")
    assert runs.differing() == []


def test_a_filter_that_cannot_be_read_is_said_and_leaves_what_is_shown() -> None:
    runs = listed(*seeds(3))
    runs.set_group(BY_NOTHING)
    runs.set_filter("seed:1")
    assert ids(runs.lines) == ["x1"]
    runs.set_filter("seed:")
    assert str(runs.refusal) == "seed: lacks a value"
    assert ids(runs.lines) == ["x1"]
    runs.set_filter("")
    assert (runs.refusal, len(runs.lines)) == (None, 3)


def test_settings_that_come_later_are_found_by_words() -> None:
    runs = listed(*seeds(2))
    runs.set_filter("ewc")
    assert runs.lines == []
    runs.set_settings({"x0": {"retention.kind": "ewc"}, "x1": {"retention.kind": "none"}})
    assert ids(runs.lines) == ["x0"]
    runs.set_filter("retenton:ewc")
    assert "did you mean retention" in str(runs.refusal)


def test_the_group_is_the_default_and_its_children_are_sorted_too() -> None:
    runs = listed(*seeds(3))
    assert runs.group_by == BY_EXPERIMENT
    runs.set_order("seed", True)
    assert ids(runs.lines[0].children) == ["x2", "x1", "x0"]


def test_a_filter_that_means_the_same_runs_leaves_the_lines_as_they_are() -> None:
    runs = listed(*seeds(3), FakeRow("other", fingerprint="o", path="o"))
    before = runs.lines
    runs.set_filter("seed>=0")
    assert runs.lines is before
    runs.set_rows([FakeRow("x0", acc=0.99, fingerprint="x", path="x0")])
    assert runs.lines is not before
    assert runs.lines[0].value("acc") == 0.99
