"""DrawnAxis: an axis whose lines over the whole plot cost little at each frame.

Qt blends a line that is partly transparent dot by dot: fifty of them, as a plot has behind its
curves, take several milliseconds. A rectangle one dot high is blended in one go, and is the same.
"""

from math import floor, log10
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

#: A line's pen, and its two ends.
_Line = tuple[QPen, Any, Any]


#: Heights of a text from one number up an axis to the next, at the least.
_ROOM = 1.2


class DrawnAxis(pg.AxisItem):
    """Looks as pyqtgraph's own does; what is exported has lines. Low ones have fewer numbers."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> Any:  # noqa: N803
        """Steps between ticks over `size` dots; wider ones where numbers would touch."""
        axis: Any = self
        levels: Any = super().tickSpacing(minVal, maxVal, size)
        if not levels or axis.logMode or axis.orientation not in ("left", "right") or size < 1:
            return levels
        height = QFontMetricsF(axis.style["tickFont"] or QFont()).height()
        least = _ROOM * height * abs(maxVal - minVal) / size
        if levels[0][0] >= least:
            return levels
        power = 10.0 ** floor(log10(least))
        return [(next(k * power for k in (1, 2, 5, 10) if k * power >= least), 0.0)]

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
