"""BandAxis: the names of the stages above a plot, and Backdrop: the stages behind its curves."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.model.stage_bands import Band
from workbench.ui.plots.drawn_axis import DrawnAxis

#: Between the names of two stages, in pixels.
_BETWEEN_NAMES = 10.0


class Backdrop(pg.GraphicsObject):
    """Stage bands and intervention marks behind the curves, painted in view coordinates."""

    def __init__(self) -> None:
        super().__init__()
        self._bands: list[Band] = []
        self._marks: list[float] = []
        self._drifts: list[float] = []
        self._fill = QColor()
        self._edge = QColor()
        self._mark = QColor()
        self._drift = QColor()
        self.setZValue(-100)

    def set_theme(self, theme: Theme) -> None:
        """Use a theme's colours."""
        self._fill = QColor(theme.sunken)
        self._edge = QColor(theme.border)
        self._mark = QColor(theme.warning)
        self._drift = QColor(theme.danger)
        self.update()

    def set_bands(self, bands: list[Band], marks: list[float], drifts: list[float]) -> None:
        """Show these stages, and marks of changes and of drifts at these steps."""
        shown = bands, marks, drifts
        if shown != (self._bands, self._marks, self._drifts):
            self._bands, self._marks, self._drifts = shown
            self.update()

    def boundingRect(self) -> QRectF:
        """The whole view."""
        return self.viewRect() or QRectF()

    def viewRangeChanged(self) -> None:
        """The view moved: what is painted moves with it."""
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, option: Any, widget: Any = None) -> None:
        """Draw bands, edges and marks."""
        view = self.viewRect()
        if view is None:
            return
        for i, band in enumerate(self._bands):
            if i % 2:
                area = QRectF(band.start, view.top(), band.end - band.start, view.height())
                painter.fillRect(area, self._fill)
            if i:
                painter.setPen(pg.mkPen(self._edge, width=1))
                painter.drawLine(
                    QPointF(band.start, view.top()), QPointF(band.start, view.bottom())
                )
        for steps, colour, style in (
            (self._marks, self._mark, Qt.PenStyle.DashLine),
            (self._drifts, self._drift, Qt.PenStyle.DotLine),
        ):
            painter.setPen(pg.mkPen(colour, width=1, style=style))
            for step in steps:
                painter.drawLine(QPointF(step, view.top()), QPointF(step, view.bottom()))


class BandAxis(DrawnAxis):
    """The names of the stages above the plot: as many as there is room for."""

    def __init__(self) -> None:
        self._bands: list[Band] = []
        self._written: list[tuple[float, str]] = []
        self._metrics = QFontMetrics(QFont())
        super().__init__("top")
        self.setStyle(showValues=True, tickLength=0)
        self.setHeight(20)
        self.setTicks([[]])

    def set_bands(self, bands: list[Band]) -> None:
        """Write each stage's name over its middle; a single stage needs none."""
        self._bands = bands if len(bands) > 1 else []
        self.setHeight(20 if self._bands else 4)
        self._thin_out()

    def setRange(self, mn: float, mx: float) -> None:
        """Another part is in view: there is room for other names."""
        super().setRange(mn, mx)
        self._thin_out()

    def setTickFont(self, font: QFont | None) -> None:
        """Names in another font take other room."""
        super().setTickFont(font)
        self._metrics = QFontMetrics(font or QFont())
        self._thin_out()

    def _thin_out(self) -> None:
        """Write the names from the left on, each that does not run into the one before."""
        low, high = self.range
        per_step = self.width() / (high - low) if high > low else 0.0
        written: list[tuple[float, str]] = []
        free = float("-inf")
        for band in self._bands:
            name, middle = visible(band.name), (band.start + band.end) / 2
            half = self._metrics.horizontalAdvance(name) / 2
            at = (middle - low) * per_step
            if at - half >= free:
                written.append((middle, name))
                free = at + half + _BETWEEN_NAMES
        if written != self._written:
            self._written = written
            self.setTicks([written])
