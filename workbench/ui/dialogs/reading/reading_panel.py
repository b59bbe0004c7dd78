"""ReadingPanel: how a file was read, each setting to be changed, with its lines and rows."""

from dataclasses import fields

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QSizePolicy, QSplitter, QWidget

from workbench.spec.text import visible
from workbench.spec.user_files.file_facts import FileFacts
from workbench.spec.user_files.reading import Reading
from workbench.ui.dialogs.columns.column_table import table_view
from workbench.ui.dialogs.columns.row_model import RowModel
from workbench.ui.dialogs.reading.reading_editors import ReadEditor, editor_of
from workbench.ui.dialogs.reading.reading_words import title_of
from workbench.ui.widgets.basics import WheelGuard, column, guard_wheel, label
from workbench.ui.widgets.editors import Schema
from workbench.ui.widgets.form import resolved
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("BringData")

#: The settings of reading, apart from the types, which stand with the columns.
SETTINGS = tuple(field.name for field in fields(Reading) if field.name != "types")

#: Pairs of a title and an editor side by side.
_PAIRS = 3


class ReadingPanel(QWidget):
    """Settings of reading, and beneath them the file's first lines beside its first rows."""

    #: A setting and its value; None: it is to be guessed.
    edited = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.editors: dict[str, ReadEditor] = {}
        self._titles: dict[str, QLabel] = {}
        self._properties: dict[str, Schema] = {}
        self._guard = WheelGuard(self)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(5)
        for pair in range(_PAIRS):
            self._grid.setColumnStretch(2 * pair + 1, 1)
        self.lines = QPlainTextEdit()
        self.lines.setObjectName("log")
        self.lines.setReadOnly(True)
        self.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.lines.setTabChangesFocus(True)
        self.lines.setAccessibleName(tr("First lines of the file, as they are"))
        self.rows = table_view(tr("First rows of the file"))
        self._rows = RowModel()
        self.rows.setModel(self._rows)
        layout = column(self, (12, 10, 12, 8), 8)
        layout.addLayout(self._grid)
        self.notes = label("", "muted", wraps=True)
        layout.addWidget(self.notes)
        beside = QSplitter()
        beside.setChildrenCollapsible(False)
        self._raw = _titled(tr("First lines, as they are"), self.lines)
        beside.addWidget(self._raw)
        beside.addWidget(_titled(tr("First rows, as they are read"), self.rows))
        beside.setSizes([300, 420])
        layout.addWidget(beside, 1)

    def set_schema(self, schema: Schema) -> None:
        """Make the editors for the settings of a family."""
        known = schema.get("properties", {})
        properties = {name: resolved(known[name], schema) for name in SETTINGS if name in known}
        if properties == self._properties:
            return
        self._properties = properties
        for part in (*self._titles.values(), *self.editors.values()):
            part.hide()
            part.deleteLater()
        self.editors, self._titles = {}, {}
        for name, one in properties.items():
            self._add(name, one)

    def _add(self, name: str, schema: Schema) -> None:
        editor = editor_of(name, schema)
        title = title_of(name)
        editor.setParent(self)
        editor.setObjectName(f"reading.{name}")
        editor.setAccessibleName(title)
        editor.setAccessibleDescription(str(schema.get("description", "")))
        set_hint(editor, str(schema.get("description", "")))
        editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        editor.setMinimumWidth(90)
        guard_wheel(self._guard, editor)
        editor.edited.connect(lambda value, name=name: self.edited.emit(name, value))
        words = label(title, "muted")
        words.setParent(self)
        words.setBuddy(editor)
        words.hide()
        editor.hide()
        self.editors[name], self._titles[name] = editor, words

    def show_facts(self, facts: FileFacts) -> None:
        """Show how a file was read, and its beginning."""
        at = 0
        before: QWidget | None = None
        for name, editor in self.editors.items():
            setting = facts.setting(name)
            words = self._titles[name]
            words.setVisible(setting is not None)
            editor.setVisible(setting is not None)
            if setting is None:
                continue
            editor.show_setting(setting, facts.sheets)
            place = divmod(at, _PAIRS)
            self._grid.addWidget(words, place[0], 2 * place[1], Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(editor, place[0], 2 * place[1] + 1)
            if before is not None:
                QWidget.setTabOrder(before, editor)
            before, at = editor, at + 1
        notes = [note[:1].upper() + note[1:] for note in facts.notes]
        self.notes.setText(" · ".join(notes))
        self.notes.setVisible(bool(notes))
        self._raw.setVisible(bool(facts.lines))
        text = "\n".join(visible(line) for line in facts.lines)
        if self.lines.toPlainText() != text:
            self.lines.setPlainText(text)
        self._rows.show_facts(facts)

    def take_focus(self) -> None:
        """Have the keyboard at the first setting."""
        shown = next((one for one in self.editors.values() if not one.isHidden()), None)
        (shown or self.rows).setFocus(Qt.FocusReason.TabFocusReason)


def _titled(title: str, part: QWidget) -> QWidget:
    result = QWidget()
    layout = column(result, (0, 0, 0, 0), 4)
    layout.addWidget(label(title, "overline"))
    layout.addWidget(part, 1)
    return result
