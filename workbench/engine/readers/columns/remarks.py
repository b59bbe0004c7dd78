"""Remarks: what looks odd in a column, as a sentence or a question; and what is not proposed."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from workbench.engine.numerics.bounds import MOST
from workbench.engine.readers.columns.types import type_of
from workbench.engine.readers.columns.understood import EPOCH
from workbench.engine.readers.dialect.notation import COMMA, POINT
from workbench.engine.readers.frame import READABLE, Frame

_compute: Any = compute

#: Rows from which on values that all differ are taken for names of the rows.
_LEAST_ROWS = 20
#: Words on average from which on a text is a sentence rather than a name.
_SENTENCE_WORDS = 3
#: What share of a text column looks like numbers before that is said.
_MOSTLY = 0.8


_ID_NAME = re.compile(
    r"(?:^|[_\W])(?:id|ids|idx|index|uuid|guid|key|row|rowid|nr|no|number)$", re.I
)
_ID_CAMEL = re.compile(r"[a-z]I[Dd]$")
#: What pandas calls the index that it writes along.
_INDEX_NAME = re.compile(r"^(?:unnamed: ?\d+|index|level_\d+|__index_level_\d+__)$", re.I)
#: Values that say of a row what it is for.
SPLITS: Mapping[str, str] = {
    **dict.fromkeys(("train", "training", "tr"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "val"),
    **dict.fromkeys(("test", "testing", "holdout", "hold-out", "eval"), "test"),
}
_WEIGHT_NAME = re.compile(
    r"^(?:(?:sample|row|instance|case|survey)[ _-]?weights?|weights|fnlwgt)$", re.I
)
_GROUP_NAME = re.compile(
    r"^(?:group|subject|patient|user|site|person|participant|household|speaker|device)"
    r"s?(?:[ _-]?(?:id|no|nr|name))?$",
    re.I,
)
#: Rows that each group has at least on average.
_ROWS_A_GROUP = 2

#: Different whole numbers up to which they may well stand for categories.
_FEW = 12


def why_not_proposed(frame: Frame, name: str, n_distinct: int | None) -> str:
    """Why a column that can be learned from is not proposed as an input; empty where it is.

    The same answer serves the dialog, `check` and a run.
    """
    type_ = frame.types.get(name, "")
    if type_ in ("text", "leave out"):
        return "is to be left out" if type_ == "leave out" else "is to be taken for free text"
    if type_:  # somebody said what it is
        return ""
    if says_split(frame, name, n_distinct):
        return "says of each row whether it is to train, to validate or to test on"
    if is_weight(frame, name):
        return "says how much each row counts"
    n_values = frame.n_rows - frame.n_missing(name)
    kind, n = frame.kind(name), n_distinct or 0
    differ_all = n == n_values >= _LEAST_ROWS
    is_numbered = kind == "whole number" and differ_all
    if is_numbered and _INDEX_NAME.match(name) and counts_rows(frame.table.column(name)):
        return "counts the rows, as pandas' index does"
    if is_numbered and is_id_name(name):
        return f"has {n:,} different values in {n_values:,} rows: an identifier?"
    if kind == "text" and type_of(frame, name, n) == "text":
        if _words(frame.table.column(name)) >= _SENTENCE_WORDS:
            return f"holds free text: {n:,} different values in {n_values:,} rows"
        return f"has {n:,} different values in {n_values:,} rows: an identifier?"
    return ""


def says_split(frame: Frame, name: str, n_distinct: int | None) -> bool:
    """Whether the values of a column name splits."""
    if frame.kind(name) != "text" or not 2 <= (n_distinct or 0) <= 3:
        return False
    column = frame.table.column(name)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    texts = column.drop_null().unique().to_pylist()
    values = {SPLITS.get(str(value).strip().lower()) for value in texts}
    return None not in values and "train" in values and len(values) == n_distinct


def is_weight(frame: Frame, name: str) -> bool:
    """Whether a column is called as weights of rows are, and holds numbers."""
    is_number = frame.kind(name) in ("number", "whole number")
    return is_number and _WEIGHT_NAME.match(name) is not None


def _names_groups(frame: Frame, name: str, n_distinct: int) -> bool:
    is_name = frame.kind(name) in ("text", "whole number") and n_distinct > 1
    is_called = _GROUP_NAME.match(name) is not None
    return is_called and is_name and frame.n_rows >= _ROWS_A_GROUP * n_distinct


def is_id_name(name: str) -> bool:
    """Whether a name is one that identifiers have."""
    return _ID_NAME.search(name) is not None or _ID_CAMEL.search(name) is not None


def counts_rows(column: Any) -> bool:
    """Whether a column counts the rows, from 0 or from 1."""
    if not pa.types.is_integer(column.type) or column.null_count or not len(column):
        return False
    values = column.to_numpy()
    return values[0] in (0, 1) and bool((np.diff(values) == 1).all())


def remark(frame: Frame, name: str, n_distinct: int | None) -> str:
    """What looks odd in a column; empty where nothing does."""
    kind = frame.kind(name)
    if kind not in READABLE or not n_distinct:
        return ""
    if words := why_not_proposed(frame, name, n_distinct):
        return words
    column = frame.table.column(name)
    n_values = frame.n_rows - frame.n_missing(name)
    if n_distinct == 1 and n_values > 1:
        return "has one value alone"
    if name in frame.types:
        return ""
    if _names_groups(frame, name, n_distinct):
        return f"names {n_distinct:,} groups: rows of one to be kept together?"
    if kind == "text":
        return _like_numbers(column)
    if kind == "number":
        return _without_end(frame, column)
    if kind == "whole number":
        return _of_whole_numbers(name, column, n_distinct, n_values)
    return ""


def _words(column: Any) -> float:
    """Words of a text on average, over the first rows."""
    first = column[:1000].drop_null()
    if pa.types.is_dictionary(first.type):
        first = first.cast(first.type.value_type)
    spaces = _compute.count_substring_regex(first, r"\s+")
    return 1 + float(_compute.mean(spaces).as_py() or 0)


def _like_numbers(column: Any) -> str:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    values = _compute.utf8_trim_whitespace(column.drop_null())
    for notation in (POINT, COMMA):
        matches = _compute.match_substring_regex(values, notation.pattern)
        n = int(_compute.sum(matches).as_py() or 0)
        if n >= _MOSTLY * len(values):
            other = values.filter(_compute.invert(matches))
            shown = f"; '{str(other[0])[:20]}' does not" if len(other) else ""
            how = f" with {notation.name}" if _has(values.filter(matches), notation.decimal) else ""
            return f"{n:,} of {len(values):,} values look like numbers{how}{shown}"
    return ""


def _has(values: Any, mark: str) -> bool:
    return bool(_compute.any(_compute.match_substring(values, mark)).as_py())


def _without_end(frame: Frame, column: Any) -> str:
    if not pa.types.is_floating(column.type):
        return ""
    values = column.to_numpy().astype(np.float64)
    wrong = np.flatnonzero(np.abs(values) > MOST)
    if not len(wrong):
        return ""
    row, n = int(wrong[0]), len(wrong)
    value = "infinity" if np.isinf(values[row]) else f"{values[row]:.3g}, too large to reckon with,"
    more = f" and {n - 1:,} more" if n > 1 else ""
    return f"has {value} in {frame.place(row)}{more}"


def _of_whole_numbers(name: str, column: Any, n_distinct: int, n_values: int) -> str:
    low, high = (int(x.as_py()) for x in _compute.min_max(column).values())
    if n_distinct == n_values >= _LEAST_ROWS and counts_rows(column):
        return "counts the rows: an index?"
    for per_second, unit in ((1, "seconds"), (1000, "milliseconds")):
        if EPOCH[0] * per_second <= low and high <= EPOCH[1] * per_second:
            return f"could be {unit} since 1970: dates?"
    if 2 < n_distinct <= _FEW and n_values >= 4 * n_distinct:
        return f"{n_distinct} whole numbers: categories, or a quantity?"
    return ""
