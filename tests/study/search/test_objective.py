"""What a sweep looks for: measures of the validation split, and never of the test split."""

from dataclasses import replace

import numpy as np
import pytest

from tests import fakes
from workbench.spec.event import Evaluated, Event, StageFacts
from workbench.study.search.objective import Course, Objective, objective_of
from workbench.study.search.space import BadSpaceError

TASKS = tuple(fakes.facts(name) for name in fakes.TASKS)
LESS = replace(fakes.facts("third"), metric="mse", higher_is_better=False)
MEAN = Objective("validation", "max")


def _row(step: int, stage: int, *scores: float, ends: bool = True, split: str = "val") -> Event:
    values = np.asarray(scores, dtype=np.float64)
    return Evaluated(step, stage, split, values, values, ends)  # pyright: ignore[reportArgumentType]


def _staged() -> Course:
    return Course().take_all(
        [
            fakes.began(),
            _row(0, -1, 0.1, 0.1, ends=False),
            _row(10, 0, 0.7, 0.2, ends=False),
            _row(20, 0, 0.9, 0.3),
            _row(20, 0, 1.0, 1.0, split="test"),
            _row(40, 1, 0.6, 0.8),
        ]
    )


def test_the_mean_is_over_the_tasks_seen_so_far_and_of_the_validation_split():
    course = _staged()
    assert course.value(MEAN, 2) == pytest.approx(0.9)
    assert course.value(MEAN) == pytest.approx(0.7)
    assert course.value(Objective("validation:second", "max"), 2) is None
    assert course.value(Objective("validation:second", "max")) == pytest.approx(0.8)


def test_forgetting_and_the_incremental_mean_are_those_of_the_papers_on_validation():
    course = _staged()
    assert course.value(Objective("forgetting", "min")) == pytest.approx(0.9 - 0.6)
    assert course.value(Objective("forgetting", "min"), 2) is None
    assert course.value(Objective("average-incremental", "max")) == pytest.approx((0.9 + 0.7) / 2)


def test_where_less_is_better_forgetting_is_still_what_was_lost():
    began = replace(fakes.began(), tasks=(replace(TASKS[0], higher_is_better=False), TASKS[1]))
    course = Course().take_all([began, _row(20, 0, 0.2, 0.3), _row(40, 1, 0.5, 0.8)])
    assert course.value(Objective("forgetting", "min")) == pytest.approx(0.3)


def test_a_pruner_is_told_of_finished_stages_alone_where_there_are_several():
    assert _staged().reports(MEAN) == [(50, pytest.approx(0.9))]


def test_with_one_stage_it_is_told_of_every_evaluation_but_the_last():
    stage = (StageFacts("all", fakes.TASKS, 40),)
    rows = [_row(10, 0, 0.2, 0.4, ends=False), _row(20, 0, 0.5, 0.5, ends=False), _row(40, 0, 1, 1)]
    course = Course().take_all([replace(fakes.began(), stages=stage), *rows])
    assert course.reports(MEAN) == [(25, pytest.approx(0.3)), (50, pytest.approx(0.5))]


def test_a_run_that_goes_on_is_not_counted_twice():
    course = _staged()
    course.take_all([fakes.began(step=20), _row(20, 0, 0.9, 0.3), _row(40, 1, 0.5, 0.5)])
    assert [row[0] for row in course.rows] == [10, 20, 40]
    assert course.value(MEAN) == pytest.approx(0.5)


def test_a_score_that_is_no_number_is_none():
    course = Course().take_all([fakes.began(), _row(40, 1, float("nan"), 0.5)])
    assert course.value(MEAN) is None


@pytest.mark.parametrize("name", ["acc", "test", "bwt", "validation:nobody", ""])
def test_only_validation_measures_are_taken(name: str):
    with pytest.raises(BadSpaceError, match="allowed: validation, validation:TASK") as caught:
        objective_of(name, "auto", TASKS)
    assert "first, second" in str(caught.value)


def test_the_direction_is_that_of_the_metric_unless_it_is_chosen():
    assert objective_of("validation", "auto", TASKS).direction == "max"
    assert objective_of("validation", "auto", (LESS,)).direction == "min"
    assert objective_of("validation:third", "auto", (*TASKS, LESS)).direction == "min"
    assert objective_of("forgetting", "auto", TASKS).direction == "min"
    assert objective_of("validation", "min", TASKS).direction == "min"
    with pytest.raises(BadSpaceError, match="auto, max or min"):
        objective_of("validation", "up", TASKS)


def test_metrics_of_both_directions_have_no_mean():
    with pytest.raises(BadSpaceError, match="Pareto"):
        objective_of("validation", "auto", (*TASKS, LESS))


def test_what_is_about_several_stages_needs_them():
    with pytest.raises(BadSpaceError, match="one"):
        objective_of("forgetting", "auto", TASKS, n_stages=1)
    assert objective_of("forgetting", "auto", TASKS, n_stages=2).name == "forgetting"
