"""Class colours: how the classes of one task are told apart, beside the colours of tasks."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPolygonF

from workbench.ui.look.theme import Theme


def class_colour(theme: Theme, number: int, n_classes: int) -> QColor:
    """Two classes stand at the ends of the diverging map; more take the palette in turn."""
    if n_classes <= 2:
        return QColor((theme.heat_against, theme.heat_high)[number % 2])
    return QColor(theme.tasks[number % len(theme.tasks)])


def paint_mark(painter: QPainter, at: QPointF, number: int, radius: float) -> None:
    """The mark of a class, in the painter's colours: circle, diamond, square, triangle in turn."""
    x, y, r = at.x(), at.y(), radius
    match number % 4:
        case 0:
            painter.drawEllipse(at, r, r)
        case 1:
            d = 1.25 * r
            corners = [QPointF(x, y - d), QPointF(x + d, y), QPointF(x, y + d), QPointF(x - d, y)]
            painter.drawPolygon(QPolygonF(corners))
        case 2:
            painter.drawRect(QRectF(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r))
        case _:
            corners = [
                QPointF(x, y - 1.2 * r),
                QPointF(x + 1.1 * r, y + r),
                QPointF(x - 1.1 * r, y + r),
            ]
            painter.drawPolygon(QPolygonF(corners))
