"""Roles: what a table's columns are proposed for."""

import re
from collections.abc import Sequence
from dataclasses import replace

from workbench.engine.readers.columns.remarks import is_weight, says_split, why_not_proposed
from workbench.engine.readers.frame import Frame
from workbench.spec.user_files.file_facts import ColumnFacts, Role

_TARGET_NAME = re.compile(r"^(?:target|label|class|y|outcome|response)$", re.I)


def role_of(frame: Frame, name: str, reason: str, n_distinct: int | None) -> tuple[Role, str]:
    """What a column is proposed for, a target apart, and why; `reason` is why it is not read."""
    if reason:
        return "leave out", reason
    why = why_not_proposed(frame, name, n_distinct)
    if not why:
        return "input", ""
    if frame.types.get(name) == "leave out":
        return "leave out", why
    if says_split(frame, name, n_distinct):
        return "split", why
    return ("weight" if is_weight(frame, name) else "leave out"), why


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
