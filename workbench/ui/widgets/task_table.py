"""TaskTable: numbers in a table with a row a task, as several tabs show them."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import swatch_icon
from workbench.ui.words.plain_text import set_hint

ROW_HEIGHT = 26
_SWATCH = QSize(26, 12)


class TaskTable(QTableWidget):
    """A table to read: names on the left with their tasks' colours, numbers on the right."""

    def __init__(self, titles: Sequence[tuple[str, str]], theme: Theme) -> None:
        """`titles` are each column's title and what it means, told on hover."""
        super().__init__(0, len(titles))
        self._theme = theme
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setIconSize(_SWATCH)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, (title, meaning) in enumerate(titles):
            head = QTableWidgetItem(title)
            set_hint(head, meaning)
            head.setTextAlignment(_side(column))
            self.setHorizontalHeaderItem(column, head)

    def cell(self, row: int, column: int) -> QTableWidgetItem:
        """The item of a cell, made where there is none yet."""
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(_side(column))
            self.setItem(row, column, item)
        return item

    def set_colour(self, row: int, number: int) -> None:
        """Show the colour of a task, by its number, before its name."""
        first, key = self.cell(row, 0), (number, self._theme.name)
        if first.data(Qt.ItemDataRole.UserRole) != key:
            first.setData(Qt.ItemDataRole.UserRole, key)
            first.setIcon(swatch_icon(self._theme, number, _SWATCH, self))

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours, from the next numbers on."""
        self._theme = theme


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
