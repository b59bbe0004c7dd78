"""Trial plots: what trials reached along one setting, and in the order in which they were made."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Signal

from workbench.spec.text import visible
from workbench.study.search.best import best_so_far
from workbench.study.search.definition import Definition
from workbench.study.search.trial import State, Trial
from workbench.ui.look.theme import Theme, soft
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tabs.sweep.axis_scale import number_of, scale_of, shown_result, words_of
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_axis_title

tr = translator("Sweep")

#: Where a trial stands on the plot.
Place = Callable[[Trial], float]


class TrialPlot(Plot):
    """A point for each trial; a click opens it."""

    #: The number of a trial that was clicked.
    chosen = Signal(int)

    def __init__(self, name: str, theme: Theme) -> None:
        self._points = pg.ScatterPlotItem()
        self._lost = pg.ScatterPlotItem()
        super().__init__(name, " ", theme, " ")
        self.area.setMouseEnabled(x=False, y=False)
        for item in (self._lost, self._points):
            self.area.addItem(item, ignoreBounds=True)
            item.sigClicked.connect(self._clicked)
        self._rows: list[list[object]] = []
        self.table = lambda: (["trial", self.name, "objective", "status"], self._rows)

    def _clicked(self, _item: object, spots: Sequence[Any], *_: object) -> None:
        if len(spots):
            self.chosen.emit(int(spots[0].data()[0]))

    def _place(
        self, definition: Definition, trials: Sequence[Trial], best: Sequence[int], place: Place
    ) -> np.ndarray:
        """Put the trials where they belong; the first objectives that are known."""
        theme = self.theme
        known = [(t, v) for t in trials if (v := shown_result(t)) is not None]
        spots = [
            {
                "pos": (place(trial), value),
                "size": 11 if trial.number in best else 8,
                "brush": pg.mkBrush(
                    theme.good if trial.number in best else soft(theme.accent, 170)
                ),
                "pen": pg.mkPen(theme.surface, width=1),
                "data": (trial.number, words_of(definition, trial)),
            }
            for trial, value in known
        ]
        self._points.setData(spots, hoverable=True, tip=lambda x, y, data: visible(data[1]))
        values = np.asarray([value for _, value in known])
        low = float(values.min()) if len(values) else 0.0
        high = float(values.max()) if len(values) else 1.0
        room = (high - low) * 0.1 or abs(low) * 0.05 or 0.1
        self.area.setYRange(low - 1.6 * room, high + room, padding=0)
        lost = [t for t in trials if t.is_over and shown_result(t) is None]
        crosses = [
            {
                "pos": (place(trial), low - room),
                "size": 7,
                "symbol": "t1" if trial.status == "pruned" else "x",
                "brush": pg.mkBrush(theme.muted if trial.status == "pruned" else theme.danger),
                "pen": pg.mkPen(None),
                "data": (trial.number, words_of(definition, trial)),
            }
            for trial in lost
        ]
        self._lost.setData(crosses, hoverable=True, tip=lambda x, y, data: visible(data[1]))
        self._rows = [[t.number, place(t), shown_result(t), t.status] for t in trials if t.is_over]
        return values

    def _title(self, side: str, text: str) -> None:
        axis = self.area.getAxis(side)
        set_axis_title(axis, text, color=self.theme.muted, **{"font-size": "11px"})


class SlicePlot(TrialPlot):
    """What trials reached along one setting, whatever the others were."""

    def set_sweep(
        self, definition: Definition, state: State, best: Sequence[int], key: str
    ) -> None:
        """Show the trials along the setting `key`."""
        axis = next((a for a in definition.axes if a.key == key), definition.axes[0])
        scale = scale_of(axis)
        self._place(definition, state.trials, best, lambda t: scale.place(number_of(axis, t)))
        self.area.setXRange(-0.04, 1.04, padding=0)
        self.area.getAxis("bottom").setTicks([scale.ticks])
        self._title("bottom", scale.title)
        self._title("left", definition.objectives[0].name)


class HistoryPlot(TrialPlot):
    """What trials reached in the order of their numbers, and the best so far."""

    def __init__(self, name: str, theme: Theme) -> None:
        self._course = pg.PlotCurveItem()
        super().__init__(name, theme)
        self.area.addItem(self._course, ignoreBounds=True)

    def set_sweep(self, definition: Definition, state: State, best: Sequence[int]) -> None:
        """Show the trials, and the line of the best one after each."""
        self._place(definition, state.trials, best, lambda trial: float(trial.number))
        n = max(state.n_wanted, len(state.trials), 5)  # fewer would have fractions for ticks
        self.area.setXRange(-0.5, n - 0.5, padding=0.02)
        course = best_so_far(state.trials, definition.objectives[0])
        xs = [number for number, _ in course] + ([n - 0.5] if course else [])
        edges = np.asarray(xs, dtype=float)
        heights = np.asarray([value for _, value in course], dtype=float)
        is_line = len(heights) > 0
        self._course.setData(
            edges if is_line else np.empty(0),
            heights if is_line else np.empty(0),
            stepMode="center" if is_line else None,
        )
        self._course.setPen(pg.mkPen(self.theme.good, width=2))
        self._title("bottom", tr("trial"))
        self._title("left", definition.objectives[0].name)
