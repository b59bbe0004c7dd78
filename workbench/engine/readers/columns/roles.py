"""Roles: what a table's columns are proposed for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
from pyarrow import compute

from workbench.engine.readers.columns.remarks import why_not_proposed
from workbench.engine.readers.frame import Frame
from workbench.spec.user_files.file_facts import ColumnFacts, Role

_compute: Any = compute

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
_TARGET_NAME = re.compile(r"^(?:target|label|class|y|outcome|response)$", re.I)

#: Rows that each group has at least on average.
_ROWS_A_GROUP = 2


def role_of(frame: Frame, name: str, reason: str, n_distinct: int | None) -> tuple[Role, str]:
    """What a column is proposed for, a target apart, and why; `reason` is why it is not read."""
    if reason:
        return "leave out", reason
    if says_split(frame, name, n_distinct):
        return "split", "says of each row whether it is to train, to validate or to test on"
    if _GROUP_NAME.match(name) and _repeats(frame, name, n_distinct or 0):
        return "group", "is called so: rows of one group are kept together"
    if why := why_not_proposed(frame, name, n_distinct):
        return "leave out", why
    if _WEIGHT_NAME.match(name) and frame.kind(name) in ("number", "whole number"):
        return "weight", "is called so: how much each row counts"
    return "input", ""


def says_split(frame: Frame, name: str, n_distinct: int | None) -> bool:
    """Whether the values of a column name splits."""
    if frame.kind(name) != "text" or not 2 <= (n_distinct or 0) <= 3:
        return False
    column = frame.table.column(name)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    values = {SPLITS.get(str(value).strip().lower()) for value in column.unique().to_pylist()}
    return None not in values and "train" in values and len(values) == n_distinct


def _repeats(frame: Frame, name: str, n_distinct: int) -> bool:
    is_name = frame.kind(name) in ("text", "whole number")
    return is_name and n_distinct > 1 and frame.n_rows >= _ROWS_A_GROUP * n_distinct


def with_target(columns: Sequence[ColumnFacts]) -> tuple[ColumnFacts, ...]:
    """The columns, one of which is proposed as the target: by its name, or the last input."""
    made = list(columns)
    usable = [i for i, column in enumerate(made) if column.role == "input"]
    if len(usable) > 1:
        named = [i for i in usable if _TARGET_NAME.match(made[i].name)]
        at = named[0] if len(named) == 1 else usable[-1]
        why = "is called so" if len(named) == 1 else "is the last column"
        made[at] = replace(made[at], role="target", role_reason=why)
    return tuple(made)
