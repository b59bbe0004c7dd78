"""Curves: loss and validation score of each task over the steps."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedLayout, QWidget

from workbench.spec.event import Began
from workbench.ui.look.theme import Theme, soft
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.line_plot import Plot
from workbench.ui.services.tab_context import TabContext
from workbench.ui.tab import Tab
from workbench.ui.tabs.curves.curve_tables import loss_table, score_table
from workbench.ui.tabs.curves.curve_tools import CurveTools
from workbench.ui.tabs.curves.curve_words import describe
from workbench.ui.tabs.curves.legend import TaskChip, fit_legend
from workbench.ui.tabs.curves.overlay import CurveOverlay
from workbench.ui.tabs.curves.pointing import pointing
from workbench.ui.tabs.curves.quick_lines import QuickLines
from workbench.ui.tabs.curves.score_summary import score_figures
from workbench.ui.tabs.curves.score_table import ScoreTable
from workbench.ui.tabs.curves.seed_bands import SeedBands
from workbench.ui.tabs.curves.task_lines import TaskLines
from workbench.ui.tabs.curves.task_search import TaskSearch
from workbench.ui.tabs.curves.x_view import XView
from workbench.ui.widgets.basics import EmptyState, FlowLayout, column, scrolling
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_axis_title

#: Beyond so many validations a dot for each is faint; beyond so many it would hide the line.
_SEVERAL_DOTS, _MANY_DOTS = 24, 80

tr = translator("Curves")


class CurvesPanel(Tab):
    """Two plots with one x-axis, a legend above them and the smoothing slider."""

    name = "curves"
    order = 10
    is_by_task = True
    is_quick = True

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = RunModel()
        self._models: list[RunModel] = []
        self._began: Began | None = None
        self._adopted: RunModel | None = None
        self._seen = (-1, -1)
        self._titled = ""
        self._is_scores_turn = False
        self.chips: list[TaskChip] = []
        self.loss = Plot(tr("Loss per task"), tr("loss"), theme)
        self.score = Plot(tr("Validation score per task"), tr("score"), theme, tr("step"))
        self.score.setXLink(self.loss)
        self._lines = TaskLines(self.loss, self.score)
        lines = self._lines
        self._raw, self._smooth, self._score = lines.raw, lines.smooth, lines.score
        self._bands = SeedBands(self.loss, self.score)
        self.loss.area.getAxis("bottom").setStyle(showValues=False)
        self.view = XView(self.loss, self.score)
        self.loss.table = lambda: loss_table(self._models, self.tools.x_unit)
        self.score.table = lambda: score_table(self._models, *self.tools.choices)
        self.loss.resized.connect(self.redraw)
        self.loss.area.vb.sigXRangeChanged.connect(self.redraw)
        QuickLines(self.loss, lambda: self._smooth)
        self._build()
        self.pointer, self.end_names = pointing(
            (self.loss, lambda: (self.chips, self._smooth, self._raw, *self._bands.of_losses)),
            (self.score, lambda: (self.chips, self._score, *self._bands.of_scores)),
            self.tools,
            self.view.words,
            self._all,
        )

    def _build(self) -> None:
        self._empty = EmptyState(
            tr("No curves yet"),
            tr("Press Run, or F5. Each task's loss and validation score grow here as it learns."),
        )
        layout = column(content := QWidget(), (12, 10, 12, 8), 8)
        self._legend = QWidget()
        self._flow = FlowLayout(self._legend, 6)
        self.tools = CurveTools()
        self._legend_area = scrolling(self._legend)
        self.search = TaskSearch(self._legend_area)
        self.search.changed.connect(self._fit_legend)
        self.overlay = CurveOverlay(self.loss, self.score, self.tools, self._theme, self)
        for part in (self.search, self._legend_area, self.overlay.key):
            layout.addWidget(part)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.loss)
        splitter.addWidget(self.score)
        splitter.setSizes([100, 100])
        layout.addWidget(splitter, 1)
        self.table = ScoreTable(self._theme)
        self.table.hide()
        layout.addWidget(self.table)
        layout.addWidget(self.tools)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(content)
        self.tools.changed.connect(self.redraw)
        self.tools.x_box.activated.connect(self._count_x)
        self.tools.with_table.toggled.connect(self.table.setVisible)
        axis = self.loss.area.getAxis("left")
        self.tools.log_scale.toggled.connect(lambda is_log: axis.setLogMode(False, is_log))

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("&Curves")

    def join(self, context: TabContext) -> None:
        """Follow the session; what the plots show is put into words less often."""
        super().join(context)
        context.session.matrix_due.connect(self.describe)
        self.overlay.join(context.run_history.overlay, self.redraw)
        self.tools.x_box.setCurrentIndex(self.tools.x_box.findData(context.x_axis.unit))
        self._count_x()

    def _count_x(self) -> None:
        """The x-axis counts something else."""
        if self.has_joined:
            self.context.x_axis.choose(self.tools.x_unit)
        self._measure_x()
        self.redraw()

    def _measure_x(self) -> None:
        self.view.follow(self._model, self.tools.x_unit)
        self._bands.scale, self.overlay.unit = self.view.scale, self.tools.x_unit

    def set_models(self, current: RunModel, models: Sequence[RunModel] = ()) -> None:
        """Show the mean of the seeds, as far as each has come, or one alone."""
        begun = [model for model in models if model.began is not None] or [current]
        if self._models == begun and begun[0].began is self._began:
            return
        self._models, self._model = begun, begun[0]
        self._bands.clear()
        self._adopt()
        self.redraw()

    def _adopt(self) -> None:
        """Make curves and legend for the tasks of the run, once they are known."""
        began = self._model.began
        if began is None:
            if self._began is None:
                self._stack.setCurrentIndex(0)
            return
        self._began = began
        self.tools.follow_stage(min((s.steps for s in began.stages if s.steps), default=0))
        if self._adopted is not self._model:  # else only its stages are others by now
            self._make_curves(began)
        self._all()

    def _make_curves(self, began: Began) -> None:
        self.pointer.hide()
        hidden = {chip.facts.name for chip in self.chips if not chip.isChecked()}
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for i, facts in enumerate(began.tasks):
            chip = TaskChip(facts, self._model.colours[i], self._theme)
            chip.setChecked(facts.name not in hidden)
            chip.toggled.connect(self.redraw)
            self._flow.addWidget(chip)
            chip.show()  # else the legend has no height until the next turn of the event loop
            self.chips.append(chip)
        self._lines.make(len(began.tasks))
        self._bands.make(len(began.tasks))
        self._flow.removeWidget(self._bands.caption)
        self._flow.addWidget(self._bands.caption)
        self._adopted = self._model
        self._style()
        self._fit_legend()
        self._titled = ""
        self._title_scores()
        self.search.set_chips(self.chips)
        self._stack.setCurrentIndex(1)

    def _title_scores(self) -> None:
        names = {facts.metric for facts in self._model.tasks}
        own = next(iter(names)) if len(names) == 1 else tr("score")
        metric = self.tools.chosen_metric or own
        if metric != self._titled:
            self._titled = metric
            set_axis_title(self.score.area.getAxis("left"), tr("{} (validation)").format(metric))
            self.score.set_theme(self._theme)

    def _style(self) -> None:
        numbers = [chip.number for chip in self.chips]
        self._lines.style(self._theme, numbers, self)
        self._bands.style(self._theme, numbers)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        for part in (self.loss, self.score, self.table, *self.chips, *self.end_names):
            part.set_theme(theme)
        self._style()
        self.redraw()

    def refresh(self) -> None:
        """Draw what is new, where the panel can be seen."""
        if self._model.began is not self._began and self._model.began is not None:
            self._adopt()
        if not self.isVisible() or self._adopted is not self._model:
            return
        self._measure_x()
        steps = sum(model.steps_version for model in self._models)
        scores = sum(model.scores_version for model in self._models)
        if -1 in self._seen:  # what is drawn over them changes with the view, and not with a step
            self.overlay.draw(self._theme, self.chips)
        has_scores, has_losses = scores != self._seen[1], steps != self._seen[0]
        # one plot a frame, in turn: both at once would hold the window twice as long
        is_first = -1 in self._seen or all(model.is_over for model in self._models)
        if has_scores and (is_first or not has_losses or self._is_scores_turn):
            self._draw_scores()
            self._seen = (self._seen[0], scores)
        if has_losses and (is_first or not has_scores or not self._is_scores_turn):
            self._draw_losses()
            self._seen = (steps, self._seen[1])
        self._is_scores_turn = not self._is_scores_turn

    def redraw(self, *_: object) -> None:
        """Draw everything again."""
        self._seen = (-1, -1)
        self.refresh()

    def _fit_legend(self) -> None:
        fit_legend(self._legend_area, self._flow)

    def resizeEvent(self, event: object) -> None:
        """A new size gives the legend other lines, and the table its share of the height."""
        self._fit_legend()
        self.table.limit_height(int(0.28 * self.height()))

    def showEvent(self, event: object) -> None:
        """What happened unseen is drawn now."""
        self.redraw()

    def _draw_losses(self) -> None:
        model = self._model
        shown = np.array([chip.isChecked() for chip in self.chips])
        x, smooth, raw_x, raw = self._bands.losses(self._models, self.tools, self.spread, shown)
        for i in range(len(self.chips)):
            if shown[i]:
                self._smooth[i].setData(x, smooth[:, i], connect="finite")
            else:
                self._smooth[i].clear()
            if len(raw_x) and shown[i]:
                self._raw[i].setData(raw_x, raw[:, i], connect="finite")
            else:
                self._raw[i].clear()
        self.loss.fit_y(raw[:, shown], None if self.tools.log_scale.isChecked() else (0.0, 0.0))
        self.view.draw_marks()
        self.end_names[0].soon()
        if model.is_over:
            self.describe()

    def _draw_scores(self) -> None:
        if self._bands.say(len(self._models), self.spread):
            self._fit_legend()
        self.tools.offer_metrics(self._model.more_metrics)
        self._title_scores()
        metric = self.tools.chosen_metric
        given = (self._models, metric, self.spread, [chip.isChecked() for chip in self.chips])
        steps, scores, seen = self._bands.scores(*given)
        figures = score_figures(self._models)
        self.search.set_figures(figures)
        dot = "o" if len(steps) <= _MANY_DOTS and not self._lines.are_plain else None
        alpha = 255 if len(steps) <= _SEVERAL_DOTS else 110
        for i, chip in enumerate(self.chips):
            chip.set_figures(figures[i])
            if chip.isChecked():
                brush = soft(self._theme.task_colour(chip.number), alpha)
                self._score[i].setData(
                    steps, scores[:, i], connect="finite", symbol=dot, symbolBrush=brush
                )
            else:
                self._score[i].clear()
        if self.tools.with_table.isChecked():
            self.table.show_models(self._models, self.tools.window_steps)
        self.view.fit_scores(steps, seen, self._bands.ends(self._models, metric))
        self.end_names[1].soon()

    def describe(self) -> None:
        """Say in words what the plots show, for those who do not see them."""
        describe(self.loss, self.score, self._model, self.tools)

    def _all(self) -> None:
        """Show the whole run."""
        self._measure_x()
        self.view.show_all()
