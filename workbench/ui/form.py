"""Form: editors for settings, made from their JSON Schema."""

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QWidget,
)

from workbench.ui.icons import icon
from workbench.ui.theme import Theme
from workbench.ui.widgets import NumberBox, WheelGuard, guard_wheel, label

Schema = Mapping[str, Any]

_INT_MAX = 2**31 - 1


def _tr(text: str) -> str:
    return QCoreApplication.translate("Form", text)


def title_of(name: str, schema: Schema) -> str:
    """The label of a setting: its own title, or its name in words."""
    words = name.replace("_", " ")
    title = str(schema.get("title", ""))
    return title if title and title != words.title() else words[:1].upper() + words[1:]


def resolved(schema: Schema, root: Schema) -> Schema:
    """`schema` with a reference into `root` followed."""
    reference = str(schema.get("$ref", ""))
    name = reference.removeprefix("#/$defs/")
    return {**root.get("$defs", {}).get(name, {}), **schema} if reference else schema


def hint_of(schema: Schema) -> str:
    """The tooltip: what the setting is, and what it may be."""
    bounds: list[str] = []
    for key, words in (
        ("minimum", _tr("at least {}")),
        ("exclusiveMinimum", _tr("more than {}")),
        ("maximum", _tr("at most {}")),
        ("exclusiveMaximum", _tr("less than {}")),
    ):
        if key in schema:
            bounds.append(words.format(f"{schema[key]:g}"))
    parts = [str(schema.get("description", "")), ", ".join(bounds)]
    if "default" in schema:
        parts.append(_tr("Default: {}").format(_shown(schema["default"])))
    return "\n".join(part for part in parts if part)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value)
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
            self.setPlaceholderText(_tr("numbers, with commas"))
        self.editingFinished.connect(self._finish)

    def set_value(self, value: Any) -> None:
        """Show `value` without telling anybody."""
        self._value = value
        self.setText("" if value is None else _shown(value))
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


class Form(QWidget):
    """A row for each setting: label, editor with unit, and reset where it was changed."""

    edited = Signal(str, object)

    def __init__(
        self,
        schema: Schema,
        theme: Theme,
        prefix: str,
        leave_out: tuple[str, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editors: dict[str, AnyEditor] = {}
        self._resets: dict[str, QToolButton] = {}
        self._labels: dict[str, QLabel] = {}
        self._schemas: dict[str, Schema] = {}
        self._guard = WheelGuard(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, 96)
        for name, raw in schema.get("properties", {}).items():
            known = resolved(raw, schema)
            if name not in leave_out and known.get("type") != "object":
                self._add(name, known, theme, prefix)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to set."""
        return not self.editors

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show `values`; what is missing shows its default."""
        for name, editor in self.editors.items():
            default = self._schemas[name].get("default")
            value = values.get(name, default)
            value = list(value) if isinstance(value, tuple) else value
            editor.set_value(value)
            self._resets[name].setVisible(value != default and editor.isEnabled())

    def set_live(self, names: tuple[str, ...] | None) -> None:
        """Leave only `names` open to change; None opens all."""
        for name, editor in self.editors.items():
            editor.setEnabled(names is None or name in names)

    def set_shown(self, names: tuple[str, ...]) -> None:
        """Show the rows of `names` alone."""
        for name, words in self._labels.items():
            is_shown = name in names
            words.setVisible(is_shown)
            self.editors[name].setVisible(is_shown)
            policy = self._resets[name].sizePolicy()
            policy.setRetainSizeWhenHidden(is_shown)
            self._resets[name].setSizePolicy(policy)
            if not is_shown:
                self._resets[name].hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in another theme's colours."""
        for button in self._resets.values():
            button.setIcon(icon("reset", theme, theme.muted, 14))

    def _add(self, name: str, schema: Schema, theme: Theme, prefix: str) -> None:
        title, hint = title_of(name, schema), hint_of(schema)
        editor = editor_for(schema)
        editor.setObjectName(f"{prefix}.{name}")
        editor.setAccessibleName(title)
        editor.setAccessibleDescription(str(schema.get("description", "")))
        editor.setToolTip(hint)
        unit = str(schema.get("unit", ""))
        if unit and isinstance(editor, IntEditor | NumberEditor):
            editor.setSuffix(f" {unit}")
        guard_wheel(self._guard, editor)
        editor.edited.connect(lambda value, name=name: self.edited.emit(name, value))
        words = label(title, "muted")
        words.setToolTip(hint)
        words.setBuddy(editor)
        reset = QToolButton()
        reset.setObjectName("small")
        reset.setIcon(icon("reset", theme, theme.muted, 14))
        reset.setToolTip(_tr("Reset to {}").format(_shown(schema.get("default"))))
        reset.setAccessibleName(_tr("Reset {}").format(title))
        reset.clicked.connect(lambda _=False, name=name: self._reset(name))
        policy = reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        reset.setSizePolicy(policy)
        reset.hide()
        at = self._grid.rowCount()
        self._grid.addWidget(words, at, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(editor, at, 1)
        self._grid.addWidget(reset, at, 2)
        self.editors[name], self._resets[name], self._schemas[name] = editor, reset, schema
        self._labels[name] = words

    def _reset(self, name: str) -> None:
        default = self._schemas[name].get("default")
        self.editors[name].set_value(default)
        self._resets[name].hide()
        self.edited.emit(name, default)
