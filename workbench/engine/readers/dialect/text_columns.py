"""Text columns: what Arrow took for text but is numbers or dates, written in another way."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyarrow import compute

from workbench.engine.readers.columns.dates import dates_of
from workbench.engine.readers.dialect.missing import MAYBE, MISSING, shown
from workbench.engine.readers.dialect.notation import COMMA, POINT, Notation, with_thousands

#: Arrow makes the functions of this module when it is imported, so no checker knows them.
_compute: Any = compute

_FIRST = 1000

#: A whole number with a zero before it, as codes have them: not a number that lost its point.
LEADING_ZERO = r"^0\d+$"


@dataclass(frozen=True, slots=True)
class Words:
    """How values are written: as the settings of reading say it, auto where they do not.

    `missing_marks` are those that were given, beside the empty cell; empty: the usual ones.
    """

    decimal: str = "."
    thousands: str = "auto"
    missing_marks: tuple[str, ...] = ()
    date_format: str = "auto"

    @property
    def always(self) -> tuple[str, ...]:
        """What stands for a missing value, whatever else is in a column."""
        return (*self.missing_marks, "") if self.missing_marks else MISSING

    @property
    def maybe(self) -> tuple[str, ...]:
        """What stands for one where all the other values are numbers or dates."""
        return () if self.missing_marks else (*MAYBE, *MISSING)


def understood(name: str, column: Any, words: Words) -> tuple[Any, str]:
    """A column of text [N], as numbers or times where all of it is that, and what to say of it.

    Blanks about a value are no part of it. Each different text is looked at once: a column of
    categories has few.
    """
    return by_text(column, lambda texts: _understood(name, texts, words))


def by_text(column: Any, change: Any) -> tuple[Any, str]:
    """A column of text [N] changed by its different texts, each once, and what is said of it."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    coded = coded.unify_dictionaries()
    if not coded.num_chunks:
        return column, ""
    texts = coded.chunk(0).dictionary
    values, note = change(texts)
    if values.equals(texts):
        return column, note
    return pa.chunked_array([values.take(chunk.indices) for chunk in coded.chunks]), note


def trimmed(column: Any, words: Words) -> Any:
    """Different texts without the blanks about them; what only then shows as missing is so."""
    made = _compute.utf8_trim_whitespace(column)
    # A quoted "NA" is text; what only shows as NA without its blanks is missing.
    is_changed = _compute.not_equal(made, column)
    is_gone = _compute.and_(is_changed, is_in(made, words.always))
    return _compute.if_else(is_gone, pa.scalar(None, column.type), made)


def _understood(name: str, column: Any, words: Words) -> tuple[Any, str]:
    plain = trimmed(column, words)
    is_maybe = is_in(plain, words.maybe)
    rest = _compute.if_else(is_maybe, pa.scalar(None, column.type), plain)
    if rest.null_count == len(rest):
        return plain, ""
    values, said = _values(rest, words)
    if values is None:
        return plain, ""
    marks = _compute.unique(_compute.drop_null(_compute.filter(plain, is_maybe))).to_pylist()
    notes = [said] if said else []
    if marks:
        notes.append(shown(marks))
    return values, f"column '{name}': {'; '.join(notes)}" if notes else ""


def _values(column: Any, words: Words) -> tuple[Any, str]:
    """Numbers or times, and how they are written; None where the column is neither."""
    if _compute.any(_compute.match_substring_regex(column, LEADING_ZERO)).as_py():
        return None, ""
    values, said = numbers_of(column, words)
    if values is not None:
        return values, said
    found = dates_of(column, words.date_format)
    if found is None:
        return None, ""
    if found.is_open:
        other = "month-first" if found.order == "day-first" else "day-first"
        return found.column, f"dates taken as {found.order}, but {other} reads too: set date_format"
    return found.column, f"dates, {found.order}" if found.order else ""


def numbers_of(column: Any, words: Words) -> tuple[Any, str]:
    """A column's numbers, and how they are written; None where one is no number."""
    order = (COMMA, POINT) if words.decimal == "," else (POINT, COMMA)
    for i, notation in enumerate(order):
        notation = with_thousands(notation, words.thousands)
        values = _numbers(column, notation)
        if values is not None:
            has_marks = _has_any(column, notation.thousands)
            said = "numbers with marks between the thousands" if has_marks else ""
            if i:  # the other decimal mark than the file's
                said = f"{said or 'numbers'}, with {notation.name}"
            return values, said
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


def is_in(column: Any, values: tuple[str, ...]) -> Any:
    """Which texts are among these values."""
    return _compute.is_in(column, value_set=pa.array(values, column.type))


def _has_any(column: Any, marks: str) -> bool:
    matches = (_compute.any(_compute.match_substring(column, mark)).as_py() for mark in marks)
    return any(matches)
