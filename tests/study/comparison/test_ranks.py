"""Ranks over many tasks, against scipy and the tables that Demšar prints."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.fuzz import scaled
from workbench.study.comparison.ranks import (
    critical_difference,
    mid_ranks,
    ranking_of,
    studentized_range_quantile,
)

ROLL = np.random.default_rng(0)

#: Demšar 2006, table 6: four variants of C4.5 on 14 data sets.
DEMSAR = np.array(
    [
        [0.763, 0.768, 0.771, 0.798],
        [0.599, 0.591, 0.590, 0.569],
        [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657],
        [0.882, 0.888, 0.886, 0.898],
        [0.936, 0.931, 0.916, 0.931],
        [0.661, 0.668, 0.609, 0.685],
        [0.583, 0.583, 0.563, 0.625],
        [0.775, 0.838, 0.866, 0.875],
        [1.000, 1.000, 1.000, 1.000],
        [0.940, 0.962, 0.965, 0.962],
        [0.619, 0.666, 0.614, 0.669],
        [0.972, 0.981, 0.9751, 0.975],  # ranked 4, 1, 2, 3 there, before rounding
        [0.957, 0.978, 0.946, 0.970],
    ]
)


def test_the_example_of_the_paper_comes_out():
    ranking = ranking_of(DEMSAR, [True] * 14)
    assert ranking is not None
    by_method = dict(zip(ranking.order, ranking.ranks, strict=True))
    assert [by_method[i] for i in range(4)] == pytest.approx([3.143, 2.000, 2.893, 1.964], abs=5e-4)
    # Nemenyi's critical difference at .05 is given as 1.25 there
    assert ranking.critical_difference == pytest.approx(1.25, abs=0.005)
    # χ² = 9.28 there, of the mean ranks alone; with ties corrected it is a little more
    mean = np.array(ranking.ranks)
    assert 12 * 14 / 20 * (np.square(mean).sum() - 4 * 25 / 4) == pytest.approx(9.28, abs=0.005)
    assert ranking.p_friedman < stats.chi2.sf(9.28, 3)
    assert ranking.p_iman_davenport < ranking.p_friedman
    assert ranking.cliques == ((0, 3),)


@pytest.mark.parametrize("k", range(2, 21))
def test_the_quantile_is_that_of_scipys_studentized_range(k: int):
    expected = stats.studentized_range.ppf(0.95, k, np.inf)
    assert studentized_range_quantile(k) == pytest.approx(expected, rel=1e-6)


def test_the_critical_values_are_those_of_the_papers_table():
    printed = [1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164]  # table 5 (a)
    ours = [studentized_range_quantile(k) / np.sqrt(2) for k in range(2, 11)]
    assert ours == pytest.approx(printed, abs=1e-3)


@pytest.mark.parametrize(("n", "k"), [(4, 3), (8, 5), (30, 4), (5, 12)])
def test_friedman_is_that_of_scipy(n: int, k: int):
    for decimals in (6, 1):  # without ties and with many
        scores = ROLL.random((n, k)).round(decimals)
        ranking = ranking_of(scores, [True] * n)
        assert ranking is not None
        expected = stats.friedmanchisquare(*scores.T).pvalue
        assert ranking.p_friedman == pytest.approx(expected, rel=1e-9)


def test_ranks_are_those_of_scipy_and_lower_may_be_better():
    scores = ROLL.random((6, 4)).round(1)
    ranking = ranking_of(scores, [True, False] * 3)
    assert ranking is not None
    sign = np.array([-1, 1] * 3)[:, None]
    mean = stats.rankdata(scores * sign, axis=1).mean(axis=0)
    assert [mean[i] for i in ranking.order] == pytest.approx(ranking.ranks)
    assert list(ranking.ranks) == sorted(ranking.ranks)


def test_scores_of_single_precision_tie_where_they_are_equal_on_paper():
    assert mid_ranks(np.float64([0.3, np.float32(0.3), 0.2])).tolist() == [2.5, 2.5, 1.0]


def test_methods_within_the_critical_difference_are_one_clique():
    # one method always first, two that take turns, one always last
    scores = np.array([[4.0, 3.0, 2.0, 1.0], [4.0, 2.0, 3.0, 1.0]] * 15)
    ranking = ranking_of(scores, [True] * 30)
    assert ranking is not None
    assert ranking.order == (0, 1, 2, 3)
    assert ranking.ranks == pytest.approx((1.0, 2.5, 2.5, 4.0))
    assert ranking.critical_difference < 1.5
    assert ranking.cliques == ((1, 2),)


def test_too_few_methods_or_tasks_have_no_ranking():
    assert ranking_of(ROLL.random((9, 2)), [True] * 9) is None
    assert ranking_of(ROLL.random((1, 5)), [True]) is None
    scores = ROLL.random((3, 4))
    scores[0, 1], scores[2, 0] = np.nan, np.inf
    assert ranking_of(scores, [True] * 3) is None


def test_methods_that_tie_everywhere_do_not_differ():
    ranking = ranking_of(np.full((5, 4), 0.5), [True] * 5)
    assert ranking is not None
    assert ranking.ranks == (2.5,) * 4
    assert (ranking.p_friedman, ranking.p_iman_davenport) == (1.0, 1.0)
    assert ranking.cliques == ((0, 3),)


@settings(max_examples=scaled(40))
@given(
    st.integers(2, 6).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(0, 6), min_size=n, max_size=n), min_size=3, max_size=6
        )
    ),
    st.integers(0, 5),
)
def test_the_order_of_methods_changes_no_rank(columns: list[list[int]], turn: int):
    scores = np.array(columns, dtype=np.float64).T
    turned = np.roll(scores, turn, axis=1)
    one, other = (ranking_of(each, [True] * len(scores)) for each in (scores, turned))
    assert one is not None
    assert other is not None
    assert one.ranks == other.ranks
    assert one.p_friedman == pytest.approx(other.p_friedman)
    assert one.cliques == other.cliques


def test_the_critical_difference_falls_with_more_tasks():
    assert critical_difference(5, 40) == pytest.approx(critical_difference(5, 10) / 2)
