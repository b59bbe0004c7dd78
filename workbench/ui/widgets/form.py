"""Form: editors for settings, made from their JSON Schema."""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QWidget

from workbench.ui.look.icons import icon
from workbench.ui.look.theme import Theme
from workbench.ui.model.problem_list import RefusedEntry
from workbench.ui.widgets.basics import WheelGuard, guard_wheel, label
from workbench.ui.widgets.editors import (
    AnyEditor,
    NumberEditor,
    Schema,
    TextEditor,
    editor_for,
    shown_value,
)
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint
from workbench.ui.words.texts import settings_in_language

tr = translator("Form")


@cache
def _schema_of(model: type[BaseModel]) -> Schema:
    """A model's schema: worked out once, for every window has the same."""
    return model.model_json_schema()


def titled(model: type[BaseModel], titles: Mapping[str, str]) -> Schema:
    """The schema of a settings model under these labels, by setting: a copy that may be changed."""
    schema = deepcopy(settings_in_language(_schema_of(model)))
    for name, title in titles.items():
        schema["properties"][name]["title"] = title
    return schema


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


def _bounds_of(schema: Schema) -> str:
    names = (
        ("minimum", tr("at least {}")),
        ("exclusiveMinimum", tr("more than {}")),
        ("maximum", tr("at most {}")),
        ("exclusiveMaximum", tr("less than {}")),
    )
    return ", ".join(words.format(f"{schema[key]:g}") for key, words in names if key in schema)


def refusal_of(text: str, schema: Schema) -> str:
    """Why what was typed is no value: what is wanted, and what was found."""
    kind = schema.get("type")
    wanted = {"integer": tr("a whole number"), "number": tr("a number")}.get(str(kind), "")
    if kind == "array":
        is_whole = schema.get("items", {}).get("type") == "integer"
        wanted = tr("whole numbers, with commas") if is_whole else tr("numbers, with commas")
    rule = ", ".join(filter(None, (wanted, _bounds_of(schema))))
    return tr("wanted: {}; found “{}”").format(rule, text)


def hint_of(schema: Schema) -> str:
    """The tooltip: what the setting is, and what it may be."""
    parts = [str(schema.get("description", "")), _bounds_of(schema)]
    if "default" in schema:
        parts.append(tr("Default: {}").format(shown_value(schema["default"])))
    return "\n".join(part for part in parts if part)


class Form(QWidget):
    """A row for each setting: label, editor with unit, and reset where it was changed."""

    edited = Signal(str, object)
    #: The field, such as `encoder.hidden`, what was typed there, and why it is no value.
    refused = Signal(str, str, str)

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
        self._prefix = prefix
        self._guard = WheelGuard(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, 96)
        for name, raw in schema.get("properties", {}).items():
            known = resolved(raw, schema)
            if name not in leave_out and known.get("type") != "object" and not known.get("family"):
                self._add(name, known, theme)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to set."""
        return not self.editors

    def set_values(
        self, values: Mapping[str, Any], refused: Mapping[str, RefusedEntry] | None = None
    ) -> None:
        """Show `values`; what is missing shows its default, what was `refused` what was typed.

        What is not open to change cannot be reset either: open or close the form first.
        """
        for name, editor in self.editors.items():
            default = self._schemas[name].get("default")
            value = values.get(name, default)
            value = list(value) if isinstance(value, tuple) else value
            entry = (refused or {}).get(f"{self._prefix}.{name}")
            if entry is not None:
                editor.show_refused(entry.text)
            else:
                editor.set_value(value)
            is_other = value != default or entry is not None
            self._resets[name].setVisible(is_other and editor.isEnabled())

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

    def _add(self, name: str, schema: Schema, theme: Theme) -> None:
        title, hint = title_of(name, schema), hint_of(schema)
        editor = editor_for(schema)
        editor.setObjectName(f"{self._prefix}.{name}")
        editor.setAccessibleName(title)
        editor.setAccessibleDescription(str(schema.get("description", "")))
        set_hint(editor, hint)
        unit = str(schema.get("unit", ""))
        if unit and isinstance(editor, NumberEditor):
            editor.setSuffix(f" {unit}")
        # The setup's own menu is shown for it: with what may be done to a setting.
        editor.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        shrinks = editor.sizePolicy()
        shrinks.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        editor.setSizePolicy(shrinks)
        guard_wheel(self._guard, editor)
        editor.edited.connect(lambda value, name=name: self.edited.emit(name, value))
        if isinstance(editor, TextEditor | NumberEditor):
            editor.refused.connect(lambda text, name=name: self._refuse(name, text))
        words = label(title, "muted")
        set_hint(words, hint)
        words.setBuddy(editor)
        reset = QToolButton()
        reset.setObjectName("small")
        reset.setIcon(icon("reset", theme, theme.muted, 14))
        set_hint(reset, tr("Reset to {}").format(shown_value(schema.get("default"))))
        reset.setAccessibleName(tr("Reset {}").format(title))
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

    def _refuse(self, name: str, text: str) -> None:
        why = refusal_of(text, self._schemas[name])
        self._resets[name].setVisible(self.editors[name].isEnabled())
        self.refused.emit(f"{self._prefix}.{name}", text, why)

    def _reset(self, name: str) -> None:
        default = self._schemas[name].get("default")
        self.editors[name].set_value(default)
        self._resets[name].hide()
        self.edited.emit(name, default)
