"""CurveOverlay: recorded runs over the curves, each in its colour; seeds of one as their mean."""

from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSizePolicy

from workbench.spec.experiments.assignments import distinct_names
from workbench.ui.look.run_colours import run_mark, run_pen
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.smoothing import Values, log10_of
from workbench.ui.plots.line_plot import Plot
from workbench.ui.plots.x_scale import XScale, XUnit, scale_of
from workbench.ui.services.run_overlay import Overlaid, RunOverlay
from workbench.ui.tabs.curves.curve_tools import CurveTools
from workbench.ui.tabs.curves.legend import TaskChip
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import html_label, in_html

#: Steps and values [N] of a task of a model.
_Read = Callable[[RunModel, int], tuple[Values, Values]]

tr = translator("Curves")


class CurveOverlay(QObject):
    """Draws over two plots what `runs` has open, of the tasks that are shown; `key` names it."""

    def __init__(
        self, loss: Plot, score: Plot, tools: CurveTools, theme: Theme, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._loss, self._score, self._tools, self._theme = loss, score, tools, theme
        self._lines: dict[Plot, list[pg.PlotCurveItem]] = {loss: [], score: []}
        self._runs: RunOverlay | None = None
        #: What the x-axis counts; each run by its own first seed.
        self.unit = XUnit.STEP
        self.key = html_label("hint")
        self.key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self.key.setAccessibleName(tr("Runs drawn over the curves"))
        self.key.hide()

    def join(self, runs: RunOverlay, redraw: Callable[[], object]) -> None:
        """Draw these runs from now on; `redraw` has the curves drawn, and them."""
        self._runs = runs
        runs.changed.connect(self._fit)
        runs.changed.connect(redraw)

    @property
    def _drawn(self) -> list[Overlaid]:
        return [one for one in self._runs.drawn if one.models] if self._runs is not None else []

    def _fit(self) -> None:
        """Have the longest of them in sight."""
        models = [m for one in self._drawn for m in one.models.values()]
        ends = [scale_of(model, self.unit).place(model.total_steps) for model in models]
        low, high = self._loss.x_range
        if ends and low <= 0 and max(ends) > high:
            self._loss.area.setXRange(0, max(ends), padding=0.01)

    def draw(self, theme: Theme, chips: Sequence[TaskChip]) -> None:
        """Draw again, of the tasks whose chips are on."""
        self._theme = theme
        tasks = [chip.facts.name for chip in chips if chip.isChecked()]
        drawn = self._drawn
        scales = [scale_of(next(iter(one.models.values())), self.unit) for one in drawn]
        view = self._loss.x_range
        ends = [(scale.step(view[0]), scale.step(view[1])) for scale in scales]
        low, high = min((e[0] for e in ends), default=0.0), max((e[1] for e in ends), default=0.0)
        pixels, window = self._loss.pixels // 2, self._tools.window_steps
        is_log, metric = self._tools.log_scale.isChecked(), self._tools.chosen_metric

        def loss_of(model: RunModel, task: int) -> tuple[Values, Values]:
            x, y = model.steps.loss_points("smoothed", window, low, high, pixels)
            return x, log10_of(y[:, task]) if is_log else y[:, task]

        def score_of(model: RunModel, task: int) -> tuple[Values, Values]:
            x, y = model.scores_by(metric)
            return x, y[:, task]

        self._draw(self._loss, drawn, scales, tasks, loss_of)
        self._draw(self._score, drawn, scales, tasks, score_of)
        self._name(drawn)

    def _name(self, drawn: Sequence[Overlaid]) -> None:
        specs = [next(iter(one.models.values())).spec for one in drawn]
        names = distinct_names(specs, [one.title for one in drawn])
        marks = [run_mark(self._theme, one.number) for one in drawn]
        words = [f"{mark} {in_html(name)}" for mark, name in zip(marks, names, strict=True)]
        self.key.setText("&nbsp;&nbsp;&nbsp; ".join(words))
        self.key.setVisible(bool(drawn))

    def _draw(
        self,
        plot: Plot,
        drawn: Sequence[Overlaid],
        scales: Sequence[XScale],
        tasks: Sequence[str],
        read: _Read,
    ) -> None:
        lines = self._lines[plot]
        curves = [
            (one.number, scale.at(curve[0]), curve[1])
            for one, scale in zip(drawn, scales, strict=True)
            for name in tasks
            if (curve := _curve(list(one.models.values()), name, read)) is not None
        ]
        while len(lines) > len(curves):
            plot.removeItem(lines.pop())
        while len(lines) < len(curves):
            line = pg.PlotCurveItem()
            line.setZValue(20)
            plot.addItem(line)
            lines.append(line)
        for line, (number, x, y) in zip(lines, curves, strict=True):
            line.setPen(run_pen(self._theme, number, 1.4))
            line.setData(x, y, connect="finite")
        plot.also_shown = np.concatenate([y for _, _, y in curves]) if curves else np.empty(0)


def _curve(models: Sequence[RunModel], task: str, read: _Read) -> tuple[Values, Values] | None:
    """The mean of a task's curve over runs with the same steps, else each of them, end to end."""
    curves: list[tuple[Values, Values]] = []
    for model in models:
        names = [facts.name for facts in model.tasks]
        if task in names:
            curves.append(read(model, names.index(task)))
    if not curves:
        return None
    first = curves[0][0]
    if all(np.array_equal(x, first) for x, _ in curves):
        return first, np.mean([y for _, y in curves], axis=0)
    gap = np.full(1, np.nan)
    return (
        np.concatenate([part for x, _ in curves for part in (x, gap)]),
        np.concatenate([part for _, y in curves for part in (y, gap)]),
    )
