"""ScoreTimeline: each task's score step by step, and what of it is lost, with the stages behind."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QSplitter, QWidget

from workbench.spec.task_measures import forgetting_at_steps
from workbench.study.spread import Spread
from workbench.ui.look.theme import Theme, soft
from workbench.ui.model.decimation import Values
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.band_item import BandItem
from workbench.ui.plots.exports import Table
from workbench.ui.plots.line_plot import Plot
from workbench.ui.plots.seed_curves import score_spread
from workbench.ui.tabs.forgetting.stage_drops import Drop, drops
from workbench.ui.widgets.basics import column, plot_pen
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import html_label, in_html, set_hint
from workbench.ui.words.spread_words import band_words

#: A drop is written only where its stage is so wide, in pixels.
_LABEL_ROOM = 46

#: More tasks than this are not named above the plots: the matrix names them.
_MANY_TASKS = 8

tr = translator("ScoreTimeline")


class ScoreTimeline(QWidget):
    """Two plots with one x-axis, from the validations of a run, or their mean over seeds."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = RunModel()
        self._steps: Values = np.empty(0)
        self._scores: Values = np.empty((0, 0))
        self._lost: Values = np.empty((0, 0))
        self._bounds: tuple[float, float] = (np.nan, np.nan)
        self._shown_drops: list[Drop] = []
        self.score = Plot(tr("Score over time"), tr("score"), theme)
        self.lost = Plot(tr("Forgetting over time"), tr("forgetting"), theme, tr("step"))
        self.score.table = lambda: self._table(self._scores)
        self.lost.table = lambda: self._table(self._lost)
        self.lost.setXLink(self.score)
        bottom = self.score.area.getAxis("bottom")
        bottom.setStyle(showValues=False)
        bottom.setHeight(6)
        for plot in (self.score, self.lost):
            plot.setMinimumHeight(84)
        self._score_lines: list[pg.PlotCurveItem] = []
        self._lost_lines: list[pg.PlotCurveItem] = []
        self._bands: list[BandItem] = []
        self._spread_words = ""
        self._drops: list[pg.PlotCurveItem] = []
        self._labels: list[pg.TextItem] = []
        self._mean, self._mean_lost = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._joint = pg.InfiniteLine(angle=0, movable=False)
        self._fine = pg.InfiniteLine(angle=0, movable=False)
        self._zero = pg.InfiniteLine(pos=0, angle=0, movable=False)
        for item in (self._joint, self._fine, self._mean):
            self.score.area.addItem(item, ignoreBounds=True)
        for item in (self._zero, self._mean_lost):
            self.lost.area.addItem(item, ignoreBounds=True)
        self._key = html_label("hint")
        self._key.setContentsMargins(58, 0, 0, 0)
        set_hint(
            self._key,
            tr(
                "Validation scores. Below: best score so far minus the present one, of the tasks\n"
                "that are not being learned. Dashed: mean final test scores of the bounds."
            ),
        )
        self._key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.score)
        splitter.addWidget(self.lost)
        splitter.setSizes([140, 100])
        layout = column(self, (0, 0, 0, 0), 2)
        layout.addWidget(self._key)
        layout.addWidget(splitter, 1)
        self.score.resized.connect(self._place_labels)
        self.score.area.vb.sigXRangeChanged.connect(self._place_labels)
        self._style()

    def set_bounds(self, joint: float, fine_tuning: float) -> None:
        """Mean final scores of the two bounds; NaN where they are not known."""
        self._bounds = (joint, fine_tuning)
        for line, value in ((self._joint, joint), (self._fine, fine_tuning)):
            line.setVisible(bool(np.isfinite(value)))
            line.setPos(value if np.isfinite(value) else 0.0)
        self._say_key()

    def show_models(self, models: Sequence[RunModel], kind: Spread = Spread.INTERVAL) -> None:
        """Show the mean of the runs and what lies around it, as far as each has come."""
        model = models[0]
        if model.began is None:
            return
        if model is not self._model or len(self._score_lines) != len(model.tasks):
            self._adopt(model)
        self._steps, around = score_spread(models, "", kind)
        self._scores = around.mean
        self._spread_words = band_words(len(models), kind)
        spans = [
            (band.start, band.end, stage.tasks)
            for band, stage in zip(model.bands, model.began.stages, strict=True)
        ]
        names = [task.name for task in model.tasks]
        higher = [task.higher_is_better for task in model.tasks]
        self._lost = forgetting_at_steps(self._steps, self._scores, spans, names, higher)
        for j, band in enumerate(self._bands):
            band.set_data(self._steps, around.low[:, j], around.high[:, j])
        self._draw(drops(self._steps, self._scores, spans, names))

    def _adopt(self, model: RunModel) -> None:
        self._model = model
        for line in self._score_lines:
            self.score.removeItem(line)
        for line in self._lost_lines:
            self.lost.removeItem(line)
        n = len(model.tasks)
        for band in self._bands:
            self.score.removeItem(band)
        self._bands = [BandItem() for _ in range(n)]
        for band in self._bands:
            self.score.area.addItem(band, ignoreBounds=True)
        self._score_lines = [pg.PlotCurveItem() for _ in range(n)]
        self._lost_lines = [pg.PlotCurveItem() for _ in range(n)]
        for line in self._score_lines:
            self.score.addItem(line)
        for line in self._lost_lines:
            self.lost.addItem(line)
        self.score.area.setXRange(0, max(model.total_steps, 1), padding=0.01)
        self._style()

    def _draw(self, new_drops: list[Drop]) -> None:
        model, steps = self._model, self._steps
        for j, line in enumerate(self._score_lines):
            line.setData(steps, self._scores[:, j], connect="finite")
        for j, line in enumerate(self._lost_lines):
            line.setData(steps, self._lost[:, j], connect="finite")
        self._mean.setData(steps, _mean_of(self._scores), connect="finite")
        mean_lost = _mean_of(self._lost)
        self._mean_lost.setData(steps, mean_lost, connect="finite")
        marks = model.change_steps
        drifts = [float(drift.step) for drift in model.drifts]
        self.score.set_bands(model.bands, marks, drifts=drifts)
        self.lost.set_bands(model.bands, marks, names=False, drifts=drifts)
        is_share = model.scores_are_shares
        self.score.fit_y(self._scores, (0.0, 1.0) if is_share else None)
        self.lost.fit_y(self._lost, (0.0, 0.5) if is_share else (0.0, 0.0))
        self._draw_drops(new_drops)
        self._say_key()
        known = mean_lost[np.isfinite(mean_lost)]
        if len(known):
            text = tr("Mean forgetting at step {}: {}")
            self.lost.set_summary(text.format(f"{int(steps[-1]):,}", f"{known[-1]:.3f}"))
        self.score.set_summary(", ".join(f"{drop.text} {drop.name}" for drop in new_drops))

    def _draw_drops(self, new_drops: list[Drop]) -> None:
        while len(self._drops) > len(new_drops):
            self.score.removeItem(self._drops.pop())
            self.score.removeItem(self._labels.pop())
        while len(self._drops) < len(new_drops):
            self._drops.append(pg.PlotCurveItem())
            self._labels.append(pg.TextItem(anchor=(0, 0.5)))
            self.score.addItem(self._drops[-1])
            self.score.area.addItem(self._labels[-1], ignoreBounds=True)
        for drop, line, text in zip(new_drops, self._drops, self._labels, strict=True):
            colour = self._theme.task_colour(self._model.colours[drop.task])
            line.setPen(pg.mkPen(soft(colour, 150), width=1))
            line.setData(np.array([drop.at, drop.at]), np.array([drop.before, drop.after]))
            text.setText(drop.text, color=colour)
            text.fill = pg.mkBrush(soft(self._theme.surface, 215))
            text.setPos(drop.at, drop.middle)
            set_hint(
                text, tr("{}: {} during {}").format(drop.name, drop.text, self._band_name(drop))
            )
        self._shown_drops = new_drops
        self._place_labels()

    def _band_name(self, drop: Drop) -> str:
        return next((band.name for band in self._model.bands if band.start == drop.at), "")

    def _place_labels(self, *_: object) -> None:
        """Write only those drops that have room in their stage."""
        low, high = self.score.x_range
        width = self.score.area.vb.width() / max(high - low, 1e-9)
        for drop, text in zip(self._shown_drops, self._labels, strict=False):
            text.setVisible((drop.until - drop.at) * width >= _LABEL_ROOM)

    def _say_key(self) -> None:
        theme, model = self._theme, self._model
        words: list[str] = []
        if len(model.tasks) <= _MANY_TASKS:
            words += [
                f"<b style='color:{theme.task_colour(number).name()}'>━</b> {in_html(task.name)}"
                for task, number in zip(model.tasks, model.colours, strict=True)
            ]
        words.append(f"<b style='color:{theme.text}'>━</b> {tr('mean')}")
        for value, text, shade in (
            (self._bounds[0], tr("joint {}"), theme.good),
            (self._bounds[1], tr("fine-tuning {}"), theme.danger),
        ):
            if np.isfinite(value):
                words.append(f"<b style='color:{shade}'>╌</b> {text.format(f'{value:.2f}')}")
        if self._spread_words:
            words.append(in_html(self._spread_words))
        self._key.setText("&nbsp;&nbsp; ".join(words))

    def _style(self) -> None:
        theme = self._theme
        ratio = self.devicePixelRatioF()
        for lines in (self._score_lines, self._lost_lines):
            for line, number in zip(lines, self._model.colours, strict=True):
                line.setPen(plot_pen(theme.task_colour(number), number, 1.2, self))
        for band, number in zip(self._bands, self._model.colours, strict=True):
            band.set_colour(soft(theme.task_colour(number), 46))
        for line in (self._mean, self._mean_lost):
            line.setPen(pg.mkPen(theme.text, width=2 * ratio))
        dashed = Qt.PenStyle.DashLine
        self._joint.setPen(pg.mkPen(theme.good, width=1, style=dashed))
        self._fine.setPen(pg.mkPen(theme.danger, width=1, style=dashed))
        self._zero.setPen(pg.mkPen(QColor(theme.border), width=1))
        self.set_bounds(*self._bounds)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self.score.set_theme(theme)
        self.lost.set_theme(theme)
        self._style()
        self._draw_drops(self._shown_drops)

    def _table(self, values: Values) -> Table:
        names = [task.name for task in self._model.tasks]
        rows = [[int(s), *row] for s, row in zip(self._steps, values.tolist(), strict=True)]
        return ["step", *names], rows


def _mean_of(values: Values) -> Values:
    """The mean of what is known in each row; NaN where nothing is."""
    known = np.isfinite(values)
    counts = known.sum(axis=1)
    sums = np.where(known, values, 0.0).sum(axis=1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
