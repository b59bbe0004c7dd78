"""How much better scores are, also where they have no bounds."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.study.change import Measure, changes, delta_m
from workbench.study.interval import estimate
from workbench.study.sweep import best_of

WILD = (np.inf, -np.inf, np.nan, 1.7e308, -1.7e308, 0.0, 0.5)
wild = arrays(np.float64, (3, 2), elements=st.sampled_from(WILD))


@given(wild, wild)
def test_scores_without_bounds_never_warn_and_are_no_gain(
    scores: np.ndarray, baseline: np.ndarray
) -> None:
    for is_relative in (True, False):
        measures = [Measure("rmse", is_up, is_relative) for is_up in (True, False)]
        assert changes(scores, baseline, measures).shape == scores.shape
        for row, base in zip(scores, baseline, strict=True):
            mean = delta_m(row, base, measures)
            assert mean is None or np.isfinite(mean)


@given(wild)
def test_the_best_point_is_one_whose_scores_are_finite(points: np.ndarray) -> None:
    best = best_of(points, [True, False])
    known = np.isfinite(points).all(axis=1)
    assert best is None if not known.any() else known[best]


def test_numbers_too_large_to_be_squared_have_no_spread() -> None:
    for values in itertools.product((1.7e308, -1.7e308, 1e200), repeat=3):
        interval = estimate(values)
        assert interval is not None
        assert interval.n == 3
        assert interval.low is None or interval.low <= interval.mean
