"""Text columns: what Arrow took for text but is numbers or dates, written in another way."""

from typing import Any

import pyarrow as pa
from pyarrow import compute

from workbench.engine.readers.notation import COMMA, POINT, Notation

#: Arrow makes the functions of this module when it is imported, so no checker knows them.
_compute: Any = compute

#: What always stands for a missing value.
MISSING = (
    "",
    "NA",
    "N/A",
    "n/a",
    "#N/A",
    "NaN",
    "nan",
    "NULL",
    "null",
    "?",
    "<NA>",
    "n.a.",
    "N.A.",
)
#: What stands for one among numbers and dates, but may be a category among others.
_MAYBE = ("-", "--", "---", ".", "..", "None", "none", "*")

_FIRST = 1000


def understood(name: str, column: Any, decimal: str) -> tuple[Any, str]:
    """A column of text [N], as numbers or times where all of it is that, and what to say of it.

    Blanks about a value are no part of it. Each different text is looked at once: a column of
    categories has few.
    """
    coded = column.dictionary_encode().unify_dictionaries()
    if not coded.num_chunks:
        return column, ""
    texts = coded.chunk(0).dictionary
    values, note = _understood(name, texts, decimal)
    if values.equals(texts):
        return column, ""
    return pa.chunked_array([values.take(chunk.indices) for chunk in coded.chunks]), note


def _understood(name: str, column: Any, decimal: str) -> tuple[Any, str]:
    trimmed = _compute.utf8_trim_whitespace(column)
    # A quoted "NA" is text; what only shows as NA without its blanks is missing.
    is_changed = _compute.not_equal(trimmed, column)
    is_gone = _compute.and_(is_changed, _is_in(trimmed, MISSING))
    plain = _compute.if_else(is_gone, pa.scalar(None, column.type), trimmed)
    is_maybe = _is_in(plain, (*_MAYBE, *MISSING))
    rest = _compute.if_else(is_maybe, pa.scalar(None, column.type), plain)
    if rest.null_count == len(rest):
        return plain, ""
    values, words = _values(rest, decimal)
    if values is None:
        return plain, ""
    marks = _compute.unique(_compute.drop_null(_compute.filter(plain, is_maybe))).to_pylist()
    notes = [words] if words else []
    if marks:
        shown = " and ".join(f"'{mark}'" for mark in marks)
        notes.append(f"{shown} {'is' if len(marks) == 1 else 'are'} taken for missing")
    return values, f"column '{name}': {'; '.join(notes)}" if notes else ""


def _values(column: Any, decimal: str) -> tuple[Any, str]:
    """Numbers or times, and how they are written; None where the column is neither."""
    order = (COMMA, POINT) if decimal == "," else (POINT, COMMA)
    for i, notation in enumerate(order):
        values = _numbers(column, notation)
        if values is not None:
            has_marks = _has_any(column, notation.thousands)
            words = "numbers with marks between the thousands" if has_marks else ""
            if i:  # the other decimal mark than the file's
                words = f"{words or 'numbers'}, with {notation.name}"
            return values, words
    for type_ in (pa.date32(), pa.timestamp("us")):
        try:
            return column.cast(type_), ""
        except pa.ArrowException:
            continue
    return None, ""


def _numbers(column: Any, notation: Notation) -> Any:
    """A column's numbers, whole ones as such; None where one is written otherwise."""
    for some in (column[:_FIRST], column):  # most text shows at once that it is no number
        if not _compute.all(_compute.match_substring_regex(some, notation.pattern)).as_py():
            return None
    for mark in notation.thousands:
        column = _compute.replace_substring(column, mark, "")
    plain = _compute.replace_substring(column, notation.decimal, ".")
    plain = _compute.utf8_ltrim(plain, "+")
    for type_ in (pa.int64(), pa.float64()):
        try:
            return plain.cast(type_)
        except pa.ArrowException:  # a part behind the point, or too many digits
            continue
    return None


def _is_in(column: Any, values: tuple[str, ...]) -> Any:
    return _compute.is_in(column, value_set=pa.array(values, column.type))


def _has_any(column: Any, marks: str) -> bool:
    matches = (_compute.any(_compute.match_substring(column, mark)).as_py() for mark in marks)
    return any(matches)
