"""LandscapePlot: one loss of the landscape as a map, with the paths of the methods on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from workbench.ui.look.theme import Theme
from workbench.ui.plots.heatmap import mixed
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tabs.landscape.landscape_map import X_RANGE, Y_RANGE, Numbers, banded, pareto_set
from workbench.ui.widgets.basics import plot_pen
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import in_html

_BANDS = 16

tr = translator("Landscape")


@dataclass(frozen=True, slots=True)
class Path:
    """Where a run was [N, 2], from its start on; `number` is its colour and dash."""

    name: str
    points: Numbers
    number: int
    is_current: bool = False


class LandscapePlot(Plot):
    """Dark is low. The Pareto set is the thick arc at the bottom."""

    def __init__(self, name: str, theme: Theme) -> None:
        self._heights: Numbers | None = None
        self._image = pg.ImageItem()
        self._pareto = pg.PlotCurveItem()
        self._starts, self._ends = pg.ScatterPlotItem(), pg.ScatterPlotItem()
        self._curves: list[pg.PlotCurveItem] = []
        super().__init__(name, "x₂", theme, "x₁")
        area = self.area
        area.setMouseEnabled(x=False, y=False)
        area.addItem(self._image, ignoreBounds=True)
        for item in (self._pareto, self._starts, self._ends):
            area.addItem(item, ignoreBounds=True)
        self._pareto.setData(*pareto_set().T)
        self._pareto.setZValue(5)
        self._starts.setZValue(20)
        self._ends.setZValue(21)
        area.setXRange(*X_RANGE, padding=0)
        area.setYRange(*Y_RANGE, padding=0)
        area.getAxis("left").setWidth(44)
        area.getAxis("left").setGrid(False)
        self._style()

    def set_heights(self, heights: Numbers) -> None:
        """The loss [n, n] over the whole map, x along the first axis."""
        self._heights = heights
        self._paint()

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        self._style()
        self._paint()

    def _style(self) -> None:
        pen = pg.mkPen(self.theme.text, width=3 * self.devicePixelRatioF())
        pen.setCosmetic(True)
        self._pareto.setPen(pen)

    def _paint(self) -> None:
        if self._heights is None:
            return
        bands, lines = banded(self._heights, _BANDS)
        # the lowest bands are the most coloured; high ground is as plain as the surface
        theme = self.theme
        shades = [
            mixed(theme.surface, theme.heat_high, 0.62 * (1 - i / (_BANDS - 1)) ** 1.4)
            for i in range(_BANDS)
        ]
        table = np.array([(c.red(), c.green(), c.blue()) for c in shades], dtype=np.uint8)
        colours = table[bands]
        line = mixed(theme.surface, theme.text, 0.42)
        share = 0.45
        mark = np.array((line.red(), line.green(), line.blue()))
        colours[lines] = ((1 - share) * colours[lines] + share * mark).astype(np.uint8)
        self._image.setImage(colours, autoLevels=False)
        width, height = X_RANGE[1] - X_RANGE[0], Y_RANGE[1] - Y_RANGE[0]
        self._image.setRect(QRectF(X_RANGE[0], Y_RANGE[0], width, height))

    def set_paths(self, paths: Sequence[Path]) -> None:
        """Draw these paths; the current one on top, with a larger end."""
        while len(self._curves) < len(paths):
            curve = pg.PlotCurveItem()
            self.area.addItem(curve, ignoreBounds=True)
            self._curves.append(curve)
        for curve, path in zip(self._curves, paths, strict=False):
            colour = self.theme.task_colour(path.number)
            curve.setPen(plot_pen(colour, path.number, 2 if path.is_current else 1.4, self))
            curve.setZValue(12 if path.is_current else 10)
            curve.setData(path.points[:, 0], path.points[:, 1])
        for curve in self._curves[len(paths) :]:
            curve.setData([], [])
        starts = {tuple(path.points[0].tolist()) for path in paths}
        self._starts.setData(
            pos=np.array(sorted(starts)).reshape(-1, 2),
            size=10,
            pen=pg.mkPen(self.theme.text, width=1.5),
            brush=pg.mkBrush(self.theme.surface),
        )
        self._ends.setData(
            [
                {
                    "pos": path.points[-1],
                    "size": 11 if path.is_current else 8,
                    "pen": pg.mkPen(self.theme.surface, width=1),
                    "brush": pg.mkBrush(self.theme.task_colour(path.number)),
                    "symbol": "o",
                }
                for path in paths
            ]
        )
        ends = "; ".join(
            tr("{} is at {}, {}").format(p.name, *(f"{v:.2f}" for v in p.points[-1])) for p in paths
        )
        self.set_summary(ends)


def legend_html(paths: Sequence[Path], theme: Theme) -> str:
    """The names of the paths in their colours, and of what else is drawn."""
    parts = [
        f'<span style="color:{theme.task_colour(path.number).name()}">━</span>&nbsp;'
        f"{in_html(path.name).replace(' ', '&nbsp;')}"
        for path in paths
    ]
    arc = f'<span style="color:{theme.text}">━</span>&nbsp;' + tr("Pareto set")
    return "&nbsp;&nbsp; ".join([*parts, arc, "○&nbsp;" + tr("start")])
