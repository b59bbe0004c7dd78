"""Rows: which rows of data train, validate and test, with equal rows kept together."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from workbench.engine.roles.method import BadSpecError

#: Odd constants of MurmurHash3's finaliser, which spreads every bit of a number over all of them.
_SPREAD = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
_SHIFT = np.uint64(33)
#: Odd, so that the same values in another order make another number.
_ORDER = np.uint64(31)
_MISSING = np.uint64(0x7FF8000000000000)

#: The splits in their order, and what their rows are for.
_WORDS = {"train": "to train on", "val": "to validate on", "test": "to test on"}

Splits = dict[str, NDArray[np.int64]]


def row_keys(columns: Iterable[NDArray[Any]], n_rows: int) -> NDArray[np.uint64]:
    """A number for each row [N] that rows with equal values share; others hardly ever do."""
    keys = np.zeros(n_rows, dtype=np.uint64)
    for column in columns:
        # Adding 0 makes −0 and 0 one value.
        values = np.asarray(column, dtype=np.float64) + 0.0
        bits = values.view(np.uint64)
        bits[np.isnan(values)] = _MISSING
        keys *= _ORDER
        keys += bits
        _spread(keys)
    return keys


def split_rows(
    keys: NDArray[np.uint64],
    val: float,
    test: float,
    seed: int,
    classes: NDArray[Any] | None = None,
) -> Splits:
    """Positions of the train, val and test rows, shuffled; rows with one key go together.

    With `classes` [N] each class is divided alike. Raises BadSpecError where a split is empty.
    """
    if val + test >= 1:
        raise BadSpecError("test", f"val and test take everything: {val} + {test}")
    draw = np.random.default_rng(seed)
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    n_groups = len(first)
    # Groups are counted as they come: a changed value moves no other row to another split.
    by_place = np.argsort(first)
    rank = np.empty(n_groups, dtype=np.int64)
    rank[by_place] = np.arange(n_groups)
    first, group = first[by_place], rank[group]
    order = draw.permutation(n_groups)
    stratum = np.zeros(n_groups, dtype=np.int64) if classes is None else classes[first]
    order = order[np.argsort(stratum[order], kind="stable")]
    counts = np.unique(stratum, return_counts=True)[1]
    # Where in its class a group stands, from 0 to 1: the first go to test, the next to val.
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    at = (np.arange(n_groups) - starts + 0.5) / np.repeat(counts, counts)
    place = np.empty(n_groups, dtype=np.int8)
    place[order] = (at >= test).astype(np.int8) + (at >= test + val)
    of_row = place[group]
    splits: Splits = {}
    for name, number in (("train", 2), ("val", 1), ("test", 0)):
        rows = np.flatnonzero(of_row == number)
        if not len(rows):
            field = "val" if name == "train" else name
            message = (
                f"no row is left for {name}: equal rows go together, {n_groups:,} are different"
            )
            raise BadSpecError(field, message)
        splits[name] = draw.permutation(rows)
    return splits


def splits_told(of_row: NDArray[np.int8], seed: int) -> Splits:
    """Positions of the train, val and test rows, shuffled, as 0, 1 and 2 [N] say of each.

    Raises BadSpecError, with the field "split", where one has no row.
    """
    draw = np.random.default_rng(seed)
    splits: Splits = {}
    for number, (name, words) in enumerate(_WORDS.items()):
        rows = np.flatnonzero(of_row == number)
        if not len(rows):
            raise BadSpecError("split", f"no row is said to be {words}: each split needs some")
        splits[name] = draw.permutation(rows)
    return splits


def told_twice(keys: NDArray[np.uint64], splits: Splits) -> str:
    """What to say of rows to be scored on that are equal to some to train on; empty: none are."""
    trained = keys[splits["train"]]
    counts = {name: int(np.isin(keys[splits[name]], trained).sum()) for name in ("val", "test")}
    if not any(counts.values()):
        return ""
    shown = " and ".join(f"{n:,} {_WORDS[name]}" for name, n in counts.items() if n)
    return f"of the rows {shown} have the inputs of rows to train on, so their scores are too good"


def as_positions(splits: Splits) -> dict[str, torch.Tensor]:
    """The same positions as tensors."""
    return {name: torch.from_numpy(positions) for name, positions in splits.items()}


def _spread(keys: NDArray[np.uint64]) -> None:
    """In place: a million rows of fifty columns are passed through here."""
    for factor in _SPREAD:
        keys ^= keys >> _SHIFT
        keys *= factor
    keys ^= keys >> _SHIFT
