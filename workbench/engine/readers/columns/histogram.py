"""Histogram: how the values of a column are spread, in a few bars."""

from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import READABLE, Frame
from workbench.spec.user_files.file_facts import Histogram

_compute: Any = compute

#: Bars at most: what fits a cell of a table.
N_BARS = 12
_MOST_LABEL = 40


def histogram(frame: Frame, name: str, n_distinct: int | None) -> Histogram:
    """The bars of a column; none where it is of a kind that is not read, or has no value."""
    kind = frame.kind(name)
    if kind not in READABLE or not n_distinct:
        return Histogram()
    is_few_whole = kind == "whole number" and n_distinct <= N_BARS
    # Texts and truths are told as such whatever they are taken for: left out, they are no
    # categories, and no numbers.
    if kind in ("text", "truth") or frame.is_categorical(name) or is_few_whole:
        return _most_frequent(frame.table.column(name), is_sorted=is_few_whole)
    try:
        values = frame.numbers(name).values
    except DataError:  # infinity, or too large to reckon with: the others show how it is spread
        values = frame.table.column(name).cast(pa.float64(), safe=False).to_numpy()
    return _stretches(values)


def _most_frequent(column: Any, *, is_sorted: bool) -> Histogram:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    counted = _compute.value_counts(column.drop_null())
    pairs = zip(
        counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True
    )
    most = sorted(pairs, key=lambda pair: (-pair[1], str(pair[0])))
    shown = most[:N_BARS]
    if is_sorted:
        shown.sort()
    labels = tuple(_label(value) for value, _ in shown)
    rest = sum(count for _, count in most[N_BARS:])
    return Histogram(labels, tuple(count for _, count in shown), n_others=rest)


def _label(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= _MOST_LABEL else text[:_MOST_LABEL] + "…"


def _stretches(values: NDArray[Any]) -> Histogram:
    finite = values[np.isfinite(values)].astype(np.float64)
    if not len(finite):
        return Histogram()
    largest = float(np.abs(finite).max())
    scale = largest if largest > 1e300 else 1.0  # the way from end to end is no number
    scaled = finite / scale
    low, high = float(scaled.min()), float(scaled.max())
    edges = np.linspace(low, high, N_BARS + 1)
    if (edges[1:] <= edges[:-1]).any():  # too near for stretches between
        return Histogram((f"{low * scale:.4g}",), (len(finite),), (low * scale, high * scale))
    # as numpy's histogram counts, at a third of its cost: tables have columns by the thousand
    scaled.sort()
    before = scaled.searchsorted(edges)
    before[-1] = len(scaled)  # the last stretch has its end
    counts = (before[1:] - before[:-1]).tolist()
    ends = tuple((edges * scale).tolist())
    written = [f"{end:.4g}" for end in ends]
    labels = tuple(f"{a} – {b}" for a, b in pairwise(written))
    return Histogram(labels, tuple(counts), ends)
