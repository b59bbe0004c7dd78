"""Scale: the colours of a pair heatmap and what their ends mean, drawn under the cells."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QLinearGradient, QPainter, QPen

from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.tabs.interference.pair_cells import PairCells


def write_within(
    painter: QPainter, room: QRectF, text: str, side: Qt.AlignmentFlag, colour: str
) -> None:
    """A line of text in the painter's font, with an ellipsis where there is no room for it."""
    painter.setPen(QColor(colour))
    metrics = QFontMetrics(painter.font())
    width = max(int(room.width()), 0)
    words = metrics.elidedText(visible(text), Qt.TextElideMode.ElideRight, width)
    painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, visible(words))


def draw_scale(painter: QPainter, cells: QRectF, theme: Theme, pairs: PairCells) -> None:
    """The scale under the area of the cells, in the painter's font."""
    width = min(max(cells.width(), 150.0), 260.0)
    left = max(cells.right() - width, 0.0)
    bar = QRectF(left, cells.bottom() + 10, width, 6)
    scale = QLinearGradient(bar.topLeft(), bar.topRight())
    for at, colour in ((0, theme.heat_against), (0.5, theme.heat_low), (1, theme.heat_high)):
        scale.setColorAt(at, QColor(colour))
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(scale)
    painter.drawRoundedRect(bar, 3, 3)
    words = QRectF(bar.left(), bar.bottom() + 2, bar.width(), 16)
    end = f"{pairs.limit:.2g}{pairs.unit}"
    low, high = f"−{end} {pairs.low}", f"{pairs.high} {end}"
    write_within(painter, words, low, Qt.AlignmentFlag.AlignLeft, theme.muted)
    write_within(painter, words, high, Qt.AlignmentFlag.AlignRight, theme.muted)
    metrics = QFontMetrics(painter.font())
    widest = max(metrics.horizontalAdvance(low), metrics.horizontalAdvance(high))
    if widest < width / 2 - 12:
        write_within(painter, words, "0", Qt.AlignmentFlag.AlignHCenter, theme.muted)
