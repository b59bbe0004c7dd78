"""ValueView: numbers that were answered against those that were wanted."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from workbench.spec.shown.adaptation import AdaptedValues
from workbench.ui.look.theme import Theme, soft
from workbench.ui.plots.exports import Table
from workbench.ui.plots.line_plot import Plot
from workbench.ui.words.language import translator

tr = translator("Adaptation")


class ValueView(Plot):
    """A dot a query, hollow before any step; on the line the answer is right."""

    def __init__(self, theme: Theme) -> None:
        self.values: AdaptedValues | None = None
        self.number = 0
        self._steps: tuple[int, ...] = ()
        self._last = 0
        self._right = pg.PlotCurveItem()
        self._before, self._after = pg.ScatterPlotItem(), pg.ScatterPlotItem()
        super().__init__(tr("Answers against what was wanted"), tr("answered"), theme, tr("wanted"))
        for item in (self._right, self._before, self._after):
            self.area.addItem(item, ignoreBounds=True)
        self.area.setMouseEnabled(x=False, y=False)
        self.area.getAxis("left").setWidth(46)
        self.table = self._numbers

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        self._draw()

    def show_values(
        self, values: AdaptedValues | None, steps: tuple[int, ...], last: int, number: int
    ) -> None:
        """Show a small task after `last` inner steps; `number` is its distribution's colour."""
        self.values, self._steps, self._last, self.number = values, steps, last, number
        self._draw()

    def _draw(self) -> None:
        values, theme = self.values, self.theme
        if values is None:
            return
        reached = [k for k, step in enumerate(self._steps) if step <= self._last]
        first = reached[0] if reached and self._steps[reached[0]] == 0 else None
        after = reached[-1] if reached and reached[-1] != first else None
        wanted = values.wanted.astype(np.float64)
        pale = pg.mkPen(soft(theme.muted, 170), width=1)
        for item, k, pen, brush in (
            (self._before, first, pale, None),
            (self._after, after, pg.mkPen(theme.surface), theme.task_colour(self.number)),
        ):
            shown = values.answers[k].astype(np.float64) if k is not None else wanted[:0]
            known = np.isfinite(shown)
            at = wanted[: len(shown)][known]
            item.setData(at, shown[known], size=8, pen=pen, brush=pg.mkBrush(brush))
        known = wanted[np.isfinite(wanted)]
        low, high = (known.min(), known.max()) if len(known) else (0.0, 1.0)
        room = 0.1 * float(high - low) or 1.0
        ends = np.array([float(low) - room, float(high) + room])
        self._right.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))
        self._right.setData(ends, ends)
        self.area.setXRange(*ends.tolist(), padding=0)
        self.area.setYRange(*ends.tolist(), padding=0.25)
        self.set_summary(tr("{} asked").format(len(wanted)))

    def _numbers(self) -> Table:
        heads = ["wanted", *(f"after {step} inner steps" for step in self._steps)]
        if self.values is None:
            return heads, []
        columns = (self.values.wanted, *self.values.answers)
        return heads, [[float(v) for v in row] for row in zip(*columns, strict=True)]
