"""Column table: how the columns and rows of a file of data are laid out."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableView

from workbench.ui.dialogs.column_model import AS
from workbench.ui.dialogs.data_choice import DataChoice


def table_view(name: str) -> QTableView:
    """A table in the dialog's look."""
    table = QTableView()
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.verticalHeader().setDefaultSectionSize(26)
    table.setWordWrap(False)
    return table


def arrange_columns(table: QTableView, choice: DataChoice) -> None:
    """Show what there is to say of each column, and what there is to choose."""
    for at in range(3):
        table.setColumnHidden(at, not choice.has_columns)
        table.setColumnWidth(at, 92 if at == AS else 64)
    head = table.horizontalHeader()
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
    head.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
    head.setSectionResizeMode(4, QHeaderView.ResizeMode.ResizeToContents)
    for at in (5, 6):
        table.setColumnHidden(at, choice.facts.family != "table")
