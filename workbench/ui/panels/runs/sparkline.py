"""Sparkline: the shape of a run in a cell of a table."""

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.ui.look.theme import Theme

#: The role under which a cell gives its points.
CURVE = Qt.ItemDataRole.UserRole + 1


class Sparkline(QStyledItemDelegate):
    """Draws the points of a cell as a line; shares from 0 to 1, others over their own range."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = QColor(theme.accent)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._colour = QColor(theme.accent)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the row's background, then the line."""
        super().paint(painter, option, index)
        points: tuple[float, ...] = index.data(CURVE) or ()
        area = QRectF(option.rect).adjusted(8, 5, -8, -5)
        if len(points) < 2:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colour, 1.2))
        painter.drawPolyline(QPolygonF(polyline(points, area)))
        painter.restore()


def polyline(points: tuple[float, ...], area: QRectF) -> list[QPointF]:
    """The points of a curve, spread over `area`."""
    values = np.asarray(points, dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    if low >= 0.0 and high <= 1.0:
        low, high = 0.0, 1.0
    span = (high - low) or 1.0
    x = np.linspace(area.left(), area.right(), len(values))
    y = area.bottom() - area.height() * (values - low) / span
    return [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
