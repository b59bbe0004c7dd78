"""ProbePlots: conflict, gradient norms and weights over the steps, with a time to look at."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QSlider, QSplitter, QWidget

from workbench.study.spread import Bounds, Spread
from workbench.ui.look.theme import Theme
from workbench.ui.model.decimation import Values
from workbench.ui.model.probe_record import thinned
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.line_plot import Plot
from workbench.ui.plots.seed_curves import weight_spread
from workbench.ui.tabs.interference.conflict_curves import PROBES_WINDOW, ConflictCurves
from workbench.ui.tabs.interference.probe_tables import (
    conflict_table,
    in_words,
    norm_table,
    weight_table,
)
from workbench.ui.tabs.interference.seed_probes import SeedProbes
from workbench.ui.tabs.interference.task_curves import TaskCurves, without_spikes
from workbench.ui.widgets.basics import column, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import html_label, in_html, set_axis_title, set_hint
from workbench.ui.words.spread_words import band_words

#: The bold curves of weights are means of so many steps around each.
STEPS_WINDOW = 21

#: Between two plots the window may do something else.
_GAP_MS = 15

tr = translator("ProbePlots")


class ProbePlots(QWidget):
    """Three plots with one x-axis, and a slider that chooses a probe."""

    scrubbed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._models: list[RunModel] = []
        self._model = RunModel()
        self._probes = SeedProbes()
        self._kind = Spread.INTERVAL
        self._colours: tuple[int, ...] = ()
        self._layer = 0
        self._pair: tuple[int, int] | None = None
        self._is_affinity = False
        self._marked: float | None = None
        self._queue: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_GAP_MS)
        self._timer.timeout.connect(self._draw_next)
        self.conflict = Plot(tr("Conflict over time"), tr("cosine"), theme)
        self.norms = Plot(tr("Gradient norm per task"), tr("gradient norm"), theme)
        self.weights = Plot(tr("Weight per task"), tr("weight"), theme, tr("step"))
        self.plots = (self.conflict, self.norms, self.weights)
        self.conflict.table = lambda: conflict_table(self._models, self._layer)
        self.norms.table = lambda: norm_table(self._models, self._layer)
        self.weights.table = lambda: weight_table(self._models)
        self._marks = [pg.InfiniteLine(angle=90, movable=False) for _ in self.plots]
        self.pair_curves = ConflictCurves(self.conflict)
        self._norms, self._weights = TaskCurves(self.norms), TaskCurves(self.weights)
        for plot, mark in zip(self.plots, self._marks, strict=True):
            plot.area.addItem(mark, ignoreBounds=True)
            mark.hide()
            plot.setMinimumHeight(84)
            plot.resized.connect(self.draw_soon)
            plot.area.scene().sigMouseClicked.connect(self._clicked)
        for plot in (self.norms, self.weights):
            plot.setXLink(self.conflict)
        for plot in (self.conflict, self.norms):
            plot.area.getAxis("bottom").setStyle(showValues=False)
            plot.area.getAxis("bottom").setHeight(6)
        self.conflict.area.vb.sigXRangeChanged.connect(self.draw_soon)
        self._build()
        self._style()

    def _build(self) -> None:
        layout = column(self, (0, 0, 0, 0), 4)
        self._legend = html_label("hint")
        self._legend.setContentsMargins(58, 0, 0, 0)
        set_hint(
            self._legend,
            tr("Dark: the chosen pair, each probe and the mean of {} probes.").format(PROBES_WINDOW)
            + "\n"
            + tr(
                "Filled: the share of all pairs whose cosine is below 0, mean of {} probes."
            ).format(PROBES_WINDOW),
        )
        self._legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.caption = label("", "hint", wraps=True)
        self.caption.setContentsMargins(58, 0, 0, 0)
        self.caption.hide()
        layout.addWidget(self._legend)
        layout.addWidget(self.caption)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        for plot in self.plots:
            splitter.addWidget(plot)
        splitter.setSizes([110, 100, 112])
        layout.addWidget(splitter, 1)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("probeSlider")
        self.slider.setAccessibleName(tr("The probe that is looked at"))
        set_hint(self.slider, tr("Go back in time: show the gradients at an earlier probe"))
        self.slider.valueChanged.connect(self._slid)
        self._line = QWidget()
        line = row(self.slider)
        line.setContentsMargins(53, 0, 0, 0)
        self._line.setLayout(line)
        layout.addWidget(self._line)

    # what is shown

    def set_model(self, model: RunModel, colours: tuple[int, ...]) -> None:
        """Show another setup: a curve for each of its tasks, in the colours of these numbers."""
        self._model, self._colours = model, colours
        for curves in (self._norms, self._weights):
            curves.set_count(len(model.tasks))
        self._style()
        self.conflict.area.setXRange(0, max(model.total_steps, 1), padding=0.01)

    def set_seeds(self, models: list[RunModel], probes: SeedProbes, kind: Spread) -> None:
        """Show the mean of these runs of the setup, and this kind of spread around it."""
        self._models, self._probes, self._kind = models, probes, kind
        self.caption.setText(band_words(len(models), kind))
        self.caption.setVisible(len(models) > 1)

    def set_view(
        self, layer: int, pair: tuple[int, int] | None, at: int | None, is_affinity: bool
    ) -> None:
        """Show a layer and a pair, with a line at probe number `at` (None: none)."""
        self._layer, self._pair, self._is_affinity = layer, pair, is_affinity
        n_probes = len(self._probes)
        has_probes = n_probes > 0
        for part in (self.conflict, self.norms, self._legend, self._line):
            part.setVisible(has_probes)
        steps = self._probes.steps
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(self._model.total_steps, 1))
        self.slider.setPageStep(max(self._model.total_steps // 10, 1))
        if n_probes > 1:
            self.slider.setSingleStep(max(int(np.diff(steps).max()), 1))
        if has_probes:
            self.slider.setValue(int(steps[-1 if at is None else at]))
        self.slider.blockSignals(False)
        self._marked = float(steps[at]) if at is not None else None
        self._say_legend()

    def _say_legend(self) -> None:
        if self._pair is None:
            self._legend.setText("")
            return
        names = [facts.name for facts in self._model.tasks]
        first, second = (in_html(names[k]) for k in self._pair)
        pair = f"{first} → {second}" if self._is_affinity else f"{first} × {second}"
        parts = [f'<span style="color:{self._theme.text}">━</span> {pair}']
        if not self._is_affinity:
            words = tr("pairs in conflict")
            parts.append(f'<span style="color:{self._theme.heat_against}">▰</span> {words}')
        self._legend.setText(" &nbsp; &nbsp;".join(parts))
        title = tr("affinity, %") if self._is_affinity else tr("cosine")
        axis = self.conflict.area.getAxis("left")
        if axis.labelText != title:
            set_axis_title(axis, title)
            self.conflict.set_theme(self._theme)

    def draw_soon(self, *_: object) -> None:
        """Draw everything, one plot after the other, so that the window is never held long."""
        self._do_in_turn([self._draw_conflict, self._draw_norms, self._draw_weights])

    def mark_soon(self) -> None:
        """Move the lines that show the time, in one plot after the other."""
        drawing = [part for part in self._queue if not isinstance(part, partial)]
        moves = [partial(self._move_mark, at) for at in range(len(self.plots))]
        self._do_in_turn([*drawing, *moves])

    def _do_in_turn(self, parts: list[Callable[[], None]]) -> None:
        self._queue = parts
        if not self._timer.isActive():
            self._timer.start()

    def _draw_next(self) -> None:
        if self._queue and self.isVisible():
            self._queue.pop(0)()
            self._timer.start()

    def _move_mark(self, at: int) -> None:
        self._marks[at].setVisible(self._marked is not None)
        if self._marked is not None:
            self._marks[at].setPos(self._marked)

    # drawing

    def _draw_conflict(self) -> None:
        self._move_mark(0)
        has_names = bool(len(self._probes))
        for plot in self.plots:
            is_top = plot is (self.conflict if has_names else self.weights)
            plot.set_bands(self._model.bands, self._model.change_steps, names=is_top)
        if has_names and self._pair is not None:
            view = self._layer, self._pair
            self.pair_curves.draw(self._probes, *view, is_affinity=self._is_affinity)

    def _draw_norms(self) -> None:
        self._move_mark(1)
        probes, curves = self._probes, self._norms
        if not len(probes):
            return
        norms, smooth = (probes.norms(self._layer, n) for n in (1, PROBES_WINDOW))
        pixels = self.norms.pixels // (4 if curves.are_many else 2)
        if len(self._models) > 1:
            ends = (
                thinned(probes.steps, y, pixels) for y in (smooth.mean, smooth.low, smooth.high)
            )
            (x, mean), (_, low), (_, high) = ends
            curves.draw_bands(x, Bounds(mean, low, high, smooth.n))
            self.norms.fit_y(_in_sight(smooth), (0.0, 0.0))
            return
        bold = thinned(probes.steps, smooth.mean, pixels)
        curves.draw(bold, thinned(probes.steps, norms.mean, pixels))
        self.norms.fit_y(without_spikes(norms.mean, smooth.mean), (0.0, 0.0))

    def _draw_weights(self) -> None:
        self._move_mark(2)
        model, curves = self._model, self._weights
        if not any(len(each.steps) for each in self._models) or not curves.bold:
            return
        view = self.weights.x_range
        pixels = self.weights.pixels // (4 if curves.are_many else 2)
        if len(self._models) > 1:
            x, around = weight_spread(self._models, STEPS_WINDOW, view, pixels, self._kind)
            curves.draw_bands(x, around)
            self.weights.fit_y(_in_sight(around), (0.0, 0.0))
            return
        x, smooth = model.steps.weight_points("smoothed", STEPS_WINDOW, *view, pixels)
        raw_x, raw = model.steps.weight_points("raw", 1, *view, pixels)
        curves.draw((x, smooth), (raw_x, raw))
        self.weights.fit_y(without_spikes(raw, smooth), (0.0, 0.0))

    def _style(self) -> None:
        theme = self._theme
        for curves in (self._norms, self._weights):
            curves.set_style(theme, self._colours)
        self.pair_curves.style(theme, self.devicePixelRatioF())
        for mark in self._marks:
            mark.setPen(pg.mkPen(QColor(theme.accent), width=1))

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        for plot in self.plots:
            plot.set_theme(theme)
        self._style()
        self._say_legend()

    def describe(self) -> None:
        """Say in words what the plots show, for those who do not see them."""
        names = [facts.name for facts in self._model.tasks]
        words = in_words(self._models, self._probes, names, self._layer, self._pair)
        for plot, text in zip(self.plots, words, strict=True):
            if text:
                plot.set_summary(text)

    # time

    def _slid(self, value: int) -> None:
        """The slider stands on steps, as the axis above it does; the nearest probe counts."""
        steps = self._probes.steps
        if len(steps):
            self.scrubbed.emit(int(np.abs(steps - value).argmin()))

    def _clicked(self, event: object) -> None:
        """A double click shows the whole run again; a click looks at the probe nearest to it."""
        if getattr(event, "double", bool)():
            self.conflict.area.setXRange(0, max(self._model.total_steps, 1), padding=0.01)
            return
        if getattr(event, "button", lambda: None)() == Qt.MouseButton.LeftButton:
            where = getattr(event, "scenePos", lambda: None)()
            self._slid(round(self.conflict.area.vb.mapSceneToView(where).x()))


def _in_sight(around: Bounds) -> Values:
    """The means and their bands: of what a few seeds leave open at first, the means."""
    return np.concatenate([around.mean, around.low, around.high])
