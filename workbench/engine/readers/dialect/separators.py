"""Separators: what stands between the values of a line, and about them."""

import csv
import re
from collections.abc import Iterable, Sequence

from workbench.engine.readers.dialect.beginning import N_ROWS

#: The separators there are, by their names in settings.
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
#: What stands about values that hold a separator, by its name in settings; none: nothing does.
QUOTES = {"double": '"', "single": "'", "none": ""}

#: A value between single quotes at the beginning or the end of a line, or of a value.
_SINGLE = re.compile(r"(?:^|[,;\t|])\s*'[^']*'\s*(?:$|[,;\t|])")


def rows_of(lines: Sequence[str], mark: str, quote: str = '"') -> list[list[str]]:
    """The first rows, the header first, empty ones left out. Raises csv.Error."""
    how = {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE}
    rows = [row for row in csv.reader(lines[: N_ROWS + 1], delimiter=mark, **how) if row]  # type: ignore[arg-type]
    return rows or [[""]]


def most_likely(lines: Sequence[str], quote: str = '"') -> str:
    """The separator by which the rows have as many columns as the header, and most of them."""

    def fitness(mark: str) -> tuple[bool, int]:
        try:
            rows = rows_of(lines, mark, quote)
        except csv.Error:
            return False, 0
        width = len(rows[0])
        return width > 1 and all(len(row) == width for row in rows), width

    return max(SEPARATORS.values(), key=fitness)


def quote_of(lines: Iterable[str]) -> str:
    """The quotation mark of a file: a single one where values stand between such, none in double.

    An apostrophe within a word, or between thousands, is none.
    """
    has_single = False
    for line in lines:
        if '"' in line:
            return '"'
        has_single |= _SINGLE.search(line.rstrip("\r\n")) is not None
    return "'" if has_single else '"'


def name_of(mark: str, names: dict[str, str]) -> str:
    """The name in settings of a mark."""
    return next((name for name, one in names.items() if one == mark), mark)
