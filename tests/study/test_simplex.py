"""Weights to try."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.study.simplex import simplex_points


def test_two_tasks_are_evenly_spaced():
    result = [w for w, _ in simplex_points(2, 5)]
    assert result == pytest.approx([0.2, 0.6, 1.0, 1.4, 1.8])


@given(st.integers(2, 8), st.integers(1, 40))
def test_weights_sum_to_the_number_of_tasks_and_differ(n_tasks: int, n: int):
    points = simplex_points(n_tasks, n)
    assert len(set(points)) == n
    for weights in points:
        assert len(weights) == n_tasks
        assert sum(weights) == pytest.approx(n_tasks)
        assert min(weights) > 0


def test_three_tasks_reach_every_corner_and_begin_in_the_middle():
    points = simplex_points(3, 60)
    assert points[0] == (1.0, 1.0, 1.0)
    for task in range(3):
        assert max(weights[task] for weights in points) > 2
        assert min(weights[task] for weights in points) < 0.2
        assert sum(weights[task] for weights in points) / 60 == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(("n_tasks", "n"), [(1, 5), (2, 0)])
def test_what_is_no_sweep_is_refused(n_tasks: int, n: int):
    with pytest.raises(ValueError, match="two tasks or more"):
        simplex_points(n_tasks, n)
