"""TaskBars: one number a task as a bar in the task's colour, with a tick for a bound."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from workbench.spec.text import visible
from workbench.ui.look.theme import Theme, soft
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
from workbench.ui.plots.thinning import LINE, every
from workbench.ui.widgets.basics import paint_swatch
from workbench.ui.widgets.figure_card import shown

_HIGHEST_ROW, _BAR = 46.0, 16.0
_NUMBER_ROOM = 44.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A task's number (NaN: there is none yet), what lies around it, and a bound's number."""

    name: str
    colour: int
    value: float
    low: float = np.nan
    high: float = np.nan
    bound: float = np.nan


class TaskBars(Canvas):
    """A row a task; the bars share one scale that holds 0."""

    def __init__(
        self,
        name: str,
        value_name: str,
        bound_name: str,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, theme, parent)
        self._bars: tuple[Bar, ...] = ()
        self._names = (value_name, bound_name)
        self.setMinimumSize(180, 90)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is shown."""
        return self._bars

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show other numbers."""
        self._bars = tuple(bars)
        words = [f"{bar.name} {bar.value:.3f}" for bar in bars if np.isfinite(bar.value)]
        self.setAccessibleDescription(", ".join(words))
        self.update()

    @property
    def table(self) -> Table:
        """The numbers, for CSV."""
        rows = [[bar.name, bar.value, bar.low, bar.high, bar.bound] for bar in self._bars]
        return ["task", self._names[0], "low", "high", self._names[1]], rows

    def _scale(self) -> tuple[float, float]:
        """The lowest and highest value that is drawn."""
        values = [v for bar in self._bars for v in (bar.value, bar.low, bar.high, bar.bound)]
        values = [value for value in values if np.isfinite(value)]
        low, high = min([0.0, *values]), max([0.0, *values])
        is_share = low > -0.05 and high <= 1.0
        return (min(low, 0.0), 1.0 if is_share and high > 0.2 else max(high, 0.02))

    def _frame(self, area: QRectF) -> tuple[QRectF, float]:
        font = self.font()
        font.setPixelSize(11)
        metrics = QFontMetrics(font)
        widest = max((metrics.horizontalAdvance(bar.name) for bar in self._bars), default=0)
        left = min(widest + 10.0, 0.34 * area.width())
        inner = area.adjusted(left, 2, -_NUMBER_ROOM, -2)
        height = min(inner.height() / max(len(self._bars), 1), _HIGHEST_ROW)
        return inner, height

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw names, bars, ticks and numbers."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPixelSize(11)
        painter.setFont(font)
        inner, height = self._frame(area)
        low, high = self._scale()
        zero = inner.left() + inner.width() * (0 - low) / (high - low)
        painter.setPen(QPen(QColor(self._theme.border), 1))
        bottom = inner.top() + height * len(self._bars)
        painter.drawLine(QPointF(zero, inner.top()), QPointF(zero, bottom))
        for i, bar in enumerate(self._bars):
            self._draw_bar(painter, area, inner, i, height, zero, bar)

    def _draw_bar(
        self,
        painter: QPainter,
        area: QRectF,
        inner: QRectF,
        i: int,
        height: float,
        zero: float,
        bar: Bar,
    ) -> None:
        theme, metrics = self._theme, QFontMetrics(painter.font())
        low, high = self._scale()
        top = inner.top() + i * height
        middle, thick = top + height / 2, min(_BAR, 0.6 * height)
        tall = max(height, LINE)
        is_written = i % every(height) == 0
        names = QRectF(area.left(), middle - tall / 2, inner.left() - area.left() - 8, tall)
        painter.setPen(QColor(theme.muted))
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if is_written:
            text = metrics.elidedText(
                visible(bar.name), Qt.TextElideMode.ElideMiddle, int(names.width())
            )
            painter.drawText(names, side, text)
        if not np.isfinite(bar.value):
            painter.setPen(QColor(theme.faint))
            if is_written:
                where = QRectF(zero + 8, names.top(), 40, tall)
                painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, "–")
            return
        x = inner.left() + inner.width() * (bar.value - low) / (high - low)
        colour = theme.task_colour(bar.colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(soft(colour, 96))
        body = QRectF(min(x, zero), middle - thick / 2, abs(x - zero), thick)
        painter.drawRect(body)
        paint_swatch(painter, QRectF(body.left(), body.bottom() - 1, body.width(), 2), colour, 0)
        if np.isfinite(bar.bound):
            at = inner.left() + inner.width() * (bar.bound - low) / (high - low)
            painter.setPen(QPen(QColor(theme.text), 1.6))
            painter.drawLine(
                QPointF(at, middle - thick / 2 - 3), QPointF(at, middle + thick / 2 + 3)
            )
        ends = [x, zero]
        if np.isfinite(bar.low):
            ends += self._draw_whisker(painter, inner, middle, bar)
        painter.setPen(QColor(theme.text))
        if np.isfinite(bar.bound):
            ends.append(inner.left() + inner.width() * (bar.bound - low) / (high - low))
        where = QRectF(max(ends) + 7, names.top(), _NUMBER_ROOM + 30, tall)
        if is_written:
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, shown(bar.value, 2))

    def _draw_whisker(
        self, painter: QPainter, inner: QRectF, middle: float, bar: Bar
    ) -> list[float]:
        """From the low to the high end; where they are on the screen."""
        low, high = self._scale()
        at = [inner.left() + inner.width() * (v - low) / (high - low) for v in (bar.low, bar.high)]
        painter.setPen(QPen(self._theme.task_colour(bar.colour), 1.6))
        painter.drawLine(QPointF(at[0], middle), QPointF(at[1], middle))
        for x in at:
            painter.drawLine(QPointF(x, middle - 3.5), QPointF(x, middle + 3.5))
        return at

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        inner, height = self._frame(area)
        i = int((y - inner.top()) // height)
        if not 0 <= i < len(self._bars) or not np.isfinite(self._bars[i].value):
            return ""
        bar = self._bars[i]
        text = f"{bar.name}: {self._names[0]} {shown(bar.value)}"
        if np.isfinite(bar.low):
            text += f" ({shown(bar.low)} … {shown(bar.high)})"
        if np.isfinite(bar.bound):
            text += f"\n{self._names[1]} {shown(bar.bound)}"
        return text
