"""Experiments against one of them: what is subtracted, what is not, and how surely."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.fuzz import scaled
from tests.study.comparison.made import experiment, spec
from workbench.spec.experiment import TaskChoice
from workbench.study.comparison.experiments import (
    Comparison,
    Experiment,
    Figure,
    Finding,
    Unlike,
    figures_of,
    unlikeness,
)

BASE = [0.70, 0.72, 0.68, 0.71, 0.69, 0.70]
BETTER = [0.80, 0.83, 0.77, 0.82, 0.79, 0.81]


def found(comparison: Comparison, i: int = 1, figure: int = 0) -> Finding:
    difference = comparison.differences(comparison.figures[figure])[i]
    assert difference is not None
    return difference.finding


def test_a_difference_is_that_of_scipy_and_says_which_way_is_better() -> None:
    comparison = Comparison([experiment("a", BASE), experiment("b", BETTER)], 0)
    acc = comparison.figures[0]
    assert (acc.key, acc.metric, acc.n_tasks) == ("acc", "accuracy", 2)
    none, difference = comparison.differences(acc)
    assert none is None
    assert difference is not None
    assert difference.p_t == pytest.approx(stats.ttest_rel(BETTER, BASE).pvalue)
    expected = stats.wilcoxon(BETTER, BASE, method="exact").pvalue
    assert difference.p_wilcoxon == pytest.approx(expected)
    assert difference.finding is Finding.BETTER
    assert found(Comparison(comparison.experiments, 1), 0) is Finding.WORSE


def test_less_of_a_loss_is_better_and_told_as_it_is() -> None:
    many = [
        experiment(name, scores, metric="mse", higher_is_better=False)
        for name, scores in (("a", BASE), ("b", BETTER))
    ]
    comparison = Comparison(many, 0)
    for figure in comparison.figures:  # the mean over tasks, whose sign `acc` has changed, and each
        assert not figure.higher_is_better
        reached = figure.estimate(many[0])
        assert reached is not None
        assert reached.mean == pytest.approx(np.mean(BASE))
        difference = comparison.differences(figure)[1]
        assert difference is not None
        assert difference.estimate is not None
        assert difference.estimate.mean > 0
        assert difference.finding is Finding.WORSE


def test_tasks_of_several_metrics_have_a_mean_without_a_unit() -> None:
    first = experiment("a", BASE)
    mixed = replace(first, tasks=(first.tasks[0], replace(first.tasks[1], metric="r2")))
    acc, *final = figures_of([mixed])
    assert acc.metric == ""
    assert [figure.metric for figure in final] == ["accuracy", "r2"]


def test_only_runs_that_came_to_their_end_have_a_say() -> None:
    status = {0: "diverged", 1: "stopped", 2: "", 3: "failed"}
    second = experiment("b", [9.0, 9.0, 9.0, 9.0, 0.79, 0.81], status=status)
    comparison = Comparison([experiment("a", BASE), second], 0)
    difference = comparison.differences(comparison.figures[0])[1]
    assert difference is not None
    assert difference.estimate is not None
    assert difference.estimate.n == 2
    assert difference.estimate.mean == pytest.approx((0.79 - 0.69 + 0.81 - 0.70) / 2)
    assert second.diverged == (0,)
    assert second.unfinished == (1, 2, 3)


def test_one_seed_no_seed_and_equal_seeds_are_no_difference() -> None:
    base = experiment("a", BASE)
    others = [
        experiment("one", {0: 0.9}),
        experiment("none", {17: 0.9}),
        experiment("lost", [None] * 6),
        experiment("equal", BASE),
        experiment("running", BASE, status=dict.fromkeys(range(6), "")),
    ]
    findings = [found(Comparison([base, each], 0)) for each in others]
    assert findings == [
        Finding.SINGLE,
        Finding.UNKNOWN,
        Finding.UNKNOWN,
        Finding.NONE,
        Finding.UNKNOWN,
    ]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (experiment("b", BETTER, tasks=("first", "third")), Unlike.TASKS),
        (experiment("b", BETTER, tasks=("first",)), Unlike.TASKS),
        (experiment("b", BETTER, metric="f1"), Unlike.METRICS),
        (experiment("b", BETTER, higher_is_better=False), Unlike.METRICS),
        (experiment("b", BETTER, setup=spec(noise=0.5)), Unlike.DATA),
        (experiment("b", BETTER, setup=spec(n_tasks=5)), Unlike.DATA),
        (experiment("b", BETTER, setup=spec(family="other")), Unlike.TASKS),
        (replace(experiment("b", BETTER), setup=None), Unlike.UNREAD),
    ],
)
def test_unlike_experiments_are_said_to_be_and_not_subtracted(
    other: Experiment, why: Unlike
) -> None:
    base = experiment("a", BASE)
    comparison = Comparison([base, other], 0)
    unlike = comparison.unlike[1]
    assert unlike is not None
    assert unlike.why is why
    assert bool(unlike.what) == (why is not Unlike.UNREAD)
    assert all(found(comparison, 1, f) is Finding.UNLIKE for f in range(len(comparison.figures)))


def test_what_is_learned_otherwise_is_still_the_same_question() -> None:
    base = experiment("a", BASE)
    assert unlikeness(base, experiment("b", BASE, setup=spec("ewc"))) is None
    # the default of the family written out, and a weight: how much of the task is wanted
    assert unlikeness(base, experiment("b", BASE, setup=spec(n_tasks=2, weight=3.0))) is None
    # each task named, with a weight of its own, in place of the family as a whole
    apart = tuple(
        TaskChoice(family="split", task=t, weight=w) for t, w in (("first", 2.0), ("second", 0.5))
    )
    by_task = spec().model_copy(update={"tasks": apart})
    assert unlikeness(base, experiment("b", BASE, setup=by_task)) is None


def test_a_file_is_known_by_what_is_in_it() -> None:
    setups = [spec(file=f"/{place}.csv", sha256="abc") for place in "ab"]
    first, second = (experiment("a", BASE, setup=each) for each in setups)
    assert unlikeness(first, second) is None
    third = experiment("a", BASE, setup=spec(file="/a.csv", sha256="other"))
    assert unlikeness(first, third) is not None


def test_several_comparisons_are_corrected_together() -> None:
    roll = np.random.default_rng(1)
    many = [experiment("a", BASE)]
    many += [experiment(f"b{i}", (np.array(BASE) + roll.normal(0.01, 0.02, 6)).tolist())
             for i in range(4)]  # fmt: skip
    comparison = Comparison([*many, experiment("odd", BASE, metric="f1")], 0)
    acc, first, second = comparison.figures[:3]
    assert [f.task for f in (acc, first, second)] == ["", "first", "second"]
    of_acc = comparison.differences(acc)
    raw = [each.test.p_t for each in of_acc if each is not None and each.test is not None]
    corrected = [each.p_t for each in of_acc if each is not None and each.test is not None]
    assert corrected == pytest.approx(stats_holm([p for p in raw if p is not None]))
    assert {each.n_compared for each in of_acc if each is not None and each.test} == {4}
    # a task's score is corrected for the other task too: they are read together
    of_task = comparison.differences(first)
    assert {each.n_compared for each in of_task if each is not None and each.test} == {8}


def stats_holm(p_values: list[float]) -> list[float]:
    """Holm's correction as statsmodels' `multipletests` computes it."""
    order = np.argsort(p_values)
    n = len(p_values)
    raw = np.array(p_values)[order] * np.arange(n, 0, -1)
    corrected = np.minimum(np.maximum.accumulate(raw), 1.0)
    result = np.empty(n)
    result[order] = corrected
    return result.tolist()


def test_no_comparison_of_many_equal_ones_is_shown_in_95_of_100() -> None:
    roll = np.random.default_rng(5)
    n_shown = 0
    for _ in range(200):
        many = [experiment(str(i), roll.normal(0.7, 0.02, 5).tolist()) for i in range(5)]
        comparison = Comparison(many, 0)
        of_acc = comparison.differences(comparison.figures[0])
        n_shown += any(
            each.finding in (Finding.BETTER, Finding.WORSE) for each in of_acc if each is not None
        )
    assert n_shown <= 0.05 * 200 + 3 * (200 * 0.05 * 0.95) ** 0.5


SCORES = st.lists(
    st.one_of(
        st.integers(0, 16).map(lambda n: n / 16),
        st.sampled_from([None, float("nan"), float("inf"), float("-inf")]),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=scaled(40))
@given(SCORES, SCORES)
def test_the_other_way_round_everything_has_the_other_sign(
    first: list[float | None], second: list[float | None]
) -> None:
    many = [experiment("a", first), experiment("b", second)]
    there, back = Comparison(many, 0), Comparison(many, 1)
    opposite = {Finding.BETTER: Finding.WORSE, Finding.WORSE: Finding.BETTER}
    for figure in there.figures:
        one, other = there.differences(figure)[1], back.differences(figure)[0]
        assert one is not None
        assert other is not None
        assert other.finding is opposite.get(one.finding, one.finding)
        assert (one.p_t, one.p_wilcoxon) == pytest.approx((other.p_t, other.p_wilcoxon))
        if one.estimate is not None and other.estimate is not None:
            assert one.estimate.mean == -other.estimate.mean
            assert one.estimate.n == other.estimate.n


def test_what_was_worked_out_is_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.study.comparison import experiments as module

    many = [experiment(str(i), BASE) for i in range(6)]
    before = Comparison(many, 0)
    for figure in before.figures:
        before.differences(figure)
    calls: list[object] = []
    work = module.paired
    monkeypatch.setattr(module, "paired", lambda *both: calls.append(both) or work(*both))
    newer = replace(many[3], outcomes=many[3].outcomes[:2])
    after = Comparison([*many[:3], newer, *many[4:]], 0, before)
    for figure in after.figures:
        after.differences(figure)
    assert len(calls) == len(after.figures)  # of the one that changed alone
    assert found(after, 3) is Finding.NONE


def test_a_figure_over_runs_without_it_is_not_offered() -> None:
    keys = [figure.key for figure in figures_of([experiment("a", BASE)])]
    assert keys == ["acc", "final", "final"]
    keys = [figure.key for figure in figures_of([experiment("a", BASE, bwt=-0.1)])]
    assert keys == ["acc", "forgetting", "bwt", "final", "final"]
    assert figures_of([]) == []
    assert Figure("acc", "", "accuracy", True).estimate(experiment("a", [])) is None
