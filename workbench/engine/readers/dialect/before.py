"""Before: the lines of a text file that stand before its header."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from workbench.engine.readers.dialect.notation import is_number
from workbench.engine.readers.dialect.separators import SEPARATORS, most_likely, rows_of

_TOLD = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
#: What lines before the header begin with that are remarks, where nothing else is said.
_COMMENT = "#"


@dataclass(slots=True)
class Before:
    """How many lines stand before the header, the separator that one names, and what to say."""

    n_lines: int = 0
    mark: str = ""
    notes: list[str] = field(default_factory=list[str])


def before_header(lines: Sequence[str], mark: str, comment: str, skip: int) -> Before:
    """What stands before the header of a file with these lines, the first `skip` of which do.

    `comment` is what remarks begin with, empty for none, or auto.
    """
    found = Before(min(skip, len(lines)))
    if found.n_lines:
        words = "the first line is" if skip == 1 else f"the first {found.n_lines:,} lines are"
        found.notes.append(f"{words} skipped, as it is asked")
    _skip_empty(lines, found)
    _skip_separator(lines, found)
    sign = _COMMENT if comment == "auto" else comment
    if sign:
        _skip_remarks(lines, found, mark, sign)
    return found


def _skip_empty(lines: Sequence[str], found: Before) -> None:
    while found.n_lines < len(lines) and not lines[found.n_lines].strip():
        found.n_lines += 1


def _skip_separator(lines: Sequence[str], found: Before) -> None:
    line = lines[found.n_lines].strip() if found.n_lines < len(lines) else ""
    if (match := _TOLD.fullmatch(line)) is not None:
        found.mark = match[1] if match[1] in SEPARATORS.values() else ""
        found.n_lines += 1
        found.notes.append("the first line names the separator")
    elif line == "sep=":  # a tab that was stripped
        found.mark = "\t"
        found.n_lines += 1


def _skip_remarks(lines: Sequence[str], found: Before, mark: str, sign: str) -> None:
    first = at = found.n_lines
    while at < len(lines) and (lines[at].startswith(sign) or not lines[at].strip()):
        at += 1
    if at > first and at < len(lines) and _is_header(lines[at - 1], lines[at], mark or found.mark):
        at -= 1
    n_remarks = sum(line.startswith(sign) for line in lines[first:at])
    if n_remarks:
        words = "1 line that begins" if n_remarks == 1 else f"{n_remarks} lines that begin"
        found.notes.append(f"{words} with {sign} before the header: skipped")
    found.n_lines = at


def _is_header(remark: str, row: str, mark: str) -> bool:
    """Whether a remark names the columns of the row below it, as numpy writes them."""
    mark = mark or most_likely([row])
    names, values = (rows_of([text], mark)[0] for text in (remark[1:], row))
    return len(names) == len(values) > 1 and (
        any(map(is_number, values)) and not any(map(is_number, names))
    )
