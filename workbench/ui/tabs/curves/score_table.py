"""ScoreTable: what the curves come down to, in numbers."""

from collections.abc import Sequence

import numpy as np

from workbench.spec.text import visible
from workbench.study.spread import Spread, spread_of
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.curves.score_summary import score_figures
from workbench.ui.widgets.task_table import ROW_HEIGHT, TaskTable
from workbench.ui.words.language import translator

tr = translator("ScoreTable")


class ScoreTable(TaskTable):
    """A row a task: its newest loss, and the last, best and mean of its validation scores."""

    def __init__(self, theme: Theme) -> None:
        newest = tr("Mean of the newest training losses, as many as the smoothing takes")
        titles = (
            (tr("Task"), ""),
            (tr("Loss"), newest),
            (tr("Last"), tr("Newest validation score")),
            (tr("Best"), tr("Best validation score so far; nothing is chosen by it")),
            (tr("At step"), tr("The step of the best validation score")),
            (tr("Mean"), tr("Mean of all validation scores")),
        )
        super().__init__(titles, theme)
        self._limit = 4 * ROW_HEIGHT
        self.setObjectName("scoreTable")
        self.setAccessibleName(tr("Losses and scores in numbers"))

    def limit_height(self, height: int) -> None:
        """Be no higher than this: what does not fit scrolls, and the curves keep their room."""
        self._limit = height
        self._fit()

    def _fit(self) -> None:
        height = self.horizontalHeader().sizeHint().height() + ROW_HEIGHT * self.rowCount() + 4
        self.setFixedHeight(min(height, self._limit))

    def show_models(self, models: Sequence[RunModel], window: int) -> None:
        """Show a run, or the means of several seeds; losses are the mean over a window of steps."""
        model = models[0]
        known = np.array([each.latest_losses(window) for each in models])
        losses = spread_of(known, Spread.RANGE).mean
        if self.rowCount() != len(model.tasks):
            self.setRowCount(len(model.tasks))
            self._fit()
        for i, figures in enumerate(score_figures(models)):
            step = f"{figures.best_step:,}" if figures.best_step >= 0 else "–"
            number = model.colours[i]
            numbers = [_shown(value) for value in (losses[i], figures.last, figures.best)]
            self._set_row(i, [model.tasks[i].name, *numbers, step, _shown(figures.mean)], number)

    def _set_row(self, i: int, texts: Sequence[str], number: int) -> None:
        for j, text in enumerate(texts):
            item = self.cell(i, j)
            if item.text() != visible(text):
                item.setText(visible(text))
        self.set_colour(i, number)


def _shown(value: float) -> str:
    return f"{value:.3f}".replace("-", "−") if np.isfinite(value) else "–"
