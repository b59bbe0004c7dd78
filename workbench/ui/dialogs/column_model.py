"""Column models: the columns of a file to be ticked, and its first rows."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from workbench.spec.text import visible
from workbench.spec.user_files.file_facts import ColumnFacts, FileFacts
from workbench.ui.dialogs.data_choice import DataChoice
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import hint

INPUT, TARGET, AS = 0, 1, 2
_NAME, _KIND, _MISSING, _DISTINCT = 3, 4, 5, 6

_Index = QModelIndex | QPersistentModelIndex

tr = translator("BringData")


class ColumnModel(QAbstractTableModel):
    """A row a column of the file: input or target, as what, and what is in it."""

    changed = Signal()

    def __init__(self, choice: DataChoice) -> None:
        super().__init__()
        self.choice = choice
        self._heads = (
            tr("Input"),
            tr("Predict"),
            tr("As"),
            tr("Column"),
            tr("Holds"),
            tr("Missing"),
            tr("Distinct"),
        )

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One for each column of the file."""
        return 0 if parent.isValid() else len(self.choice.facts.columns)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """What is told of each."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """The heads."""
        is_text = role == Qt.ItemDataRole.DisplayRole
        if is_text and orientation == Qt.Orientation.Horizontal:
            return self._heads[section]
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """The first two can be ticked, where the column is not left out."""
        if self.choice.facts.columns[index.row()].reason:
            return Qt.ItemFlag.ItemIsSelectable  # greyed: nothing can be learned from it
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_tick = index.column() in (INPUT, TARGET)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if is_tick else flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, tick or tooltip of a cell."""
        column, at = self.choice.facts.columns[index.row()], index.column()
        if role == Qt.ItemDataRole.CheckStateRole and at in (INPUT, TARGET):
            chosen = self.choice.inputs if at == INPUT else self.choice.targets
            return Qt.CheckState.Checked if column.name in chosen else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole and at == AS:
            return tr("Click to predict it as classes or as values")
        if role == Qt.ItemDataRole.ToolTipRole:
            return hint(self._text(column, at))
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(self._text(column, at))
        return None

    def _text(self, column: ColumnFacts, at: int) -> str:
        target = self.choice.targets.get(column.name, "")
        match at:
            case 2:
                return {"classes": tr("classes ⇅"), "values": tr("values ⇅")}.get(target, "")
            case 3:
                return column.name
            case 4:
                shape = " × ".join(str(n) for n in column.shape)
                reason = tr("left out: it {}").format(column.reason) if column.reason else ""
                return " · ".join(
                    part for part in (f"{column.kind} {shape}".strip(), reason) if part
                )
            case 5:
                return "?" if column.n_missing is None else f"{column.n_missing:,}"
            case 6:
                return "?" if column.n_distinct is None else f"{column.n_distinct:,}"
            case _:
                return ""

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take a tick."""
        is_tick = role == Qt.ItemDataRole.CheckStateRole
        if not is_tick or self.choice.facts.columns[index.row()].reason:
            return False
        name = self.choice.facts.columns[index.row()].name
        is_on = Qt.CheckState(value) == Qt.CheckState.Checked
        if index.column() == INPUT:
            self.choice.set_input(name, is_on=is_on)
        else:
            self.choice.set_target(name, is_on=is_on)
        self._tell()
        return True

    def turn(self, index: _Index) -> None:
        """Predict the target of a row as the other kind."""
        if index.column() == AS:
            self.choice.turn(self.choice.facts.columns[index.row()].name)
            self._tell()

    def _tell(self) -> None:
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)
        self.changed.emit()


class RowModel(QAbstractTableModel):
    """The first rows of a table, as text."""

    def __init__(self, facts: FileFacts) -> None:
        super().__init__()
        self._facts = facts

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """The rows that were read."""
        return 0 if parent.isValid() else len(self._facts.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """The file's columns."""
        return 0 if parent.isValid() else len(self._facts.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Names across, numbers down."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        is_across = orientation == Qt.Orientation.Horizontal
        return visible(self._facts.columns[section].name) if is_across else section + 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell."""
        if role == Qt.ItemDataRole.ToolTipRole:
            return hint(self._facts.rows[index.row()][index.column()])
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(self._facts.rows[index.row()][index.column()])
        return None
