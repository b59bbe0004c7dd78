"""TaskMeasureTable: what each task adds to the lifelong measures, in numbers."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QIcon
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from workbench.spec.task_measures import TaskMeasures
from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import swatch_icon
from workbench.ui.widgets.figure_card import shown
from workbench.ui.words.language import translator
from workbench.ui.words.measure_names import task_measures
from workbench.ui.words.plain_text import set_hint

_ROW_HEIGHT = 26
_SWATCH = QSize(26, 12)

tr = translator("TaskMeasures")


class TaskMeasureTable(QTableWidget):
    """A row a task, and their mean; each column's definition comes on hover."""

    def __init__(self, theme: Theme) -> None:
        self._words = task_measures()
        super().__init__(0, 1 + len(self._words))
        self._theme = theme
        self.setObjectName("taskMeasures")
        self.setAccessibleName(tr("The measures of each task"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setIconSize(_SWATCH)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        titles = [(tr("Task"), ""), *((w.short, w.meaning) for w in self._words.values())]
        for i, (title, meaning) in enumerate(titles):
            head = QTableWidgetItem(title)
            set_hint(head, meaning)
            side = Qt.AlignmentFlag.AlignRight if i else Qt.AlignmentFlag.AlignLeft
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(i, head)

    def show_tasks(
        self,
        names: Sequence[str],
        colours: Sequence[int],
        runs: Sequence[Sequence[TaskMeasures]],
    ) -> None:
        """Show the means over `runs` of each task's terms, with the spread on hover."""
        self.setRowCount(len(names) + 1)
        sums: dict[str, list[float]] = {key: [] for key in self._words}
        for i, name in enumerate(names):
            self._set(i, 0, name)
            first = self.item(i, 0)
            if first is not None:
                first.setIcon(swatch_icon(self._theme, colours[i], _SWATCH, self))
            for c, key in enumerate(self._words, start=1):
                values = [getattr(run[i], key) for run in runs]
                known = [value for value in values if value is not None]
                sums[key] += [float(np.mean(known))] if known else []
                self._set_number(i, c, known)
        self._set(len(names), 0, tr("Mean"), is_bold=True)
        last = self.item(len(names), 0)
        if last is not None:
            last.setIcon(QIcon())  # the row of a task before, where there are fewer tasks now
        for c, key in enumerate(self._words, start=1):
            mean = float(np.mean(sums[key])) if sums[key] else float("nan")
            self._set(len(names), c, shown(mean), is_bold=True)

    def _set_number(self, i: int, c: int, known: Sequence[float]) -> None:
        mean = float(np.mean(known)) if known else float("nan")
        self._set(i, c, shown(mean))
        item = self.item(i, c)
        if item is not None:
            hint = f"± {np.std(known, ddof=1):.3f}" if len(known) > 1 else ""
            set_hint(item, hint)

    def _set(self, i: int, c: int, text: str, is_bold: bool = False) -> None:
        item = self.item(i, c)
        if item is None:
            item = QTableWidgetItem()
            side = Qt.AlignmentFlag.AlignRight if c else Qt.AlignmentFlag.AlignLeft
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(i, c, item)
        font = QFont(self.font())
        font.setBold(is_bold)
        item.setFont(font)
        item.setText(visible(text))

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours, from the next numbers on."""
        self._theme = theme
