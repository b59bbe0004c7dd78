"""DrawnAxis: an axis whose lines over the whole plot cost little at each frame.

Qt blends a line that is partly transparent dot by dot: fifty of them, as a plot has behind its
curves, take several milliseconds. On the screen they lie on a plain ground, so the same line is
there in the colour that the blend would give, opaque, in a twentieth of the time.
"""

from typing import Any

import pyqtgraph as pg
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget


class DrawnAxis(pg.AxisItem):
    """Looks as pyqtgraph's own does; what is exported has its transparent lines."""

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
            if widget is not None and (ground := self._ground()) is not None:
                ticks = _opaque(ticks, ground)
            self.drawPicture(p, line, ticks, texts)
        p.restore()

    def _ground(self) -> QColor | None:
        """What the axis lies on; None where something would be seen through it."""
        view = self.getViewWidget()
        colour = view.backgroundBrush().color() if view is not None else None
        return colour if colour is not None and colour.alpha() == 255 else None


def _opaque(ticks: list[tuple[QPen, Any, Any]], ground: QColor) -> list[tuple[QPen, Any, Any]]:
    """The same lines as they look on this ground; lines of one level share a pen."""
    pens: dict[int, QPen] = {}
    return [(_pen(pens, pen, ground), start, end) for pen, start, end in ticks]


def _pen(pens: dict[int, QPen], pen: QPen, ground: QColor) -> QPen:
    opaque = pens.get(id(pen))
    if opaque is None:
        over, share = pen.color(), pen.color().alphaF()
        both = zip(_channels(over), _channels(ground), strict=True)
        mixed = [round(share * above + (1 - share) * below) for above, below in both]
        opaque = pens[id(pen)] = QPen(pen)
        opaque.setColor(QColor(*mixed))
    return opaque


def _channels(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
