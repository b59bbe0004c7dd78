"""Softmax of plain numbers."""

import math

import pytest

from workbench.engine.numerics.softmax import log_sum_exp, softmax


def test_shares_sum_to_1_and_stand_as_their_powers():
    assert softmax([0.0, math.log(3)]) == pytest.approx([0.25, 0.75])


def test_large_numbers_do_not_overflow():
    assert softmax([1e12, -1e12, 1e12]) == [0.5, 0, 0.5]
    assert log_sum_exp([1e4, 1e4]) == pytest.approx(1e4 + math.log(2))


def test_what_is_not_a_number_is_not_hidden():
    assert all(math.isnan(share) for share in softmax([math.nan, 1.0]))
