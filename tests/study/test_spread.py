"""The spread around means, against scipy and by simulation."""

import numpy as np
import pytest
from scipy import stats

from workbench.study.interval import estimate
from workbench.study.spread import Spread, spread_of

ROLL = np.random.default_rng(0)


def test_the_interval_is_that_of_scipy():
    for n in (2, 3, 5, 30):
        values = ROLL.normal(3, 2, (n, 7))
        bounds = spread_of(values, Spread.INTERVAL)
        low, high = stats.t.interval(0.95, n - 1, values.mean(axis=0), stats.sem(values, axis=0))
        np.testing.assert_allclose(bounds.mean, values.mean(axis=0), rtol=1e-12)
        np.testing.assert_allclose(bounds.low, low, rtol=1e-10)
        np.testing.assert_allclose(bounds.high, high, rtol=1e-10)
        assert bounds.n.tolist() == [n] * 7


def test_deviation_and_range_are_those_of_numpy():
    values = ROLL.normal(0, 1, (6, 4))
    sd, outer = spread_of(values, Spread.SD), spread_of(values, Spread.RANGE)
    np.testing.assert_allclose(sd.high - sd.mean, values.std(axis=0, ddof=1), rtol=1e-12)
    np.testing.assert_allclose(sd.mean - sd.low, values.std(axis=0, ddof=1), rtol=1e-12)
    assert outer.low.tolist() == values.min(axis=0).tolist()
    assert outer.high.tolist() == values.max(axis=0).tolist()


@pytest.mark.parametrize("kind", Spread)
def test_what_is_missing_is_left_out(kind: Spread):
    nan, inf = np.nan, np.inf
    values = np.array([[1.0, nan, nan, 2.0], [3.0, 5.0, inf, nan], [nan, -inf, nan, 4.0]])
    bounds = spread_of(values, kind)
    assert bounds.n.tolist() == [2, 1, 0, 2]
    np.testing.assert_array_equal(bounds.mean, [2.0, 5.0, nan, 3.0])
    assert np.isnan(bounds.low).tolist() == [False, True, True, False]
    assert np.isnan(bounds.high).tolist() == [False, True, True, False]
    alone = spread_of(np.array([1.0, 3.0]), kind)
    assert (bounds.low[0], bounds.high[0]) == (alone.low, alone.high)


@pytest.mark.parametrize("kind", Spread)
@pytest.mark.parametrize("shape", [(0,), (0, 3), (1,), (1, 3), (4, 0), (2, 3, 4)])
def test_any_shape_has_an_answer(kind: Spread, shape: tuple[int, ...]):
    bounds = spread_of(np.zeros(shape), kind)
    for part in (bounds.mean, bounds.low, bounds.high, bounds.n):
        assert np.shape(part) == shape[1:]
    assert (bounds.n == shape[0]).all()
    assert np.isnan(bounds.low).any() == (shape[0] < 2)


@pytest.mark.parametrize("kind", Spread)
def test_equal_values_have_no_width(kind: Spread):
    bounds = spread_of(np.full((7, 2), 0.1), kind)
    assert bounds.low.tolist() == bounds.mean.tolist() == bounds.high.tolist() == [0.1, 0.1]


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_any_size_of_number_has_a_spread(scale: float):
    values = ROLL.normal(0, 1, (5, 3))
    for kind in Spread:
        plain, scaled = spread_of(values, kind), spread_of(values * scale, kind)
        np.testing.assert_allclose(scaled.low, plain.low * scale, rtol=1e-9)
        np.testing.assert_allclose(scaled.high, plain.high * scale, rtol=1e-9)


def test_a_mean_of_the_largest_numbers_is_known_and_its_spread_is_not():
    bounds = spread_of(np.array([[1.7e308], [-1.7e308]]), Spread.SD)
    assert bounds.mean.tolist() == [0.0]
    assert np.isnan(bounds.low).all()


def test_it_says_what_an_estimate_says():
    values = ROLL.normal(0.5, 0.1, 5)
    values[2] = np.nan
    bounds, known = spread_of(values, Spread.INTERVAL), estimate(values.tolist())
    assert known is not None
    assert (float(bounds.low), float(bounds.high)) == pytest.approx((known.low, known.high))
    assert int(bounds.n) == known.n


@pytest.mark.parametrize("n", [2, 3, 5, 10])
def test_the_interval_holds_the_mean_in_95_of_100(n: int):
    values = np.random.default_rng(n).normal(0.7, 0.2, (n, 40_000))
    bounds = spread_of(values, Spread.INTERVAL)
    coverage = np.mean((bounds.low <= 0.7) & (bounds.high >= 0.7))
    assert coverage == pytest.approx(0.95, abs=0.005)
