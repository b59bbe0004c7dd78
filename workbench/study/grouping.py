"""Grouping: which tasks should learn in one network, by how they change each other in pairs.

Standley et al., Which tasks should be learned together in multi-task learning?, ICML 2020, and
Fifty et al., Efficiently identifying task groupings, NeurIPS 2021: what a task gains in a group is
estimated as the mean of what it gains from each of the others alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from workbench.study.interval import Estimate, estimate

Effects = NDArray[np.floating]
Groups = tuple[tuple[int, ...], ...]

#: Up to here every partition counts; it takes 3^T looks. Beyond, groups are merged greedily.
EXACT_UP_TO = 12

#: Gains closer than this are equal: then the grouping with fewer networks is better.
_EQUAL = 1e-12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The best grouping by all seeds, and what groupings chosen in this way gain on other seeds.

    Each seed in turn is left out, the best grouping chosen by the rest, and its gain looked up in
    the pairs of the seed left out: what is chosen for its gain promises too much where it was
    chosen. `gain` is that over each task alone, `over_joint` that over one network for all, as
    means a task. `n_agree` of the `n_seeds` choices are `groups`. With one seed there are none.
    """

    groups: Groups
    gain: Estimate | None
    over_joint: Estimate | None
    n_agree: int
    n_seeds: int

    @property
    def is_certain(self) -> bool:
        """Whether its gains over the other two ways, where it is neither, are surely above 0."""
        n_tasks = sum(len(group) for group in self.groups)
        gains = [self.gain] * (len(self.groups) < n_tasks)
        gains += [self.over_joint] * (len(self.groups) > 1)
        return all(gain is not None and gain.is_certain and gain.mean > 0 for gain in gains)


def suggestion_of(effects: Effects) -> Suggestion | None:
    """What the pairs [S, T, T] of all seeds say; None where no seed has all of them.

    `effects[s, i, j]` is the change of j through i on seed s.
    """
    n_tasks = effects.shape[-1]
    apart = ~np.eye(n_tasks, dtype=bool)
    known = np.asarray([each for each in effects if np.isfinite(each[apart]).all()])
    if not len(known):
        return None
    groups = best_grouping(known.mean(axis=0))
    everyone = range(n_tasks)
    gains: list[float] = []
    over_joint: list[float] = []
    n_agree = 0
    for s in range(len(known)) if len(known) > 1 else ():
        chosen = best_grouping(np.delete(known, s, axis=0).mean(axis=0))
        gain = summed_gain(chosen, known[s])
        gains.append(gain / n_tasks)
        over_joint.append((gain - gain_of(everyone, known[s])) / n_tasks)
        n_agree += chosen == groups
    return Suggestion(groups, estimate(gains), estimate(over_joint), n_agree, len(known))


def summed_gain(groups: Groups, effects: Effects) -> float:
    """What all tasks gain in these groups over each learning alone, summed."""
    return sum(gain_of(group, effects) for group in groups)


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


def best_grouping(effects: Effects) -> Groups:
    """The partition of the tasks with the largest summed gain, of several the coarsest.

    Groups and their tasks are in ascending order. Exact for `EXACT_UP_TO` tasks or fewer.
    """
    n_tasks = len(effects)
    groups = _exact(effects) if n_tasks <= EXACT_UP_TO else _greedy(effects)
    return tuple(sorted(groups))


def _exact(effects: Effects) -> Groups:
    """Dynamic programming over sets of tasks, as the bits of a number."""
    n_tasks = len(effects)
    of_group = _gains(effects)
    gains = np.zeros(2**n_tasks)
    n_groups = np.zeros(2**n_tasks, dtype=np.int64)
    first_group = np.zeros(2**n_tasks, dtype=np.int64)
    for bits, groups in enumerate(_groups_with_the_first(n_tasks), 1):
        rest = bits ^ groups
        summed, counts = gains[rest] + of_group[groups], n_groups[rest] + 1
        best = summed >= summed.max() - _EQUAL
        at = int(np.argmin(np.where(best, counts, n_tasks + 1)))
        gains[bits], n_groups[bits], first_group[bits] = summed[at], counts[at], groups[at]
    result: list[tuple[int, ...]] = []
    left = 2**n_tasks - 1
    while left:
        group = int(first_group[left])
        result.append(tuple(i for i in range(n_tasks) if group >> i & 1))
        left ^= group
    return tuple(result)


def _gains(effects: Effects) -> NDArray[np.float64]:
    """`gain_of` of every set of tasks [2^T]."""
    n_tasks = len(effects)
    both = np.asarray(effects, dtype=np.float64) + np.asarray(effects, dtype=np.float64).T
    both = np.where(np.isfinite(both), both, -np.inf)
    total = np.zeros(2**n_tasks)
    size = np.zeros(2**n_tasks, dtype=np.int64)
    for i in range(n_tasks):
        # With task i come its effects on and through those before it in the set.
        with_those = np.zeros(2**i)
        for j in range(i):
            with_those[2**j : 2 ** (j + 1)] = with_those[: 2**j] + both[i, j]
        total[2**i : 2 ** (i + 1)] = total[: 2**i] + with_those
        size[2**i : 2 ** (i + 1)] = size[: 2**i] + 1
    return total / np.maximum(size - 1, 1)


@cache
def _groups_with_the_first(n_tasks: int) -> tuple[NDArray[np.int64], ...]:
    """Of each set but the empty one, its subsets that hold its first task.

    A partition of the set may begin with any of them.
    """
    subsets: list[NDArray[np.int64]] = []
    for bits in range(1, 2**n_tasks):
        groups = np.asarray([bits & -bits])
        for i in range(n_tasks):
            if bits >> i & 1 and bits & -bits != 1 << i:
                groups = np.concatenate([groups, groups | 1 << i])
        subsets.append(groups)
    return tuple(subsets)


def _greedy(effects: Effects) -> Groups:
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
    return tuple(groups)
