"""PairModel: from which languages to which is translated, a cell to tick for each pair."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from workbench.spec.text import visible
from workbench.spec.user_files.file_facts import FileFacts
from workbench.ui.dialogs.texts.text_choice import Pair, TextChoice
from workbench.ui.dialogs.texts.text_words import language_name
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import hint

_Index = QModelIndex | QPersistentModelIndex

tr = translator("BringData")


class PairModel(QAbstractTableModel):
    """A row a language to translate from, a column a language to translate to."""

    #: Pairs were ticked or not.
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choice = TextChoice(FileFacts("", "", "", 0, ()))
        self._languages: list[str] = []

    def show_choice(self, choice: TextChoice) -> None:
        """Show which pairs are chosen; of the same languages the view stays where it is."""
        self.choice = choice
        if choice.languages == self._languages:
            self._tell_all()
            return
        self.beginResetModel()
        self._languages = list(choice.languages)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """The languages that are chosen."""
        return 0 if parent.isValid() else len(self._languages)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """The languages that are chosen."""
        return self.rowCount(parent)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Codes of languages, with an arrow for the way."""
        code = visible(self._languages[section])
        is_to = orientation == Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.DisplayRole:
            return f"→ {code}" if is_to else f"{code} →"
        if role == Qt.ItemDataRole.ToolTipRole:
            name = language_name(self._languages[section]) or code
            words = tr("To {}: tick all, or none") if is_to else tr("From {}: tick all, or none")
            return hint(words.format(name))
        return None

    def pair(self, index: _Index) -> Pair:
        """The languages of a cell, from and to."""
        return self._languages[index.row()], self._languages[index.column()]

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Every cell can be ticked but those of a language and itself."""
        if index.row() == index.column():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag
        return flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemIsUserCheckable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Whether a pair is learned, and what that means."""
        source, target = self.pair(index)
        if source == target:
            return None
        is_on = (source, target) in self.choice.pairs
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            words = tr("{} → {}: learned") if is_on else tr("{} → {}: not learned")
            text = words.format(source, target)
            return visible(text) if role == Qt.ItemDataRole.AccessibleTextRole else hint(text)
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Learn a pair, or not."""
        if role != Qt.ItemDataRole.CheckStateRole or index.row() == index.column():
            return False
        is_on = Qt.CheckState(value) == Qt.CheckState.Checked
        self.choice.set_pair(self.pair(index), is_on=is_on)
        self._tell_all()
        self.changed.emit()
        return True

    def turn_all(self, section: int, orientation: Qt.Orientation) -> None:
        """Tick every pair to or from a language, or none where all are ticked."""
        code, at = self._languages[section], int(orientation == Qt.Orientation.Horizontal)
        pairs = [(code, other)[:: -1 if at else 1] for other in self._languages if other != code]
        is_on = not set(pairs) <= set(self.choice.pairs)
        for source, target in pairs:
            self.choice.set_pair((source, target), is_on=is_on)
        self._tell_all()
        self.changed.emit()

    def _tell_all(self) -> None:
        if self._languages:
            last = len(self._languages) - 1
            self.dataChanged.emit(self.index(0, 0), self.index(last, last))
