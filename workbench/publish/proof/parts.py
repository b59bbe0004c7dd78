"""Parts: one kind of numbers of two runs, compared bit for bit, and how far apart they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Part:
    """How a part of a run compares: of `n` numbers `n_differ`, by `largest` at most.

    `largest` is None where none differs, or where the difference is no number, such as between a
    number and NaN. `first` says where the first is that differs. `lacking` says what only one of
    the two has; empty where both have all.
    """

    name: str
    n: int
    n_differ: int
    largest: float | None = None
    first: str = ""
    lacking: str = ""

    @property
    def is_equal(self) -> bool:
        """Whether every bit is the same."""
        return self.n_differ == 0 and not self.lacking


def compared(
    name: str, one: NDArray[Any], other: NDArray[Any], places: Sequence[object] | None = None
) -> Part:
    """Two arrays as a part; `places` name their rows. NaN is as NaN, and −0 is not 0."""
    if one.shape != other.shape or one.dtype != other.dtype:
        lacking = f"{_kind(one)} recorded, {_kind(other)} made again"
        return Part(name, max(one.size, other.size), abs(one.size - other.size), lacking=lacking)
    differ = _bits(one) != _bits(other)
    if differ.ndim > 1:
        differ = differ.any(axis=-1)
    differ = differ.reshape(one.shape)
    if one.dtype.kind == "f":
        differ &= ~(np.isnan(one) & np.isnan(other))
    n_differ = int(differ.sum())
    if not n_differ:
        return Part(name, one.size, 0)
    with np.errstate(invalid="ignore", over="ignore"):
        gaps = np.abs(one[differ].astype(np.float64) - other[differ].astype(np.float64))
    known = gaps[np.isfinite(gaps)]
    place = np.argwhere(differ)[0]
    row = int(place[0]) if len(place) else 0
    first = f"{places[row]}" if places is not None else ", ".join(map(str, place))
    return Part(name, one.size, n_differ, float(known.max()) if known.size else None, first)


def _kind(values: NDArray[Any]) -> str:
    return f"{values.dtype} {list(values.shape)}"


def _bits(values: NDArray[Any]) -> NDArray[np.uint8]:
    whole = np.ascontiguousarray(values)
    return whole.reshape(-1).view(np.uint8).reshape(values.size, whole.dtype.itemsize)


def compared_numbers(
    name: str, one: Mapping[str, float | None], other: Mapping[str, float | None]
) -> Part:
    """Numbers by name as a part; None is a number that there is not."""
    names = list(dict.fromkeys([*one, *other]))
    first, second = (
        np.asarray([_float(values.get(key)) for key in names], dtype=np.float64)
        for values in (one, other)
    )
    return compared(name, first, second, names)


def _float(value: float | None) -> float:
    return float("nan") if value is None else value


def compared_things(name: str, one: Sequence[Any], other: Sequence[Any], what: str) -> Part:
    """Things that are equal or not, in order, as a part."""
    n = max(len(one), len(other))
    wrong = [i for i in range(min(len(one), len(other))) if one[i] != other[i]]
    lacking = ""
    if len(one) != len(other):
        lacking = f"{len(one):,} {what} recorded, {len(other):,} made again"
    first = f"step {one[wrong[0]].step:,}: {type(one[wrong[0]]).__name__}" if wrong else ""
    return Part(name, n, len(wrong), None, first, lacking)
