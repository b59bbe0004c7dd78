"""Editors: one value of a setting, by the kind its JSON Schema gives it."""

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QSize, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox

from workbench.ui.widgets import NumberBox

Schema = Mapping[str, Any]

_INT_MAX = 2**31 - 1


def _tr(text: str) -> str:
    return QCoreApplication.translate("Form", text)


def shown_value(value: Any) -> str:
    """A value as an editor shows it."""
    if isinstance(value, list):
        return ", ".join(shown_value(item) for item in value)
    if isinstance(value, bool):
        return _tr("on") if value else _tr("off")
    return f"{value:g}" if isinstance(value, float) else str(value)


class IntEditor(QSpinBox):
    """A whole number."""

    edited = Signal(object)

    def __init__(self, schema: Schema) -> None:
        super().__init__()
        self.setKeyboardTracking(False)
        low = schema.get("minimum", schema.get("exclusiveMinimum", -_INT_MAX - 1) + 1)
        high = schema.get("maximum", schema.get("exclusiveMaximum", _INT_MAX + 1) - 1)
        self.setRange(max(int(low), -_INT_MAX), min(int(high), _INT_MAX))
        self.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        self.valueChanged.connect(self._tell)

    def set_value(self, value: Any) -> None:
        """Show `value` without telling anybody."""
        self.blockSignals(True)
        self.setValue(int(value or 0))
        self.blockSignals(False)

    def sizeHint(self) -> QSize:
        """Wide enough for six digits and the unit, not for the largest number."""
        return QSize(92, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """As small as four digits."""
        return QSize(58, super().minimumSizeHint().height())

    def _tell(self, value: int) -> None:
        self.edited.emit(value)


class NumberEditor(NumberBox):
    """A number."""

    edited = Signal(object)

    def __init__(self, schema: Schema) -> None:
        super().__init__()
        tiny = 1e-12
        low = schema.get("minimum", schema.get("exclusiveMinimum", -1e12 - tiny) + tiny)
        high = schema.get("maximum", schema.get("exclusiveMaximum", 1e12 + tiny) - tiny)
        self.setRange(float(low), float(high))
        self.valueChanged.connect(self._tell)

    def set_value(self, value: Any) -> None:
        """Show `value` without telling anybody."""
        self.blockSignals(True)
        self.setValue(float(value or 0))
        self.blockSignals(False)

    def _tell(self, value: float) -> None:
        # six digits are shown, so six are meant: 0.1 + 0.2 is 0.3
        self.edited.emit(float(f"{value:.6g}"))


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

    def _tell(self, index: int) -> None:
        self.edited.emit(self.itemData(index))


class TextEditor(QLineEdit):
    """Text, a list of numbers, or a value of mixed type, checked when the entry ends."""

    edited = Signal(object)

    def __init__(self, schema: Schema) -> None:
        super().__init__()
        self._schema = schema
        self._value: Any = None
        if schema.get("type") == "array":
            has_names = schema.get("items", {}).get("type") == "string"
            words = _tr("names, with commas") if has_names else _tr("numbers, with commas")
            self.setPlaceholderText(schema.get("placeholder", words))
        self.editingFinished.connect(self._finish)

    def set_value(self, value: Any) -> None:
        """Show `value` without telling anybody."""
        self._value = value
        self.setText("" if value is None else shown_value(value))
        self._mark(True)

    def _finish(self) -> None:
        try:
            value = self._read(self.text().strip())
        except ValueError:
            self._mark(False)
            return
        self._mark(True)
        if value != self._value:
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
            return json.loads(text)
        except json.JSONDecodeError:
            return text

    def _mark(self, is_valid: bool) -> None:
        self.setProperty("invalid", not is_valid)
        self.style().unpolish(self)
        self.style().polish(self)


def _list_of(text: str, items: Schema) -> list[Any]:
    kind = items.get("type")
    parts = [part.strip() for part in text.replace(";", ",").strip("[]").split(",")]
    parts = [part for part in parts if part]
    if kind == "integer":
        return [int(part) for part in parts]
    if kind == "number":
        return [float(part) for part in parts]
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
