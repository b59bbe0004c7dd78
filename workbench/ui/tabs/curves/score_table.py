"""ScoreTable: what the curves come down to, in numbers."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.model.decimation import Values
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.curves.score_summary import score_figures
from workbench.ui.widgets.basics import swatch_icon
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

_ROW_HEIGHT = 26
_SWATCH = QSize(26, 12)

tr = translator("ScoreTable")


class ScoreTable(QTableWidget):
    """A row a task: its newest loss, and the last, best and mean of its validation scores."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(0, 6)
        self._theme = theme
        self._limit = 4 * _ROW_HEIGHT
        self.setObjectName("scoreTable")
        self.setAccessibleName(tr("Losses and scores in numbers"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setIconSize(_SWATCH)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for i, (title, words) in enumerate(
            (
                (tr("Task"), ""),
                (
                    tr("Loss"),
                    tr("Mean of the newest training losses, as many as the smoothing takes"),
                ),
                (tr("Last"), tr("Newest validation score")),
                (tr("Best"), tr("Best validation score so far; nothing is chosen by it")),
                (tr("At step"), tr("The step of the best validation score")),
                (tr("Mean"), tr("Mean of all validation scores")),
            )
        ):
            head = QTableWidgetItem(title)
            self.setHorizontalHeaderItem(i, head)
            set_hint(head, words)
            side = Qt.AlignmentFlag.AlignRight if i else Qt.AlignmentFlag.AlignLeft
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def limit_height(self, height: int) -> None:
        """Be no higher than this: what does not fit scrolls, and the curves keep their room."""
        self._limit = height
        self._fit()

    def _fit(self) -> None:
        height = self.horizontalHeader().sizeHint().height() + _ROW_HEIGHT * self.rowCount() + 4
        self.setFixedHeight(min(height, self._limit))

    def show_model(self, model: RunModel, losses: Values) -> None:
        """Show a run; `losses` [T] are the newest ones."""
        if self.rowCount() != len(model.tasks):
            self.setRowCount(len(model.tasks))
            self._fit()
        for i, figures in enumerate(score_figures(model)):
            step = f"{figures.best_step:,}" if figures.best_step >= 0 else "–"
            number = model.colours[i]
            numbers = [_shown(value) for value in (losses[i], figures.last, figures.best)]
            self._set_row(i, [model.tasks[i].name, *numbers, step, _shown(figures.mean)], number)

    def _set_row(self, i: int, texts: Sequence[str], number: int) -> None:
        for j, text in enumerate(texts):
            item = self._cell(i, j)
            if item.text() != visible(text):
                item.setText(visible(text))
        first = self._cell(i, 0)
        if first.data(Qt.ItemDataRole.UserRole) != (number, self._theme.name):
            first.setData(Qt.ItemDataRole.UserRole, (number, self._theme.name))
            first.setIcon(swatch_icon(self._theme, number, _SWATCH, self))

    def _cell(self, i: int, j: int) -> QTableWidgetItem:
        item = self.item(i, j)
        if item is None:
            item = QTableWidgetItem()
            side = Qt.AlignmentFlag.AlignRight if j else Qt.AlignmentFlag.AlignLeft
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(i, j, item)
        return item

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme


def _shown(value: float) -> str:
    return f"{value:.3f}".replace("-", "−") if np.isfinite(value) else "–"
