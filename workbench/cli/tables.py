"""Tables: estimates over seeds as text and as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbench.study.interval import Estimate

if TYPE_CHECKING:
    from rich.table import Table


def numbers(found: Estimate | None) -> dict[str, Any] | None:
    """An estimate as JSON data."""
    return None if found is None else asdict(found)


def score(found: Estimate | None) -> str:
    """A mean, with the standard deviation where there is one."""
    if found is None:
        return "–"
    return f"{found.mean:.4f}" + ("" if found.sd is None else f" ± {found.sd:.4f}")


def percent(found: Estimate | None) -> str:
    """A mean change in per cent, with its sign."""
    return "–" if found is None else f"{100 * found.mean:+.2f} %"


def interval(found: Estimate | None, unit: float = 100.0, sign: str = " %") -> str:
    """The 95 % interval of a change; a dash where one seed leaves it open."""
    if found is None or found.low is None or found.high is None:
        return "–"
    return f"{unit * found.low:+.2f} to {unit * found.high:+.2f}{sign}"


def table(first: str, others: Iterable[str]) -> "Table":
    """An empty table: names on the left, numbers on the right."""
    from rich import box
    from rich.table import Table

    result = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    result.add_column(first, no_wrap=True)
    for name in others:
        result.add_column(name, justify="right")
    return result


def grid(corner: str, names: Sequence[str], cells: Sequence[Sequence[str]]) -> "Table":
    """A square table of cells [T][T]."""
    result = table(corner, names)
    for name, row in zip(names, cells, strict=True):
        result.add_row(name, *row)
    return result
