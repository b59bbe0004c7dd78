"""Compare: several setups on one plot, and in numbers with what each changes."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSizePolicy, QSplitter, QStackedLayout, QWidget

from workbench.spec.experiment import Spec
from workbench.spec.run_row import RunRow
from workbench.ui.look.run_colours import MOST_RUNS, run_colour, run_mark, run_pen
from workbench.ui.look.theme import Theme, soft
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.task_colours import orders_of
from workbench.ui.plots.exports import Table
from workbench.ui.plots.line_plot import Plot
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.services.tab_context import TabContext
from workbench.ui.tab import Tab
from workbench.ui.tabs.compare.comparison import (
    FigureCache,
    Setup,
    curve_of,
    figures_of,
    setups_of,
    tasks_of,
)
from workbench.ui.tabs.compare.comparison_table import ComparisonTable
from workbench.ui.widgets.basics import EmptyState, WheelGuard, column, guard_wheel, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import html_label, in_html, offer, set_hint

tr = translator("Compare")


class ComparePanel(Tab):
    """The runs chosen in Runs, and the one that goes on; several seeds of a setup are one line."""

    name = "compare"
    order = 80

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._read: dict[str, RunModel] = {}
        self._known = FigureCache()
        #: Runs that are being read, and how many came since they were chosen.
        self._awaited: set[str] = set()
        self._n_come = 0
        self._setups: list[Setup] = []
        self._live: list[RunModel] = []
        self._seen: object = None
        self._base_name = ""
        self._lines: list[tuple[pg.PlotCurveItem, pg.PlotCurveItem, pg.FillBetweenItem]] = []
        self._means: list[pg.PlotCurveItem] = []
        self.task = self._combo("task", tr("The task whose scores are drawn"))
        self.base = self._combo("base", tr("The setup that the others are compared with"))
        self.score = Plot(tr("Scores compared"), tr("score (validation)"), theme, tr("step"))
        self.score.table = self._numbers
        self.table = ComparisonTable(theme)
        self._build()
        self.task.activated.connect(self.redraw)
        self.base.activated.connect(self._choose_base)

    def _combo(self, name: str, title: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(f"compare.{name}")
        combo.setAccessibleName(title)
        set_hint(combo, title)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(16)
        guard_wheel(WheelGuard(self), combo)
        return combo

    def _build(self) -> None:
        self._empty = EmptyState(
            tr("Nothing to compare yet"),
            tr(
                "Choose several runs in Runs with Ctrl or Shift, or right-click one and duplicate "
                "it with another method: both are drawn here."
            ),
        )
        content = QWidget()
        layout = column(content, (12, 10, 12, 8), 8)
        layout.addLayout(row(self.task, 1, label(tr("Compared with"), "muted"), self.base))
        self._key = html_label("hint")
        self._key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        layout.addWidget(self._key)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.score)
        splitter.addWidget(self.table)
        splitter.setSizes([130, 100])
        layout.addWidget(splitter, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(content)

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("Co&mpare")

    def join(self, context: TabContext) -> None:
        """Follow the session, and what is chosen among the runs."""
        super().join(context)
        context.run_history.chosen_changed.connect(self._choose)

    def applies(self, spec: Spec, model: RunModel) -> bool:
        """Whether runs were chosen."""
        del spec, model
        return bool(self.context.run_history.chosen)

    def set_models(self, current: RunModel, finished: Sequence[RunModel]) -> None:
        """The launch that goes on is one more setup."""
        self._live = [*finished, *([] if current in finished else [current])]
        self.refresh()

    def _choose(self) -> None:
        """Read the runs that are not known yet; each is drawn when it is there."""
        wanted = {row.run_id for row in self.context.run_history.chosen}
        self._read = {key: model for key, model in self._read.items() if key in wanted}
        self._known.keep([*self._read.values(), *self._live])
        self._awaited = wanted - self._read.keys()
        self._n_come = 0
        for chosen in self.context.run_history.chosen:
            if chosen.run_id in self._awaited:
                self.context.run_history.read(chosen, self._take, self._miss)
        self.redraw()

    def _take(self, chosen: RunRow, recorded: RunRecord) -> None:
        if chosen.run_id in self._awaited:
            orders = orders_of(self.context.presenter.catalogue)
            model = RunModel.of(recorded.events, recorded.seed, recorded.spec, orders)
            self._known.name(model, chosen.fingerprint)
            self._read[chosen.run_id] = model
            self._miss(chosen)

    def _miss(self, chosen: RunRow) -> None:
        """One less is awaited.

        Drawn is what there is when it has doubled, and at the end: the more there are, the longer
        it takes.
        """
        self._awaited.discard(chosen.run_id)
        self._n_come += 1
        if not self._awaited or self._n_come & (self._n_come - 1) == 0:
            self.redraw()

    def refresh(self) -> None:
        """Draw what is new, where the panel can be seen."""
        if not self.isVisible() or not self.has_joined:
            return
        # Those that were chosen stay as they are; only what goes on is looked at each time.
        seen = [(id(model), model.scores_version, model.matrix_version) for model in self._live]
        if seen == self._seen:
            return
        self._seen = seen
        chosen = [
            self._read[row.run_id]
            for row in self.context.run_history.chosen
            if row.run_id in self._read
        ]
        models = [*chosen, *self._live] if chosen else []
        self._setups = setups_of(models, self._known.key)[:MOST_RUNS]
        self._stack.setCurrentIndex(1 if self._setups else 0)
        if self._setups:
            self._offer()
            self._draw()
            figures = figures_of(self._setups, self._base, self._known.reached)
            self.table.show_figures([setup.name for setup in self._setups], figures, self._base)

    def redraw(self, *_: object) -> None:
        """Draw everything again."""
        self._seen = None
        self.refresh()

    def showEvent(self, event: object) -> None:
        """What happened unseen is drawn now."""
        self.redraw()

    @property
    def setups(self) -> list[Setup]:
        """What is compared."""
        return list(self._setups)

    def _choose_base(self) -> None:
        self._base_name = self.base.currentData()
        self.redraw()

    @property
    def _base(self) -> int:
        return min(max(self.base.currentIndex(), 0), len(self._setups) - 1)

    def _offer(self) -> None:
        tasks = [tr("Mean of all tasks"), *tasks_of(self._setups)]
        names = [setup.name for setup in self._setups]
        current_task = self.task.currentData()
        for combo, wanted, current in (
            (self.task, tasks, current_task),
            (self.base, names, self._base_name),
        ):
            if offer(combo, wanted):
                combo.setCurrentIndex(max(combo.findData(current), 0))

    def _draw(self) -> None:
        task = self.task.currentData() if self.task.currentIndex() > 0 else None
        self._make_lines(len(self._setups))
        everything: list[np.ndarray] = []
        words: list[str] = []
        for i, setup in enumerate(self._setups):
            steps, mean, spread = self._known.curve(setup, task)
            self._means[i].setPen(run_pen(self._theme, i, 1.6 * self.devicePixelRatioF()))
            self._means[i].setData(steps, mean, connect="finite")
            low, high, band = self._lines[i]
            known = np.where(np.isfinite(spread), spread, 0.0)
            low.setData(steps, mean - known)
            high.setData(steps, mean + known)
            band.setBrush(pg.mkBrush(soft(run_colour(self._theme, i), 38)))
            band.setVisible(bool(len(steps) > 1 and np.isfinite(spread).any()))
            everything += [mean - known, mean + known]
            mark = run_mark(self._theme, i)
            words.append(f"{mark} {in_html(setup.name)} ({in_html(_endings(setup))})")
        self._key.setText("&nbsp;&nbsp;&nbsp; ".join(words))
        models = [model for setup in self._setups for model in setup.models]
        longest = max(models, key=lambda model: model.total_steps)
        self.score.area.setXRange(0, max(longest.total_steps, 1), padding=0.01)
        is_alike = all(model.bands == longest.bands for model in models)
        self.score.set_bands(longest.bands if is_alike else [], [])
        limits = (0.0, 1.0) if longest.scores_are_shares else None
        self.score.fit_y(np.concatenate(everything), limits)
        self.score.set_summary(self.table.accessibleDescription())

    def _make_lines(self, n: int) -> None:
        while len(self._means) > n:
            self.score.removeItem(self._means.pop())
            for item in self._lines.pop():
                self.score.removeItem(item)
        while len(self._means) < n:
            low, high = pg.PlotCurveItem(pen=None), pg.PlotCurveItem(pen=None)
            band = pg.FillBetweenItem(low, high)
            mean = pg.PlotCurveItem()
            for item in (low, high, band, mean):
                self.score.addItem(item)
            self._lines.append((low, high, band))
            self._means.append(mean)

    def _numbers(self) -> Table:
        task = self.task.currentData() if self.task.currentIndex() > 0 else None
        rows: list[list[object]] = []
        for setup in self._setups:
            steps, mean, spread = curve_of(setup, task)
            rows.extend(
                [setup.name, int(s), float(m), float(d)]
                for s, m, d in zip(steps, mean, spread, strict=True)
            )
        return ["setup", "step", "mean", "sd"], rows

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        self.score.set_theme(theme)
        self.table.set_theme(theme)
        self.redraw()


def _endings(setup: Setup) -> str:
    """The seeds of a setup's runs; of those cut short also how and where, for they do not count."""
    seeds = ", ".join(str(model.seed) for model in setup.counted)
    parts = [tr("seeds {}").format(seeds)] if seeds else []
    words = {"stopped": tr("stopped"), "diverged": tr("diverged"), "failed": tr("failed")}
    for model in setup.cut_short:
        text = tr("seed {} {} at step {}, not counted")
        step = f"{model.step:,}"
        parts.append(text.format(model.seed, words.get(model.ending, model.ending), step))
    return "; ".join(parts)
