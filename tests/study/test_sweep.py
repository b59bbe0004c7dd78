"""A sweep by hand: two tasks, three weightings, two seeds."""

from dataclasses import replace

import numpy as np
import pytest

from tests.study.test_plan import CATALOGUE
from workbench.spec.experiment import Choice, Spec, TaskChoice
from workbench.spec.score import Score
from workbench.study.sweep import SweepPlan, best_of, plan_sweep, sweep_of

SPEC = Spec(
    name="Two",
    tasks=(TaskChoice(family="fake"),),
    balancing=Choice(kind="pcgrad"),
    seeds=(0, 1),
)


@pytest.fixture
def plan() -> SweepPlan:
    return plan_sweep(SPEC, CATALOGUE, 3)


def results(plan: SweepPlan) -> dict[tuple[str, int], list[Score]]:
    """The more weight, the better the task; the middle is best on validation, the first on test."""
    collected: dict[tuple[str, int], list[Score]] = {}
    tests = {"as it is": (0.4, 0.4)}
    tests |= {"0.33 : 1.67": (0.55, 0.95), "1.00 : 1.00": (0.7, 0.7), "1.67 : 0.33": (0.9, 0.3)}
    checks = {"0.33 : 1.67": (0.4, 0.8), "1.00 : 1.00": (0.8, 0.8), "1.67 : 0.33": (0.8, 0.4)}
    for run in plan.runs():
        at, checked = tests[run.label], checks.get(run.label, (1.0, 1.0))
        collected[run.key] = [
            Score(name, "accuracy", at[t] + 0.02 * run.seed, True, checked[t])
            for t, name in enumerate(("first", "second"))
        ]
    return collected


def test_the_experiment_and_every_weighting_are_run(plan: SweepPlan):
    assert len(plan.runs()) == 8
    assert plan.runs()[0].spec is SPEC
    assert all(spec.balancing.kind == "fixed" for spec in plan.specs)


def test_the_best_weighting_is_chosen_by_validation(plan: SweepPlan):
    sweep = sweep_of(plan, results(plan))
    assert [point.is_best for point in sweep.points] == [False, False, True, False]
    assert sweep.points[2].weights == pytest.approx((1.0, 1.0))
    first = sweep.points[2].scores[0]
    assert first is not None
    assert (first.mean, first.n) == (pytest.approx(0.71), 2)


def test_the_front_is_of_test_scores(plan: SweepPlan):
    sweep = sweep_of(plan, results(plan))
    assert [point.is_on_front for point in sweep.points] == [False, True, True, True]
    assert (sweep.tasks, sweep.metrics) == (("first", "second"), ("accuracy",) * 2)


def test_a_point_that_failed_on_a_seed_has_no_mean_of_the_others(plan: SweepPlan):
    known = results(plan)
    lost = next(run.key for run in plan.runs() if run.label == "1.00 : 1.00" and run.seed == 1)
    del known[lost]
    sweep = sweep_of(plan, known, {lost})
    point = sweep.points[2]
    assert (point.n_done, point.n_failed, point.scores) == (1, 1, (None, None))
    assert [each.is_best for each in sweep.points] == [False, True, False, False]
    assert [each.is_on_front for each in sweep.points] == [False, True, False, True]
    unfinished = sweep_of(plan, known)
    assert unfinished.points[2].scores[0] is not None
    assert not unfinished.points[2].is_best, "it has a seed fewer than the others"


def test_a_seed_that_passed_all_numbers_has_failed(plan: SweepPlan):
    known = results(plan)
    lost = next(run.key for run in plan.runs() if run.label == "1.00 : 1.00" and run.seed == 1)
    known[lost] = [replace(known[lost][0], value=None), known[lost][1]]
    found = sweep_of(plan, known)
    point = found.points[2]
    assert (point.n_done, point.n_failed, point.scores) == (1, 1, (None, None))
    assert not point.is_best
    assert not point.is_on_front
    for key, scores in known.items():  # a figure that no run has is missing, and failed nobody
        known[key] = [replace(scores[0], value=None), scores[1]]
    undefined = sweep_of(plan, known).points[2]
    assert (undefined.n_done, undefined.n_failed, undefined.scores[0]) == (2, 0, None)
    assert undefined.scores[1] is not None


def test_what_is_missing_has_no_scores(plan: SweepPlan):
    sweep = sweep_of(plan, {})
    assert all(point.scores == (None, None) for point in sweep.points)
    assert not any(point.is_best or point.is_on_front for point in sweep.points)


def test_the_best_counts_tasks_of_any_scale_alike():
    points = np.array([[0.90, 100.0], [0.91, 500.0], [0.80, 90.0]])
    assert best_of(points, [True, False]) == 0
    assert best_of(points * np.array([1.0, 1e-6]), [True, False]) == 0
    assert best_of(np.full((2, 2), np.nan), [True, True]) is None
