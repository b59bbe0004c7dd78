"""TransferView: what learning together does to each task, against learning alone."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QComboBox, QPushButton, QSplitter, QStackedLayout, QWidget

from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Spec
from workbench.study.plan import grouped
from workbench.study.transfer import (
    Planned,
    Transfer,
    TransferPlan,
    plan_transfer,
    transfer_of,
)
from workbench.ui.look.theme import Theme
from workbench.ui.model.task_colours import colour_numbers, orders_of
from workbench.ui.services.study_runs import StudyRuns
from workbench.ui.services.tab_context import TabContext
from workbench.ui.tabs.interference.change_chart import Change, ChangeChart
from workbench.ui.tabs.interference.pair_cells import NO_PAIRS, PairCells
from workbench.ui.tabs.interference.pair_heatmap import PairHeatmap
from workbench.ui.tabs.interference.transfer_sentences import line_of, suggestion_words
from workbench.ui.widgets.basics import EmptyState, WheelGuard, column, guard_wheel, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Transfer")


class TransferView(QWidget):
    """Pairs on the left, each task's change on the right, and the grouping that follows."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context: TabContext | None = None
        self.runs: StudyRuns | None = None
        self._spec: Spec | None = None
        self._plan: TransferPlan | None = None
        self._transfer: Transfer | None = None
        self.measured_in = QComboBox()
        self.measured_in.setObjectName("transfer.metric")
        self.measured_in.setAccessibleName(tr("What the tasks are measured in"))
        set_hint(
            self.measured_in,
            tr("What the tasks are measured in; one without this metric keeps its own.")
            + "\n"
            + tr("A change is a share where 0 means none, and else a difference: R², say."),
        )
        self.measured_in.addItem(tr("Each task's own metric"), "")
        guard_wheel(WheelGuard(self), self.measured_in)
        self.measured_in.activated.connect(self.refresh)
        self.heatmap = PairHeatmap(tr("What one task does to another, in pairs"), theme)
        self.heatmap.unsetCursor()  # a click on a cell chooses nothing here
        self.chart = ChangeChart(tr("Change of each task against learning alone"), theme)
        self._empty = EmptyState(
            tr("Does learning together help or harm?"),
            tr(
                "Measure transfer runs each task alone and each two together, as often and from "
                "the same start as in this setup, and compares. Runs that are there are used again."
            ),
        )
        self.progress = label("", "hint")
        self.suggestion = label("", "section", wraps=True)
        self.promise = label("", "hint", wraps=True)
        self.adopt = QPushButton(tr("New experiment with these groups"))
        self.adopt.setObjectName("transfer.adopt")
        set_hint(self.adopt, tr("Make it the setup: one network a group. It can be undone."))
        self.adopt.clicked.connect(self._adopt)
        self._build()

    def _build(self) -> None:
        left, right, content = QWidget(), QWidget(), QWidget()
        pairs = column(left, (0, 0, 6, 0), 4)
        head = label(tr("In pairs: what the row does to the column"), "hint")
        pairs.addLayout(row(head, 1, self.measured_in))
        pairs.addWidget(self.heatmap, 1000)
        pairs.addStretch(1)
        changes = column(right, (6, 0, 0, 0), 4)
        head = label(tr("All together, against each task alone: right of 0 is better"), "hint")
        changes.addWidget(head)
        changes.addWidget(self.chart, 1000)
        changes.addSpacing(8)
        changes.addWidget(self.suggestion)
        changes.addWidget(self.promise)
        changes.addLayout(row(self.adopt, 1))
        changes.addStretch(1)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        for side in (left, right):
            side.setMinimumWidth(220)
            splitter.addWidget(side)
        splitter.setSizes([1000, 1200])
        inner = column(content, (0, 0, 0, 0), 6)
        inner.addWidget(splitter, 1)
        inner.addWidget(self.progress)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(content)

    def join(self, context: TabContext) -> None:
        """Measure for this window's setup from now on."""
        self._context = context
        self.runs = StudyRuns(context, self)
        self.runs.changed.connect(self.refresh)
        self.runs.refused.connect(self._refuse)

    @property
    def transfer(self) -> Transfer | None:
        """What was measured; None before."""
        return self._transfer

    def measure(self) -> None:
        """Find or make every run that is needed for the setup as it is."""
        context, runs = self._context, self.runs
        if context is None or runs is None or context.session.is_active or self.is_busy:
            return
        self._spec, self._plan, self._transfer = context.presenter.spec, None, None
        self._stack.setCurrentIndex(0)
        self._empty.set_text(tr("Looking for runs that are there"), "")
        runs.start("transfer", self._spec, self._planned)

    @property
    def is_busy(self) -> bool:
        """Whether something is still to come."""
        return self.runs is not None and self.runs.is_busy

    def _planned(self, facts: Sequence[TaskFacts]) -> list[Planned]:
        assert self._context is not None
        assert self._spec is not None
        self._plan = plan_transfer(self._spec, self._context.presenter.catalogue, facts)
        return self._plan.runs()

    def _refuse(self, reason: str) -> None:
        self._stack.setCurrentIndex(0)
        self._empty.set_text(tr("There is no transfer to measure"), reason)

    def refresh(self, *_: object) -> None:
        """Show what is known by now."""
        if self._plan is None or self.runs is None or self._context is None:
            return
        self._stack.setCurrentIndex(1)
        catalogue = self._context.presenter.catalogue
        metric = str(self.measured_in.currentData())
        wanted = [metric] if metric else []
        self._transfer = transfer_of(self._plan, self.runs.results, catalogue, wanted)
        self._offer_metrics(self._transfer.metrics)
        self._show_pairs(self._transfer)
        self._show_changes(self._transfer)
        self._show_groups(self._transfer)
        self._show_progress(self._plan)

    def _offer_metrics(self, known: Sequence[str]) -> None:
        combo, chosen = self.measured_in, self.measured_in.currentData()
        if [combo.itemData(i) for i in range(1, combo.count())] == list(known):
            return
        while combo.count() > 1:
            combo.removeItem(1)
        assert self._context is not None
        for metric in known:
            entry = self._context.presenter.catalogue.get(("metric", metric))
            combo.addItem(entry.title if entry is not None else metric, metric)
        combo.setCurrentIndex(max(combo.findData(chosen), 0))

    def _show_progress(self, plan: TransferPlan) -> None:
        runs = self.runs
        assert runs is not None
        parts = [tr("{} of {} runs").format(runs.n_done, len(runs.planned))]
        if runs.n_found:
            parts.append(tr("{} were there already").format(runs.n_found))
        seeds = len(plan.spec.seeds)
        if seeds == 1:
            parts.append(tr("one seed: no interval. Add seeds in the toolbar, as in 0..4"))
        else:
            parts.append(tr("{} seeds, 95 % intervals (t)").format(seeds))
        self.progress.setText(" · ".join(parts))

    def _colours(self, plan: TransferPlan) -> tuple[int, ...]:
        assert self._context is not None
        orders = orders_of(self._context.presenter.catalogue)
        families = [(task.choice.family, task.choice.task or task.name) for task in plan.tasks]
        return tuple(colour_numbers(families, orders))

    def _show_pairs(self, transfer: Transfer) -> None:
        assert self._plan is not None
        of_shares = any(measure.is_relative for measure in transfer.measures)
        values = (100 if of_shares else 1) * transfer.matrix
        for t, measure in enumerate(transfer.measures):
            if measure.is_relative != of_shares:
                values[:, t] = np.nan  # another unit than that of the colours
        known = np.abs(values[np.isfinite(values)])
        limit = float(known.max()) if len(known) and known.max() > 0 else 1.0
        explains = tr("Learning with {} changes {} by {}")
        words = (tr("harms"), tr("helps"))
        colours = self._colours(self._plan)
        unit = " %" if of_shares else ""
        cells = PairCells(transfer.tasks, colours, values, limit, *words, False, explains, unit)
        self.heatmap.set_pairs(cells if len(known) else NO_PAIRS, None)

    def _show_changes(self, transfer: Transfer) -> None:
        assert self._plan is not None
        colours = self._colours(self._plan)
        n_seeds = len(self._plan.spec.seeds)
        rows = zip(transfer.tasks, colours, transfer.changes, transfer.measures, strict=True)
        lines = [
            Change(line_of(name, value, n_seeds), colour, value, measure.is_relative)
            for name, colour, value, measure in rows
        ]
        if transfer.has_mean:
            name = line_of("Δm", transfer.delta_m, n_seeds)
            lines.append(Change(name, None, transfer.delta_m, transfer.measures[0].is_relative))
        self.chart.set_changes(tuple(lines))

    def _show_groups(self, transfer: Transfer) -> None:
        groups = transfer.groups
        self.adopt.setVisible(groups is not None and len(groups) > 1)
        head, text = suggestion_words(transfer)
        self.suggestion.setText(head)
        self.promise.setText(text)

    def _adopt(self) -> None:
        transfer, context = self._transfer, self._context
        if transfer is None or transfer.groups is None or context is None or self._spec is None:
            return
        if context.presenter.is_live:
            return
        groups = [[transfer.tasks[t] for t in group] for group in transfer.groups]
        context.presenter.adopt(grouped(self._spec, groups))

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self.heatmap.set_theme(theme)
        self.chart.set_theme(theme)
