"""Tables: what they are made of in a terminal, and estimates over seeds as text and as JSON.

A cell is text, whatever it looks like: rich would take `[b]` for markup and leave it out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from workbench.spec.text import visible
from workbench.study.interval import Estimate

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

#: Larger numbers are told by their power of ten.
_MOST_WRITTEN_OUT = 1e6
#: Longer names than this break over lines: whole, they would leave the numbers no room.
_WHOLE = 60


def numbers(estimate: Estimate | None) -> dict[str, Any] | None:
    """An estimate as JSON data."""
    return None if estimate is None else asdict(estimate)


def number(value: float | None, sign: str = "") -> str:
    """A number to four digits, which takes little room at any size; with a "+" if `sign` is one."""
    if value is None:
        return "–"
    return format(value, f"{sign}.4f" if abs(value) < _MOST_WRITTEN_OUT else f"{sign}.4e")


def score(estimate: Estimate | None, n_seeds: int) -> str:
    """A mean, with the standard deviation where there is one, of what `n_seeds` runs reached."""
    if estimate is None:
        return "–"
    return (
        number(estimate.mean)
        + ("" if estimate.sd is None else f" ± {number(estimate.sd)}")
        + (rests_on(estimate, n_seeds))
    )


def rests_on(estimate: Estimate, n_seeds: int) -> str:
    """How many of the seeds have a figure at all, where not all do: others passed all numbers."""
    return "" if estimate.n == n_seeds else f" ({estimate.n} of {n_seeds} seeds)"


def interval(estimate: Estimate | None) -> str:
    """The 95 % interval of a difference; a dash where one seed leaves it open."""
    if estimate is None or estimate.low is None or estimate.high is None:
        return "–"
    return f"{number(estimate.low, '+')} to {number(estimate.high, '+')}"


def plain(text: str) -> "Text":
    """A text for rich to show as it is."""
    from rich.text import Text

    return Text(visible(text))


def table(first: str, others: Iterable[str]) -> "Table":
    """An empty table: names on the left, numbers on the right."""
    result = text_table()
    column(result, first, is_whole=True)
    for name in others:
        column(result, name, justify="right")
    return result


def text_table(*names: str, whole: Sequence[str] = ()) -> "Table":
    """An empty table of words; the columns in `whole` are never broken over lines."""
    from rich import box
    from rich.table import Table

    result = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in names:
        column(result, name, is_whole=name in whole)
    return result


def column(
    table: "Table",
    name: str,
    *,
    is_whole: bool = False,
    justify: Literal["left", "right"] = "left",
) -> None:
    """Add a column; one that is not whole breaks where it must, and nothing is ever cut."""
    header = plain(name)
    is_short = is_whole and header.cell_len <= _WHOLE
    table.add_column(header, no_wrap=is_short, overflow="fold", justify=justify)


def row(table: "Table", *cells: str) -> None:
    """Add a row of texts."""
    for place, cell in enumerate(cells):
        if len(cell) > _WHOLE:
            table.columns[place].no_wrap = False
    table.add_row(*(plain(cell) for cell in cells))


def grid(corner: str, names: Sequence[str], cells: Sequence[Sequence[str]]) -> "Table":
    """A square table of cells [T][T]."""
    result = table(corner, names)
    for name, values in zip(names, cells, strict=True):
        row(result, name, *values)
    return result
