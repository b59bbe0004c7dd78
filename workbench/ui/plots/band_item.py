"""BandItem: the area between a low and a high curve, behind the mean that it belongs to."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

Numbers = NDArray[np.float64]


class BandItem(pg.GraphicsObject):
    """Filled where both ends are known; where they are not there is a gap."""

    def __init__(self) -> None:
        super().__init__()
        self._path = QPainterPath()
        self._colour = QColor()
        self.setZValue(-10)

    def set_colour(self, colour: QColor) -> None:
        """Fill it with another colour."""
        self._colour = colour
        self.update()

    def set_data(self, x: Numbers, low: Numbers, high: Numbers) -> None:
        """Another band: x [M], low [M] and high [M], NaN where there is none."""
        path = QPainterPath()
        is_known = np.isfinite(low) & np.isfinite(high)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], is_known, [False]]).astype(int)))
        for start, end in edges.reshape(-1, 2):
            xs = np.concatenate([x[start:end], x[start:end][::-1]])
            ys = np.concatenate([low[start:end], high[start:end][::-1]])
            points = zip(xs.tolist(), ys.tolist(), strict=True)
            path.addPolygon(QPolygonF([QPointF(*point) for point in points]))
            path.closeSubpath()
        self.prepareGeometryChange()
        self._path = path
        self.update()

    def clear(self) -> None:
        """Show no band."""
        if not self._path.isEmpty():
            self.prepareGeometryChange()
            self._path = QPainterPath()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is shown."""
        return self._path.isEmpty()

    def boundingRect(self) -> QRectF:
        """What the band covers."""
        return self._path.boundingRect()

    def paint(self, painter: QPainter, option: Any, widget: Any = None) -> None:
        """Fill the area."""
        painter.fillPath(self._path, self._colour)
