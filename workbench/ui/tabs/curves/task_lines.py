"""TaskLines: the lines of each task in both plots."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from workbench.ui.look.theme import Theme, soft
from workbench.ui.plots.line_plot import Plot
from workbench.ui.widgets.basics import plot_pen

#: More curves than this are drawn with plain edges: smooth ones would cost too much a frame.
_MANY_CURVES = 8


class TaskLines:
    """Raw and smoothed losses, and scores; the lists stay the same while runs change."""

    def __init__(self, loss: Plot, score: Plot) -> None:
        self._plots = (loss, score)
        self.raw: list[pg.PlotCurveItem] = []
        self.smooth: list[pg.PlotCurveItem] = []
        self.score: list[pg.PlotDataItem] = []

    @property
    def are_plain(self) -> bool:
        """Whether there are too many for smooth edges."""
        return len(self.smooth) > _MANY_CURVES

    def make(self, n_tasks: int) -> None:
        """Have new ones for so many tasks."""
        loss, score = self._plots
        for item in (*self.raw, *self.smooth):
            loss.removeItem(item)
        for item in self.score:
            score.removeItem(item)
        self.raw[:] = [pg.PlotCurveItem() for _ in range(n_tasks)]
        self.smooth[:] = [pg.PlotCurveItem() for _ in range(n_tasks)]
        self.score[:] = [score.plot(symbol="o", symbolSize=4) for _ in range(n_tasks)]
        for item in (*self.raw, *self.smooth):
            loss.addItem(item)

    def style(self, theme: Theme, numbers: Sequence[int], view: QWidget) -> None:
        """Use the colours of these numbers."""
        width = 1.0 if self.are_plain else 1.5
        for i, number in enumerate(numbers):
            colour = theme.task_colour(number)
            pen = plot_pen(colour, number, width, view)
            self.raw[i].setPen(pg.mkPen(soft(colour, 70), width=1))
            for line in (self.smooth[i], self.score[i]):
                line.setPen(pen)
                line.opts["antialias"] = not self.are_plain
            self.score[i].setSymbolBrush(colour)
            self.score[i].setSymbolPen(None)
