"""Paired differences and their tests, against scipy, by enumeration and by what must hold."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workbench.study.comparison.paired import Paired, holm, least_p, paired, signed_rank

ROLL = np.random.default_rng(0)

#: Exact in binary, so that sums and differences are what they are on paper; many tie.
SCORES = st.integers(-64, 64).map(lambda n: n / 16)
PAIRS = st.lists(st.tuples(SCORES, SCORES), min_size=1, max_size=12)
ODD = st.sampled_from([math.nan, math.inf, -math.inf, None])


def by_seed(values: list[float] | np.ndarray) -> dict[int, float]:
    return {seed: float(value) for seed, value in enumerate(values)}


def both(pairs: list[tuple[float, float]]) -> tuple[dict[int, float], dict[int, float]]:
    return by_seed([a for a, _ in pairs]), by_seed([b for _, b in pairs])


@pytest.mark.parametrize("n", [2, 3, 5, 6, 10, 25, 50, 51, 80])
def test_the_tests_are_those_of_scipy(n: int):
    a = ROLL.normal(0.7, 0.1, n)
    for shift in (0.0, 0.02, 0.2):
        b = a + ROLL.normal(shift, 0.05, n)
        found = paired(by_seed(a), by_seed(b))
        assert found is not None
        assert found.p_t == pytest.approx(stats.ttest_rel(b, a).pvalue, rel=1e-8)
        method = "exact" if n <= 50 else "approx"
        expected = stats.wilcoxon(b, a, method=method, correction=False).pvalue
        assert found.p_wilcoxon == pytest.approx(expected, rel=1e-5)  # of many some nearly tie
        low, high = stats.ttest_rel(b, a).confidence_interval(0.95)
        assert (found.difference.low, found.difference.high) == pytest.approx((low, high))


def test_ties_and_zeros_count_as_every_sign_that_could_have_been():
    for differences in ([1, 1, 2, -1, 0], [1, 2, 2, 3, 3, 3], [-1, 1, 1, -1], [0.5] * 7, [3, 0]):
        sizes = [abs(d) for d in differences if d]
        ranks = stats.rankdata(sizes)
        signs = itertools.product([0, 1], repeat=len(sizes))
        sums = np.array([np.dot(ranks, chosen) for chosen in signs])
        seen = float(np.dot(ranks, [d > 0 for d in differences if d]))
        expected = min(1.0, 2 * min((sums <= seen).mean(), (sums >= seen).mean()))
        assert signed_rank(differences) == pytest.approx(expected), differences


def test_many_ties_are_those_of_scipys_normal_distribution():
    differences = ROLL.integers(-4, 6, 200).astype(float)
    expected = stats.wilcoxon(differences, method="approx", correction=False).pvalue
    assert signed_rank(differences.tolist()) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("n", [1, 2, 5, 6, 9])
def test_wilcoxons_least_p_is_that_of_differences_of_one_sign(n: int):
    assert signed_rank(list(range(1, n + 1))) == pytest.approx(least_p(n))
    assert (least_p(n) < 0.05) == (n >= 6)


def test_scores_in_single_precision_tie_where_they_are_equal_on_paper():
    # .9 − .8 and .7 − .6 differ from the seventh digit on once they are float32
    first = by_seed(np.float32([0.8, 0.6, 0.5, 0.3]))
    second = by_seed(np.float32([0.9, 0.7, 0.4, 0.3]))
    found = paired(first, second)
    assert found is not None
    assert found.p_wilcoxon == signed_rank([1, 1, -1, 0])


def test_the_difference_is_of_the_same_seeds():
    found = paired({0: 1.0, 1: 2.0, 2: 30.0, 3: None}, {1: 4.0, 0: 2.0, 3: 5.0, 9: 7.0})
    assert found is not None
    assert (found.difference.mean, found.difference.n) == (1.5, 2)
    assert paired({0: 1.0}, {1: 1.0}) is None
    assert paired({}, {}) is None


def test_one_seed_has_no_test_and_equal_scores_no_difference():
    one = paired({0: 1.0}, {0: 3.0})
    assert one is not None
    assert (one.difference.mean, one.difference.low, one.p_t, one.p_wilcoxon) == (2, *[None] * 3)
    assert not one.is_none
    same = paired(by_seed([0.1, 0.2, 0.3]), by_seed([0.1, 0.2, 0.3]))
    assert same is not None
    assert same.is_none
    assert (same.p_t, same.p_wilcoxon) == (1.0, 1.0)
    always = paired(by_seed([1.0, 2.0, 3.0]), by_seed([1.5, 2.5, 3.5]))
    assert always is not None
    assert (always.p_t, always.p_wilcoxon, always.is_none) == (0.0, 0.25, False)


def test_a_difference_too_large_for_a_deviation_has_no_t_test():
    found = paired(by_seed([0.0, 0.0]), by_seed([1.7e308, -1.7e308]))
    assert found is not None
    assert (found.p_t, found.p_wilcoxon) == (None, 1.0)


@given(PAIRS)
def test_swapping_two_groups_flips_the_sign_and_nothing_else(pairs: list[tuple[float, float]]):
    first, second = both(pairs)
    one, other = paired(first, second), paired(second, first)
    assert one is not None
    assert other is not None
    assert (one.p_t, one.p_wilcoxon) == pytest.approx((other.p_t, other.p_wilcoxon), nan_ok=False)
    assert one.difference.mean == -other.difference.mean
    assert one.difference.sd == other.difference.sd
    if one.difference.low is not None and other.difference.high is not None:
        assert one.difference.low == pytest.approx(-other.difference.high)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_seeds_changes_nothing(pairs: list[tuple[float, float]], random: object):
    first, second = both(pairs)
    seeds = list(first)
    random.shuffle(seeds)  # pyright: ignore
    again = paired({seed: first[seed] for seed in seeds}, second)
    assert _told(again) == pytest.approx(_told(paired(first, second)))


@given(PAIRS, st.integers(-8, 8))
def test_a_constant_added_to_both_changes_no_difference(
    pairs: list[tuple[float, float]], more: int
):
    first, second = both(pairs)
    moved = both([(a + more, b + more) for a, b in pairs])
    assert _told(paired(*moved)) == pytest.approx(_told(paired(first, second)))


@given(st.lists(st.tuples(st.one_of(SCORES, ODD), st.one_of(SCORES, ODD)), max_size=9))
def test_what_is_not_finite_is_as_if_it_were_not_there(
    pairs: list[tuple[float | None, float | None]],
):
    first = {seed: a for seed, (a, _) in enumerate(pairs)}
    second = {seed: b for seed, (_, b) in enumerate(pairs)}
    known = [
        (a, b)
        for a, b in pairs
        if a is not None and b is not None and math.isfinite(a) and math.isfinite(b)
    ]
    found, expected = paired(first, second), paired(*both(known))
    assert (found is None) == (not known)
    assert _told(found) == pytest.approx(_told(expected))


def _told(found: Paired | None) -> list[float]:
    """Every number of it; −1 for what it leaves open."""
    if found is None:
        return []
    d = found.difference
    numbers = (d.mean, d.sd, d.low, d.high, d.n, found.p_t, found.p_wilcoxon)
    return [-1.0 if number is None else float(number) for number in numbers]


def test_holm_is_his_procedure_written_out():
    # Holm 1979, by hand: sorted .01 .03 .04, times 3, 2, 1 = .03 .06 .04, never falling
    assert holm([0.03, 0.01, 0.04]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([0.04, None, 0.9, 0.7]) == pytest.approx([0.12, None, 1.0, 1.0], nan_ok=True)
    assert holm([]) == []
    assert holm([None]) == [None]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_rejects_what_the_step_down_procedure_rejects(p_values: list[float]):
    corrected = holm(p_values)
    order = np.argsort(p_values, kind="stable")
    rejected: set[int] = set()
    for place, i in enumerate(order):  # stop at the first that is not below its level
        if (len(order) - place) * p_values[i] > 0.05:
            break
        rejected.add(int(i))
    assert {i for i, p in enumerate(corrected) if p is not None and p <= 0.05} == rejected


def test_the_t_test_of_equal_groups_says_a_difference_in_5_of_100():
    from scipy.special import stdtrit

    n = 5
    roll = np.random.default_rng(3).normal(0, 1, (20_000, n))
    t = roll.mean(axis=1) / roll.std(axis=1, ddof=1) * math.sqrt(n)
    at = int(np.argmin(np.abs(np.abs(t) - stdtrit(n - 1, 0.975))))  # the sample at the threshold
    found = paired(by_seed(np.zeros(n)), by_seed(roll[at]))
    assert found is not None
    assert found.p_t == pytest.approx(0.05, abs=1e-3)
    assert np.mean(np.abs(t) >= abs(t[at])) == pytest.approx(0.05, abs=0.005)
