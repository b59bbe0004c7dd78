"""FilePage: the columns and first rows of a file, beside what is to be learned from it."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from workbench.ui.dialogs.column_table import table_view
from workbench.ui.dialogs.learn_choice import LearnChoice
from workbench.ui.widgets.basics import column, scrolling
from workbench.ui.words.language import translator

tr = translator("BringData")


class FilePage(QSplitter):
    """Two tables, and a side for choices and a form, which `add` puts there."""

    clicked = Signal(QModelIndex)
    grouped = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.columns = table_view(tr("Columns of the file"))
        self.rows = table_view(tr("First rows of the file"))
        self.columns.verticalHeader().hide()
        self.columns.clicked.connect(self.clicked)
        left = QSplitter(Qt.Orientation.Vertical)
        left.setChildrenCollapsible(False)
        left.addWidget(self.columns)
        left.addWidget(self.rows)
        left.setSizes([300, 180])
        self.learn = LearnChoice()
        self.learn.grouped.connect(self.grouped)
        self._side = QVBoxLayout()
        self._side.setContentsMargins(12, 2, 10, 0)
        self._side.addWidget(self.learn)
        side = QWidget()
        holder = column(side, (0, 0, 0, 0), 8)
        holder.addLayout(self._side)
        holder.addStretch(1)
        area = scrolling(side)
        area.setMinimumWidth(290)
        self.setChildrenCollapsible(False)
        self.addWidget(left)
        self.addWidget(area)
        self.setStretchFactor(0, 1)

    def add(self, form: QWidget) -> None:
        """Put a form under the choices."""
        self._side.addWidget(form)
