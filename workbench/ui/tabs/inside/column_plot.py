"""ColumnPlot: one column of a reported table over the steps, a line a row."""

import numpy as np
import pyqtgraph as pg

from workbench.ui.look.theme import Theme, soft
from workbench.ui.model.decimation import Values
from workbench.ui.plots.band_item import BandItem
from workbench.ui.plots.exports import Table
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tabs.inside.report_table_view import Swatch
from workbench.ui.tabs.inside.seed_tables import SeedTables
from workbench.ui.widgets.basics import plot_pen
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_axis_title
from workbench.ui.words.report_names import column_titles

#: How much of a line's colour a band has.
_ALPHA = 46

tr = translator("Inside")


class ColumnPlot(Plot):
    """Lines with bands where there are several seeds, and a mark at the step that is looked at."""

    def __init__(self, theme: Theme) -> None:
        self.lines: list[pg.PlotCurveItem] = []
        self.bands: list[BandItem] = []
        self._rows: tuple[str, ...] = ()
        self._columns: list[Values] = []
        super().__init__(tr("Over time"), "", theme, tr("step"))
        self.setMinimumHeight(84)
        self._now = pg.InfiniteLine(angle=90, movable=False)
        self.area.addItem(self._now, ignoreBounds=True)
        self.table = self._numbers

    def show_column(
        self,
        tables: SeedTables,
        rows: tuple[str, ...],
        column: str,
        swatches: dict[str, Swatch],
        step: int,
    ) -> None:
        """Draw a column, each row in the colour of its swatch."""
        steps, around = tables.over_time(rows, column)
        self._rows, self._columns = rows, [steps, around.mean, around.low, around.high]
        self._make(len(rows))
        for k, (line, band) in enumerate(zip(self.lines, self.bands, strict=True)):
            colour, number = swatches[rows[k]]
            line.setPen(plot_pen(colour, number, 1.5, self))
            line.setData(steps, around.mean[:, k], connect="finite")
            band.set_colour(soft(colour, _ALPHA))
            band.set_data(steps, around.low[:, k], around.high[:, k])
        set_axis_title(self.area.getAxis("left"), column_titles().get(column, column))
        self.set_theme(self.theme)
        self.fit_y(np.concatenate([around.mean, around.low, around.high]), (0.0, 0.0))
        self._now.setPos(step)
        self._now.setPen(pg.mkPen(self.theme.accent, width=1))

    def _make(self, n_rows: int) -> None:
        while len(self.lines) > n_rows:
            self.removeItem(self.lines.pop())
            self.removeItem(self.bands.pop())
        while len(self.lines) < n_rows:
            self.lines.append(pg.PlotCurveItem())
            self.bands.append(BandItem())
            self.addItem(self.lines[-1])
            self.area.addItem(self.bands[-1], ignoreBounds=True)

    def _numbers(self) -> Table:
        if not self._columns:
            return ["step"], []
        steps, mean, low, high = self._columns
        heads = list(self._rows)
        parts = [mean]
        if np.isfinite(low).any():  # of several seeds
            heads += [f"{row} ({end})" for end in ("low", "high") for row in self._rows]
            parts += [low, high]
        lines = zip(steps, *parts, strict=True)
        return ["step", *heads], [
            [int(step), *(value for part in line for value in part.tolist())]
            for step, *line in lines
        ]
