"""ColumnModel: the columns of a file, what they are taken for and what each is for."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from workbench.spec.text import visible
from workbench.spec.user_files.file_facts import ColumnFacts
from workbench.ui.dialogs.columns.column_words import (
    holds,
    proposal_of,
    remark_of,
    share_of,
    spread_words,
    type_words,
    use_words,
)
from workbench.ui.dialogs.data_choice import DataChoice, Use
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import hint

NAME, TYPE, USE, MISSING, DISTINCT, SPREAD, REMARK = range(7)

#: What a row is sorted by, and what a search for a text looks at.
SORT_ROLE, SEARCH_ROLE = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
#: What a cell may be made: pairs of a value and its words.
OFFER_ROLE = Qt.ItemDataRole.UserRole + 3
#: The bars of a cell: a Histogram.
BARS_ROLE = Qt.ItemDataRole.UserRole + 4

#: A type that is no given one: what a column looks like.
AS_IT_LOOKS = ""

_Index = QModelIndex | QPersistentModelIndex

tr = translator("BringData")


class ColumnModel(QAbstractTableModel):
    """A row a column of the file."""

    #: What columns are for was changed.
    changed = Signal()
    #: What columns are taken for was changed: the file is to be read again.
    retyped = Signal()

    def __init__(self, choice: DataChoice, muted: str = "#808080") -> None:
        super().__init__()
        self.choice = choice
        self._muted = QColor(muted)
        self._heads = (
            tr("Column"),
            tr("Type"),
            tr("Role"),
            tr("Missing"),
            tr("Distinct"),
            tr("Spread"),
            tr("Remark"),
        )

    def show_choice(self, choice: DataChoice) -> None:
        """Show what is chosen of a file; of the same columns the view stays where it is."""
        names = [column.name for column in self.choice.columns]
        if names == [column.name for column in choice.columns]:
            self.choice = choice
            self._tell_all()
            return
        self.beginResetModel()
        self.choice = choice
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One for each column of the file."""
        return 0 if parent.isValid() else len(self.choice.columns)

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
        """Type and role can be changed, where there is something to choose."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        column, at = self.choice.columns[index.row()], index.column()
        is_open = at == USE and self.choice.has_columns and not column.reason
        is_open |= at == TYPE and len(column.may_be) > 1
        return flags | Qt.ItemFlag.ItemIsEditable if is_open else flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, tooltip, bars, or what a cell may be made."""
        column, at = self.choice.columns[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return visible(self._text(column, at))
            case Qt.ItemDataRole.ToolTipRole:
                return hint(self._hint(column, at))
            case Qt.ItemDataRole.AccessibleTextRole:
                text = spread_words(column) if at == SPREAD else self._text(column, at)
                return f"{self._heads[at]}: {visible(text)}"
            case Qt.ItemDataRole.TextAlignmentRole if at in (MISSING, DISTINCT):
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole:
                is_out = self.choice.has_columns and self.choice.use_of(column.name) == "leave out"
                return self._muted if is_out or at == REMARK else None
            case Qt.ItemDataRole.EditRole:
                return self._value(column, at)
            case _:
                return self._own(column, index, role)

    def _own(self, column: ColumnFacts, index: _Index, role: int) -> Any:
        at = index.column()
        if role == SORT_ROLE:
            return self._order(column, index)
        if role == SEARCH_ROLE:
            parts = (
                column.name,
                holds(column),
                self._text(column, USE),
                self._text(column, REMARK),
            )
            return visible(" ".join(parts))
        if role == OFFER_ROLE:
            return self._offers(index)
        if role == BARS_ROLE and at == SPREAD:
            return column.histogram
        return None

    def _text(self, column: ColumnFacts, at: int) -> str:
        match at:
            case 0:
                return column.name
            case 1:
                asked = self.choice.types.get(column.name, "")
                return type_words(asked) if asked else holds(column)
            case 2:
                return use_words(self.choice.use_of(column.name)) if self._has_uses else ""
            case 3:
                return share_of(column.n_missing, self.choice.facts.n_seen or self._n_rows)
            case 4:
                return "?" if column.n_distinct is None else f"{column.n_distinct:,}"
            case 6:
                return remark_of(column)
            case _:
                return ""

    @property
    def _has_uses(self) -> bool:
        return self.choice.has_columns

    @property
    def _n_rows(self) -> int:
        return self.choice.facts.n_rows

    def _hint(self, column: ColumnFacts, at: int) -> str:
        if at == SPREAD:
            return spread_words(column)
        if at == USE and self._has_uses:
            proposed = DataChoice.of(self.choice.facts, self.choice.known)
            return proposal_of(column, proposed.use_of(column.name))
        if at == MISSING and column.n_missing:
            return tr("{} rows have no value").format(f"{column.n_missing:,}")
        return self._text(column, at)

    def _order(self, column: ColumnFacts, index: _Index) -> Any:
        match index.column():
            case 3:
                return -1 if column.n_missing is None else column.n_missing
            case 4:
                return -1 if column.n_distinct is None else column.n_distinct
            case 5:
                return index.row()
            case at:
                return self._text(column, at).casefold()

    def _value(self, column: ColumnFacts, at: int) -> Any:
        if at == TYPE:
            return self.choice.types.get(column.name, AS_IT_LOOKS)
        if at == USE:
            return self.choice.use_of(column.name)
        return visible(self._text(column, at))

    def _offers(self, index: _Index) -> tuple[tuple[str, str], ...]:
        column = self.choice.columns[index.row()]
        if index.column() == USE:
            return tuple((use, use_words(use)) for use in self.choice.uses_of(column))
        if index.column() == TYPE and len(column.may_be) > 1:
            types = tuple((type_, type_words(type_)) for type_ in column.may_be)
            return ((AS_IT_LOOKS, tr("as it looks")), *types)
        return ()

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take a type or a use."""
        if role != Qt.ItemDataRole.EditRole or self.data(index, role) == value:
            return False
        return bool(self.set_all([index.row()], index.column(), value))

    def set_all(self, rows: Sequence[int], at: int, value: str) -> int:
        """Set the type or the use of several columns, of those that may have it; how many may."""
        able = [r for r in rows if value in dict(self._offers(self.index(r, at)))]
        for row in able:
            name = self.choice.columns[row].name
            if at == TYPE:
                self.choice.set_type(name, value)
            else:
                self.choice.set_use(name, _as_use(value))
        if able:
            self._tell_all()
            (self.retyped if at == TYPE else self.changed).emit()
        return len(able)

    def _tell_all(self) -> None:
        if self.choice.columns:
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def _as_use(value: str) -> Use:
    return value  # type: ignore[return-value] - it is one of those that were offered
