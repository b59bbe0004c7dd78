"""Chart: lines over steps with the spread over seeds around them; intervals side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.publish.figures.scale import Scale, limits, written
from workbench.publish.figures.svg import COLOURS, drawing, element, label, line, path
from workbench.spec.text import visible
from workbench.study.interval import Estimate

Numbers = NDArray[np.float64]

_WIDTH, _HEIGHT = 760.0, 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 16.0, 14.0, 40.0
#: More lines than this are not told apart: the rest is in the tables.
MOST_LINES = 12
#: Longer names than this are cut short; the tables have them whole.
_MOST_LETTERS = 36


@dataclass(frozen=True, slots=True)
class Line:
    """A curve: `x` and `y` [N], and where its spread begins and ends, NaN where there is none."""

    name: str
    x: Numbers
    y: Numbers
    low: Numbers
    high: Numbers


def short(name: str) -> str:
    """A name as a figure has room for it."""
    name = visible(name)
    return name if len(name) <= _MOST_LETTERS else name[: _MOST_LETTERS - 1] + "…"


def line_chart(
    lines: Sequence[Line],
    title: str,
    x_name: str,
    y_name: str,
    stages: Sequence[float] = (),
    *,
    is_share: bool = False,
) -> str:
    """Curves in one plot, with a legend below; `stages` are drawn as dashed lines."""
    shown = [each for each in lines if np.isfinite(each.y).any()][:MOST_LINES]
    every_y = [v for each in shown for part in (each.y, each.low, each.high) for v in part.tolist()]
    every_x = [v for each in shown for v in each.x.tolist()] or [0.0, 1.0]
    n_rows = -(-len(shown) // 3)
    height = _HEIGHT + 20 * n_rows
    x = Scale(min(every_x), max(every_x), _LEFT, _WIDTH - _RIGHT)
    low, high = limits(every_y, is_share=is_share)
    y = Scale(low, high, _HEIGHT - _BOTTOM, _TOP)
    parts = [_axes(x, y, x_name, y_name)]
    parts += [line(x.at(s), _TOP, x.at(s), y.start, "stage") for s in stages if x.low < s < x.high]
    for i, each in enumerate(shown):
        parts.append(element("g", _drawn(each, x, y), class_=f"c{i % len(COLOURS)}"))
    for i, each in enumerate(shown):
        at_x = _LEFT + (i % 3) * (_WIDTH - _LEFT) / 3
        at_y = _HEIGHT + 8 + 20 * (i // 3)
        mark = line(at_x, at_y - 4, at_x + 18, at_y - 4, "line")
        text = label(at_x + 24, at_y, short(each.name), class_="name")
        parts.append(element("g", mark + text, class_=f"c{i % len(COLOURS)}"))
    return drawing(_WIDTH, height, "".join(parts), title)


def _axes(x: Scale, y: Scale, x_name: str, y_name: str) -> str:
    parts: list[str] = []
    for tick in y.ticks():
        parts.append(line(x.start, y.at(tick), x.end, y.at(tick)))
        parts.append(label(x.start - 8, y.at(tick) + 4, written(tick), text_anchor="end"))
    for tick in x.ticks():
        parts.append(label(x.at(tick), y.start + 17, written(tick), text_anchor="middle"))
    parts.append(label((x.start + x.end) / 2, y.start + 33, x_name, text_anchor="middle"))
    middle = (y.start + y.end) / 2
    turned = f"rotate(-90 14 {middle:.0f})"
    parts.append(label(14, middle, short(y_name), text_anchor="middle", transform=turned))
    return "".join(parts)


def _drawn(each: Line, x: Scale, y: Scale) -> str:
    xs = [x.at(v) for v in each.x.tolist()]
    middle = [y.at(v) for v in each.y.tolist()]
    # What a spread has beyond the axis, as beyond the shares that there can be, is cut off.
    low, high = ([y.at(v) for v in part.clip(y.low, y.high)] for part in (each.low, each.high))
    band = ""
    known = np.isfinite(each.low) & np.isfinite(each.high)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(int)))
    for a, b in edges.reshape(-1, 2).tolist():
        around = [(xs[i], high[i]) for i in range(a, b)]
        around += [(xs[i], low[i]) for i in reversed(range(a, b))]
        band += path(around, "band", is_closed=True) if b - a > 1 else ""
    dots = ""
    if int(np.isfinite(each.y).sum()) <= 2:
        dots = "".join(
            element("circle", cx=a, cy=b, r=2.5, class_="dot")
            for a, b in zip(xs, middle, strict=True)
            if np.isfinite(b)
        )
    return band + path(zip(xs, middle, strict=True), "line") + dots


def interval_chart(rows: Sequence[tuple[str, Estimate | None]], title: str, x_name: str) -> str:
    """A mean and its interval for each name, one below the other."""
    left, row = 240.0, 26.0
    known = [value for _, value in rows if value is not None]
    ends = [v for e in known for v in (e.mean, e.low, e.high) if v is not None]
    x = Scale(*limits(ends), left, _WIDTH - 90)
    bottom = _TOP + row * len(rows)
    parts: list[str] = []
    for tick in x.ticks():
        parts.append(line(x.at(tick), _TOP, x.at(tick), bottom))
        parts.append(label(x.at(tick), bottom + 16, written(tick), text_anchor="middle"))
    parts.append(label((x.start + x.end) / 2, bottom + 33, x_name, text_anchor="middle"))
    for i, (name, value) in enumerate(rows):
        y = _TOP + row * (i + 0.5)
        parts.append(label(left - 12, y + 4, short(name), text_anchor="end", class_="name"))
        if value is None:
            parts.append(label(left + 6, y + 4, "–"))
            continue
        mark = element("circle", cx=x.at(value.mean), cy=y, r=3.5, class_="dot")
        if value.low is not None and value.high is not None:
            mark += line(x.at(value.low), y, x.at(value.high), y, "line")
        parts.append(element("g", mark, class_=f"c{i % len(COLOURS)}"))
        parts.append(label(_WIDTH - 4, y + 4, f"{value.mean:.4f}", text_anchor="end"))
    return drawing(_WIDTH, bottom + 42, "".join(parts), title)
