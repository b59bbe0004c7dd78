"""ConflictCurves: the chosen pair over time, and the share of all pairs in conflict."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from workbench.ui.look.theme import Theme, soft
from workbench.ui.model.probe_record import thinned
from workbench.ui.plots.band_item import BandItem
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tabs.interference.seed_probes import SeedProbes

#: The bold curves are means of so many probes around each; raw ones stay faint behind them.
PROBES_WINDOW = 5


class ConflictCurves:
    """Of one seed the raw curve lies behind the smooth one, of several a band."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self._zero = pg.InfiniteLine(pos=0, angle=0, movable=False)
        self.share = pg.PlotCurveItem()
        self.raw, self.smooth = pg.PlotCurveItem(), pg.PlotCurveItem()
        self.band = BandItem()
        for item in (self._zero, self.share, self.band, self.raw, self.smooth):
            plot.area.addItem(item, ignoreBounds=True)

    def draw(
        self, probes: SeedProbes, layer: int, pair: tuple[int, int], *, is_affinity: bool
    ) -> None:
        """Draw a pair of tasks in a layer."""
        factor = 100.0 if is_affinity else 1.0
        if is_affinity:
            raw, around = (probes.pair_affinity(*pair, window=n) for n in (1, PROBES_WINDOW))
            share = np.full(len(probes), np.nan)
        else:
            raw, around = (probes.pair_cosines(layer, *pair, window=n) for n in (1, PROBES_WINDOW))
            share = probes.conflicts(layer, PROBES_WINDOW).mean
        columns = [raw.mean, around.mean, around.low, around.high]
        y = np.column_stack([*(factor * each for each in columns), share])
        x, y = thinned(probes.steps, y, self._plot.pixels)
        is_alone = probes.n_seeds < 2
        self.raw.setData(*((x, y[:, 0]) if is_alone else ([], [])), connect="finite")
        self.smooth.setData(x, y[:, 1], connect="finite")
        self.band.set_data(x, y[:, 2], y[:, 3])
        filled = np.where(np.isfinite(y[:, 4]), y[:, 4], 0.0)
        self.share.setData(x, filled, fillLevel=0.0)
        if is_affinity:
            self._plot.fit_y(y[:, :1] if is_alone else y[:, 1:4], (0.0, 0.0))
        else:
            # An interval may reach where no cosine can be: that need not be seen.
            self._plot.fit_y(y[:, 0], (-1.0, 1.0))

    def style(self, theme: Theme, scale: float) -> None:
        """Use a theme's colours, on a screen with so many pixels to a point."""
        self.raw.setPen(pg.mkPen(soft(theme.text, 80), width=1))
        self.smooth.setPen(pg.mkPen(QColor(theme.text), width=1.5 * scale))
        self.smooth.opts["antialias"] = True
        self.band.set_colour(soft(theme.text, 46))
        self.share.setPen(pg.mkPen(soft(theme.heat_against, 120), width=1))
        self.share.setBrush(soft(theme.heat_against, 46))
        self._zero.setPen(pg.mkPen(QColor(theme.border), width=1))
