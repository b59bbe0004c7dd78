"""ProbePlots: conflict, gradient norms and weights over the steps, with a time to look at."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QSlider, QSplitter, QWidget

from workbench.ui.look.theme import Theme, soft
from workbench.ui.model.probe_record import mean_of, thinned
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.smoothing import smoothed
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tabs.interference.probe_tables import conflict_table, norm_table, weight_table
from workbench.ui.tabs.interference.task_curves import TaskCurves, without_spikes
from workbench.ui.widgets.basics import column, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import html_label, in_html, set_axis_title, set_hint

#: The bold curves are means of so many probes, or steps, around each; the raw ones stay faint
#: behind them.
PROBES_WINDOW = 5
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
        self._model = RunModel()
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
        self.conflict.table = lambda: conflict_table(self._model, self._layer)
        self.norms.table = lambda: norm_table(self._model, self._layer)
        self.weights.table = lambda: weight_table(self._model)
        self._marks = [pg.InfiniteLine(angle=90, movable=False) for _ in self.plots]
        self._zero = pg.InfiniteLine(pos=0, angle=0, movable=False)
        self._share = pg.PlotCurveItem()
        self._pair_raw, self._pair_smooth = pg.PlotCurveItem(), pg.PlotCurveItem()
        for item in (self._zero, self._share, self._pair_raw, self._pair_smooth):
            self.conflict.area.addItem(item, ignoreBounds=True)
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
        layout.addWidget(self._legend)
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
        """Show another run: a curve for each of its tasks, in the colours of these numbers."""
        self._model, self._colours = model, colours
        for curves in (self._norms, self._weights):
            curves.set_count(len(model.tasks))
        self._style()
        self.conflict.area.setXRange(0, max(model.total_steps, 1), padding=0.01)

    def set_view(
        self, layer: int, pair: tuple[int, int] | None, at: int | None, is_affinity: bool
    ) -> None:
        """Show a layer and a pair, with a line at probe number `at` (None: none)."""
        self._layer, self._pair, self._is_affinity = layer, pair, is_affinity
        n_probes = len(self._model.probes)
        has_probes = n_probes > 0
        for part in (self.conflict, self.norms, self._legend, self._line):
            part.setVisible(has_probes)
        steps = self._model.probes.steps
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
        model, probes = self._model, self._model.probes
        has_names = bool(len(probes))
        for plot in self.plots:
            is_top = plot is (self.conflict if has_names else self.weights)
            plot.set_bands(model.bands, model.change_steps, names=is_top)
        if not len(probes) or self._pair is None:
            return
        i, j = self._pair
        if self._is_affinity:
            values, share = 100 * probes.pair_affinity(i, j), np.full(len(probes), np.nan)
        else:
            values = probes.pair_cosines(self._layer, i, j)
            share = smoothed(probes.conflicts(self._layer), PROBES_WINDOW)
        y = np.column_stack([values, smoothed(values, PROBES_WINDOW), share])
        x, y = thinned(probes.steps, y, self.conflict.pixels)
        self._pair_raw.setData(x, y[:, 0], connect="finite")
        self._pair_smooth.setData(x, y[:, 1], connect="finite")
        filled = np.where(np.isfinite(y[:, 2]), y[:, 2], 0.0)
        self._share.setData(x, filled, fillLevel=0.0)
        if self._is_affinity:
            self.conflict.fit_y(values, (0.0, 0.0))
        else:
            self.conflict.fit_y(values, (-1.0, 1.0))

    def _draw_norms(self) -> None:
        self._move_mark(1)
        probes = self._model.probes
        if not len(probes):
            return
        norms = probes.norms(self._layer)
        smooth = smoothed(norms, PROBES_WINDOW)
        pixels = self.norms.pixels // (4 if self._norms.are_many else 2)
        x, y = thinned(probes.steps, smooth, pixels)
        self._norms.draw((x, y), thinned(probes.steps, norms, pixels))
        self.norms.fit_y(without_spikes(norms, smooth), (0.0, 0.0))

    def _draw_weights(self) -> None:
        self._move_mark(2)
        model = self._model
        if not len(model.steps) or not self._weights.bold:
            return
        low, high = self.weights.x_range
        pixels = self.weights.pixels // (4 if self._weights.are_many else 2)
        x, smooth = model.steps.weight_points("smoothed", STEPS_WINDOW, low, high, pixels)
        raw_x, raw = model.steps.weight_points("raw", 1, low, high, pixels)
        self._weights.draw((x, smooth), (raw_x, raw))
        self.weights.fit_y(without_spikes(raw, smooth), (0.0, 0.0))

    def _style(self) -> None:
        theme = self._theme
        for curves in (self._norms, self._weights):
            curves.set_style(theme, self._colours)
        scale = self.devicePixelRatioF()
        self._pair_raw.setPen(pg.mkPen(soft(theme.text, 80), width=1))
        self._pair_smooth.setPen(pg.mkPen(QColor(theme.text), width=1.5 * scale))
        self._pair_smooth.opts["antialias"] = True
        self._share.setPen(pg.mkPen(soft(theme.heat_against, 120), width=1))
        self._share.setBrush(soft(theme.heat_against, 46))
        self._zero.setPen(pg.mkPen(QColor(theme.border), width=1))
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
        probes, names = self._model.probes, [facts.name for facts in self._model.tasks]
        if len(probes) and self._pair is not None:
            i, j = self._pair
            share = mean_of(probes.conflicts(self._layer)[-PROBES_WINDOW:])
            cosine = probes.pair_cosines(self._layer, i, j)[-1]
            text = tr("{} probes. Newest cosine of {} and {}: {}. Pairs in conflict: {}")
            self.conflict.set_summary(
                text.format(len(probes), names[i], names[j], f"{cosine:.3f}", f"{share:.0%}")
            )
            pairs = zip(names, probes.norms(self._layer)[-1], strict=True)
            words = ", ".join(f"{name} {norm:.3g}" for name, norm in pairs)
            self.norms.set_summary(tr("Newest gradient norms: {}").format(words))
        if self._model.steps.newest_weights is not None:
            pairs = zip(names, self._model.steps.newest_weights, strict=True)
            words = ", ".join(f"{name} {weight:.3g}" for name, weight in pairs)
            self.weights.set_summary(tr("Weights at the newest step: {}").format(words))

    # time

    def _slid(self, value: int) -> None:
        """The slider stands on steps, as the axis above it does; the nearest probe counts."""
        steps = self._model.probes.steps
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
