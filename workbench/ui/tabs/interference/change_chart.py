"""ChangeChart: how much better or worse each thing became, with its interval, around 0."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.spec.text import visible
from workbench.study.interval import Estimate
from workbench.ui.look.theme import Theme
from workbench.ui.plots.exports import Table
from workbench.ui.plots.heatmap import Heatmap
from workbench.ui.widgets.basics import paint_swatch
from workbench.ui.words.language import translator

tr = translator("ChangeChart")

_ROW, _HIGHEST_ROW = 26.0, 40.0

#: Room on the right for a number, and for its interval where the chart is wide; and for the scale.
_NUMBER, _INTERVAL, _SCALE = 62.0, 112.0, 20.0

#: From this width on, intervals are written out too.
_WIDE = 470.0

#: An interval so much longer than every mean runs off the scale: the means must stay apart.
_LONGEST = 6.0


@dataclass(frozen=True, slots=True)
class Change:
    """A line: a name, its task's colour number (None: not a task), and the change.

    The change is a share, or a difference of scores as they are.
    """

    name: str
    colour: int | None
    value: Estimate | None
    is_share: bool = True


def shown(value: Estimate | None, *, has_interval: bool = True, is_share: bool = True) -> str:
    """A change as text, in per cent or as a difference, with its interval."""
    if value is None:
        return "–"
    by, digits, unit = (100, 1, " %") if is_share else (1, 3, "")
    text = f"{by * value.mean:+.{digits}f}{unit}"
    if has_interval and value.low is not None and value.high is not None:
        text += f"  ({by * value.low:+.{digits}f} to {by * value.high:+.{digits}f})"
    return text.replace("-", "−")


class ChangeChart(Heatmap):
    """A dot and an interval a line; to the right of 0 is better."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, theme, parent)
        self._changes: tuple[Change, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def set_changes(self, changes: tuple[Change, ...]) -> None:
        """Show other numbers."""
        self._changes = changes
        texts = (f"{c.name} {shown(c.value, is_share=c.is_share)}" for c in changes)
        self.setAccessibleDescription("; ".join(texts))
        self.setMinimumHeight(int(len(changes) * _ROW + _SCALE))
        self.setMaximumHeight(int(len(changes) * _HIGHEST_ROW + _SCALE))
        self.update()

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is shown."""
        return self._changes

    @property
    def table(self) -> Table:
        """The numbers, for CSV."""
        rows = [
            [c.name, *((v.mean, v.sd, v.low, v.high, v.n) if (v := c.value) else ("",) * 5)]
            for c in self._changes
        ]
        return ["name", "change", "sd", "low", "high", "seeds"], rows

    def sizeHint(self) -> QSize:
        """Room for every line."""
        return QSize(320, int(len(self._changes) * 30 + _SCALE))

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw in `area`, for the screen or for a file."""
        if not self._changes:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font(12))
        metrics = QFontMetrics(painter.font())
        widest = max(metrics.horizontalAdvance(change.name) for change in self._changes)
        left = min(widest + 44.0, area.width() * 0.34)
        numbers = _NUMBER + (_INTERVAL if area.width() >= _WIDE else 0)
        plot = area.adjusted(left, 0, -numbers, -_SCALE)
        limit = self._limit()
        height = plot.height() / len(self._changes)
        self._draw_grid(painter, plot, limit)
        for i, change in enumerate(self._changes):
            line = QRectF(area.left(), plot.top() + i * height, area.width(), height)
            self._draw_name(painter, line, left, change)
            self._draw_value(painter, line, plot, limit, change)

    @property
    def _is_of_shares(self) -> bool:
        """What the scale is of: shares where there are any; other lines then have no dot."""
        return any(change.is_share for change in self._changes)

    def _limit(self) -> float:
        """The change at the ends of the scale: a round number that holds most of the intervals."""
        drawn = [c for c in self._changes if c.is_share == self._is_of_shares]
        values = [change.value for change in drawn if change.value is not None]
        means = max((abs(value.mean) for value in values), default=0.0)
        ends = [abs(end) for v in values for end in (v.low, v.high) if end is not None]
        needed = max(0.01, means * 1.08, min(max(ends, default=0.0) * 1.08, _LONGEST * means))
        steps = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
        return next((step for step in steps if step >= needed), needed)

    def _font(self, pixels: int) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        return font

    def _draw_grid(self, painter: QPainter, plot: QRectF, limit: float) -> None:
        theme = self._theme
        painter.setFont(self._font(11))
        for share in (-1.0, -0.5, 0.0, 0.5, 1.0):
            is_named = share in (-1.0, 0.0, 1.0) or plot.width() > 260
            x = plot.center().x() + share * plot.width() / 2
            painter.setPen(QPen(QColor(theme.control if share == 0 else theme.line), 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            painter.setPen(QColor(theme.muted))
            end = f"{100 * share * limit:+g} %" if self._is_of_shares else f"{share * limit:+g}"
            text = end.replace("-", "−") if share else "0"
            text = text if is_named else ""
            where = QRectF(x - 40, plot.bottom() + 3, 80, _SCALE - 3)
            painter.drawText(where, Qt.AlignmentFlag.AlignHCenter, visible(text))
        painter.setFont(self._font(12))

    def _draw_name(self, painter: QPainter, line: QRectF, left: float, change: Change) -> None:
        theme = self._theme
        if change.colour is not None:
            swatch = QRectF(line.left(), line.top(), 22, line.height())
            paint_swatch(painter, swatch, theme.task_colour(change.colour), change.colour)
        painter.setPen(QColor(theme.text))
        room = QRectF(line.left() + 30, line.top(), left - 38, line.height())
        words = QFontMetrics(painter.font()).elidedText(
            visible(change.name), Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(
            room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, visible(words)
        )

    def _draw_value(
        self, painter: QPainter, line: QRectF, plot: QRectF, limit: float, change: Change
    ) -> None:
        theme, value, y = self._theme, change.value, line.center().y()
        room = QRectF(plot.right() + 6, line.top(), line.right() - plot.right() - 6, line.height())
        painter.setPen(QColor(theme.muted if value is None else theme.text))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        has_interval = room.width() > _INTERVAL
        text = shown(value, has_interval=has_interval, is_share=change.is_share)
        painter.drawText(room, side, visible(text))
        if value is None or change.is_share != self._is_of_shares:
            return

        def x_of(share: float) -> float:
            return plot.center().x() + max(-1.0, min(share / limit, 1.0)) * plot.width() / 2

        colour = theme.task_colour(change.colour) if change.colour is not None else theme.text
        if value.low is not None and value.high is not None:
            pen = QPen(QColor(colour), 2.0)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            low, high = x_of(value.low), x_of(value.high)
            painter.drawLine(QPointF(low, y), QPointF(high, y))
            for end, share in ((low, value.low), (high, value.high)):
                if abs(share) <= limit:  # an end without its cap runs off the scale
                    painter.drawLine(QPointF(end, y - 4), QPointF(end, y + 4))
        painter.setPen(QPen(QColor(theme.surface), 1.5))
        painter.setBrush(QColor(colour))
        painter.drawEllipse(QPointF(x_of(value.mean), y), 5, 5)

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        height = (area.height() - _SCALE) / max(len(self._changes), 1)
        at = int(y // height)
        if not 0 <= at < len(self._changes):
            return ""
        change = self._changes[at]
        n = change.value.n if change.value is not None else 0
        words = shown(change.value, is_share=change.is_share)
        return tr("{}: {}, seeds: {}").format(change.name, words, n)
