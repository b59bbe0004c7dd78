"""Editors: one value of a setting, by the kind its JSON Schema gives it."""

import json
import math
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from workbench.spec.text import number_text
from workbench.ui.widgets.basics import mark_invalid
from workbench.ui.widgets.number_box import NumberBox
from workbench.ui.words.language import translator

Schema = Mapping[str, Any]

#: No bound of a setting is further out, and every whole number up to it is shown exactly.
_MOST = 1e12

tr = translator("Form")


def shown_value(value: Any) -> str:
    """A value as an editor shows it."""
    if isinstance(value, list):
        return ", ".join(shown_value(item) for item in value)
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    return number_text(value) if isinstance(value, float) else str(value)


class NumberEditor(NumberBox):
    """A number."""

    edited = Signal(object)

    def __init__(self, schema: Schema) -> None:
        super().__init__()
        tiny = self._tiny
        low = schema.get("minimum", schema.get("exclusiveMinimum", -_MOST - tiny) + tiny)
        high = schema.get("maximum", schema.get("exclusiveMaximum", _MOST + tiny) - tiny)
        self.setRange(float(low), float(high))
        self.valueChanged.connect(self._tell)
        self.accepted.connect(lambda: self._tell(self.value()))

    @property
    def _tiny(self) -> float:
        """How far an open bound is from the nearest number."""
        return 1e-12

    def set_value(self, value: Any) -> None:
        """Show `value` without telling anybody."""
        self.show_number(float(value or 0))

    def _tell(self, value: float) -> None:
        # six digits are shown, so six are meant: 0.1 + 0.2 is 0.3
        self.edited.emit(float(f"{value:.6g}"))


class IntEditor(NumberEditor):
    """A whole number."""

    def __init__(self, schema: Schema) -> None:
        super().__init__(schema)
        self.setDecimals(0)

    @property
    def _tiny(self) -> float:
        return 1.0

    def written(self, value: float) -> str:
        """Every digit."""
        return f"{value:.0f}"

    def may_be(self, value: float) -> bool:
        """Whether a number is whole: one that is not stays as typed, no digit of it is dropped."""
        return value.is_integer()

    def _tell(self, value: float) -> None:
        self.edited.emit(round(value))


class BoolEditor(QCheckBox):
    """Yes or no."""

    edited = Signal(object)

    def __init__(self, schema: Schema) -> None:
        super().__init__()
        self.toggled.connect(self._tell)

    def set_value(self, value: Any) -> None:
        """Show `value` without telling anybody."""
        self.blockSignals(True)
        self.setChecked(bool(value))
        self.blockSignals(False)

    def show_refused(self, text: str) -> None:
        """Stay as it is: it stands as the user has put it."""

    def _tell(self, value: bool) -> None:
        self.edited.emit(value)


class EnumEditor(QComboBox):
    """One of a few."""

    edited = Signal(object)

    def __init__(self, schema: Schema) -> None:
        super().__init__()
        for value in schema["enum"]:
            self.addItem(str(value).replace("_", " "), value)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.activated.connect(self._tell)

    def set_value(self, value: Any) -> None:
        """Show `value` without telling anybody."""
        self.setCurrentIndex(self.findData(value))

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for a row with a long label to fit beside the plots of a small window."""
        return QSize(72, super().minimumSizeHint().height())

    def show_refused(self, text: str) -> None:
        """Stay as it is: the user's choice stands there."""

    def _tell(self, index: int) -> None:
        self.edited.emit(self.itemData(index))


class TextEditor(QLineEdit):
    """Text, a list of numbers, or a value of mixed type, read when the entry ends.

    What cannot be read stays as it was typed, and is `refused`.
    """

    edited = Signal(object)
    refused = Signal(str)

    def __init__(self, schema: Schema) -> None:
        super().__init__()
        self._schema = schema
        self._value: Any = None
        self._refused: str | None = None
        if schema.get("type") == "array":
            has_names = schema.get("items", {}).get("type") == "string"
            words = tr("names, with commas") if has_names else tr("numbers, with commas")
            self.setPlaceholderText(schema.get("placeholder", words))
        self.editingFinished.connect(self._finish)

    def set_value(self, value: Any) -> None:
        """Show `value` without telling anybody; what is being typed is left alone."""
        is_typing = self.hasFocus() and self.isModified()
        if self._refused is None and is_typing and value == self._value:
            return
        self._value, self._refused = value, None
        self.setText("" if value is None else shown_value(value))
        mark_invalid(self, False)

    def show_refused(self, text: str) -> None:
        """Show again what was refused."""
        if text != self._refused:
            self._refused = text
            self.setText(text)
        mark_invalid(self, True)

    def _finish(self) -> None:
        text = self.text()
        try:
            value = self._read(text.strip())
        except ValueError:
            if text != self._refused:
                self._refused = text
                mark_invalid(self, True)
                self.refused.emit(text)
            return
        was_refused, self._refused = self._refused is not None, None
        mark_invalid(self, False)
        self.setModified(False)
        if value != self._value or was_refused:
            self._value = value
            self.edited.emit(value)

    def _read(self, text: str) -> Any:
        if self._schema.get("type") == "array":
            return _list_of(text, self._schema.get("items", {}))
        if self._schema.get("type") == "string":
            return text
        if not text:
            return None
        try:
            return json.loads(text, parse_constant=str)
        except json.JSONDecodeError:
            return text


def _list_of(text: str, items: Schema) -> list[Any]:
    kind = items.get("type")
    parts = [part.strip() for part in text.replace(";", ",").strip("[]").split(",")]
    parts = [part for part in parts if part]
    if kind == "integer":
        return [int(part) for part in parts]
    if kind == "number":
        numbers = [float(part) for part in parts]
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError(text)
        return numbers
    return list(parts)


AnyEditor = IntEditor | NumberEditor | BoolEditor | EnumEditor | TextEditor


def editor_for(schema: Schema) -> AnyEditor:
    """The editor that fits a setting's schema."""
    if "enum" in schema:
        return EnumEditor(schema)
    match schema.get("type"):
        case "boolean":
            return BoolEditor(schema)
        case "integer":
            return IntEditor(schema)
        case "number":
            return NumberEditor(schema)
        case _:
            return TextEditor(schema)
