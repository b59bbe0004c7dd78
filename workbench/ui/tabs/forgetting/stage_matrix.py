"""StageMatrix: the [stage, task] matrix of test scores, and what of each task is lost."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QSplitter, QWidget

from workbench.spec.measures import learned_in
from workbench.spec.task_measures import TaskMeasures, by_task
from workbench.study.spread import Bounds, Spread, spread_of
from workbench.ui.look.theme import Theme
from workbench.ui.model.decimation import Values
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.heatmap import Cells, Heatmap
from workbench.ui.plots.seed_curves import matrix_spread
from workbench.ui.tabs.forgetting.task_bars import Bar, TaskBars
from workbench.ui.widgets.basics import column, label
from workbench.ui.widgets.figure_card import shown, spread_text
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("StageMatrix")


class StageMatrix(QWidget):
    """The matrix on the left, forgetting as bars on the right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heatmap = Heatmap(tr("Score after each stage"), theme)
        self.bars = TaskBars(
            tr("Forgetting of each task"), tr("forgetting"), tr("fine-tuning, mean"), theme
        )
        left, right = QWidget(), QWidget()
        for side, margins, title, hint, view in (
            (
                left,
                (0, 0, 6, 0),
                tr("Test score after each stage"),
                tr(
                    "R[i, j]: the test score on task j after stage i; the stage that learned a\n"
                    "task has a frame in its colour"
                ),
                self.heatmap,
            ),
            (
                right,
                (6, 0, 0, 0),
                tr("Forgetting of each task"),
                tr(
                    "Best score before the newest stage minus the score after it; a black tick is\n"
                    "the mean of fine-tuning, where that bound was run. Below 0: it got better."
                ),
                self.bars,
            ),
        ):
            inner = column(side, margins, 6)
            head = label(title, "section")
            set_hint(head, hint)
            inner.addWidget(head)
            inner.addWidget(view, 1)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([150, 100])
        column(self, (0, 0, 0, 0), 0).addWidget(splitter, 1)

    def show_models(
        self,
        models: Sequence[RunModel],
        terms: Sequence[Sequence[TaskMeasures]],
        bound: float,
        kind: Spread = Spread.INTERVAL,
    ) -> None:
        """Show the mean of the runs; `bound` is the mean forgetting of fine-tuning, or NaN."""
        model = models[0]
        self._show_matrix(model, matrix_spread(models, kind), kind)
        lost = np.array(
            [[np.nan if t.forgetting is None else t.forgetting for t in run] for run in terms]
        )
        around = spread_of(lost, kind)
        ends = np.stack([around.mean, around.low, around.high], axis=1).tolist()
        self.bars.set_bars(
            [
                Bar(task.name, number, mean, low, high, bound)
                for task, number, (mean, low, high) in zip(
                    model.tasks, model.colours, ends, strict=True
                )
            ]
        )

    def _show_matrix(self, model: RunModel, around: Bounds, kind: Spread) -> None:
        began = model.began
        if began is None:
            return
        names = tuple(task.name for task in began.tasks)
        means = around.mean
        missing = np.full((max(len(began.stages) - len(means), 0), len(names)), np.nan)
        learned = tuple(
            tuple(j for j, name in enumerate(names) if name in stage.tasks)
            for stage in began.stages
        )
        rows = tuple(stage.name for stage in began.stages)
        if len(rows) == 1:
            learned = ((),)
        spreads = tuple(
            tuple(spread_text(_cell(around, i, j), kind, 2) for j in range(len(names)))
            for i in range(len(means))
        )
        self.heatmap.set_cells(
            Cells(
                rows,
                names,
                learned,
                np.concatenate([means, missing]),
                spreads + (("",) * len(names),) * len(missing),
                tuple(task.higher_is_better for task in began.tasks),
                model.colours,
                _notes(model, means),
            )
        )

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self.heatmap.set_theme(theme)
        self.bars.set_theme(theme)


def _notes(model: RunModel, means: Values) -> tuple[tuple[str, ...], ...]:
    """What each score of the matrix [S, T] enters, with its term; none for stages to come."""
    began = model.began
    assert began is not None, "there is a matrix"
    names = [task.name for task in model.tasks]
    higher = [task.higher_is_better for task in model.tasks]
    stages = [stage.tasks for stage in began.stages]
    spans = learned_in(stages, names)
    notes: list[tuple[str, ...]] = []
    for i in range(len(stages)):
        # As the measures would be if it ended after this stage, and of what is next after that.
        now, then = (
            by_task(means[: n + 1], model.baseline, stages, names, higher) for n in (i, i + 1)
        )
        is_next = [first == i + 1 < len(means) for first, _ in spans]
        notes.append(
            tuple(
                _note(now[j], then[j].forward if is_next[j] else None, is_last=end == i)
                for j, (_, end) in enumerate(spans)
            )
        )
    return tuple(notes)


def _note(terms: TaskMeasures, forward: float | None, *, is_last: bool) -> str:
    lines = [tr("just learned: its part in learning accuracy")] if is_last else []
    if terms.backward is not None:
        lines.append(
            tr("{} since it was learned: backward transfer").format(_change(terms.backward))
        )
    if terms.forgetting is not None:
        lines.append(tr("{} below its best before: forgetting").format(shown(terms.forgetting)))
    if forward is not None:
        text = tr("{} against the untrained model, before it is learned: forward transfer")
        lines.append(text.format(_change(forward)))
    return "\n".join(lines)


def _change(value: float) -> str:
    return ("+" if value > 0 else "") + shown(value)


def _cell(around: Bounds, i: int, j: int) -> Bounds:
    return Bounds(around.mean[i, j], around.low[i, j], around.high[i, j], around.n[i, j])
