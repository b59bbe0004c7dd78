"""TaskMeasureTable: what each task adds to the lifelong measures, in numbers."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QIcon

from workbench.spec.task_measures import TaskMeasures
from workbench.spec.text import visible
from workbench.study.spread import Spread
from workbench.ui.look.theme import Theme
from workbench.ui.widgets.figure_card import mean_and_spread, shown
from workbench.ui.widgets.task_table import TaskTable
from workbench.ui.words.language import translator
from workbench.ui.words.measure_names import task_measures
from workbench.ui.words.plain_text import set_hint

tr = translator("TaskMeasures")


class TaskMeasureTable(TaskTable):
    """A row a task, and their mean; each column's definition comes on hover."""

    def __init__(self, theme: Theme) -> None:
        self._words = task_measures()
        measures = ((words.short, words.meaning) for words in self._words.values())
        super().__init__([(tr("Task"), ""), *measures], theme)
        self.setObjectName("taskMeasures")
        self.setAccessibleName(tr("The measures of each task"))

    def show_tasks(
        self,
        names: Sequence[str],
        colours: Sequence[int],
        runs: Sequence[Sequence[TaskMeasures]],
        kind: Spread = Spread.INTERVAL,
    ) -> None:
        """Show the means over `runs` of each task's terms, with the spread on hover."""
        self.setRowCount(len(names) + 1)
        sums: dict[str, list[float]] = {key: [] for key in self._words}
        for i, name in enumerate(names):
            self._set(i, 0, name)
            self.set_colour(i, colours[i])
            for c, key in enumerate(self._words, start=1):
                values = [getattr(run[i], key) for run in runs]
                known = [value for value in values if value is not None]
                sums[key] += [float(np.mean(known))] if known else []
                text, spread = mean_and_spread(values, kind)
                self._set(i, c, text)
                set_hint(self.cell(i, c), spread)
        self._set(len(names), 0, tr("Mean"), is_bold=True)
        last = self.cell(len(names), 0)
        last.setIcon(QIcon())  # the row of a task before, where there are fewer tasks now
        last.setData(Qt.ItemDataRole.UserRole, None)
        for c, key in enumerate(self._words, start=1):
            mean = float(np.mean(sums[key])) if sums[key] else float("nan")
            self._set(len(names), c, shown(mean), is_bold=True)

    def _set(self, i: int, c: int, text: str, is_bold: bool = False) -> None:
        item = self.cell(i, c)
        font = QFont(self.font())
        font.setBold(is_bold)
        item.setFont(font)
        item.setText(visible(text))
