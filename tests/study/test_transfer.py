"""Transfer by hand: three tasks, two seeds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests import fakes
from tests.contracts.faces import ENTRIES
from tests.study.test_plan import CATALOGUE
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.score import Score
from workbench.study.change import (
    Measure,
    changes,
    chosen_metric,
    delta_m,
    measure_of,
    relative_change,
)
from workbench.study.transfer import Planned, TransferPlan, plan_transfer, transfer_of

THREE = Spec(
    name="Three",
    tasks=tuple(TaskChoice(family="fake", task=name) for name in "abc"),
    seeds=(0, 1),
)


FACTS = tuple(fakes.facts(name) for name in "abc")


@pytest.fixture
def plan() -> TransferPlan:
    return plan_transfer(THREE, CATALOGUE, FACTS)


def results(plan: TransferPlan) -> dict[tuple[str, int], list[Score]]:
    """Alone .8, .5 and an error of 2; a and b help each other by 10 %, c harms both by 20 %."""
    base = {"a": 0.8, "b": 0.5, "c": 2.0}
    collected: dict[tuple[str, int], list[Score]] = {}

    def put(run: Planned, factors: dict[str, float]) -> None:
        collected[run.key] = [
            Score(name, "metric", base[name] * factor, name != "c")
            for name, factor in factors.items()
        ]

    for run in plan.runs():
        names = [str(choice.task) for choice in run.spec.tasks]
        match names:
            case [name]:
                put(run, {name: 1.0})
            case ["a", "b"]:
                put(run, {"a": 1.1, "b": 1.1})
            case ["a", "c"] | ["b", "c"]:
                put(run, {names[0]: 0.8, "c": 1.0})
            case _:
                put(run, {"a": 1.0 + 0.1 * run.seed, "b": 0.9, "c": 0.5})
    return collected


def shares(*higher_is_better: bool) -> list[Measure]:
    return [Measure("m", is_up) for is_up in higher_is_better]


def test_every_run_is_planned_once_a_seed(plan: TransferPlan):
    labels = [run.label for run in plan.runs()]
    one_seed = ["all tasks", "a alone", "b alone", "c alone", "a + b", "a + c", "b + c"]
    assert labels == one_seed * 2
    assert [run.seed for run in plan.runs()] == [0] * 7 + [1] * 7
    assert len({run.key for run in plan.runs()}) == 14


def test_with_two_tasks_the_pair_is_the_experiment():
    spec = THREE.model_copy(update={"tasks": THREE.tasks[:2]})
    planned = plan_transfer(spec, CATALOGUE, FACTS[:2])
    assert [run.label for run in planned.runs()] == ["all tasks", "a alone", "b alone"] * 2


def test_pairs_only_where_they_are_wanted():
    planned = plan_transfer(THREE, CATALOGUE, FACTS, has_pairs=False)
    assert len(planned.runs()) == 8


def test_a_task_that_is_never_taught_cannot_be_learned_alone():
    facts = (*FACTS[:2], replace(FACTS[2], n_train=0))
    with pytest.raises(ValueError, match="c is asked and never taught"):
        plan_transfer(THREE, CATALOGUE, facts)


def test_one_task_has_nothing_to_transfer():
    with pytest.raises(ValueError, match="two or more"):
        plan_transfer(THREE.model_copy(update={"tasks": THREE.tasks[:1]}), CATALOGUE, FACTS[:1])


def test_changes_delta_and_pairs_by_hand(plan: TransferPlan):
    transfer = transfer_of(plan, results(plan), CATALOGUE)
    a, b, c = transfer.changes
    assert a is not None
    assert b is not None
    assert c is not None
    assert a.mean == pytest.approx(0.05)
    assert (b.mean, b.sd) == (pytest.approx(-0.1), pytest.approx(0, abs=1e-12))
    assert c.mean == pytest.approx(0.5)
    assert transfer.delta_m is not None
    assert transfer.delta_m.mean == pytest.approx((0.05 - 0.1 + 0.5) / 3)
    assert transfer.delta_m.n == 2
    expected = [[np.nan, 0.1, 0.0], [0.1, np.nan, 0.0], [-0.2, -0.2, np.nan]]
    np.testing.assert_allclose(transfer.matrix, expected, atol=1e-12)
    assert transfer.groups == ((0, 1), (2,))
    assert transfer.suggestion is not None
    assert transfer.suggestion.gain is not None
    assert transfer.suggestion.gain.mean == pytest.approx(0.2 / 3)
    assert (transfer.suggestion.n_agree, transfer.suggestion.n_seeds) == (2, 2)
    assert transfer.seeds == (0, 1)


def test_what_is_missing_is_none_and_the_rest_is_there(plan: TransferPlan):
    known = results(plan)
    for run in plan.runs():
        if run.seed == 1 or run.label in ("b + c", "b alone"):
            del known[run.key]
    transfer = transfer_of(plan, known, CATALOGUE)
    assert [change is not None for change in transfer.changes] == [True, False, True]
    assert transfer.delta_m is None
    assert transfer.groups is None
    assert np.isnan(transfer.matrix[:, 1]).all()
    assert np.isnan(transfer.matrix[1, 2])
    assert transfer.matrix[1, 0] == pytest.approx(0.1)
    assert transfer.matrix[0, 2] == pytest.approx(0)
    assert transfer.seeds == ()


def test_delta_m_as_it_is_defined():
    # (Maninis 2019): accuracy from .8 to .76 and error from 2 to 1.5: (−5 % + 25 %)/2
    value = delta_m(np.array([0.76, 1.5]), np.array([0.8, 2.0]), shares(True, False))
    assert value == pytest.approx(0.10)
    assert delta_m(np.array([0.5]), np.array([0.0]), shares(True)) is None


def test_a_metric_without_a_zero_is_told_as_a_difference():
    # R² from .01 to .03 is .02 more explained, not a gain of 200 %
    r2 = Measure("r2", is_relative=False)
    assert delta_m(np.array([0.03]), np.array([0.01]), [r2]) == pytest.approx(0.02)
    differences = changes(np.array([0.03, 0.9]), np.array([0.01, 0.75]), [r2, Measure("accuracy")])
    assert differences == pytest.approx([0.02, 0.2])
    assert delta_m(np.array([0.03, 0.9]), np.array([0.01, 0.75]), [r2, Measure("a")]) is None


def test_a_measure_is_what_the_catalogue_says():
    catalogue = {(e.role, e.key): e for e in ENTRIES}
    score = Score("t", "r2", 0.5, True, more={"loss": 0.1, "rmse": 2.0, "mae": None})
    assert measure_of(score, "r2", catalogue) == Measure("r2", True, False)
    assert measure_of(score, "rmse", catalogue) == Measure("rmse", False, True)
    assert chosen_metric(score, ["accuracy", "rmse"], catalogue) == "rmse"
    assert chosen_metric(score, ["accuracy"], catalogue) == "r2"


def test_tasks_are_measured_in_the_metric_that_is_asked_for(plan: TransferPlan):
    known = {
        key: [replace(s, metric="r2", more={"rmse": 2 * (s.value or 0)}) for s in scores]
        for key, scores in results(plan).items()
    }
    catalogue = {(e.role, e.key): e for e in ENTRIES}
    transfer = transfer_of(plan, known, catalogue)
    assert {(m.metric, m.is_relative) for m in transfer.measures} == {("r2", False)}
    assert transfer.changes[1] is not None
    assert transfer.changes[1].mean == pytest.approx(-0.05)
    transfer = transfer_of(plan, known, catalogue, ["rmse"])
    assert {(m.metric, m.is_relative) for m in transfer.measures} == {("rmse", True)}
    assert transfer.changes[1] is not None
    assert transfer.changes[1].mean == pytest.approx(0.1)
    assert transfer.metrics == ("r2", "rmse")
    assert transfer_of(plan, known, catalogue).alternative == "rmse"


def test_a_gain_of_a_measure_below_0_is_a_gain():
    change = relative_change(np.array([-1.0]), np.array([-2.0]), [True])
    assert change == pytest.approx([0.5])


positive = arrays(np.float64, 4, elements=st.floats(0.01, 100))


@given(positive, positive, st.lists(st.booleans(), min_size=4, max_size=4), st.floats(0.1, 10))
def test_delta_m_knows_no_unit(scores: np.ndarray, base: np.ndarray, up: list[bool], unit: float):
    value = delta_m(scores, base, shares(*up))
    assert value == pytest.approx(delta_m(scores * unit, base * unit, shares(*up)))
    turned = shares(*(not is_up for is_up in up))
    assert value == pytest.approx(-(delta_m(scores, base, turned) or 0.0))


@given(positive)
def test_nothing_changed_is_0(base: np.ndarray):
    assert delta_m(base, base, shares(True, False, True, False)) == 0
