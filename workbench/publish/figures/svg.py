"""SVG: elements as text, in which whatever is shown is escaped; colours for light and dark."""

import math
import re
from collections.abc import Iterable

from workbench.spec.text import visible

#: Colours of lines, told apart also by those who see fewer; one for a light page, one for a dark.
COLOURS = (
    ("#0072B2", "#4DA9E6"),
    ("#D55E00", "#FF8B4A"),
    ("#008F68", "#30CFA2"),
    ("#B8508C", "#E993C4"),
    ("#B07C00", "#EDB62F"),
    ("#3A97CF", "#9AD4F7"),
    ("#6B4FB3", "#B49DF5"),
    ("#5A6373", "#BAC2CF"),
)

#: What XML 1.0 cannot hold, however it is written.
_NEVER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_LIGHT, _DARK = (
    "".join(f".c{i}{{--c:{pair[side]}}}" for i, pair in enumerate(COLOURS)) for side in (0, 1)
)

#: The style of every figure, in a page as in a file of its own.
STYLE = (
    ".fig{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;"
    "--ink:#182030;--soft:#556070;--rule:#E3E7EE;--heat:#2F5FD0;--cell:#182030}"
    ".fig text{fill:var(--soft);font-variant-numeric:tabular-nums}"
    ".fig .name{fill:var(--ink)}.fig .rule{stroke:var(--rule);stroke-width:1}"
    ".fig .line{fill:none;stroke:var(--c);stroke-width:1.6;stroke-linejoin:round}"
    ".fig .band{fill:var(--c);opacity:.16}.fig .dot{fill:var(--c)}.fig .stage{stroke:var(--soft);"
    "stroke-dasharray:3 3;opacity:.55}.fig .heat{fill:var(--heat)}"
    ".fig .dark{fill:#fff}.fig .cell{fill:var(--cell)}" + _LIGHT + "@media(prefers-color-scheme:"
    "dark){.fig{--ink:#E8ECF4;--soft:#A5AFBF;--rule:#2B3342;--heat:#6E93F5;--cell:#E8ECF4}"
    ".fig .dark{fill:#0B1020}" + _DARK + "}"
)


def escaped(text: str) -> str:
    """A text as it stands between tags or in quotes, in XML and in HTML."""
    text = _NEVER.sub("\ufffd", text)
    for mark, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot"), ("'", "#39")):
        text = text.replace(mark, f"&{name};")
    return text


def element(tag: str, inner: str = "", **attributes: object) -> str:
    """An element; `inner` is markup already, attributes are escaped. `class_` is class."""
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escaped(_written(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{named}>{inner}</{tag}>" if inner else f"<{tag}{named}/>"


def label(x: float, y: float, text: str, **attributes: object) -> str:
    """A text at a place."""
    return element("text", escaped(text), x=x, y=y, **attributes) if text else ""


def line(x1: float, y1: float, x2: float, y2: float, class_: str = "rule") -> str:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def path(points: Iterable[tuple[float, float]], class_: str, *, is_closed: bool = False) -> str:
    """A line through points, broken where one is no number."""
    parts: list[str] = []
    is_broken = True
    for x, y in points:
        if not (math.isfinite(x) and math.isfinite(y)):
            is_broken = True
            continue
        parts.append(f"{'M' if is_broken else 'L'}{_written(x)} {_written(y)}")
        is_broken = False
    return element("path", d="".join(parts) + ("Z" if is_closed else ""), class_=class_)


def drawing(width: float, height: float, inner: str, title: str) -> str:
    """A figure as an element of a page; `title` says to who cannot see it what it shows."""
    named = element("title", escaped(visible(title))) if title else ""
    size = f"0 0 {_written(width)} {_written(height)}"
    return element("svg", named + inner, viewBox=size, width=width, height=height, class_="fig",
                   role="img", xmlns="http://www.w3.org/2000/svg")  # fmt: skip


def as_file(figure: str) -> bytes:
    """A figure as a file of its own."""
    head, rest = figure.split(">", 1)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{head}><style>{STYLE}</style>{rest}\n'
    return text.encode("utf-8", "replace")


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
