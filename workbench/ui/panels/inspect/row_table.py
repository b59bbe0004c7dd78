"""RowTable: examples that are rows of numbers, as a small table."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from workbench.spec.shown.samples import Rows
from workbench.spec.text import visible
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

#: Rows and columns at most.
_N_ROWS, _N_COLUMNS = 8, 40

#: Height of a row.
_LINE = 24

tr = translator("SampleViews")


class RowTable(QTableWidget):
    """Rows of numbers under their columns' names, the answer in front."""

    def __init__(self, samples: Rows) -> None:
        n_rows = min(len(samples.values), _N_ROWS)
        n_columns = min(len(samples.columns), _N_COLUMNS)
        has_answers = any(samples.answers)
        super().__init__(n_rows, n_columns + has_answers)
        self.setAccessibleName(tr("Rows of the data"))
        heads = [*([tr("answer")] if has_answers else []), *samples.columns[:n_columns]]
        self.setHorizontalHeaderLabels(heads)
        for i in range(n_rows):
            texts = [samples.answers[i]] if has_answers else []
            texts += [f"{value:.4g}" for value in samples.values[i, :n_columns].tolist()]
            for j, text in enumerate(texts):
                self._put(i, j, text, is_answer=has_answers and j == 0)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_LINE)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setDefaultSectionSize(72)
        self.horizontalHeader().setMaximumSectionSize(140)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(_LINE * n_rows + head + 18)

    def _put(self, i: int, j: int, text: str, is_answer: bool) -> None:
        item = QTableWidgetItem(visible(text))
        set_hint(item, text)
        if is_answer:
            font = item.font()
            font.setWeight(QFont.Weight.DemiBold)
            item.setFont(font)
        self.setItem(i, j, item)
