"""Adaptation: a held-out small task before and after inner steps, and the loss against them."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSplitter, QStackedLayout, QWidget

from workbench.spec.experiment import Spec
from workbench.spec.shown.adaptation import AdaptationAnswer, AdaptedLine
from workbench.ui.look.theme import Theme
from workbench.ui.model.adaptation_record import AdaptedMoment, TaskMoment
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.tab_context import TabContext
from workbench.ui.tab import Tab
from workbench.ui.tabs.adaptation.controls import Controls
from workbench.ui.tabs.adaptation.curves_view import CurvesView
from workbench.ui.tabs.adaptation.overlaid_runs import OverlaidRuns
from workbench.ui.tabs.adaptation.step_plot import tried_series
from workbench.ui.tabs.adaptation.task_choice import TaskChoice
from workbench.ui.tabs.adaptation.task_view import TaskView
from workbench.ui.tabs.adaptation.trials import Request, Trials
from workbench.ui.widgets.basics import EmptyState, column
from workbench.ui.widgets.moment_bar import MomentBar
from workbench.ui.words.language import translator

tr = translator("Adaptation")


class AdaptationPanel(Tab):
    """The chosen small task on the left, all runs' curves on the right, the run's moments below."""

    name = "adaptation"
    order = 57

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = RunModel()
        self._models: list[RunModel] = []
        self._seen: object = None
        #: The moment that is looked at, None for the newest.
        self._moment: AdaptedMoment | None = None
        # Layouts are not changed while Qt is busy showing them.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.redraw)
        self.choice = TaskChoice()
        self.choice.chosen.connect(self._choose)
        self.controls = Controls()
        self.controls.changed.connect(self._draw)
        self.controls.pointed.connect(self._add_point)
        self.trials = Trials(self)
        self.trials.changed.connect(self._draw)
        self.view = TaskView(theme)
        self.view.line.clicked.connect(self._add_point)
        self.curves = CurvesView(theme)
        self.curves.changed.connect(self._draw_curves)
        self.bar = MomentBar("adaptation.moment", theme)
        self.bar.scrubbed.connect(self._scrub)
        self.bar.followed.connect(self._follow)
        self._overlaid = OverlaidRuns(self)
        self._overlaid.changed.connect(self._draw_curves)
        self._build()

    def _build(self) -> None:
        inner = column(left := QWidget(), (0, 0, 8, 0), 6)
        inner.addWidget(self.choice)
        inner.addWidget(self.view, 1)
        inner.addWidget(self.controls)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self.curves)
        splitter.setSizes([100, 100])
        layout = column(content := QWidget(), (0, 0, 0, 0), 0)
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

    @classmethod
    def absence(cls) -> tuple[str, str]:
        """What would fill it."""
        return tr("No learner that adapts"), tr("Choose one with an inner loop, such as MAML.")

    def join(self, context: TabContext) -> None:
        """Follow the session, and what is chosen among the runs."""
        self._overlaid.join(context.run_history)
        self.trials.join(context)
        context.run_history.changed.connect(self._draw)
        super().join(context)

    def applies(self, spec: Spec, model: RunModel) -> bool:
        """Only learners that adapt can be seen to."""
        catalogue = self.context.presenter.catalogue if self.has_joined else {}
        learner = catalogue.get(("learner", spec.learner.kind))
        return bool(model.adaptation.moments) or (learner is not None and "adapts" in learner.gives)

    def set_models(self, current: RunModel, models: Sequence[RunModel] = ()) -> None:
        """Show other runs: the mean of their curves, and the small tasks of the current one."""
        self._models = [current, *(model for model in models if model is not current)]
        if current is not self._model:
            self._model, self._moment = current, None
            self.trials.set_model(current)
            self.controls.as_trained()
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
    def _task_moment(self) -> TaskMoment | None:
        """What is told of the chosen task at the moment that is shown."""
        moments = self._model.adaptation.moments
        return moments[self._at].tasks.get(self.choice.name) if moments else None

    def _scrub(self, at: int) -> None:
        moments = self._model.adaptation.moments
        self._moment = moments[at] if at < len(moments) - 1 else None
        self.controls.as_trained()

    def _follow(self) -> None:
        self._moment = None
        self.redraw()

    def _choose(self) -> None:
        """Another task or small task; the last of those is of the user's own points."""
        if not self.choice.is_own:
            self.controls.clear_points()
        self.redraw()

    def _add_point(self, x: float, y: float) -> None:
        if self._moment is not None:
            self._follow()
        self.controls.add_point(x, y)

    # drawing

    def refresh(self) -> None:
        """Draw what is new, where the panel can be seen."""
        seen = [(id(model), model.adaptation_version) for model in self._models]
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
        self.choice.offer_tasks(self._model.adaptation.tasks)
        task_moment = self._task_moment
        if task_moment is not None:
            self.controls.set_told(task_moment.curve.steps)
        self._offer_small_tasks(task_moment)

    def _offer_small_tasks(self, task_moment: TaskMoment | None) -> None:
        n = len(task_moment.shown) if task_moment is not None else 0
        self.choice.offer_small_tasks(n, has_own=bool(self.controls.points))

    def _draw(self) -> None:
        moments = self._model.adaptation.moments
        if not moments or not self.isVisible():
            return
        task_moment = self._task_moment
        self._try()
        self._offer_small_tasks(task_moment)
        self._draw_task(task_moment)
        self.controls.set_takes_points(isinstance(self.view.shown, AdaptedLine))
        self.controls.say(self._advice())
        self._draw_curves()
        self.bar.tell(self._in_words(moments[self._at]), is_newest=self._moment is None)

    def _try(self) -> None:
        """Ask the run for what it has not told; once what may be turned."""
        trials, controls = self.trials, self.controls
        can_try = trials.can_ask and self._moment is None
        rate, by_steps = trials.terms or (None, False)
        controls.set_can_try(can_try and trials.terms is not None, rate, more_steps=by_steps)
        request = controls.request(self.choice.name, self.choice.index)
        if request is None and can_try and trials.terms is None and not trials.reason:
            request = Request(self.choice.name, self.choice.index)
        trials.want(request)

    def _advice(self) -> str:
        """What can be tried, or why nothing can."""
        trials, n = self.trials, len(self.controls.points)
        if trials.is_live:
            return tr("Steps and rate can be turned, and points given, once the run has ended.")
        if trials.reason:
            return trials.reason
        if not trials.can_ask or self._moment is not None:
            return ""
        if trials.terms is None:
            return tr("Reading the checkpoint of the run…")
        if n:
            return (
                tr("Your own task: {} points").format(n) if n > 1 else tr("Your own task: 1 point")
            )
        is_line = isinstance(self.view.shown, AdaptedLine)
        return tr("Click in the plot, or give x and y, for points of your own.") if is_line else ""

    @property
    def _tried(self) -> AdaptationAnswer | None:
        """What came of what is tried, if something is."""
        request, of = self.trials.request, self.trials.answered
        if self.controls.request("", 0) is None or request is None or of is None:
            return None
        asked, told = ((w.task, w.index, bool(w.points)) for w in (request, of))
        return self.trials.answer if asked == told else None

    def _draw_task(self, task_moment: TaskMoment | None) -> None:
        last, tried = self.controls.n_steps, self._tried
        if tried is not None:
            self.view.show_task(tried.shown, tried.inner_steps, last, self._number)
        elif task_moment is None:
            title = tr("Nothing was told of this task")
            self.view.say(title, tr("It was not there yet at this moment of the run."))
        elif not task_moment.shown:
            text = tr("Of a recorded run they are kept at the ends of stages.")
            self.view.say(tr("The small tasks of this moment are not kept"), text)
        else:
            at = min(self.choice.index, len(task_moment.shown) - 1)
            self.view.show_task(task_moment.shown[at], task_moment.curve.steps, last, self._number)

    def _draw_curves(self) -> None:
        moments = self._model.adaptation.moments
        if not moments or not self.isVisible():
            return
        task, tried = self.choice.name, self._tried
        step = None if self._moment is None else moments[self._at].step
        series = self._overlaid.series(self._models, step, task, self.spread)
        if tried is not None:
            series.insert(1, tried_series(tried, has_points=bool(self.controls.points)))
        self.curves.show_runs(series, self._task_moment, self._metric, self.spread)
        self.curves.plot.set_chosen(self.controls.n_steps)

    @property
    def _number(self) -> int:
        """The number of the chosen task's colour."""
        names = [facts.name for facts in self._model.tasks]
        task = self.choice.name
        return self._model.colours[names.index(task)] if task in names else 0

    @property
    def _metric(self) -> str:
        metrics = {facts.name: facts.metric for facts in self._model.tasks}
        return metrics.get(self.choice.name, tr("score"))

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
