"""Adaptation: a held-out small task before and after inner steps, and the loss against them."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import QComboBox, QSlider, QSplitter, QStackedLayout, QWidget

from workbench.spec.experiment import Spec
from workbench.ui.look.theme import Theme
from workbench.ui.model.adaptation_record import AdaptedMoment, Told
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.tab_context import TabContext
from workbench.ui.tab import Tab
from workbench.ui.tabs.adaptation.curves_view import CurvesView
from workbench.ui.tabs.adaptation.overlaid_runs import OverlaidRuns
from workbench.ui.tabs.adaptation.task_view import TaskView
from workbench.ui.widgets.basics import EmptyState, WheelGuard, column, guard_wheel, label, row
from workbench.ui.widgets.moment_bar import MomentBar
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import offer, set_hint

tr = translator("Adaptation")


class AdaptationPanel(Tab):
    """The chosen small task on the left, all runs' curves on the right, the run's moments below."""

    name = "adaptation"
    order = 45

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = RunModel()
        self._finished: list[RunModel] = []
        self._seen: object = None
        #: The moment that is looked at, None for the newest.
        self._moment: AdaptedMoment | None = None
        # Layouts are not changed while Qt is busy showing them.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.redraw)
        self.task = self._combo("task", tr("The task whose adaptation is shown"), 14)
        self.small_task = self._combo("small_task", tr("Which held-out small task is drawn"), 9)
        self.steps = QSlider(Qt.Orientation.Horizontal)
        self.steps.setObjectName("adaptation.steps")
        self.steps.setRange(0, 0)
        self.steps.setAccessibleName(tr("Inner steps after which the task is drawn"))
        set_hint(self.steps, tr("Inner steps after which the task is drawn"))
        self.steps.valueChanged.connect(self._draw)
        self._steps_words = label("", "muted")
        self._steps_words.setMinimumWidth(26)
        self.view = TaskView(theme)
        self.curves = CurvesView(theme)
        self.curves.changed.connect(self._draw_curves)
        self.bar = MomentBar("adaptation.moment", theme)
        self.bar.scrubbed.connect(self._scrub)
        self.bar.followed.connect(self._follow)
        self._overlaid = OverlaidRuns(self)
        self._overlaid.changed.connect(self._draw_curves)
        self._build()

    def _combo(self, name: str, words: str, length: int) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(f"adaptation.{name}")
        combo.setAccessibleName(words)
        set_hint(combo, words)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(length)
        guard_wheel(WheelGuard(self), combo)
        combo.activated.connect(self._choose)
        return combo

    def _build(self) -> None:
        left = QWidget()
        inner = column(left, (0, 0, 0, 0), 6)
        choices = row(self.task, self.small_task, spacing=6)
        choices.setStretch(0, 3)
        choices.setStretch(1, 2)
        inner.addLayout(choices)
        inner.addWidget(self.view, 1)
        self._steps_title = label(tr("Inner steps"), "muted")
        steps = row(self._steps_title, self.steps, self._steps_words)
        steps.setStretch(1, 1)
        inner.addLayout(steps)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self.curves)
        splitter.setSizes([100, 100])
        content = QWidget()
        layout = column(content, (0, 0, 0, 0), 0)
        room = column(body := QWidget(), (12, 10, 12, 0), 8)
        room.addWidget(splitter, 1)
        layout.addWidget(body, 1)
        layout.addWidget(self.bar)
        empty = EmptyState(
            tr("No adaptation yet"),
            tr(
                "Press Run. At each validation, held-out small tasks are drawn here before and "
                "after inner steps."
            ),
        )
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(content)

    # what is looked at

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("&Adaptation")

    def join(self, context: TabContext) -> None:
        """Follow the session, and what is chosen among the runs."""
        self._overlaid.join(context.run_history)
        super().join(context)

    def applies(self, spec: Spec, model: RunModel) -> bool:
        """Only learners that adapt can be seen to."""
        catalogue = self.context.presenter.catalogue if self.has_joined else {}
        learner = catalogue.get(("learner", spec.learner.kind))
        return bool(model.adaptation.moments) or (learner is not None and "adapts" in learner.gives)

    def set_models(self, current: RunModel, finished: Sequence[RunModel] = ()) -> None:
        """Show another run; those of the launch that ended are overlaid."""
        self._finished = list(finished)
        if current is not self._model:
            self._model, self._moment = current, None
        self.redraw()

    @property
    def _at(self) -> int:
        """Position of the moment that is shown; the nearest, where it was let go."""
        moments = self._model.adaptation.moments
        if self._moment is None:
            return len(moments) - 1
        steps = [abs(moment.step - self._moment.step) for moment in moments]
        return steps.index(min(steps))

    @property
    def _told(self) -> Told | None:
        """What is told of the chosen task at the moment that is shown."""
        moments = self._model.adaptation.moments
        return moments[self._at].tasks.get(self.task.currentData()) if moments else None

    def _scrub(self, at: int) -> None:
        moments = self._model.adaptation.moments
        self._moment = moments[at] if at < len(moments) - 1 else None
        self._draw()

    def _follow(self) -> None:
        self._moment = None
        self.redraw()

    def _choose(self) -> None:
        self.redraw()

    # drawing

    def refresh(self) -> None:
        """Draw what is new, where the panel can be seen."""
        seen = (id(self._model), self._model.adaptation_version)
        if not self.isVisible() or seen == self._seen:
            return
        self._seen = seen
        moments = self._model.adaptation.moments
        self._stack.setCurrentIndex(1 if moments else 0)
        if not moments:
            return
        ends = [i for i, moment in enumerate(moments) if moment.ends_stage or moment.stage < 0]
        self.bar.set_moments(len(moments), self._at, ends)
        self._offer()
        self._draw()

    def redraw(self, *_: object) -> None:
        """Draw everything again."""
        self._seen = None
        self.refresh()

    def showEvent(self, event: object) -> None:
        """What happened unseen is drawn as soon as Qt has shown the tab."""
        self._soon.start()

    def _offer(self) -> None:
        """The tasks, their small tasks and the numbers of steps that can be chosen."""
        now = self.task.currentData()
        if offer(self.task, self._model.adaptation.tasks):
            self.task.setCurrentIndex(max(self.task.findData(now), 0))
        told = self._told
        n = len(told.shown) if told is not None and told.shown else self.small_task.count()
        if n != self.small_task.count():
            at = self.small_task.currentIndex()
            self.small_task.clear()
            for i in range(n):
                self.small_task.addItem(tr("Small task {}").format(i + 1), i)
            self.small_task.setCurrentIndex(min(max(at, 0), n - 1))
        self._offer_steps(told.curve.steps if told is not None else ())

    def _offer_steps(self, steps: tuple[int, ...]) -> None:
        last = max(steps, default=0)
        if last != self.steps.maximum():
            with QSignalBlocker(self.steps):
                is_at_end = self.steps.value() == self.steps.maximum()
                self.steps.setRange(0, last)
                if is_at_end:
                    self.steps.setValue(last)
        for part in (self._steps_title, self.steps, self._steps_words):
            part.setVisible(len(steps) > 1)

    def _draw(self) -> None:
        if not self._model.adaptation.moments:
            return
        self._draw_task()
        self._draw_curves()
        moment = self._model.adaptation.moments[self._at]
        self.bar.tell(self._in_words(moment), is_newest=self._moment is None)

    def _draw_task(self) -> None:
        told, last = self._told, self.steps.value()
        self._steps_words.setText(str(last))
        if told is None:
            title = tr("Nothing was told of this task")
            self.view.say(title, tr("It was not there yet at this moment of the run."))
        elif not told.shown:
            text = tr("Of a recorded run they are kept at the ends of stages.")
            self.view.say(tr("The small tasks of this moment are not kept"), text)
        else:
            at = min(max(self.small_task.currentIndex(), 0), len(told.shown) - 1)
            self.view.show_task(told.shown[at], told.curve.steps, last, self._number)

    def _draw_curves(self) -> None:
        moments = self._model.adaptation.moments
        if not moments or not self.isVisible():
            return
        task = self.task.currentData()
        series = self._overlaid.series(self._model, moments[self._at], self._finished, task)
        self.curves.show_runs(series, self._told, self._metric)
        self.curves.plot.set_chosen(self.steps.value())

    @property
    def _number(self) -> int:
        """The number of the chosen task's colour."""
        names = [facts.name for facts in self._model.tasks]
        task = self.task.currentData()
        return self._model.colours[names.index(task)] if task in names else 0

    @property
    def _metric(self) -> str:
        task = self.task.currentData()
        names = (facts.metric for facts in self._model.tasks if facts.name == task)
        return next(names, tr("score"))

    def _in_words(self, moment: AdaptedMoment) -> str:
        began = self._model.began
        if moment.stage < 0 or began is None:
            return tr("Before training")
        name = began.stages[moment.stage].name if moment.stage < len(began.stages) else ""
        words = tr("After {}, step {}") if moment.ends_stage else tr("In {}, step {}")
        return words.format(name, f"{moment.step:,}")

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        self.view.set_theme(theme)
        self.curves.set_theme(theme)
        self.bar.set_theme(theme)
        self.redraw()
