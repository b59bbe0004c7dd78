"""LineView: a curve that bends to the points it was shown."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor

from workbench.spec.shown.adaptation import AdaptedLine
from workbench.ui.look.theme import Theme, soft
from workbench.ui.plots.exports import Table
from workbench.ui.plots.line_plot import Plot
from workbench.ui.words.language import translator

#: Curves between the first and the last that are drawn at most.
_BETWEEN = 8

#: How strong the first and the last curve between are, of 255.
_FAINT, _STRONG = 55, 150

tr = translator("Adaptation")


class LineView(Plot):
    """The support, the queries, the curve before any step and after each; later ones stronger."""

    #: A place of the plot was clicked: x and y.
    clicked = Signal(float, float)

    def __init__(self, theme: Theme) -> None:
        self.line: AdaptedLine | None = None
        self.number = 0
        self._steps: tuple[int, ...] = ()
        self._last = 0
        self._before = pg.PlotCurveItem(antialias=True)
        self._between = [pg.PlotCurveItem(antialias=True) for _ in range(_BETWEEN)]
        self._after = pg.PlotCurveItem(antialias=True)
        self._queries, self._support = pg.ScatterPlotItem(), pg.ScatterPlotItem()
        super().__init__(tr("A held-out task before and after inner steps"), "y", theme, "x")
        order = (self._queries, self._before, *self._between, self._after, self._support)
        for z, item in enumerate(order):
            item.setZValue(z)
            self.area.addItem(item, ignoreBounds=True)
        self.area.setMouseEnabled(x=False, y=False)
        self.area.getAxis("left").setWidth(46)
        self.area.scene().sigMouseClicked.connect(self._click)
        self.table = self._numbers

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        self._draw()

    @property
    def colour(self) -> QColor:
        """The colour of the distribution."""
        return self.theme.task_colour(self.number)

    def show_line(
        self, line: AdaptedLine | None, steps: tuple[int, ...], last: int, number: int
    ) -> None:
        """Show a small task up to `last` inner steps; `number` is its distribution's colour."""
        self.line, self._steps, self._last, self.number = line, steps, last, number
        self._draw()

    def _draw(self) -> None:
        line = self.line
        if line is None:
            return
        theme, colour, ratio = self.theme, self.colour, self.devicePixelRatioF()
        self._support.setData(
            line.x,
            line.y,
            size=11,
            pen=pg.mkPen(theme.surface, width=1.2),
            brush=pg.mkBrush(theme.text),
        )
        self._queries.setData(
            line.query_x if line.index >= 0 else [],
            line.query_y if line.index >= 0 else [],
            size=7,
            pen=pg.mkPen(soft(theme.muted, 150), width=1),
            brush=pg.mkBrush(None),
        )
        reached = [k for k, step in enumerate(self._steps) if step <= self._last]
        first = reached[0] if reached and self._steps[reached[0]] == 0 else None
        after = reached[-1] if reached and reached[-1] != first else None
        dashed = pg.mkPen(theme.muted, width=1.5 * ratio, style=Qt.PenStyle.DashLine)
        self._set(self._before, first, dashed)
        self._set(self._after, after, pg.mkPen(colour, width=2.6 * ratio))
        self._draw_between([k for k in reached if k not in (first, after)])
        self._fit(line)
        self.set_summary(self._in_words(line, after if after is not None else first))

    def _draw_between(self, reached: list[int]) -> None:
        """As many of the steps between as can be told apart, evenly."""
        n = min(len(reached), _BETWEEN)
        chosen = [reached[i * len(reached) // n] for i in range(n)]
        for i, item in enumerate(self._between):
            alpha = _FAINT + (_STRONG - _FAINT) * i // max(n - 1, 1)
            pen = pg.mkPen(soft(self.colour, min(alpha, _STRONG)), width=1.2)
            self._set(item, chosen[i] if i < n else None, pen)

    def _set(self, item: pg.PlotCurveItem, k: int | None, pen: Any) -> None:
        if k is None or self.line is None:
            item.setData([], [])
            return
        item.setPen(pen)
        item.setData(self.line.axis, self.line.answers[k], connect="finite")

    def _fit(self, line: AdaptedLine) -> None:
        """What is known is in view; a curve may go out of it."""
        heights = np.concatenate([line.y, line.query_y]).astype(np.float64)
        heights = heights[np.isfinite(heights)]
        if line.index < 0:
            # Points of one's own: the view stays where it is while they are given.
            now_low, now_high = self.area.vb.viewRange()[1]
            low, high = min(now_low, heights.min()), max(now_high, heights.max())
            room = 0.0
        else:
            low, high = (heights.min(), heights.max()) if len(heights) else (-1.0, 1.0)
            room = 0.25 * (high - low) or 1.0
        self.area.setYRange(low - room, high + room, padding=0)
        if len(line.axis):
            self.area.setXRange(float(line.axis[0]), float(line.axis[-1]), padding=0.03)

    def _in_words(self, line: AdaptedLine, k: int | None) -> str:
        text = tr("{} points shown, {} asked").format(len(line.x), len(line.query_x))
        if k is None or not len(line.query_x):
            return text
        with np.errstate(over="ignore", invalid="ignore"):
            answers = np.interp(line.query_x, line.axis, line.answers[k])
            error = float(np.mean(np.abs(answers - line.query_y)))
        sentence = tr("after {} inner steps the curve is {} off on average")
        return f"{text}; {sentence.format(self._steps[k], f'{error:.3g}')}"

    def _click(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton or event.double():
            return
        at: QPointF = event.scenePos()
        if self.area.vb.sceneBoundingRect().contains(at):
            place = self.area.vb.mapSceneToView(at)
            self.clicked.emit(float(place.x()), float(place.y()))

    def _numbers(self) -> Table:
        line = self.line
        if line is None:
            return ["x", "y", "kind"], []
        rows: list[list[object]] = []
        for kind, xs, ys in (
            ("support", line.x, line.y),
            ("query", line.query_x, line.query_y),
            *(
                (f"after {step} inner steps", line.axis, line.answers[k])
                for k, step in enumerate(self._steps)
            ),
        ):
            rows.extend([kind, float(x), float(y)] for x, y in zip(xs, ys, strict=True))
        return ["kind", "x", "y"], rows
