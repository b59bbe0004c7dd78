"""Missing: what stands for a value that is not there, where nobody says what does."""

from collections.abc import Iterable, Sequence

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
MAYBE = ("-", "--", "---", ".", "..", "None", "none", "*")


def marks_in(rows: Iterable[Sequence[str]], marks: Sequence[str] = MISSING) -> tuple[str, ...]:
    """Those marks of missing values that stand in the rows, apart from empty cells."""
    cells = {cell.strip() for row in rows for cell in row}
    return tuple(mark for mark in marks if mark and mark in cells)


def shown(marks: Sequence[str]) -> str:
    """Marks in a sentence: what they are taken for."""
    words = " and ".join(f"'{mark}'" for mark in marks)
    return f"{words} {'is' if len(marks) == 1 else 'are'} taken for missing"
