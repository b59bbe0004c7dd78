"""Measures: the published figures, and a plain cross-check on anything else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.spec.event import TaskFacts
from workbench.spec.measures import (
    MEASURES,
    examples_of_one_head,
    intransigence,
    learned_in,
    summarise,
)

TASKS = ("a", "b", "c")
ONE_A_STAGE = [(task,) for task in TASKS]
R = np.asarray([[0.90, 0.20, 0.10], [0.95, 0.85, 0.15], [0.75, 0.60, 0.80]])
B = np.asarray([0.10, 0.12, 0.08])


def test_the_reference_case():
    measures = summarise(R, B, ONE_A_STAGE, TASKS, [True] * 3)
    assert measures == {
        "acc": pytest.approx(0.7167, abs=1e-4),
        "acc_examples": None,
        "bwt": pytest.approx(-0.20, abs=1e-4),
        "fwt": pytest.approx(0.075, abs=1e-4),
        "forgetting": pytest.approx(0.225, abs=1e-4),
        "average_incremental": pytest.approx(0.8389, abs=1e-4),
        "learning_accuracy": pytest.approx(0.85, abs=1e-4),
        "min_acc": pytest.approx((0.75 + 0.60) / 2),
        "wc_acc": pytest.approx(0.80 / 3 + 2 / 3 * (0.75 + 0.60) / 2),
    }


def fact(name: str, n_test: int, head: str = "one", metric: str = "accuracy") -> TaskFacts:
    return TaskFacts(name, "f", metric, True, 0.1, head, "Vector(2)", "Classes(10)", 9, 1, n_test)


def test_acc_over_examples_is_the_share_of_right_answers_among_all():
    n_examples = examples_of_one_head([fact("a", 20), fact("b", 10), fact("c", 40)])
    assert n_examples == [20, 10, 40]
    measures = summarise(R, B, ONE_A_STAGE, TASKS, [True] * 3, n_examples)
    n_right = 0.75 * 20 + 0.60 * 10 + 0.80 * 40
    assert measures["acc_examples"] == pytest.approx(n_right / 70)
    assert measures["acc"] == pytest.approx(0.7167, abs=1e-4)


@pytest.mark.parametrize(
    "facts",
    [
        [fact("a", 20)],
        [fact("a", 20), fact("b", 10, head="other")],
        [fact("a", 20), fact("b", 10, metric="macro-f1")],
    ],
)
def test_acc_over_examples_is_only_of_tasks_that_answer_with_one_head(facts: list[TaskFacts]):
    assert examples_of_one_head(facts) is None


def test_scores_of_which_less_is_better_change_sign():
    assert summarise(-R, -B, ONE_A_STAGE, TASKS, [False] * 3) == summarise(
        R, B, ONE_A_STAGE, TASKS, [True] * 3
    )


def test_the_final_row_is_not_in_the_maximum_so_forgetting_may_be_negative():
    grown = np.asarray([[0.5, 0.0], [0.9, 0.8]])
    measures = summarise(grown, np.zeros(2), [("a",), ("b",)], ("a", "b"), [True, True])
    assert measures["forgetting"] == pytest.approx(-0.4)


def test_one_stage_has_no_past_and_no_future():
    measures = summarise(R[:1], B, [TASKS], TASKS, [True] * 3)
    assert measures["acc"] == pytest.approx(0.4)
    assert [measures[name] for name in ("bwt", "fwt", "forgetting")] == [None] * 3


def test_a_run_stopped_before_its_first_stage_ended_has_no_measure():
    measures = summarise(np.zeros((0, 3)), B, ONE_A_STAGE, TASKS, [True] * 3)
    assert measures == dict.fromkeys(MEASURES)


def test_tasks_not_yet_learned_do_not_count_as_forgotten():
    measures = summarise(R[:2], B, ONE_A_STAGE, TASKS, [True] * 3)
    assert measures["bwt"] == pytest.approx(0.05)
    assert measures["fwt"] == pytest.approx(0.20 - 0.12)
    assert measures["learning_accuracy"] == pytest.approx((0.90 + 0.85) / 2)


def test_a_task_learned_twice_counts_from_its_last_stage():
    assert learned_in([("a",), ("b",), ("a",)], ("a", "b", "c")) == [(0, 2), (1, 1), (-1, -1)]


def _plainly(matrix: list[list[float]], base: list[float]) -> dict[str, float | None]:
    """The definitions, written down one after the other for a task a stage."""
    n = len(matrix)
    last = matrix[n - 1]
    bwt = fwt = forgetting = min_acc = None
    if n > 1:
        bwt = sum(last[i] - matrix[i][i] for i in range(n - 1)) / (n - 1)
        fwt = sum(matrix[i - 1][i] - base[i] for i in range(1, n)) / (n - 1)
        peaks = [max(matrix[k][j] for k in range(n - 1)) for j in range(n - 1)]
        lows = [min(matrix[k][j] for k in range(j + 1, n)) for j in range(n - 1)]
        min_acc = sum(lows) / (n - 1)
        forgetting = sum(peak - last[j] for j, peak in enumerate(peaks)) / (n - 1)
    return {
        "acc": sum(last) / n,
        "acc_examples": sum((i + 1) * last[i] for i in range(n)) / sum(range(1, n + 1)),
        "bwt": bwt,
        "fwt": fwt,
        "forgetting": forgetting,
        "average_incremental": sum(sum(matrix[i][: i + 1]) / (i + 1) for i in range(n)) / n,
        "learning_accuracy": sum(matrix[i][i] for i in range(n)) / n,
        "min_acc": min_acc,
        "wc_acc": last[-1] if min_acc is None else last[-1] / n + (1 - 1 / n) * min_acc,
    }


_SCORES = st.floats(0, 1, width=32)


@given(
    st.integers(1, 6).flatmap(
        lambda n: st.lists(
            st.lists(_SCORES, min_size=n, max_size=n), min_size=n + 1, max_size=n + 1
        )
    )
)
def test_any_matrix_of_a_task_a_stage_agrees_with_the_definitions(rows: list[list[float]]):
    *matrix, base = rows
    names = [f"t{i}" for i in range(len(base))]
    measures = summarise(
        np.asarray(matrix, dtype=np.float32),
        np.asarray(base, dtype=np.float32),
        [(name,) for name in names],
        names,
        [True] * len(names),
        range(1, len(base) + 1),
    )
    expected = {
        key: None if value is None else pytest.approx(value, abs=1e-6)
        for key, value in _plainly(matrix, base).items()
    }
    assert measures == expected


def test_intransigence_is_what_learning_one_by_one_lost_against_learning_together():
    joint = np.asarray([0.95, 0.90, 0.85])
    value = intransigence(R, joint, ONE_A_STAGE, TASKS, [True] * 3)
    assert value == pytest.approx((0.05 + 0.05 + 0.05) / 3)
    assert intransigence(-R, -joint, ONE_A_STAGE, TASKS, [False] * 3) == pytest.approx(value)
    assert intransigence(R[:0], joint, ONE_A_STAGE, TASKS, [True] * 3) is None


def test_the_worst_case_counts_each_task_of_a_stage():
    measures = summarise(R[:2], B, [("a", "b"), ("c",)], TASKS, [True] * 3)
    assert measures["min_acc"] == pytest.approx((0.95 + 0.85) / 2)
    assert measures["wc_acc"] == pytest.approx(0.15 / 3 + 2 / 3 * (0.95 + 0.85) / 2)
