"""TaskCurves: a bold curve for each task in a plot, over its raw values or a band."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg

from workbench.study.spread import Bounds
from workbench.ui.look.theme import Theme, soft
from workbench.ui.model.decimation import Values
from workbench.ui.plots.band_item import BandItem
from workbench.ui.plots.line_plot import Plot
from workbench.ui.widgets.basics import plot_pen

#: More tasks than this are drawn with thin pens, without their raw traces: the frame must be
#: short, and behind so many curves raw traces only hide each other.
_MANY_TASKS = 8

#: An axis reaches up to this share of the raw values: one spike must not flatten all curves.
_SHOWN_SHARE = 0.9

#: How much of a task's colour a band has.
_ALPHA = 46


class TaskCurves:
    """The curves of all tasks in one plot."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self.raw: list[pg.PlotCurveItem] = []
        self.bold: list[pg.PlotCurveItem] = []
        self.bands: list[BandItem] = []

    @property
    def are_many(self) -> bool:
        """Whether there are too many curves for smooth pens and raw traces."""
        return len(self.bold) > _MANY_TASKS

    def set_count(self, n_tasks: int) -> None:
        """Have curves for so many tasks, all empty."""
        for item in (*self.raw, *self.bold, *self.bands):
            self._plot.removeItem(item)
        self.raw = [pg.PlotCurveItem() for _ in range(n_tasks)]
        self.bold = [pg.PlotCurveItem() for _ in range(n_tasks)]
        self.bands = [BandItem() for _ in range(n_tasks)]
        for curve in (*self.raw, *self.bold):
            self._plot.addItem(curve)
        for band in self.bands:
            self._plot.area.addItem(band, ignoreBounds=True)

    def set_style(self, theme: Theme, colours: Sequence[int]) -> None:
        """Use a theme's colours; `colours` are the tasks' colour numbers."""
        width = 1.0 if self.are_many else 1.5
        for raw, bold, band, number in zip(self.raw, self.bold, self.bands, colours, strict=True):
            colour = theme.task_colour(number)
            raw.setPen(pg.mkPen(soft(colour, 60), width=1))
            bold.setPen(plot_pen(colour, number, width, self._plot))
            bold.opts["antialias"] = not self.are_many
            band.set_colour(soft(colour, _ALPHA))

    def draw(self, bold: tuple[Values, Values], raw: tuple[Values, Values]) -> None:
        """Draw x [M] and y [M, T] of the bold curves and of the raw ones: of one seed."""
        for band in self.bands:
            band.clear()
        for curves, (x, y) in ((self.bold, bold), (() if self.are_many else self.raw, raw)):
            for k, curve in enumerate(curves):
                curve.setData(x, y[:, k], connect="finite")

    def draw_bands(self, x: Values, around: Bounds) -> None:
        """Draw x [M] and means [M, T] over several seeds, with what lies around them."""
        for k, (raw, bold, band) in enumerate(zip(self.raw, self.bold, self.bands, strict=True)):
            raw.setData([], [])
            bold.setData(x, around.mean[:, k], connect="finite")
            band.set_data(x, around.low[:, k], around.high[:, k])


def without_spikes(raw: Values, smooth: Values) -> Values:
    """The values an axis has to show: the bold curves, and all but the rarest raw values."""
    known = raw[np.isfinite(raw)]
    if not len(known):
        return smooth
    return np.append(smooth, np.quantile(known, _SHOWN_SHARE))
