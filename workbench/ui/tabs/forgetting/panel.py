"""Forgetting: what each stage did to every task, and the figures that sum it up."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QWidget

from workbench.spec.fingerprint import fingerprint
from workbench.spec.measures import intransigence
from workbench.spec.task_measures import TaskMeasures, by_task
from workbench.study.plan import fine_tuning
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.tab_context import TabContext
from workbench.ui.tab import Tab
from workbench.ui.tabs.forgetting.bounds import Bounds
from workbench.ui.tabs.forgetting.score_timeline import ScoreTimeline
from workbench.ui.tabs.forgetting.stability_plasticity import Place, places, stability
from workbench.ui.tabs.forgetting.stability_plasticity_plot import StabilityPlasticityPlot
from workbench.ui.tabs.forgetting.stage_matrix import StageMatrix
from workbench.ui.tabs.forgetting.task_measure_table import TaskMeasureTable
from workbench.ui.widgets.basics import EmptyState, FlowLayout, column, label
from workbench.ui.widgets.figure_card import FigureCard, SmallFigure
from workbench.ui.widgets.segmented_control import SegmentedControl
from workbench.ui.words.language import translator
from workbench.ui.words.measure_names import main_measures, more_measures
from workbench.ui.words.plain_text import set_hint
from workbench.ui.words.spread_words import figure_words

MATRIX, TIME, TASKS, RUNS = "matrix", "time", "tasks", "runs"

tr = translator("Forgetting")


class ForgettingPanel(Tab):
    """Figures above; below one of four views: matrix, time, tasks, and other runs."""

    name = "forgetting"
    order = 20
    is_by_task = True

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._models: list[RunModel] = []
        self._seen: object = None
        self._bounds: Bounds | None = None
        self.cards = {key: FigureCard(words, key) for key, words in main_measures().items()}
        self.small = {key: SmallFigure(words) for key, words in more_measures().items()}
        self.matrix = StageMatrix(theme)
        self.heatmap = self.matrix.heatmap
        self.times = ScoreTimeline(theme)
        self.tasks = TaskMeasureTable(theme)
        self.scatter = StabilityPlasticityPlot(theme)
        self.views = SegmentedControl(
            tr("What is shown"),
            (
                (MATRIX, tr("Matrix"), tr("Test scores after each stage, and what was lost")),
                (TIME, tr("Over time"), tr("Validation scores step by step, each drop marked")),
                (TASKS, tr("By task"), tr("What each task adds to the measures")),
                (RUNS, tr("Among runs"), tr("Plasticity against stability over the history")),
            ),
        )
        self.run_bounds = QPushButton(tr("Run the bounds"))
        set_hint(
            self.run_bounds,
            tr(
                "Run joint training (upper bound) and fine-tuning (lower bound) of this setup\n"
                "on the same seeds, then show this run again with both drawn in"
            ),
        )
        self._build()
        self.views.chosen.connect(self._choose)
        self.run_bounds.clicked.connect(self._run_bounds)

    def _build(self) -> None:
        self._empty = EmptyState(
            tr("No stage has ended yet"),
            tr(
                "Run a sequential curriculum. After each stage every task is tested again, "
                "and what was forgotten shows here."
            ),
        )
        content = QWidget()
        layout = column(content, (12, 12, 12, 10), 8)
        cards = QHBoxLayout()
        cards.setSpacing(10)
        for card in self.cards.values():
            cards.addWidget(card, 1)
        layout.addLayout(cards)
        more = QWidget()
        flow = FlowLayout(more, 14)
        for figure in self.small.values():
            flow.addWidget(figure)
        layout.addWidget(more)
        choices = QHBoxLayout()
        self._note = label("", "hint")
        choices.addWidget(self.views)
        choices.addSpacing(6)
        choices.addWidget(self._note, 1)
        choices.addWidget(self.run_bounds)
        layout.addLayout(choices)
        self._shown = QStackedLayout()
        for view in (self.matrix, self.times, self.tasks, self.scatter):
            self._shown.addWidget(view)
        layout.addLayout(self._shown, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(content)

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("&Forgetting")

    def join(self, context: TabContext) -> None:
        """Follow the session, and the history for the bounds."""
        self._bounds = Bounds(context, self)
        super().join(context)
        self._bounds.changed.connect(self.redraw)
        context.run_history.overlay.changed.connect(self.redraw)

    def set_models(self, current: RunModel, models: Sequence[RunModel]) -> None:
        """Show the mean of the runs, as far as each has come."""
        self._models = [model for model in models if len(model.matrix)] or [current]
        if self._bounds is not None:
            self._bounds.set_models(self._models)
        self.refresh()

    def _choose(self, key: str) -> None:
        self._shown.setCurrentIndex((MATRIX, TIME, TASKS, RUNS).index(key))
        self.redraw()

    def _run_bounds(self) -> None:
        if self._bounds is not None:
            self.run_bounds.setEnabled(False)
            self._bounds.run()

    def refresh(self) -> None:
        """Draw what is new, where the panel can be seen."""
        if not self.isVisible():
            return
        is_timed = self.views.current == TIME
        seen = [
            (
                id(model),
                model.matrix_version,
                *((model.scores_version, model.marks_version) if is_timed else ()),
            )
            for model in self._models
        ]
        if seen == self._seen:
            return
        self._seen = seen
        shown = [m for m in self._models if m.began is not None and len(m.matrix)]
        if not shown:
            is_early = is_timed and any(len(model.scores[0]) for model in self._models)
            self._stack.setCurrentIndex(1 if is_early else 0)
            if is_early:
                self.times.show_models(self._models, self.spread)
            return
        self._stack.setCurrentIndex(1)
        self._draw(shown)

    def _draw(self, shown: list[RunModel]) -> None:
        names = [task.name for task in shown[0].tasks]
        joint = fine = np.full(len(names), np.nan)
        if self._bounds is not None:
            joint = self._bounds.joint.scores(names)
            fine = self._bounds.fine_tuning.scores(names)
        terms = [_terms(model) for model in shown]
        self._show_figures(shown)
        self._show_bounds_button(shown[0])
        match self.views.current:
            case "matrix":
                self.matrix.show_models(shown, terms, self._lost_by_fine_tuning(), self.spread)
            case "time":
                self.times.set_bounds(_mean(joint), _mean(fine))
                self.times.show_models(shown, self.spread)
            case "tasks":
                self.tasks.show_tasks(names, shown[0].colours, terms, self.spread)
            case _:
                self._show_runs(shown, _mean(joint))

    def _lost_by_fine_tuning(self) -> float:
        """Mean forgetting of the lower bound; NaN where it was not run."""
        rows = self._bounds.fine_tuning.rows if self._bounds is not None else ()
        known = [row.forgetting for row in rows if row.forgetting is not None]
        return float(np.mean(known)) if known else float("nan")

    def redraw(self) -> None:
        """Draw everything again."""
        self._seen = None
        self.refresh()

    def showEvent(self, event: object) -> None:
        """What happened unseen is drawn now."""
        self.redraw()

    def _show_figures(self, models: list[RunModel]) -> None:
        summaries = [
            {**model.summary, "intransigence": self._intransigence(model)} for model in models
        ]
        for key, card in {**self.cards, **self.small}.items():
            card.set_value([summary.get(key) for summary in summaries], self.spread)
        began = models[0].began
        words = [text] if (text := figure_words(len(models), self.spread)) else []
        if began is not None and len(began.stages) == 1:
            words.append(tr("One stage: nothing could be forgotten"))
        self._note.setText(" · ".join(words))

    def _intransigence(self, model: RunModel) -> float | None:
        if self._bounds is None or model.began is None:
            return None
        names = [task.name for task in model.tasks]
        joint = self._bounds.joint.scores_on(model.seed, names)
        if not np.isfinite(joint).all():
            return None
        stages = [stage.tasks for stage in model.began.stages]
        higher = [task.higher_is_better for task in model.tasks]
        return intransigence(model.matrix, joint, stages, names, higher)

    def _show_bounds_button(self, model: RunModel) -> None:
        began, bounds = model.began, self._bounds
        is_lifelong = began is not None and len(began.stages) > 1
        missing = bounds.missing() if bounds is not None and is_lifelong else []
        self.run_bounds.setVisible(bool(missing) or (bounds is not None and bounds.is_running))
        is_free = bounds is not None and not bounds.is_running
        self.run_bounds.setEnabled(is_free and not self.context.session.is_active)

    def _show_runs(self, models: list[RunModel], joint: float) -> None:
        tasks = models[0].tasks
        is_share = models[0].scores_are_shares
        spec = models[0].spec
        own = fingerprint(spec) if spec is not None else ""
        names = [task.name for task in tasks]
        rows = self.context.run_history.rows if self._bounds is not None else []
        drawn = self.context.run_history.overlay.drawn if self._bounds is not None else []
        eyes = {row.fingerprint: one.number for one in drawn for row in one.rows}
        others = places(rows, names, is_share, {own}, eyes)
        shown = _place_of(models, is_share, own)
        lower = fingerprint(fine_tuning(spec)) if spec is not None else ""
        self.scatter.set_places(
            [*others, *([shown] if shown is not None else [])], is_share, joint, lower
        )

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        for part in (self.matrix, self.times, self.tasks, self.scatter):
            part.set_theme(theme)
        self.redraw()


def _terms(model: RunModel) -> list[TaskMeasures]:
    stages = [stage.tasks for stage in model.began.stages] if model.began else []
    names = [task.name for task in model.tasks]
    higher = [task.higher_is_better for task in model.tasks]
    return by_task(model.matrix, model.baseline, stages, names, higher)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _place_of(models: Sequence[RunModel], is_share: bool, own: str) -> Place | None:
    rows: list[tuple[float, float, int]] = []
    for model in models:
        summary = model.summary
        retained = stability(summary.get("forgetting"), summary.get("bwt"), is_share)
        learned = summary.get("learning_accuracy")
        if retained is not None and learned is not None:
            rows.append((learned, retained, model.seed))
    if not rows:
        return None
    learned, retained, seeds = zip(*rows, strict=True)
    name = models[0].spec.name if models[0].spec is not None else tr("this run")
    return Place(name, learned, retained, seeds, own, is_shown=True)
