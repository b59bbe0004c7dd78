"""Plots: a themed plot with stage bands, marks, and export by right click."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyqtgraph as pg
from pyqtgraph.exporters import ImageExporter, SVGExporter
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QMenu, QSizePolicy

from workbench.spec.files import write_whole
from workbench.spec.text import csv_bytes
from workbench.ui.look.theme import Theme
from workbench.ui.model.stage_bands import Band
from workbench.ui.plots.band_axis import Backdrop, BandAxis
from workbench.ui.plots.drawn_axis import DrawnAxis
from workbench.ui.plots.exports import Table, add_exports, png_bytes
from workbench.ui.plots.zoom_box import ZoomBox
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_axis_title

tr = translator("Plot")


class Plot(pg.PlotWidget):
    """A plot in the window's look. `summary` says in words what it shows."""

    resized = Signal()
    #: The pointer is no longer over it.
    left = Signal()
    escaped = Signal()
    #: All that there is was asked for, from the menu.
    whole_wanted = Signal()

    def __init__(self, name: str, y_title: str, theme: Theme, x_title: str = "") -> None:
        self._bands_axis = BandAxis()
        axes: dict[str, pg.AxisItem] = {side: DrawnAxis(side) for side in ("left", "bottom")}
        box, axes["top"] = ZoomBox(enableMenu=False), self._bands_axis
        super().__init__(viewBox=box, axisItems=axes, enableMenu=False)
        #: Heights were chosen by hand: they stay until the whole is asked for.
        self.holds_y = False
        #: Whether somebody answers `whole_wanted`.
        self.offers_whole = False
        box.boxed.connect(self._hold_y)
        # PlotWidget forwards these by name at run time, so a type checker knows none of them
        self.area: Any = self.getPlotItem()
        # Its own menu is never shown, and belongs to nobody: it would outlive the window.
        self.area.ctrlMenu = None
        self.setAccessibleName(name)
        self.name = name
        self.table: Callable[[], Table] = lambda: ([], [])
        #: Values that are to be in sight beside those that `fit_y` is given.
        self.also_shown: np.ndarray = np.empty(0)
        self.backdrop = Backdrop()
        self.area.addItem(self.backdrop, ignoreBounds=True)
        self.area.hideButtons()
        self.area.showAxis("top")
        self.area.disableAutoRange()
        self.area.setMouseEnabled(x=True, y=False)
        left = self.area.getAxis("left")
        left.setWidth(58)
        set_axis_title(left, y_title)
        left.enableAutoSIPrefix(False)
        self.area.getAxis("bottom").enableAutoSIPrefix(False)
        if x_title:
            set_axis_title(self.area.getAxis("bottom"), x_title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(110)
        self.setFrameShape(self.Shape.NoFrame)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use a theme's colours."""
        self.theme = theme
        self.setBackground(theme.surface)
        self.backdrop.set_theme(theme)
        for side in ("left", "bottom", "top"):
            axis = self.area.getAxis(side)
            axis.setPen(pg.mkPen(theme.border, width=1))
            axis.setTextPen(pg.mkPen(theme.muted))
            font = self.font()
            font.setPixelSize(11)
            axis.setTickFont(font)
            if axis.label is not None:
                title = axis.labelText  # HTML by now
                axis.setLabel(title, **{"color": theme.muted, "font-size": "11px"})
        self._bands_axis.setPen(pg.mkPen(None))
        self.area.getAxis("left").setGrid(28)

    def set_bands(
        self,
        bands: list[Band],
        marks: list[float],
        names: bool = True,
        drifts: Sequence[float] = (),
    ) -> None:
        """Show the stages, and the marks of interventions and of drifts that were detected."""
        self.backdrop.set_bands(bands if len(bands) > 1 else [], marks, [*drifts])
        self._bands_axis.set_bands(bands if names else [])

    def set_summary(self, text: str) -> None:
        """Say in words what the plot shows, for those who do not see it."""
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def _hold_y(self) -> None:
        self.holds_y = True

    @property
    def pixels(self) -> int:
        """Pixel columns of the data area."""
        return max(int(self.area.vb.width() * self.devicePixelRatioF()), 50)

    @property
    def x_range(self) -> tuple[float, float]:
        """The steps in view."""
        low, high = self.area.vb.viewRange()[0]
        return float(low), float(high)

    def fit_y(self, values: np.ndarray, fixed: tuple[float, float] | None = None) -> None:
        """Show all `values`, in steady limits so that the axis does not tremble."""
        if self.holds_y:
            return
        values = np.concatenate([values.ravel(), self.also_shown])
        known = values[np.isfinite(values)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        if fixed is not None:
            low, high = min(fixed[0], low), max(fixed[1], high)
        room = (high - low) * 0.06 or 0.5
        now_low, now_high = self.area.vb.viewRange()[1]
        is_outside = low < now_low + 0.2 * room or high > now_high - 0.2 * room
        is_loose = (high - low) < 0.7 * (now_high - now_low)
        if is_outside or is_loose:
            self.area.setYRange(low - room, high + room, padding=0)

    def figure_table(self) -> Table:
        """The numbers."""
        return self.table()

    def paint_on_page(self, painter: QPainter, area: QRectF, line_width: float) -> None:
        """Draw it in `area` of a page, as large as if it were seen there."""
        old = self.size()
        lines = [(item, item.opts["pen"]) for item in self.area.listDataItems()]
        view = self.area.vb
        across, up = view.viewRange()
        self.resize(area.size().toSize())
        self.area.layout.activate()
        view.setRange(xRange=across, yRange=up, padding=0, disableAutoRange=False)
        for item, pen in lines if line_width != 1 else ():
            thick = pg.mkPen(pen)
            thick.setWidthF(thick.widthF() * line_width)
            item.setPen(thick)
        self.render(painter, area, self.viewport().rect(), Qt.AspectRatioMode.IgnoreAspectRatio)
        for item, pen in lines if line_width != 1 else ():
            item.setPen(pen)
        self.resize(old)
        self.area.layout.activate()
        view.setRange(xRange=across, yRange=up, padding=0, disableAutoRange=False)

    def hold(self, is_held: bool) -> None:
        """Let no other plot with the same x-axis move this one, or let it again."""
        self.area.vb.blockLink(is_held)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the exports."""
        menu = QMenu(self)
        if self.offers_whole:
            menu.addAction(tr("Show all (Esc)")).triggered.connect(self.whole_wanted)
            menu.addAction(tr("Shift and drag: zoom into a box")).setEnabled(False)
            menu.addSeparator()
        add_exports(menu, self, self.name, self._write)
        menu.popup(event.globalPos())
        menu.aboutToHide.connect(menu.deleteLater)

    def leaveEvent(self, ev: QEvent) -> None:
        """The pointer went elsewhere."""
        super().leaveEvent(ev)
        self.left.emit()

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Esc is for who follows the pointer."""
        if ev.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        super().keyPressEvent(ev)

    def resizeEvent(self, ev: Any) -> None:
        """A new width asks for other points."""
        super().resizeEvent(ev)
        self.resized.emit()

    def _write(self, path: Path) -> None:
        kind = path.suffix
        if kind == ".csv":
            write_whole(path, csv_bytes(*self.table()))
            return
        exporter = cast("Any", SVGExporter if kind == ".svg" else ImageExporter)(self.area)
        if kind == ".png":
            exporter.parameters()["width"] = 2 * self.width()
            image = exporter.export(toBytes=True)
            write_whole(path, png_bytes(image))
        else:
            write_whole(path, bytes(exporter.export(toBytes=True)))
