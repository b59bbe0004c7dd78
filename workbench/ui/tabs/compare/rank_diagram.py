"""RankDiagram: mean ranks of methods over tasks, those that cannot be told apart joined by a bar.

The critical-difference diagram of Demšar, JMLR 2006, figure 1; here the best rank is on the left.
"""

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from workbench.spec.text import visible
from workbench.study.comparison.method_ranks import MethodRanks
from workbench.ui.look.theme import Theme
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
from workbench.ui.tabs.compare.words import number, p_value
from workbench.ui.words.language import translator

tr = translator("RankDiagram")

_LINE, _BAR, _TOP, _FOOT = 22.0, 8.0, 62.0, 56.0
#: The share of the width on each side that names take.
_SIDE = 0.27


class RankDiagram(Canvas):
    """An axis of ranks, a name on a line of its own for each method, and a bar for each clique."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Ranks over the tasks"), theme)
        self._ranks: MethodRanks | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_ranks(self, ranks: MethodRanks | None) -> None:
        """Show other ranks, or that there are none."""
        self._ranks = ranks
        self.setAccessibleDescription(self._said())
        self.setMinimumHeight(int(self._height()) if ranks is not None else 60)
        self.update()

    def _said(self) -> str:
        if self._ranks is None:
            return tr("Ranks need three methods or more on two tasks or more.")
        names = self._names()
        pairs = zip(names, self._ranks.ranking.ranks, strict=True)
        return "; ".join(f"{name} {number(rank, 2)}" for name, rank in pairs)

    def _names(self) -> list[str]:
        ranks = self._ranks
        return [] if ranks is None else [ranks.methods[i] for i in ranks.ranking.order]

    def _height(self) -> float:
        ranks = self._ranks
        if ranks is None:
            return 60.0
        half = math.ceil(len(ranks.methods) / 2)
        return _TOP + len(ranks.ranking.cliques) * _BAR + 10 + half * _LINE + _FOOT

    def sizeHint(self) -> QSize:
        """Room for every name."""
        return QSize(420, self.minimumHeight())

    @property
    def table(self) -> Table:
        """The numbers, for CSV."""
        ranks = self._ranks
        if ranks is None:
            return ["method", "mean rank"], []
        rows = [list(pair) for pair in zip(self._names(), ranks.ranking.ranks, strict=True)]
        return ["method", "mean rank"], rows

    def _font(self, pixels: int) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        return font

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw in `area`, for the screen or for a file."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font(12))
        ranks = self._ranks
        if ranks is None:
            painter.setPen(QColor(self._theme.muted))
            side = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(20, 0, -20, 0), side, self._said())
            return
        k = len(ranks.methods)
        axis = QRectF(
            area.left() + area.width() * _SIDE, area.top() + _TOP, area.width() * (1 - 2 * _SIDE), 0
        )

        def x(rank: float) -> float:
            return axis.left() + (rank - 1) / max(k - 1, 1) * axis.width()

        self._draw_axis(painter, axis, k, ranks.ranking.critical_difference)
        self._draw_methods(painter, area, axis, x)
        for i, (first, last) in enumerate(ranks.ranking.cliques):
            y = axis.top() + 8 + i * _BAR
            pen = QPen(QColor(self._theme.accent), 4)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            ends = x(ranks.ranking.ranks[first]) - 3, x(ranks.ranking.ranks[last]) + 3
            painter.drawLine(QPointF(ends[0], y), QPointF(ends[1], y))
        self._draw_words(painter, area, ranks)

    def _draw_axis(self, painter: QPainter, axis: QRectF, k: int, critical: float) -> None:
        theme = self._theme
        painter.setPen(QPen(QColor(theme.control), 1.2))
        painter.drawLine(axis.topLeft(), axis.topRight())
        painter.setFont(self._font(11))
        every = max(1, math.ceil(k / 12))
        for rank in range(1, k + 1):
            x = axis.left() + (rank - 1) / max(k - 1, 1) * axis.width()
            painter.setPen(QPen(QColor(theme.control), 1))
            painter.drawLine(QPointF(x, axis.top() - 5), QPointF(x, axis.top()))
            if (rank - 1) % every == 0:
                painter.setPen(QColor(theme.muted))
                where = QRectF(x - 20, axis.top() - 21, 40, 14)
                painter.drawText(where, Qt.AlignmentFlag.AlignHCenter, str(rank))
        length = min(critical / max(k - 1, 1), 1.0) * axis.width()
        y = axis.top() - 34
        painter.setPen(QPen(QColor(theme.text), 1.4))
        painter.drawLine(QPointF(axis.left(), y), QPointF(axis.left() + length, y))
        for end in (axis.left(), axis.left() + length):
            painter.drawLine(QPointF(end, y - 4), QPointF(end, y + 4))
        text = tr("critical difference {}").format(number(critical, 2))
        where = QRectF(axis.left() - 100, y - 20, max(length, 1) + 200, 15)
        painter.drawText(where, Qt.AlignmentFlag.AlignHCenter, text)

    def _draw_methods(
        self, painter: QPainter, area: QRectF, axis: QRectF, x: Callable[[float], float]
    ) -> None:
        ranks = self._ranks
        assert ranks is not None
        names, values = self._names(), ranks.ranking.ranks
        half = math.ceil(len(names) / 2)
        top = axis.top() + len(ranks.ranking.cliques) * _BAR + 14
        painter.setFont(self._font(12))
        metrics = QFontMetricsF(painter.font())
        for i, (name, rank) in enumerate(zip(names, values, strict=True)):
            is_left = i < half
            line = i if is_left else len(names) - 1 - i
            y = top + (line + 0.5) * _LINE
            edge = axis.left() - 10 if is_left else axis.right() + 10
            painter.setPen(QPen(QColor(self._theme.muted), 1))
            corner = QPointF(x(rank), y)
            painter.drawLine(QPointF(x(rank), axis.top()), corner)
            painter.drawLine(corner, QPointF(edge, y))
            room = (edge - area.left() if is_left else area.right() - edge) - 14
            text = f"{name}  {number(rank, 2)}" if is_left else f"{number(rank, 2)}  {name}"
            text = metrics.elidedText(visible(text), Qt.TextElideMode.ElideMiddle, room)
            painter.setPen(QColor(self._theme.text))
            where = QRectF(edge - room - 4 if is_left else edge + 4, y - 10, room, 20)
            side = Qt.AlignmentFlag.AlignRight if is_left else Qt.AlignmentFlag.AlignLeft
            painter.drawText(where, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _draw_words(self, painter: QPainter, area: QRectF, ranks: MethodRanks) -> None:
        words = tr(
            "Mean ranks over {n} tasks, 1 is best; Friedman: p {p}. Methods that a bar joins are "
            "not told apart (Nemenyi, 0.05). Tasks count as independent of each other."
        )
        text = words.format(n=ranks.ranking.n_tasks, p=p_value(ranks.ranking.p_friedman))
        painter.setFont(self._font(11))
        painter.setPen(QColor(self._theme.muted))
        half = math.ceil(len(ranks.methods) / 2)
        top = area.top() + _TOP + len(ranks.ranking.cliques) * _BAR + 22 + half * _LINE
        where = QRectF(area.left() + 16, top, area.width() - 32, _FOOT - 12)
        side = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(where, int(side) | int(Qt.TextFlag.TextWordWrap), text)
