"""CurvePlot: the validation scores of a few setups, each a line with a band over its seeds."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from workbench.ui.look.run_colours import run_colour, run_pen
from workbench.ui.look.theme import Theme, soft
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tabs.compare.setups import Curve
from workbench.ui.words.language import translator

tr = translator("Compare")

_NO_NUMBERS = np.empty(0)


class _Line:
    """What is drawn of one setup."""

    def __init__(self, plot: Plot) -> None:
        self.low, self.high = pg.PlotCurveItem(pen=None), pg.PlotCurveItem(pen=None)
        self.band = pg.FillBetweenItem(self.low, self.high)
        self.mean, self.unfinished = pg.PlotCurveItem(), pg.PlotCurveItem()
        self.items = (self.low, self.high, self.band, self.unfinished, self.mean)
        for item in self.items:
            plot.addItem(item)

    def draw(self, curve: Curve, theme: Theme, number: int, ratio: float) -> None:
        """Show a curve as run number `number`."""
        self.mean.setPen(run_pen(theme, number, 1.6 * ratio))
        self.mean.setData(curve.steps, curve.mean, connect="finite")
        self.unfinished.setPen(run_pen(theme, number, 1))
        steps, values = _one_after_the_other(curve.unfinished)
        self.unfinished.setData(steps, values, connect="finite")
        is_known = np.isfinite(curve.low)
        self.low.setData(curve.steps, np.where(is_known, curve.low, curve.mean))
        self.high.setData(curve.steps, np.where(is_known, curve.high, curve.mean))
        self.band.setBrush(pg.mkBrush(soft(run_colour(theme, number), 38)))
        self.band.setVisible(bool(len(curve.steps) > 1 and is_known.any()))


def _one_after_the_other(
    lines: Sequence[tuple[np.ndarray, np.ndarray]],
) -> tuple[np.ndarray, np.ndarray]:
    """Several lines as one that is broken between them."""
    if not lines:
        return _NO_NUMBERS, _NO_NUMBERS
    steps = np.concatenate([np.append(steps, np.nan) for steps, _ in lines])
    values = np.concatenate([np.append(values, np.nan) for _, values in lines])
    return steps, values


class CurvePlot(Plot):
    """A line and a band a setup; what did not come to its end is thin, and beside the mean."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Scores compared"), tr("score (validation)"), theme, tr("step"))
        self.lines: list[_Line] = []

    def show_curves(self, curves: Sequence[Curve], models: Sequence[RunModel]) -> None:
        """Draw the curves of setups, of which `models` are all runs."""
        self._make_lines(len(curves))
        everything: list[np.ndarray] = []
        for i, (line, curve) in enumerate(zip(self.lines, curves, strict=True)):
            line.draw(curve, self.theme, i, self.devicePixelRatioF())
            everything += [curve.mean, curve.low, curve.high]
            everything += [values for _, values in curve.unfinished]
        longest = max(models, key=lambda model: model.total_steps)
        self.area.setXRange(0, max(longest.total_steps, 1), padding=0.01)
        is_alike = all(model.bands == longest.bands for model in models)
        self.set_bands(longest.bands if is_alike else [], [])
        limits = (0.0, 1.0) if longest.scores_are_shares else None
        self.fit_y(np.concatenate(everything), limits)

    def _make_lines(self, n: int) -> None:
        while len(self.lines) > n:
            for item in self.lines.pop().items:
                self.removeItem(item)
        while len(self.lines) < n:
            self.lines.append(_Line(self))


def line_icon(theme: Theme, number: int, ratio: float) -> QIcon:
    """A short piece of the line of run number `number`."""
    size = QSize(22, 12)
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setPen(run_pen(theme, number, 2))
    painter.drawLine(0, 6, 22, 6)
    painter.end()
    return QIcon(picture)
