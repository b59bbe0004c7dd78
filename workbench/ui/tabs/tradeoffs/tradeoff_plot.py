"""TradeoffPlot: experiments as points in the plane of two tasks' scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal

from workbench.spec.text import visible
from workbench.ui.look.run_colours import run_colour
from workbench.ui.look.theme import Theme, soft
from workbench.ui.plots.exports import Table
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tabs.tradeoffs.label_placement import places
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_axis_title

tr = translator("TradeOffs")


@dataclass(frozen=True, slots=True)
class Point:
    """An experiment: mean scores over its seeds, and a label where it is one to be told.

    `around` are the low and the high end around x, then around y; NaN where there is one seed.
    `number` is that of its colour where its eye is open among the runs, `path` where its first run
    is kept.
    """

    name: str
    x: float
    y: float
    n_seeds: int
    label: str = ""
    is_swept: bool = False
    is_on_front: bool = False
    around: tuple[float, float, float, float] = (np.nan, np.nan, np.nan, np.nan)
    number: int | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Axes:
    """What both axes are: tasks with their metrics, and whether more is better."""

    titles: tuple[str, str]
    higher_is_better: tuple[bool, bool]


class TradeoffPlot(Plot):
    """Filled points are told by name, a line joins those that no other one beats."""

    #: The run at this path was clicked.
    opened = Signal(str)

    def __init__(self, name: str, theme: Theme) -> None:
        self._others, self._named = pg.ScatterPlotItem(), pg.ScatterPlotItem()
        self._front, self._sweep = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._leads = pg.PlotCurveItem()
        self._whiskers, self._faint = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._labels: list[pg.TextItem] = []
        self._points: list[Point] = []
        self._axes = Axes(("", ""), (True, True))
        super().__init__(name, " ", theme, " ")
        self.area.setMouseEnabled(x=False, y=False)
        for item in (
            self._faint,
            self._whiskers,
            self._leads,
            self._front,
            self._sweep,
            self._others,
            self._named,
        ):
            self.area.addItem(item, ignoreBounds=True)
        self._named.setZValue(10)
        for item in (self._others, self._named):
            item.sigClicked.connect(self._open)
        self.area.vb.sigResized.connect(self._place_names)
        self.table = self._as_table

    def _open(self, _: object, spots: Sequence[Any], *_more: object) -> None:
        """Open the run of the first point under the pointer."""
        if len(spots):
            at = spots[0].pos()
            path = next((p.path for p in self._points if (p.x, p.y) == (at.x(), at.y())), "")
            if path:
                self.opened.emit(path)

    @property
    def points(self) -> list[Point]:
        """What is shown."""
        return self._points

    def set_points(self, points: Sequence[Point], axes: Axes) -> None:
        """Show these experiments."""
        self._points, self._axes = list(points), axes
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        self._draw()

    def _draw(self) -> None:
        theme, points = self.theme, self._points
        for side, title, is_up in zip(
            ("bottom", "left"), self._axes.titles, self._axes.higher_is_better, strict=True
        ):
            words = title if is_up else tr("{}, lower is better").format(title)
            axis = self.area.getAxis(side)
            set_axis_title(axis, words, color=theme.muted, **{"font-size": "11px"})
        self._fit()
        labelled = [point for point in points if point.label]
        self._scatter(self._others, [p for p in points if not p.label], soft(theme.muted, 110), 6)
        self._scatter(self._named, labelled, None, 10)
        self._draw_whiskers(self._faint, [p for p in points if not p.label], 70)
        self._draw_whiskers(self._whiskers, labelled, 190)
        front = sorted((p.x, p.y) for p in points if p.is_on_front)
        self._front.setData(*np.array(front).reshape(-1, 2).T)
        pen = pg.mkPen(theme.good, width=1, style=Qt.PenStyle.DashLine)
        self._front.setPen(pen)
        swept = np.array([(p.x, p.y) for p in points if p.is_swept]).reshape(-1, 2)
        self._sweep.setData(*swept.T)
        self._sweep.setPen(pg.mkPen(soft(theme.accent, 120), width=1))
        self._name_points(labelled)
        self._tell()

    def _draw_whiskers(self, item: pg.PlotCurveItem, points: Sequence[Point], alpha: int) -> None:
        """A cross through each point of several seeds, to both ends of what lies around it."""
        ends: list[tuple[float, float]] = []
        for p in points:
            left, right, low, high = p.around
            ends += [(left, p.y), (right, p.y)] if np.isfinite([left, right]).all() else []
            ends += [(p.x, low), (p.x, high)] if np.isfinite([low, high]).all() else []
        item.setData(*np.array(ends).reshape(-1, 2).T, connect="pairs")
        item.setPen(pg.mkPen(soft(self.theme.muted, alpha), width=1))

    def _fill(self, point: Point) -> str:
        theme = self.theme
        if point.number is not None:
            return run_colour(theme, point.number)
        return theme.accent if point.is_swept else theme.tasks[1]

    def _scatter(
        self, item: pg.ScatterPlotItem, points: Sequence[Point], fill: object, size: int
    ) -> None:
        theme = self.theme
        spots = [
            {
                "pos": (p.x, p.y),
                "size": size,
                "symbol": "o" if p.is_swept or not p.label else "s",
                "brush": pg.mkBrush(fill or self._fill(p)),
                "pen": pg.mkPen(theme.good if p.is_on_front else theme.surface, width=2),
                "data": _tip(p),
            }
            for p in points
        ]
        item.setData(spots, hoverable=True, tip=lambda x, y, data: data)

    def _name_points(self, labelled: Sequence[Point]) -> None:
        while len(self._labels) < len(labelled):
            text = pg.TextItem()
            self.area.addItem(text, ignoreBounds=True)
            self._labels.append(text)
        for at, text in enumerate(self._labels):
            text.setVisible(at < len(labelled))
            if at < len(labelled):
                text.setText(visible(labelled[at].label), color=self.theme.text)
        self._place_names()

    def _place_names(self, *_: object) -> None:
        """Put each name where none covers another; a line leads to one that lies apart."""
        labelled = [point for point in self._points if point.label]
        texts, box = self._labels[: len(labelled)], self.area.vb
        spots = [box.mapViewToScene(QPointF(point.x, point.y)) for point in labelled]
        rects = [text.textItem.boundingRect() for text in texts]
        where, area = [(spot.x(), spot.y()) for spot in spots], box.sceneBoundingRect()
        room = (area.left(), area.top(), area.width(), area.height())
        boxes = places(where, [(rect.width(), rect.height()) for rect in rects], room)
        ends: list[tuple[float, float]] = []
        for text, (x, y), (left, top, width, height) in zip(texts, where, boxes, strict=True):
            text.setPos(box.mapSceneToView(QPointF(left, top)))
            near = QPointF(min(max(x, left), left + width), min(max(y, top), top + height))
            for end in (QPointF(x, y), near):
                seen = box.mapSceneToView(end)
                ends.append((seen.x(), seen.y()))
        self._leads.setData(*np.array(ends).reshape(-1, 2).T, connect="pairs")
        self._leads.setPen(pg.mkPen(soft(self.theme.muted, 170), width=1))

    def _fit(self) -> None:
        """Show every point that is told, or else every point, with room for the labels."""
        shown = [p for p in self._points if p.label] or self._points
        if not shown:
            return
        for each, fit in (
            ([(p.x, *p.around[:2]) for p in shown], self.area.setXRange),
            ([(p.y, *p.around[2:]) for p in shown], self.area.setYRange),
        ):
            low, high = float(np.nanmin(each)), float(np.nanmax(each))
            room = 0.14 * (high - low) or 0.05 * (abs(high) or 1.0)
            fit(low - room, high + 1.6 * room, padding=0)

    def _tell(self) -> None:
        on_front = [p.label or p.name for p in self._points if p.is_on_front]
        text = tr("{} experiments; not beaten by another: {}")
        self.set_summary(text.format(len(self._points), ", ".join(on_front) or "–"))

    def _as_table(self) -> Table:
        rows = [
            [p.name, p.label, p.x, p.y, p.n_seeds, p.is_on_front, *p.around] for p in self._points
        ]
        heads = ["experiment", "label", *self._axes.titles, "seeds", "non-dominated"]
        ends = (f"{title} ({end})" for title in self._axes.titles for end in ("low", "high"))
        return [*heads, *ends], rows


def _tip(point: Point) -> str:
    text = f"{point.name}: {point.x:.4f}, {point.y:.4f} ({point.n_seeds})"
    left, right, low, high = point.around
    if np.isfinite([left, right, low, high]).all():
        text += f"\n{left:.4f} … {right:.4f}, {low:.4f} … {high:.4f}"
    return text
