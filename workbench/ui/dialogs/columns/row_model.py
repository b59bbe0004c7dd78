"""RowModel: the first rows of a table, as text."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.spec.text import visible
from workbench.spec.user_files.file_facts import FileFacts
from workbench.ui.words.direction import direction_of
from workbench.ui.words.plain_text import hint

_Index = QModelIndex | QPersistentModelIndex


class RowModel(QAbstractTableModel):
    """The first rows of a table, as text."""

    def __init__(self, facts: FileFacts | None = None) -> None:
        super().__init__()
        self._facts = facts

    def show_facts(self, facts: FileFacts) -> None:
        """Show the rows of a file."""
        self.beginResetModel()
        self._facts = facts
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """The rows that were read."""
        return 0 if parent.isValid() or self._facts is None else len(self._facts.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """The file's columns."""
        return 0 if parent.isValid() or self._facts is None else len(self._facts.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Names across, numbers down."""
        if role != Qt.ItemDataRole.DisplayRole or self._facts is None:
            return None
        is_across = orientation == Qt.Orientation.Horizontal
        return visible(self._facts.columns[section].name) if is_across else section + 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell."""
        if self._facts is None:
            return None
        row = self._facts.rows[index.row()]
        text = row[index.column()] if index.column() < len(row) else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return hint(text)
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(text)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            is_left = direction_of(text) == Qt.LayoutDirection.LeftToRight
            side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        return None
