"""RowForm: one row of a table, typed column by column."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from workbench.spec.trained.preparation import CategoryColumn, TablePreparation
from workbench.ui.widgets.basics import PlainLabel
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Use the model")

#: Columns that a form shows: a row of more is a file's.
MOST_COLUMNS = 60


class RowForm(QWidget):
    """An editor for each column that the model learned from; what is left empty is missing."""

    #: Enter was pressed in an editor.
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editors: dict[str, QLineEdit | QComboBox] = {}
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._shown: tuple[TablePreparation, ...] = ()

    def show_columns(self, tables: tuple[TablePreparation, ...]) -> None:
        """Ask for the columns of these tables, each once; what was typed stays where they do."""
        if tables == self._shown:
            return
        self._shown = tables
        while self._layout.rowCount():
            self._layout.removeRow(0)
        self.editors = {}
        for column in [column for table in tables for column in table.columns][:MOST_COLUMNS]:
            if column.name in self.editors:
                continue
            editor: QLineEdit | QComboBox
            if isinstance(column, CategoryColumn):
                editor = QComboBox()
                editor.setEditable(True)
                editor.addItems(["", *column.categories])
                line = editor.lineEdit()
                assert line is not None
                line.setPlaceholderText(tr("missing"))
                line.returnPressed.connect(self.submitted)
            else:
                editor = QLineEdit()
                typical = tr("a date, such as 2024-01-31") if column.is_time else f"{column.fill:g}"
                editor.setPlaceholderText(typical)
                editor.returnPressed.connect(self.submitted)
            editor.setAccessibleName(column.name)
            name = PlainLabel(column.name)
            set_hint(name, column.name)
            self.editors[column.name] = editor
            self._layout.addRow(name, editor)

    @property
    def row(self) -> Mapping[str, str]:
        """What was typed, by column."""
        return {
            name: editor.currentText() if isinstance(editor, QComboBox) else editor.text()
            for name, editor in self.editors.items()
        }
