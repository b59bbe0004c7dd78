"""Sharing: the model as a diagram, with gates, stitches and branches as they were at any step."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton, QSlider, QStackedLayout, QWidget

from workbench.spec.event import Table
from workbench.spec.structure import Structure
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.diagram import Diagram
from workbench.ui.services.tab_context import TabContext
from workbench.ui.tab import Tab
from workbench.ui.widgets.basics import EmptyState, WheelGuard, column, guard_wheel, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint
from workbench.ui.words.spread_words import one_of_words

RUN, SETUP = "run", "setup"
_SOURCE = "sharing"

tr = translator("Sharing")


class SharingPanel(Tab):
    """The diagram, and under it a slider over the steps at which it was recorded."""

    name = "sharing"
    order = 40

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = RunModel()
        self._seeds: list[int] = []
        self._seen: tuple[int, int] | None = None
        self.diagram = Diagram(theme)
        self.shown = QComboBox()
        self.shown.setObjectName("sharing.shown")
        self.shown.addItem(tr("This run"), RUN)
        self.shown.addItem(tr("The setup"), SETUP)
        self.shown.setAccessibleName(tr("Which model is drawn"))
        set_hint(self.shown, tr("Which model is drawn"))
        guard_wheel(WheelGuard(self), self.shown)
        self.shown.activated.connect(self.redraw)
        self.summary = label("", "muted")
        self.summary.setMinimumWidth(1)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("sharing.step")
        self.slider.setAccessibleName(tr("The step that is shown"))
        set_hint(self.slider, tr("The step that is shown"))
        self.slider.valueChanged.connect(self._scrub)
        self.step = label("", "muted")
        self.now = QPushButton(tr("Now"))
        set_hint(self.now, tr("Show the newest, and follow the run"))
        self.now.clicked.connect(self._follow)
        self._is_following = True
        self._build()

    def _build(self) -> None:
        content = QWidget()
        layout = column(content, (12, 10, 12, 8), 8)
        top = row(self.shown, self.summary)
        top.setStretch(1, 1)
        layout.addLayout(top)
        layout.addWidget(self.diagram, 1)
        self._times = QWidget()
        times = row(self.step, self.slider, self.now)
        times.setStretch(1, 1)
        self._times.setLayout(times)
        policy = self._times.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._times.setSizePolicy(policy)
        layout.addWidget(self._times)
        empty = EmptyState(
            tr("No model yet"),
            tr("Choose tasks and a sharing strategy in Setup: the model is drawn here."),
        )
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(content)

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("&Sharing")

    def join(self, context: TabContext) -> None:
        """Follow the session, and the setup."""
        super().join(context)
        context.cost_estimator.changed.connect(self._setup_changed)

    def set_models(self, current: RunModel, models: Sequence[RunModel] = ()) -> None:
        """Show another run; of several seeds one, and which.

        Parts such as experts have no order that seeds share: a mean over them would say nothing.
        """
        self._seeds = [model.seed for model in models]
        if current is self._model:
            self.redraw()
            return
        self._model = current
        self._is_following = True
        self.shown.setCurrentIndex(self.shown.findData(RUN))
        self.redraw()

    def _setup_changed(self) -> None:
        """What is being set up is what one wants to see, unless it is what the run has."""
        cost = self.context.cost_estimator.cost
        if not self.context.presenter.is_live and self._model.structures:
            is_same = cost is not None and cost.structure in self._structures
            self.shown.setCurrentIndex(self.shown.findData(RUN if is_same else SETUP))
        self.redraw()

    @property
    def _structures(self) -> list[Structure]:
        return [structure for _, structure in self._model.structures]

    @property
    def _is_run(self) -> bool:
        return bool(self._model.structures) and self.shown.currentData() == RUN

    @property
    def steps(self) -> list[int]:
        """The steps at which the run reported its sharing."""
        reports = self._model.reports
        steps = {s for name in reports.names(_SOURCE) for s in reports.steps(_SOURCE, name)}
        return sorted(steps)

    def refresh(self) -> None:
        """Draw what is new, where the panel can be seen."""
        seen = (self._model.structures_version, self._model.reports_version)
        if self.isVisible() and seen != self._seen:
            self._seen = seen
            self._offer_steps()
            self._draw()

    def redraw(self, *_: object) -> None:
        """Draw everything again."""
        self._seen = None
        self.refresh()

    def showEvent(self, event: object) -> None:
        """What happened unseen is drawn now."""
        self.redraw()

    def _offer_steps(self) -> None:
        steps = self.steps if self._is_run else []
        self._times.setVisible(len(steps) > 1)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(len(steps) - 1, 0))
        if self._is_following:
            self.slider.setValue(self.slider.maximum())
        self.slider.blockSignals(False)
        self.shown.setEnabled(bool(self._model.structures))

    def _scrub(self, place: int) -> None:
        self._is_following = place == self.slider.maximum()
        self._draw()

    def _follow(self) -> None:
        self._is_following = True
        self.redraw()

    def _draw(self) -> None:
        steps = self.steps if self._is_run else []
        at = steps[min(self.slider.value(), len(steps) - 1)] if steps else None
        structure, colours = self._chosen(at)
        self._stack.setCurrentIndex(0 if structure is None else 1)
        self.diagram.set_structure(structure, colours)
        self.diagram.set_tables(self._tables(at) if self._is_run else {})
        one_of = one_of_words(self._model.seed, self._seeds)
        words = one_of if self._is_run else tr("As set up")
        self.summary.setText(" · ".join(filter(None, (words, self.diagram.summary()))))
        set_hint(self.summary, self.summary.text())
        self.step.setText("" if at is None else tr("Step {}").format(f"{at:,}"))
        self.now.setEnabled(not self._is_following)

    def _chosen(self, at: int | None) -> tuple[Structure | None, Mapping[str, int]]:
        """The model to draw, with the colours of its tasks."""
        if self._is_run:
            model = self._model
            until = [s for step, s in model.structures if at is None or step <= at]
            names = (facts.name for facts in model.tasks)
            return until[-1], dict(zip(names, model.colours, strict=True))
        if not self.has_joined:
            return None, {}
        cost_estimator = self.context.cost_estimator
        return (
            cost_estimator.cost.structure if cost_estimator.cost else None
        ), cost_estimator.colours

    def _tables(self, at: int | None) -> dict[str, Table]:
        reports = self._model.reports
        by_name = {name: reports.at(_SOURCE, name, at) for name in reports.names(_SOURCE)}
        return {name: table for name, table in by_name.items() if table is not None}

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        self.diagram.set_theme(theme)
