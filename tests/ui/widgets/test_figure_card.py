"""A figure's mean and spread, and how many runs they are of."""

import math

import pytest

from workbench.study.spread import Spread
from workbench.ui.widgets.figure_card import mean_and_spread


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0.5, 0.7], ("0.600", "± 0.141")),
        ([0.5, 0.7, None], ("0.600", "± 0.141 (2 of 3 seeds)")),
        ([math.nan, 0.5], ("0.500", "(1 of 2 seeds)")),
        ([0.5], ("0.500", "")),
        ([None, None], ("–", "")),
        ([], ("–", "")),
    ],
)
def test_a_mean_says_of_how_many_runs_it_is(
    values: list[float | None], shown: tuple[str, str]
) -> None:
    assert mean_and_spread(values, Spread.SD) == shown
