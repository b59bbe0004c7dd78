"""The lines of a diagram: how they run, and where a number stands on one."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from workbench.ui.plots.diagram_layout import Box


def free_place(path: QPainterPath, width: float, is_tie: bool, taken: Sequence[QRectF]) -> QRectF:
    """Where a number of that width stands on its line: over no other number, if that can be."""
    first: QRectF | None = None
    for share in (0.5,) if is_tie else (0.62, 0.5, 0.74, 0.38, 0.86, 0.26):
        at = path.pointAtPercent(share)
        area = QRectF(at.x() - width / 2, at.y() - 7, width, 14)
        first = first or area
        if not any(area.intersects(other) for other in taken):
            return area
    return first or QRectF()


def line(below: Box, above: Box, start_x: float, end_x: float) -> QPainterPath:
    """From the upper edge of one part to the lower edge of another, upright at both ends."""
    start, end = QPointF(start_x, below.top), QPointF(end_x, above.y + above.height / 2)
    bend = (start.y() - end.y()) * 0.45
    path = QPainterPath(start)
    path.cubicTo(QPointF(start.x(), start.y() - bend), QPointF(end.x(), end.y() + bend), end)
    return path


def arc(one: Box, other: Box) -> QPainterPath:
    """Between the sides of two parts of a level, under those that stand between them."""
    if one.x > other.x:
        one, other = other, one
    start = QPointF(one.x + one.width / 2, one.y)
    end = QPointF(other.left, other.y)
    path = QPainterPath(start)
    dip = 0.0 if end.x() - start.x() < one.width else one.height
    path.cubicTo(
        QPointF(start.x() + 12, start.y() + dip), QPointF(end.x() - 12, end.y() + dip), end
    )
    return path
