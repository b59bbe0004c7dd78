"""Facts of columns: what is told of each column of a table."""

from collections.abc import Mapping

from workbench.engine.readers.columns.histogram import histogram
from workbench.engine.readers.columns.remarks import remark
from workbench.engine.readers.columns.roles import role_of, with_target
from workbench.engine.readers.columns.types import may_be, type_of
from workbench.engine.readers.frame import Frame
from workbench.spec.user_files.file_facts import ColumnFacts

#: Whole numbers with no more different ones than this are taken for classes.
FEW_CLASSES = 20


def columns_of(
    frame: Frame, n_rows: int, missing: Mapping[str, int | None] | None = None
) -> tuple[ColumnFacts, ...]:
    """The facts of the columns of a file of `n_rows`, of which the frame may have the first alone.

    `missing` are the missing values of the whole file, where the frame does not have it.
    """
    return with_target([_column(frame, name, n_rows, missing) for name in frame.names])


def _column(
    frame: Frame, name: str, n_rows: int, missing: Mapping[str, int | None] | None
) -> ColumnFacts:
    kind, n_distinct = frame.kind(name), frame.n_distinct(name)
    is_whole = frame.n_rows == n_rows
    n_missing = frame.n_missing(name) if missing is None or is_whole else missing.get(name)
    reason = frame.reason(name, has_values=n_missing != n_rows)
    is_few = kind == "whole number" and (n_distinct or 0) <= FEW_CLASSES
    type_ = type_of(frame, name, n_distinct)
    is_class = is_few or kind in ("text", "truth") or type_ in ("category", "ordered")
    role, why = role_of(frame, name, reason, n_distinct)
    return ColumnFacts(
        name,
        kind,
        "classes" if is_class else "values",
        n_missing,
        n_distinct if is_whole else None,
        reason=reason,
        type=type_,
        may_be=may_be(frame, name),
        is_given=name in frame.types,
        role=role,
        role_reason=why,
        remark=remark(frame, name, n_distinct),
        histogram=histogram(frame, name, n_distinct),
    )
