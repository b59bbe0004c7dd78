"""DrawnAxis: an axis whose lines over the whole plot cost little at each frame.

Qt blends a line that is partly transparent dot by dot: fifty of them, as a plot has behind its
curves, take several milliseconds. A rectangle one dot high is blended in one go, and is the same.
"""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

#: A line's pen, and its two ends.
_Line = tuple[QPen, Any, Any]


class DrawnAxis(pg.AxisItem):
    """Looks as pyqtgraph's own does; what is exported has lines."""

    def paint(self, p: QPainter, opt: Any, widget: QWidget | None = None) -> None:
        """Draw lines, ticks and texts; where they are is worked out when anything changed."""
        del opt
        axis: Any = self  # pyqtgraph's attributes hide those of Qt, which a type checker knows
        p.save()
        if axis.style["tickFont"] is not None:
            p.setFont(axis.style["tickFont"])
        if axis.picture is None:  # pyqtgraph sets it to None wherever it is to be made anew
            axis.picture = (axis.generateDrawSpecs(p),)
        (specs,) = axis.picture
        if specs is not None:
            line, ticks, texts = specs
            is_on_screen = widget is not None
            flat = [each for each in ticks if is_on_screen and _is_flat(each)]
            for pen, start, end in flat:
                left, right = sorted((start.x(), end.x()))
                p.fillRect(QRectF(left, start.y() - 0.5, right - left, 1.0), pen.color())
            rest = [each for each in ticks if not _is_flat(each)] if flat else ticks
            self.drawPicture(p, line, rest, texts)
        p.restore()


def _is_flat(line: _Line) -> bool:
    """Whether it lies level, and is one dot wide and partly transparent."""
    pen, start, end = line
    return (
        start.y() == end.y()
        and pen.isCosmetic()
        and pen.widthF() <= 1
        and pen.color().alpha() < 255
    )
