"""Points that no other beats."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.study.pareto import non_dominated

points_of = arrays(np.float64, st.tuples(st.integers(1, 12), st.just(2)), elements=st.floats(0, 1))


def test_by_hand():
    points = np.array([[0.9, 0.1], [0.5, 0.5], [0.4, 0.4], [0.1, 0.9], [0.5, 0.1]])
    assert non_dominated(points, [True, True]).tolist() == [True, True, False, True, False]


def test_a_loss_and_a_score():
    points = np.array([[0.9, 2.0], [0.9, 1.0], [0.8, 0.5]])
    assert non_dominated(points, [True, False]).tolist() == [False, True, True]


def test_equal_points_both_stay_and_unknown_ones_never_do():
    points = np.array([[1.0, 1.0], [1.0, 1.0], [np.nan, 9.0]])
    assert non_dominated(points, [True, True]).tolist() == [True, True, False]


@given(points_of)
def test_somebody_is_never_beaten_and_the_best_of_each_stays(points: np.ndarray):
    front = non_dominated(points, [True, True])
    assert front.any()
    assert front[np.lexsort((points[:, 1], points[:, 0]))[-1]]


@given(points_of)
def test_every_other_point_is_beaten_by_one_that_stays(points: np.ndarray):
    result = non_dominated(points, [True, True])
    for point in points[~result]:
        front = points[result]
        assert ((front >= point).all(axis=1) & (front > point).any(axis=1)).any()


@given(points_of)
def test_directions_only_turn_the_axes(points: np.ndarray):
    turned = points * np.array([1.0, -1.0])
    assert (
        non_dominated(points, [True, True]).tolist()
        == non_dominated(turned, [True, False]).tolist()
    )


@pytest.mark.parametrize("n", [1, 40])
def test_one_point_or_a_line_of_equal_sums_all_stay(n: int):
    share = np.linspace(0, 1, n)
    assert non_dominated(np.stack([share, 1 - share], axis=1), [True, True]).all()
