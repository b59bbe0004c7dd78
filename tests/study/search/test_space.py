"""What may be tried of a setting, and how it is refused."""

from typing import Any

import pytest

from tests import fakes
from tests.study.search.quick import experiment
from workbench.study.search.fields import schema_of, suggestion
from workbench.study.search.request import Request
from workbench.study.search.space import Axis, BadSpaceError, grid, parse_axis, split_choices


def test_the_forms_of_a_space():
    assert parse_axis("a.b=log:1e-4:1") == Axis("a.b", "log", 1e-4, 1.0)
    assert parse_axis("a=float:0:1:0.25") == Axis("a", "float", 0.0, 1.0, 0.25)
    assert parse_axis("a=int:1:10:4") == Axis("a", "int", 1.0, 9.0, 4.0, is_whole=True)
    choice = parse_axis("encoder.hidden=[8],[8, 8]")
    assert [choice.value(raw) for raw in choice.choices] == [[8], [8, 8]]
    words = parse_axis("balancing.kind=fixed,pcgrad")
    assert [words.value(raw) for raw in words.choices] == ["fixed", "pcgrad"]
    numbers = parse_axis("a=1e-3, true")
    assert [numbers.value(raw) for raw in numbers.choices] == [0.001, True]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("optimizer.lr", "KEY=SPACE"),
        ("a=log:0:1", "above 0"),
        ("a=float:1:1", "goes up"),
        ("a=float:0:1:2", "no larger than the range"),
        ("a=log:1:10:2", "is wanted"),
        ("a=int:1:x", "is wanted; found 'int:1:x'"),
        ("a=float:0:inf", "finite"),
        ("a=int:0.5:3", "whole numbers"),
        ("a=3", "one value"),
        ("a=3,3", "twice"),
        ("a=[1,{", "no value as a preset writes it"),
    ],
)
def test_a_space_that_is_none_says_what_was_found(text: str, why: str):
    with pytest.raises(BadSpaceError) as caught:
        parse_axis(text)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("over", "parts"),
    [
        ("retention.strength=log:1:10", ["retention.strength", "strength"]),
        ("optimizer.lr=log:1e-4:1000", ["optimizer.lr", "100", "1000"]),
        ("balancing.kind=fixed,pcgrat", ["balancing.kind", "pcgrat", "pcgrad"]),
        ("training.batch_size=float:1.5:64", ["training.batch_size", "whole"]),
        ("seeds=1,2", ["seeds", "--seeds"]),
        ("nothing.there=1,2", ["nothing"]),
        ("tasks.3.weight=float:0:1", ["tasks.3.weight"]),
        ("encoder.hidden=[0],[8]", ["encoder.hidden", "1"]),
    ],
)
def test_a_setting_that_cannot_be_swept_is_named_with_what_is_allowed(over: str, parts: list[str]):
    with pytest.raises(BadSpaceError) as caught:
        Request((over,)).draft(experiment(), fakes.CATALOGUE)
    for part in parts:
        assert part in str(caught.value)


def test_a_method_that_is_swept_brings_its_own_settings():
    spec = experiment().model_copy(
        update={"curriculum": experiment().curriculum.model_copy(update={"kind": "sequential"})}
    )
    request = Request(("retention.kind=none,replay", "retention.memory=int:10:50"))
    with pytest.raises(BadSpaceError, match=r"retention\.memory"):
        request.draft(spec, fakes.CATALOGUE)


def test_a_setting_twice_is_refused():
    with pytest.raises(BadSpaceError, match="twice"):
        Request(("optimizer.lr=log:1e-4:1",) * 2).draft(experiment(), fakes.CATALOGUE)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"sampler": "best"}, "grid, random, tpe"),
        ({"n_trials": 0}, "--trials"),
        ({"objectives": (("acc", "auto"), ("acc", "auto"))}, "each once"),
        ({"objectives": (("a", "auto"), ("b", "auto")), "prunes": True}, "--prune"),
        ({"over": ()}, "--over"),
        ({"over": tuple(f"tasks.0.weight=float:0:1:{s}" for s in (1e-5,)), "sampler": "grid",
          "n_trials": None}, None),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_refused(changes: dict[str, Any], why: str | None):
    request = Request(**{"over": ("optimizer.lr=log:1e-4:1",), **changes})
    if why is None:
        assert len(request.draft(experiment(), fakes.CATALOGUE).points) == 5
        return
    with pytest.raises(BadSpaceError, match=why):
        request.draft(experiment(), fakes.CATALOGUE)


def test_a_grid_fits_in_the_trials_and_reaches_both_ends():
    axes = [parse_axis("a=log:1e-4:1"), parse_axis("b=int:1:3"), parse_axis("c=x,y")]
    points = grid(axes, 40)
    assert len(points) == len({str(point) for point in points}) <= 40
    assert {point["b"] for point in points} == {1.0, 2.0, 3.0}
    assert {min(point["a"] for point in points), max(point["a"] for point in points)} == {1e-4, 1.0}
    assert [len(grid([axis], None)) for axis in axes] == [5, 3, 2]


def test_whole_numbers_over_powers_are_whole_and_all_there():
    axis = parse_axis("training.batch_size=log:1:8", is_whole=True)
    assert axis.levels(100) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert all(isinstance(level, int) for level in [*axis.levels(3), *axis.levels(100)])
    assert axis.value(3.0) == 3
    assert isinstance(axis.value(3.0), int)


def test_numbers_are_rounded_within_their_bounds():
    axis = parse_axis("a=log:0.0001234567:1")
    assert axis.value(0.0001234567) == 0.000123457
    assert parse_axis("a=log:0.0001234562:1").value(0.0001234562) == 0.0001234562
    assert axis.value(0.12345678) == 0.123457


def test_a_list_between_brackets_is_one_choice():
    assert split_choices('[1, 2],{a: 1, b: 2},"x,y",z') == ["[1, 2]", "{a: 1, b: 2}", '"x,y"', "z"]


@pytest.mark.parametrize(
    ("key", "value", "space"),
    [
        ("optimizer.lr", 0.001, "log:0.0001:0.01"),
        ("optimizer.kind", "adam", "sgd,adam,adamw"),
        ("encoder.activation", "relu", "relu,tanh"),
        ("balancing.kind", "fixed", "fixed,pcgrad"),
        ("training.batch_size", 64, "log:6:640"),
        ("heads.dropout", 0.0, "log:0.001:1"),
        ("encoder.hidden", [8], ""),
    ],
)
def test_a_space_is_suggested_from_what_a_setting_may_be(key: str, value: Any, space: str):
    spec = experiment()
    found = suggestion(schema_of(spec, fakes.CATALOGUE, key), value)
    assert found == space
    if space and key != "heads.dropout":
        Request((f"{key}={space}",)).draft(spec, fakes.CATALOGUE)
