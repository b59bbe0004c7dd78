"""Sweep: what was tried of some settings, what it reached, and which of them mattered."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QWidget,
)

from workbench.spec.documents.document import PresetError
from workbench.spec.experiment import Spec
from workbench.study.search.best import best_of
from workbench.study.search.request import Request
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.sweeps import Sweeps
from workbench.ui.services.tab_context import TabContext
from workbench.ui.tab import Tab
from workbench.ui.tabs.sweep.importance_bars import ImportanceBars
from workbench.ui.tabs.sweep.parallel_plot import ParallelPlot
from workbench.ui.tabs.sweep.sweep_words import standing, why_no_importance
from workbench.ui.tabs.sweep.trial_plots import HistoryPlot, SlicePlot
from workbench.ui.widgets.basics import ElidedLabel, EmptyState, FlowLayout, column, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import offer, set_hint

tr = translator("Sweep")


class SweepPanel(Tab):
    """A sweep to look at, what to do with it, and four views of its trials."""

    name = "sweep"
    order = 37

    #: Ask what is to be swept: the field of the setup to begin with, or nothing.
    new_wanted = Signal(str)
    #: Show the run in this folder.
    run_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.sweeps: Sweeps | None = None
        self._message = ""
        self._was_busy = False
        self.which = QComboBox()
        self.new = QPushButton(tr("New sweep…"))
        self.go = QPushButton()
        self.adopt = QPushButton(tr("Use the best"))
        self.note = ElidedLabel("")
        self.note.setObjectName("hint")
        self.parallel = ParallelPlot(tr("Trials across the settings"), theme)
        self.importance = ImportanceBars(tr("Importance of the settings"), theme)
        self.slice = SlicePlot(tr("Trials along a setting"), theme)
        self.history = HistoryPlot(tr("Trials in their order"), theme)
        self.along = QComboBox()
        self._empty = EmptyState(
            tr("Which settings serve best?"),
            tr(
                "Right-click a setting in Setup and choose Sweep this setting…, or press New "
                "sweep…: it is tried at many values, each on all seeds, and judged by validation."
            ),
        )
        self._build()

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("S&weep")

    def _build(self) -> None:
        names = (
            (self.which, "sweep.which", tr("Sweep to look at")),
            (self.new, "sweep.new", tr("Choose settings to try, and how")),
            (self.go, "sweep.go", tr("Stop with checkpoints, or go on with what is missing")),
            (self.adopt, "sweep.adopt", tr("Make the best trial's settings the setup")),
            (self.along, "sweep.along", tr("Setting to look along")),
        )
        for part, name, words in names:
            part.setObjectName(name)
            part.setAccessibleName(words)
            set_hint(part, words)
        self.which.setMinimumContentsLength(24)
        policies = QComboBox.SizeAdjustPolicy
        self.which.setSizeAdjustPolicy(policies.AdjustToMinimumContentsLengthWithIcon)
        whole = column(self, (12, 8, 12, 8), 6)
        tools = QWidget()
        tools.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        flow = FlowLayout(tools, 6)
        for part in (self.which, self.new, self.go, self.adopt):
            flow.addWidget(part)
        whole.addWidget(tools)
        pages, views = QWidget(), QWidget()
        self._stack = QStackedLayout(pages)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(views)
        inside = column(views, (0, 0, 0, 0), 6)
        inside.addWidget(self.parallel, 11)
        inside.addLayout(self._lower(), 9)
        whole.addWidget(pages, 1)
        whole.addWidget(self.note)
        self.new.clicked.connect(lambda: self.new_wanted.emit(""))
        self.go.clicked.connect(self._stop_or_go_on)
        self.adopt.clicked.connect(self._adopt_best)
        self.which.activated.connect(self._choose)
        self.along.activated.connect(self.redraw)
        self.parallel.brushed.connect(self._tell)
        for plot in (self.parallel, self.slice, self.history):
            plot.chosen.connect(self.open_trial)

    def _lower(self) -> QHBoxLayout:
        """Importance, slice and history side by side."""
        middle = QWidget()
        lines = column(middle, (0, 0, 0, 0), 2)
        lines.addLayout(row(label(tr("Along"), "muted"), self.along, 1, spacing=6))
        lines.addWidget(self.slice, 1)
        last = QWidget()
        lines = column(last, (0, 0, 0, 0), 2)
        head = label(tr("Best so far"), "muted")
        set_hint(head, tr("Below: ▲ pruned, × diverged or failed"))
        head.setFixedHeight(self.along.sizeHint().height())
        lines.addWidget(head)
        lines.addWidget(self.history, 1)
        whole = row(self.importance, middle, last, spacing=10)
        for at, share in enumerate((3, 4, 4)):
            whole.setStretch(at, share)
        return whole

    def join(self, context: TabContext) -> None:
        """Follow the session from now on."""
        self.sweeps = Sweeps(context, self)
        self.sweeps.changed.connect(self._changed)
        self.sweeps.refused.connect(self._refuse)
        context.presenter.listeners.append(self._hear)
        super().join(context)
        self._changed()

    def start(self, spec: Spec, request: Request, jobs: str) -> None:
        """Make a sweep, and come to the front."""
        if self.sweeps is not None:
            self._message = tr("looking at the tasks…")
            self.sweeps.start(spec, request, jobs)
            self.show_wanted.emit()
            self._tell()

    def _hear(self, topic: str) -> None:
        if topic in ("state", "catalogue"):
            self._offer()

    def set_models(self, current: RunModel, models: Sequence[RunModel]) -> None:
        """A sweep is not of the run in sight."""

    def refresh(self) -> None:
        """Trials come with the sweep's own watch."""

    def showEvent(self, event: object) -> None:
        """Look at the newest sweep, and follow it while it can be seen."""
        sweeps = self.sweeps
        if sweeps is None:
            return
        self._list()
        if sweeps.folder is None and (known := sweeps.known()):
            sweeps.show(known[0])
        sweeps.watch(True)

    def hideEvent(self, event: object) -> None:
        """What nobody sees need not be followed."""
        if self.sweeps is not None:
            self.sweeps.watch(False)

    # what the buttons do

    def _choose(self) -> None:
        sweeps, name = self.sweeps, self.which.currentData()
        folder = next((s for s in sweeps.known() if s.name == name), None) if sweeps else None
        if sweeps is not None and folder is not None:
            self._message = ""
            sweeps.show(folder)

    def _stop_or_go_on(self) -> None:
        sweeps = self.sweeps
        if sweeps is None:
            return
        self._message = ""
        if sweeps.is_making:
            self._message = tr("stopping…")
            sweeps.stop()
        else:
            sweeps.go_on()
        self._tell()

    def _adopt_best(self) -> None:
        sweeps = self.sweeps
        if sweeps is None or sweeps.definition is None:
            return
        best = best_of(sweeps.state.trials, sweeps.definition.objectives)
        trial = next((t for t in sweeps.state.trials if t.number in best), None)
        if trial is None:
            return
        presenter = self.context.presenter
        try:
            presenter.adopt(sweeps.definition.spec_at(trial.params, presenter.catalogue, ""))
        except PresetError as error:
            self._refuse(str(error))
            return
        self._message = tr("the setup is trial {}'s now").format(trial.number)
        self._tell()

    def open_trial(self, number: int) -> None:
        """Show the first run of a trial."""
        trials = self.sweeps.state.trials if self.sweeps is not None else ()
        paths = [r.path for t in trials if t.number == number for r in t.runs if r.path]
        if paths:
            self.run_wanted.emit(paths[0])

    # what is shown

    def _refuse(self, reason: str) -> None:
        self._message = reason
        self._changed()

    def _changed(self) -> None:
        if self.sweeps is not None and self.sweeps.is_busy != self._was_busy:
            self._was_busy = self.sweeps.is_busy
            self._message = ""  # it has begun, or has stopped
        self._list()
        self.redraw()

    def _list(self) -> None:
        if self.sweeps is None:
            return
        names = [sweep.name for sweep in self.sweeps.known()]
        offer(self.which, names)
        now = self.sweeps.folder.name if self.sweeps.folder is not None else ""
        if now in names:
            self.which.setCurrentIndex(names.index(now))
        self.which.setVisible(bool(names))

    def redraw(self) -> None:
        """Draw everything again."""
        sweeps = self.sweeps
        definition = sweeps.definition if sweeps is not None else None
        if sweeps is None or definition is None:
            self._stack.setCurrentIndex(0)
            self._offer()
            self._tell()
            return
        state = sweeps.state
        best = best_of(state.trials, definition.objectives)
        self._stack.setCurrentIndex(1)
        offer(self.along, [axis.key for axis in definition.axes])
        self.parallel.set_sweep(definition, state, best)
        self.importance.set_shares(state.importance, why_no_importance(definition))
        self.slice.set_sweep(definition, state, best, self.along.currentData() or "")
        self.history.set_sweep(definition, state, best)
        self._offer()
        self._tell()

    def _offer(self) -> None:
        """Have the buttons do what can be done."""
        sweeps = self.sweeps
        if sweeps is None:
            return
        presenter = self.context.presenter
        state, definition = sweeps.state, sweeps.definition
        self.new.setEnabled(bool(presenter.catalogue) and not sweeps.is_busy)
        self.go.setText(tr("Stop") if sweeps.is_making else tr("Go on"))
        is_open = definition is not None and not (state.is_over or sweeps.is_busy)
        self.go.setEnabled(sweeps.is_making or is_open)
        self.go.setVisible(definition is not None and (sweeps.is_making or not state.is_over))
        has_best = definition is not None and bool(best_of(state.trials, definition.objectives))
        self.adopt.setEnabled(has_best and not presenter.is_live)
        self.adopt.setVisible(definition is not None)

    def _tell(self) -> None:
        """Say in a line how it stands."""
        sweeps = self.sweeps
        definition = sweeps.definition if sweeps is not None else None
        parts = [self._message] if self._message else []
        if sweeps is not None and definition is not None:
            parts += standing(definition, sweeps.state)
            if self.parallel.ranges:
                n = len(self.parallel.within)
                parts.append(tr("{} trials within the ranges").format(n))
        text = " · ".join(parts)
        self.note.setText(text)
        set_hint(self.note, text)
        self.parallel.setAccessibleDescription(text)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        for part in (self.parallel, self.importance, self.slice, self.history):
            part.set_theme(theme)
        self.redraw()
