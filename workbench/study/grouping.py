"""Grouping: which tasks should learn in one network, by how they change each other in pairs.

Standley et al., Which tasks should be learned together in multi-task learning?, ICML 2020, and
Fifty et al., Efficiently identifying task groupings, NeurIPS 2021: what a task gains in a group is
estimated as the mean of what it gains from each of the others alone.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Effects = NDArray[np.floating]

#: Up to here every partition counts; it takes 3^T looks. Beyond, groups are merged greedily.
EXACT_UP_TO = 10

#: Gains closer than this are equal: then the grouping with fewer networks is better.
_EQUAL = 1e-12


def gain_of(group: Sequence[int], effects: Effects) -> float:
    """What the tasks of a group gain over each learning alone, summed.

    `effects` [T, T] is the change of j (column) through i (row). A pair without a number, such as
    one that diverged, cannot be in a group: the gain is −∞.
    """
    if len(group) < 2:
        return 0.0
    chosen = np.asarray(effects, dtype=np.float64)[np.ix_(group, group)]
    apart = ~np.eye(len(group), dtype=bool)
    if not np.isfinite(chosen[apart]).all():
        return -np.inf
    return float(chosen[apart].sum() / (len(group) - 1))


def best_grouping(effects: Effects) -> tuple[tuple[int, ...], ...]:
    """The partition of the tasks with the largest summed gain, of several the coarsest.

    Groups and their tasks are in ascending order. Exact for `EXACT_UP_TO` tasks or fewer.
    """
    n_tasks = len(effects)
    found = _exact(effects) if n_tasks <= EXACT_UP_TO else _greedy(effects)
    return tuple(sorted(found))


def _exact(effects: Effects) -> tuple[tuple[int, ...], ...]:
    """Dynamic programming over sets of tasks, as the bits of a number."""
    n_tasks = len(effects)

    @cache
    def group_gain(bits: int) -> float:
        return gain_of([i for i in range(n_tasks) if bits >> i & 1], effects)

    @cache
    def best(bits: int) -> tuple[float, int, tuple[int, ...]]:
        if bits == 0:
            return 0.0, 0, ()
        first = bits & -bits
        rest = others = bits ^ first
        found: tuple[float, int, tuple[int, ...]] | None = None
        while True:
            group = first | others
            gain, n_groups, groups = best(bits ^ group)
            option = (gain + group_gain(group), n_groups + 1, (group, *groups))
            if found is None or _is_better(option[:2], found[:2]):
                found = option
            if others == 0:
                return found
            others = (others - 1) & rest

    _, _, groups = best(2**n_tasks - 1)
    return tuple(tuple(i for i in range(n_tasks) if group >> i & 1) for group in groups)


def _is_better(one: tuple[float, int], other: tuple[float, int]) -> bool:
    """More gain; of equal gains, fewer groups."""
    if abs(one[0] - other[0]) <= _EQUAL or one[0] == other[0]:
        return one[1] < other[1]
    return one[0] > other[0]


def _greedy(effects: Effects) -> list[tuple[int, ...]]:
    """Merge the two groups that gain most by it, as long as nothing is lost."""
    groups: list[tuple[int, ...]] = [(i,) for i in range(len(effects))]
    while len(groups) > 1:
        merges = [
            (gain_of(a + b, effects) - gain_of(a, effects) - gain_of(b, effects), a, b)
            for at, a in enumerate(groups)
            for b in groups[at + 1 :]
        ]
        gain, a, b = max(merges, key=lambda merge: merge[0])
        if gain < -_EQUAL:
            break
        groups = [group for group in groups if group not in (a, b)] + [tuple(sorted(a + b))]
    return groups
