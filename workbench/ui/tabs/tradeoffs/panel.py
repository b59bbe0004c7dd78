"""TradeOffs: which scores can be had together, over all runs and over a sweep of weights."""

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QComboBox,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QWidget,
)

from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.run_row import RunRow
from workbench.study.compare import Group
from workbench.study.plan import with_each
from workbench.study.transfer import Planned
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.study_runs import StudyRuns
from workbench.ui.services.tab_context import TabContext
from workbench.ui.services.worker import Calls
from workbench.ui.tab import Tab
from workbench.ui.tabs.tradeoffs.count_box import CountBox
from workbench.ui.tabs.tradeoffs.points import Told, placed, with_points
from workbench.ui.tabs.tradeoffs.tradeoff_plot import Axes, Point, TradeoffPlot
from workbench.ui.tabs.tradeoffs.weight_sweep import WeightSweep
from workbench.ui.widgets.basics import EmptyState, FlowLayout, column, label, row
from workbench.ui.widgets.methods_button import MethodsButton
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import offer, set_hint
from workbench.ui.words.spread_words import spread_title

tr = translator("TradeOffs")


class TradeOffsPanel(Tab):
    """Two tasks to look at, a sweep and a comparison as one click each, and the plane."""

    name = "tradeoffs"
    order = 36

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._rows: list[RunRow] = []
        self._methods: dict[str, str] = {}
        self._message = ""
        self._is_reading = self._is_stale = False
        self._n_failed = 0
        self._calls = Calls(self._broke, self)
        self.runs: StudyRuns | None = None
        self.weights: WeightSweep | None = None
        self.plot = TradeoffPlot(tr("Scores that can be had together"), theme)
        self.first, self.second = QComboBox(), QComboBox()
        self.sweep = QPushButton(tr("Sweep weights"))
        self.sweep.setObjectName("tradeoffs.sweep")
        set_hint(
            self.sweep,
            tr(
                "Run this setup with fixed weights in many proportions, on all its seeds; runs "
                "that are there are used again, and a sweep that was cut short goes on"
            ),
        )
        self.count = CountBox()
        self.methods = MethodsButton()
        self.note = label("", "hint", wraps=True)
        self._empty = EmptyState(
            tr("Which scores can be had together?"),
            tr(
                "Every finished run with these tasks is a point here. Sweep weights runs the setup "
                "with fixed weights in many proportions: what a balancing method has to beat."
            ),
        )
        self._build()

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("T&rade-offs")

    @classmethod
    def absence(cls) -> tuple[str, str]:
        """What would fill it."""
        return tr("One task has nothing to trade off"), tr("Choose a second task.")

    def _build(self) -> None:
        for combo, words in ((self.first, tr("Across")), (self.second, tr("Up"))):
            combo.setAccessibleName(words)
            set_hint(combo, words)
            combo.setMinimumContentsLength(11)
            combo.activated.connect(self.redraw)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.plot)
        whole = column(self, (12, 8, 12, 8), 6)
        choices = QWidget()
        choices.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        flow = FlowLayout(choices, 6)
        axes, tries = QWidget(), QWidget()
        axes.setLayout(row(self.first, label("×", "muted"), self.second, spacing=6))
        tries.setLayout(row(self.sweep, self.count, spacing=6))
        for part in (axes, tries, self.methods):
            flow.addWidget(part)
        whole.addWidget(choices)
        whole.addWidget(pages, 1)
        whole.addWidget(self.note)
        self.sweep.clicked.connect(self._sweep_or_stop)
        self.methods.chosen.connect(self._start_methods)

    def join(self, context: TabContext) -> None:
        """Follow the session from now on."""
        self.runs = StudyRuns(context, self)
        self.runs.changed.connect(self._read)
        self.runs.refused.connect(self._refuse)
        self.weights = WeightSweep(context, self)
        self.weights.changed.connect(self._take_sweep)
        self.weights.refused.connect(self._refuse)
        self.methods.join(context.presenter)
        context.presenter.listeners.append(self._hear)
        super().join(context)
        self.plot.opened.connect(context.run_history.open_path)
        context.session.ended.connect(self._read)
        context.run_history.changed.connect(self._read)
        context.run_history.overlay.changed.connect(self._draw_eyes)
        self._hear("spec")

    def _hear(self, topic: str) -> None:
        presenter = self.context.presenter
        if topic in ("state", "catalogue", "problems", "spec"):
            is_free = bool(presenter.catalogue) and not presenter.problems
            is_free = is_free and not presenter.is_live and self._n_tasks() > 1
            self.methods.setEnabled(is_free)
            is_making = self.weights is not None and self.weights.is_making
            self.sweep.setEnabled(is_free or is_making)
            self.count.setEnabled(not is_making)
            self.sweep.setText(tr("Stop the sweep") if is_making else tr("Sweep weights"))
        if topic in ("catalogue", "spec"):
            self._offer_tasks()
        if topic == "spec" and self.isVisible() and self.weights is not None:
            self.weights.find()

    def _n_tasks(self) -> int:
        return max(len(self.context.task_names()), len(self.context.presenter.spec.tasks))

    def _offer_tasks(self) -> None:
        names = self.context.task_names()
        for at, combo in enumerate((self.first, self.second)):
            now = combo.currentData()
            if offer(combo, names):
                combo.setCurrentIndex(names.index(now) if now in names else min(at, len(names) - 1))
        self.redraw()

    def applies(self, spec: Spec, model: RunModel) -> bool:
        """Shown where there are several tasks."""
        is_family = any(choice.task is None for choice in spec.tasks)
        return is_family or len(spec.tasks) > 1 or len(model.tasks) > 1

    def set_models(self, current: RunModel, models: Sequence[RunModel]) -> None:
        """Another run: its tasks may have names now, and an earlier one may have ended."""
        if self.isVisible():
            self._offer_tasks()

    def _draw_eyes(self) -> None:
        if self.isVisible():
            self.redraw()

    def refresh(self) -> None:
        """Points come with runs that end; there is nothing to do in between."""

    def showEvent(self, event: object) -> None:
        """Read the history when it is first looked at, and whenever it is again."""
        if self.has_joined:
            self._offer_tasks()
            self._read()
        if self.weights is not None:
            self.weights.find()
            self.weights.sweeps.watch(True)

    def hideEvent(self, event: object) -> None:
        """What nobody sees need not be followed."""
        if self.weights is not None:
            self.weights.sweeps.watch(False)

    # what the buttons do

    def _sweep_or_stop(self) -> None:
        weights = self.weights
        if weights is None:
            return
        self._message = ""
        if weights.is_making:
            weights.stop()
        else:
            weights.start(self.context.presenter.spec, self.count.value())
        self.redraw()

    def _take_sweep(self) -> None:
        """Another sweep, or more of it."""
        self._hear("state")
        self._read()

    def _refuse(self, reason: str) -> None:
        self._message = reason
        self._hear("state")
        self.redraw()

    def _start_methods(self, kinds: Sequence[str]) -> None:
        presenter, runs = self.context.presenter, self.runs
        if runs is None:
            return
        spec = presenter.spec
        specs = with_each(spec, "balancing", kinds)
        titles = [presenter.catalogue[("balancing", kind)].title for kind in kinds]
        labels = {fingerprint(one): title for one, title in zip(specs, titles, strict=True)}
        self._methods = {**self._methods, **labels}
        planned = [
            Planned(one, seed, title)
            for seed in spec.seeds
            for one, title in zip(specs, titles, strict=True)
        ]
        self._message = ""
        runs.start("methods", spec, lambda _: planned)

    # what is drawn

    def _read(self) -> None:
        if not self.isVisible():
            return
        if self._is_reading:
            self._is_stale = True
            return
        self._is_reading = True
        self._calls.make(self.context.history.rows, self._take)

    def _take(self, rows: Sequence[RunRow]) -> None:
        self._is_reading = False
        self._rows = list(rows)
        self.redraw()
        if self._is_stale:
            self._is_stale = False
            self._read()

    def _broke(self, message: str) -> None:
        self._is_reading = False
        self.context.presenter.notice("runs", message)

    def redraw(self) -> None:
        """Draw every experiment that has both tasks, or of each the seed that was picked."""
        tasks = (self.first.currentData() or "", self.second.currentData() or "")
        picked = self.context.session.group.picked if self.has_joined else None
        rows = [row for row in self._rows if picked in (None, row.seed)]
        finished, self._n_failed = with_points(rows, tasks)
        if not all(tasks) or not finished:
            self._stack.setCurrentIndex(0)
            self._tell([])
            return
        axes, points = self._place(finished, tasks)
        self._stack.setCurrentIndex(1 if points else 0)
        self.plot.set_points(points, axes)
        self._tell(points)

    def _place(self, groups: Sequence[Group], tasks: tuple[str, str]) -> tuple[Axes, list[Point]]:
        weightings = self.weights.labels if self.weights is not None else {}
        order = {mark: at for at, mark in enumerate(weightings)}
        labels = {**self._methods, **weightings}
        groups = sorted(groups, key=lambda group: order.get(group.rows[0].fingerprint, -1))
        overlay = self.context.run_history.overlay
        drawn = [overlay.of(group.rows[0].path) for group in groups]
        told: list[Told] = []
        for group, one in zip(groups, drawn, strict=True):
            mark, title = group.rows[0].fingerprint, one.title if one else ""
            number = one.number if one else None
            told.append(Told(labels.get(mark, title), mark in weightings, number))
        return placed(groups, tasks, told, self.spread)

    def _tell(self, points: Sequence[Point]) -> None:
        """Say in a line what is drawn, and how the sweep of the weights stands."""
        lost = tr("experiments that failed on a seed, and are no points: {}")
        weights = self.weights
        parts = [self._message] if self._message else []
        parts += weights.words if weights is not None else []
        parts += [self._around()] if points else []
        parts += [lost.format(self._n_failed)] if self._n_failed else []
        if points and weights is not None and weights.labels:
            parts.append(tr("green: no other experiment beats it on both"))
        self.note.setText(" · ".join(parts))

    def _around(self) -> str:
        """What the points and the crosses through them are."""
        picked = self.context.session.group.picked
        if picked is not None:
            return tr("seed {} alone").format(picked)
        return tr("crosses: {} over the seeds").format(spread_title(self.spread))

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        self.plot.set_theme(theme)
