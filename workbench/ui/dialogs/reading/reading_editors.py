"""Reading editors: one setting of how a file is read, guessed until somebody says otherwise."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox

from workbench.spec.text import visible
from workbench.spec.user_files.file_facts import ReadSetting
from workbench.ui.dialogs.reading.reading_words import guessed, words_of
from workbench.ui.words.language import translator

tr = translator("BringData")

#: What is offered where a text of one's own is taken as well.
_OFFERED = {"comment": ("none", "#", "%", "//"), "date_format": ("day-first", "month-first")}


class OneOf(QComboBox):
    """What was guessed, or one of those there are; where it is `open`, also what is typed."""

    #: The value, or None where it is to be guessed.
    edited = Signal(object)

    def __init__(self, name: str, values: tuple[Any, ...], *, is_open: bool = False) -> None:
        super().__init__()
        self._name, self._values = name, values
        self._shown: object = None
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        self.activated.connect(self._take)
        if is_open:
            self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            line = QLineEdit()
            line.editingFinished.connect(self._take_text)
            self.setLineEdit(line)

    def show_setting(self, setting: ReadSetting, sheets: tuple[str, ...] = ()) -> None:
        """Show how the setting was in force."""
        values = sheets if self._name == "sheet" else self._values
        self.clear()
        if self._name != "header":
            self.addItem(
                tr("to be guessed") if setting.is_given else visible(guessed(setting)), None
            )
        for value in values:
            self.addItem(visible(words_of(value, self._name)), value)
        is_given = setting.is_given or self._name == "header"
        at = self.findData(setting.value) if is_given else 0
        if at < 0 and self.isEditable():
            self.setEditText(visible(str(setting.value)))
        else:
            self.setCurrentIndex(max(at, 0))
        self._shown = setting.value if is_given else None

    def _tell(self, value: object) -> None:
        if value != self._shown:
            self._shown = value
            self.edited.emit(value)

    def _take(self, at: int) -> None:
        self._tell(self.itemData(at))

    def _take_text(self) -> None:
        text = self.currentText().strip()
        at = self.findText(text)
        self._tell(self.itemData(at) if at >= 0 else text or None)


class Marks(QLineEdit):
    """Marks with commas between them; nothing: they are guessed."""

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown: object = None
        self.editingFinished.connect(self._take)

    def show_setting(self, setting: ReadSetting, sheets: tuple[str, ...] = ()) -> None:
        """Show how the setting was in force."""
        del sheets
        value = setting.value if isinstance(setting.value, tuple) else ()
        self._shown = list(value) if setting.is_given else None
        self.setText(", ".join(value) if setting.is_given else "")
        self.setPlaceholderText(
            tr("to be guessed") if setting.is_given else visible(guessed(setting))
        )

    def _take(self) -> None:
        parts = [part.strip() for part in self.text().split(",")]
        value = [part for part in dict.fromkeys(parts) if part] or None
        if value != self._shown:
            self._shown = value
            self.edited.emit(value)


class Count(QSpinBox):
    """So many lines."""

    edited = Signal(object)

    def __init__(self, most: int) -> None:
        super().__init__()
        self.setRange(0, most)
        self.setKeyboardTracking(False)  # not every digit of a number is a number of its own
        self.valueChanged.connect(lambda value: self.edited.emit(value or None))

    def show_setting(self, setting: ReadSetting, sheets: tuple[str, ...] = ()) -> None:
        """Show how the setting was in force."""
        del sheets
        self.blockSignals(True)
        self.setValue(int(setting.value) if isinstance(setting.value, int) else 0)
        self.blockSignals(False)


ReadEditor = OneOf | Marks | Count


def editor_of(name: str, schema: Mapping[str, Any]) -> ReadEditor:
    """The editor of a setting of reading, by its schema."""
    if "enum" in schema:
        return OneOf(name, tuple(value for value in schema["enum"] if value != "auto"))
    match schema.get("type"):
        case "boolean":
            return OneOf(name, (True, False))
        case "integer":
            return Count(int(schema.get("maximum", 1_000_000)))
        case "array":
            return Marks()
        case _:
            is_open = name != "sheet"
            return OneOf(name, _OFFERED.get(name, ()), is_open=is_open)
