"""Figures over seeds, by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.study.interval import estimate, paired_difference

numbers = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20)


def test_three_seeds_by_hand():
    interval = estimate([1.0, 2.0, 3.0])
    assert interval is not None
    assert (interval.mean, interval.sd, interval.n) == (2.0, 1.0, 3)
    # t of two degrees of freedom is 4.3027
    assert interval.low == pytest.approx(2 - 4.30265 / math.sqrt(3), abs=1e-4)
    assert interval.high == pytest.approx(2 + 4.30265 / math.sqrt(3), abs=1e-4)
    assert not interval.is_certain


def test_one_seed_has_no_interval():
    interval = estimate([0.5])
    assert interval is not None
    assert (interval.mean, interval.sd, interval.low, interval.high, interval.n) == (
        0.5,
        None,
        None,
        None,
        1,
    )
    assert not interval.is_certain


def test_what_is_missing_or_not_a_number_is_left_out():
    interval = estimate([None, float("nan"), 2.0, 4.0, float("inf")])
    assert interval is not None
    assert (interval.mean, interval.n) == (3.0, 2)
    assert estimate([None, float("nan")]) is None


def test_differences_are_of_the_same_seed():
    # the seeds differ a lot, the runs on one seed always by 1
    interval = paired_difference(
        {0: 1.0, 1: 11.0, 2: 21.0, 5: 0.0}, {2: 22.0, 1: 12.0, 0: 2.0, 9: 0}
    )
    assert interval is not None
    assert (interval.mean, interval.sd, interval.low, interval.high, interval.n) == (
        1.0,
        0.0,
        1.0,
        1.0,
        3,
    )
    assert interval.is_certain
    assert paired_difference({0: 1.0}, {1: 1.0}) is None


@given(numbers)
def test_the_mean_is_in_its_interval(values: list[float]):
    interval = estimate(values)
    assert interval is not None
    assert interval.low is not None
    assert interval.high is not None
    assert interval.low <= interval.mean <= interval.high
    assert min(values) - 1e-6 <= interval.mean <= max(values) + 1e-6


@given(numbers, st.floats(-100, 100))
def test_a_shift_moves_the_interval_and_leaves_its_width(values: list[float], shift: float):
    before, after = estimate(values), estimate([value + shift for value in values])
    assert before is not None
    assert after is not None
    assert after.mean == pytest.approx(before.mean + shift, abs=1e-6)
    assert after.sd == pytest.approx(before.sd, rel=1e-6, abs=1e-5)
