"""Which tasks should share a network."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.study import grouping
from workbench.study.grouping import best_grouping, gain_of, suggestion_of

Groups = tuple[tuple[int, ...], ...]


def effects_of(n: int) -> st.SearchStrategy[np.ndarray]:
    return arrays(np.float64, (n, n), elements=st.floats(-1, 1).map(lambda x: round(x, 3)))


def partitions(tasks: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    """Every partition, the slow way."""
    if not tasks:
        yield []
        return
    for rest in partitions(tasks[1:]):
        yield [(tasks[0],), *rest]
        for at, group in enumerate(rest):
            yield [*rest[:at], (tasks[0], *group), *rest[at + 1 :]]


def total(groups: Groups, effects: np.ndarray) -> float:
    return sum(gain_of(group, effects) for group in groups)


def test_two_couples_by_hand():
    effects = np.full((4, 4), -0.1)
    for i, j in ((0, 2), (1, 3)):
        effects[i, j] = effects[j, i] = 0.2
    assert best_grouping(effects) == ((0, 2), (1, 3))
    assert total(((0, 2), (1, 3)), effects) == pytest.approx(0.8)
    # three of them: the pair 0-2 gains .2 each, the others lose .1: the mean over two partners
    assert gain_of((0, 1, 2), effects) == pytest.approx((0.2 - 0.1) / 2 * 2 - 0.1)


def test_tasks_that_harm_each_other_stay_apart():
    assert best_grouping(np.full((3, 3), -0.1)) == ((0,), (1,), (2,))


def test_what_one_loses_another_may_outweigh():
    effects = np.array([[0, 0.3], [-0.1, 0]])
    assert best_grouping(effects) == ((0, 1),)
    assert best_grouping(-effects) == ((0,), (1,))


def test_of_equal_gains_fewer_networks():
    assert best_grouping(np.zeros((4, 4))) == ((0, 1, 2, 3),)


def test_a_pair_that_has_no_number_is_not_put_together():
    effects = np.full((3, 3), 0.1)
    effects[0, 2] = np.nan
    result = best_grouping(effects)
    assert not any(0 in group and 2 in group for group in result)
    assert len(result) == 2


@settings(max_examples=25, deadline=None)
@given(effects_of(5))
def test_no_partition_gains_more(effects: np.ndarray):
    best = total(best_grouping(effects), effects)
    assert best == pytest.approx(max(total(tuple(p), effects) for p in partitions(tuple(range(5)))))


@settings(max_examples=25, deadline=None)
@given(effects_of(6), st.permutations(range(6)))
def test_the_order_of_the_tasks_does_not_matter(effects: np.ndarray, order: list[int]):
    gain = total(best_grouping(effects), effects)
    turned = effects[np.ix_(order, order)]
    assert total(best_grouping(turned), turned) == pytest.approx(gain)


def test_twelve_tasks_are_grouped_exactly():
    # three groups that help each other within, found among four million partitions
    effects = np.full((12, 12), -0.1)
    for group in ((0, 5, 7, 11), (1, 2, 9), (3, 4, 6, 8, 10)):
        effects[np.ix_(group, group)] = 0.1
    assert best_grouping(effects) == ((0, 5, 7, 11), (1, 2, 9), (3, 4, 6, 8, 10))
    assert best_grouping(np.full((12, 12), -0.1)) == tuple((i,) for i in range(12))


def pairs_of(n_seeds: int, noise: float, seed: int, effects: np.ndarray) -> np.ndarray:
    draws = np.random.default_rng(seed).normal(0, noise, (n_seeds, *effects.shape))
    return effects + draws


def test_a_clear_grouping_is_certain_and_one_seed_never_is():
    effects = np.full((4, 4), -0.1)
    effects[np.ix_((0, 2), (0, 2))] = effects[np.ix_((1, 3), (1, 3))] = 0.2
    suggestion = suggestion_of(pairs_of(3, 0.01, 0, effects))
    assert suggestion is not None
    assert suggestion.groups == ((0, 2), (1, 3))
    assert (suggestion.n_agree, suggestion.n_seeds, suggestion.is_certain) == (3, 3, True)
    assert suggestion.gain is not None
    assert suggestion.gain.mean == pytest.approx(0.2, abs=0.02)
    one = suggestion_of(pairs_of(1, 0.01, 0, effects))
    assert one is not None
    assert (one.gain, one.is_certain) == (None, False)


def test_noise_alone_is_hardly_ever_called_a_grouping():
    # the best of 15 partitions promises a gain where there is none: other seeds do not have it
    none = np.zeros((4, 4))
    result = [suggestion_of(pairs_of(5, 0.05, seed, none)) for seed in range(200)]
    assert sum(each is not None and each.is_certain for each in result) <= 10


def test_seeds_without_all_pairs_do_not_count():
    effects = pairs_of(3, 0.01, 0, np.full((3, 3), 0.1))
    effects[1, 0, 2] = np.nan
    suggestion = suggestion_of(effects)
    assert suggestion is not None
    assert suggestion.n_seeds == 2
    effects[:, 0, 2] = np.nan
    assert suggestion_of(effects) is None


@settings(max_examples=15, deadline=None)
@given(effects_of(12))
def test_many_tasks_are_grouped_better_than_alone(effects: np.ndarray):
    result = best_grouping(effects)
    assert sorted(task for group in result for task in group) == list(range(12))
    assert total(result, effects) >= -1e-9


def test_clear_groups_are_found_greedily_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(grouping, "EXACT_UP_TO", 0)
    effects = np.full((6, 6), -0.1)
    for group in ((0, 1, 2), (3, 4)):
        effects[np.ix_(group, group)] = 0.1
    assert best_grouping(effects) == ((0, 1, 2), (3, 4), (5,))
