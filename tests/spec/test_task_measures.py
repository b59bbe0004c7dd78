"""What each task adds to the lifelong measures, and forgetting step by step."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from workbench.spec.measures import intransigence, summarise
from workbench.spec.task_measures import by_task, forgetting_at_steps

TASKS = ("a", "b", "c")
STAGES = [("a",), ("b",), ("c",)]
#: Scores of a run that went astray.
WILD = (np.inf, -np.inf, np.nan, 1.7e308, -1.7e308, 0.5)
shares = st.floats(0, 1, width=32)


@given(
    hnp.arrays(np.float64, (3, 3), elements=shares),
    hnp.arrays(np.float64, 3, elements=shares),
    st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_the_means_of_the_terms_are_the_measures(
    matrix: Any, baseline: Any, higher: list[bool]
) -> None:
    terms = by_task(matrix, baseline, STAGES, TASKS, higher)
    whole = summarise(matrix, baseline, STAGES, TASKS, higher)

    def mean(name: str) -> float:
        return float(np.mean([v for t in terms if (v := getattr(t, name)) is not None]))

    assert mean("forgetting") == pytest.approx(whole["forgetting"])
    assert mean("backward") == pytest.approx(whole["bwt"])
    assert mean("forward") == pytest.approx(whole["fwt"])
    sign = np.where(higher, 1.0, -1.0)
    learned = [s * t.learned for s, t in zip(sign, terms, strict=True) if t.learned is not None]
    assert np.mean(learned) == pytest.approx(whole["learning_accuracy"])
    worst = [s * t.worst for s, t in zip(sign, terms, strict=True) if t.worst is not None]
    assert np.mean(worst) == pytest.approx(whole["min_acc"])


def test_before_the_first_stage_ended_nothing_is_known() -> None:
    terms = by_task(np.empty((0, 3)), np.zeros(3), STAGES, TASKS, [True] * 3)
    assert {getattr(term, name) for term in terms for name in ("learned", "final")} == {None}


def test_forgetting_at_a_step_is_the_best_so_far_minus_the_present_score() -> None:
    steps = np.array([0.0, 10, 20, 30, 40])
    scores = np.array([[0.9, 0.1], [0.5, 0.1], [0.8, 0.1], [0.3, 0.6], [0.85, 0.9]])
    spans = [(0, 20, ("a",)), (20, 40, ("b",))]
    lost = forgetting_at_steps(steps, scores, spans, ("a", "b"), [True, True])
    # the score before training is not something that was learned; a is at rest from step 20 on
    assert lost[:, 0] == pytest.approx([np.nan, np.nan, np.nan, 0.5, -0.05], nan_ok=True)
    assert np.isnan(lost[:, 1]).all()


def test_of_an_error_more_is_worse() -> None:
    steps = np.array([10.0, 20])
    spans = [(0, 10, ("a",)), (10, 20, ("b",))]
    lost = forgetting_at_steps(
        steps, np.array([[0.2, 9], [0.7, 1]]), spans, ("a", "b"), [False] * 2
    )
    assert lost[1, 0] == pytest.approx(0.5)


def test_a_task_that_comes_back_is_not_forgotten_while_it_is_learned() -> None:
    steps = np.array([10.0, 20, 30])
    spans = [(0, 10, ("a",)), (10, 20, ("b",)), (20, 30, ("a",))]
    scores = np.array([[0.9, 0], [0.4, 0.9], [0.8, 0.3]])
    lost = forgetting_at_steps(steps, scores, spans, ("a", "b"), [True] * 2)
    assert lost[:, 0] == pytest.approx([np.nan, 0.5, np.nan], nan_ok=True)
    assert lost[:, 1] == pytest.approx([np.nan, np.nan, 0.6], nan_ok=True)


@given(
    hnp.arrays(np.float64, (3, 3), elements=st.sampled_from(WILD)),
    hnp.arrays(np.float64, 3, elements=st.sampled_from(WILD)),
    st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_scores_without_bounds_have_no_measures_and_never_warn(
    matrix: Any, baseline: Any, higher: list[bool]
) -> None:
    by_task(matrix, baseline, STAGES, TASKS, higher)
    whole = summarise(matrix, baseline, STAGES, TASKS, higher, (9, 9, 9))
    if not np.isfinite(matrix[-1]).all():
        assert not np.isfinite(whole["acc"])
    intransigence(matrix, baseline, STAGES, TASKS, higher)
    spans = [(0, 10, ("a",)), (10, 20, ("b",)), (20, 30, ("c",))]
    forgetting_at_steps(np.array([10.0, 20, 30]), matrix, spans, TASKS, higher)
