"""TradeOffs: which scores can be had together, over all runs and over a sweep of weights."""

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QComboBox,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QStackedLayout,
    QWidget,
)

from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.run_row import RunRow
from workbench.study.compare import Group, grouped
from workbench.study.plan import members, with_each
from workbench.study.sweep import SweepPlan, plan_sweep, sweep_of
from workbench.study.transfer import Planned
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.study_runs import StudyRuns
from workbench.ui.services.tab_context import TabContext
from workbench.ui.services.worker import Calls
from workbench.ui.tab import Tab
from workbench.ui.tabs.tradeoffs.points import Told, known_scores, n_told, placed
from workbench.ui.tabs.tradeoffs.tradeoff_plot import Axes, Point, TradeoffPlot
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
        self._labels: dict[str, str] = {}
        self._swept: tuple[str, ...] = ()
        self._sweep: SweepPlan | None = None
        self._is_reading = self._is_stale = False
        self._n_failed = 0
        self._calls = Calls(self._broke, self)
        self.runs: StudyRuns | None = None
        self.plot = TradeoffPlot(tr("Scores that can be had together"), theme)
        self.first, self.second = QComboBox(), QComboBox()
        self.sweep = QPushButton(tr("Sweep weights"))
        self.sweep.setObjectName("tradeoffs.sweep")
        set_hint(
            self.sweep,
            tr("Run this setup with fixed weights in many proportions; found runs are used again"),
        )
        self.count = QSpinBox()
        self.count.setRange(2, 100)
        self.count.setValue(5)
        self.count.setSuffix(" " + tr("points"))
        self.count.setFixedWidth(98)
        self.count.setAccessibleName(tr("How many weightings to try"))
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
        self.sweep.clicked.connect(self._start_sweep)
        self.methods.chosen.connect(self._start_methods)

    def join(self, context: TabContext) -> None:
        """Follow the session from now on."""
        self.runs = StudyRuns(context, self)
        self.runs.changed.connect(self._read)
        self.runs.refused.connect(self.note.setText)
        self.methods.join(context.presenter)
        context.presenter.listeners.append(self._hear)
        super().join(context)
        context.session.ended.connect(self._read)
        context.run_history.overlay.changed.connect(self._draw_eyes)
        self._hear("spec")

    def _hear(self, topic: str) -> None:
        presenter = self.context.presenter
        if topic in ("state", "catalogue", "problems", "spec"):
            is_free = bool(presenter.catalogue) and not presenter.problems
            for part in (self.sweep, self.methods):
                part.setEnabled(is_free and not presenter.is_live and self._n_tasks() > 1)
        if topic in ("catalogue", "spec"):
            self._offer_tasks()

    def _names(self) -> list[str]:
        """The tasks of the setup; where only a run can name them, those of the run in sight."""
        presenter = self.context.presenter
        try:
            return [task.name for task in members(presenter.spec, presenter.catalogue)]
        except ValueError:
            return [facts.name for facts in self.context.session.model.tasks]

    def _n_tasks(self) -> int:
        return max(len(self._names()), len(self.context.presenter.spec.tasks))

    def _offer_tasks(self) -> None:
        names = self._names()
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

    # what the buttons do

    def _start_sweep(self) -> None:
        presenter, runs = self.context.presenter, self.runs
        if runs is None:
            return
        spec, n = presenter.spec, self.count.value()

        def plan(facts: Sequence[TaskFacts]) -> list[Planned]:
            sweep = plan_sweep(spec, presenter.catalogue, n, facts)
            self._sweep = sweep
            self._labels = {fingerprint(each): words for each, words in sweep.parts}
            self._swept = tuple(fingerprint(each) for each in sweep.specs)
            return sweep.runs()

        self.note.setText("")
        runs.start("sweep", spec, plan)

    def _start_methods(self, kinds: Sequence[str]) -> None:
        presenter, runs = self.context.presenter, self.runs
        if runs is None:
            return
        spec = presenter.spec
        specs = with_each(spec, "balancing", kinds)
        titles = [presenter.catalogue[("balancing", kind)].title for kind in kinds]
        labels = {fingerprint(one): title for one, title in zip(specs, titles, strict=True)}
        self._labels = {**self._labels, **labels}
        planned = [
            Planned(one, seed, title)
            for seed in spec.seeds
            for one, title in zip(specs, titles, strict=True)
        ]
        runs.start("sweep", spec, lambda _: planned)

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
        groups = [g for g in grouped(rows) if {s.task for s in known_scores(g)} >= set(tasks)]
        finished = [group for group in groups if group.done and not group.failed]
        scored = [task for task in tasks if any(n_told(group, task) for group in finished)]
        lost = [g for g in finished if any(n_told(g, task) < len(g.done) for task in scored)]
        finished = [group for group in finished if group not in lost]
        self._n_failed = sum(bool(group.failed) for group in groups) + len(lost)
        if not all(tasks) or not finished:
            self._stack.setCurrentIndex(0)
            return
        axes, points = self._place(finished, tasks)
        self._stack.setCurrentIndex(1 if points else 0)
        self.plot.set_points(points, axes)
        self._tell_best()

    def _place(self, groups: Sequence[Group], tasks: tuple[str, str]) -> tuple[Axes, list[Point]]:
        order = {mark: at for at, mark in enumerate(self._swept)}
        groups = sorted(groups, key=lambda group: order.get(group.rows[0].fingerprint, -1))
        overlay = self.context.run_history.overlay
        drawn = [overlay.of(group.rows[0].path) for group in groups]
        told = [
            Told(
                self._labels.get(mark := group.rows[0].fingerprint, "")
                or (one.title if one else ""),
                mark in self._swept,
                one.number if one else None,
            )
            for group, one in zip(groups, drawn, strict=True)
        ]
        return placed(groups, tasks, told, self.spread)

    def _tell_best(self) -> None:
        runs, sweep = self.runs, self._sweep
        lost = tr("experiments that failed on a seed, and are no points: {}")
        failed = [self._around()] if self.plot.points else []
        failed += [lost.format(self._n_failed)] if self._n_failed else []
        if runs is None or sweep is None or runs.planned != sweep.runs():
            return self.note.setText(" · ".join(failed))
        failures = [row for row in self._rows if row.status in ("diverged", "failed")]
        ended = {(row.fingerprint, row.seed) for row in failures}
        points = sweep_of(sweep, runs.results, ended).points
        best = next((p for p in points if p.is_best), None)
        parts = [tr("{} of {} runs").format(runs.n_done, len(runs.planned)), *failed]
        words = tr("best weights by validation: {}")
        parts += [words.format(best.label)] if best is not None else []
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
