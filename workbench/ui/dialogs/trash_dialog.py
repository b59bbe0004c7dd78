"""TrashDialog: the deleted runs, to bring back or to delete for good."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from workbench.spec.text import visible
from workbench.ui.services.history_backend import DeletedRun
from workbench.ui.widgets.basics import EmptyState, column, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import message_box, set_hint

tr = translator("TrashDialog")


class TrashDialog(QDialog):
    """A line a run; it asks for the runs, and is shown them when they were read."""

    requested = Signal()
    restore_wanted = Signal(object)
    empty_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Trash"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(620, 360)
        self._runs: list[DeletedRun] = []
        self._is_open = True
        self.table = QTableWidget(0, 2)
        self.table.setAccessibleName(tr("Deleted runs"))
        self.table.setHorizontalHeaderLabels([tr("Run"), tr("Deleted")])
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.restore = QPushButton(tr("&Restore"))
        self.empty = QPushButton(tr("&Empty the trash"))
        self.forget = QPushButton(tr("&Delete for good"))
        close = QPushButton(tr("&Close"))
        self._stack = QStackedWidget()
        nothing = EmptyState(tr("The trash is empty"), tr("Runs that you delete wait here."))
        self._stack.addWidget(nothing)
        self._stack.addWidget(self.table)
        layout = column(self, (16, 16, 16, 16), 12)
        layout.addWidget(self._stack, 1)
        layout.addLayout(row(self.empty, self.forget, 1, self.restore, close))
        self.restore.setProperty("primary", True)
        self.restore.clicked.connect(lambda: self.restore_wanted.emit(self.chosen))
        self.forget.clicked.connect(lambda: self._ask_first(self.chosen))
        self.empty.clicked.connect(lambda: self._ask_first(list(self._runs)))
        close.clicked.connect(self.close)
        self.table.itemSelectionChanged.connect(self._enable)
        self._enable()

    @property
    def chosen(self) -> list[DeletedRun]:
        """The runs that are chosen."""
        rows = self.table.selectionModel().selectedRows()
        return [self._runs[i] for i in sorted(index.row() for index in rows)]

    def ask(self) -> None:
        """Have the trash read again."""
        if self._is_open:
            self.requested.emit()

    def show_runs(self, runs: Sequence[DeletedRun]) -> None:
        """Show what is in the trash."""
        if not self._is_open:
            return
        self._runs = list(runs)
        self.table.setRowCount(len(runs))
        for i, run in enumerate(runs):
            name = QTableWidgetItem(visible(PurePath(run.origin).name))
            set_hint(name, run.origin)
            self.table.setItem(i, 0, name)
            self.table.setItem(i, 1, QTableWidgetItem(_when(run.when)))
        self._stack.setCurrentIndex(1 if runs else 0)
        if runs:
            self.table.selectRow(0)
        self._enable()

    def _enable(self) -> None:
        for button in (self.restore, self.forget):
            button.setEnabled(bool(self.chosen))
        self.empty.setEnabled(bool(self._runs))

    def _ask_first(self, runs: list[DeletedRun]) -> None:
        """What is deleted for good cannot be undone."""
        words = tr("Delete {} runs for good? This cannot be undone.").format(len(runs))
        box = message_box(self, tr("Trash"), words)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        yes = box.addButton(tr("Delete for good"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole))
        yes.clicked.connect(lambda: self.empty_wanted.emit(runs))
        box.open()

    def done(self, result: int) -> None:
        """What is read from now on comes too late."""
        self._is_open = False
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The same."""
        self._is_open = False
        super().closeEvent(event)


def _when(text: str) -> str:
    try:
        return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return text
