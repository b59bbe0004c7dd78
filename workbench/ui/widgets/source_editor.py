"""Source editors: the families that another makes its tasks of, each with its form under it."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QToolButton, QWidget

from workbench.spec.entry import Catalogue, Entry, by_role
from workbench.spec.experiments.nested import OF, is_maker, settings_of
from workbench.ui.look.icons import icon
from workbench.ui.look.theme import Theme
from workbench.ui.model.problem_list import RefusedEntry
from workbench.ui.widgets.basics import WheelGuard, column, guard_wheel, label, row
from workbench.ui.widgets.form import Form
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint, without_mnemonic

tr = translator("Sources")

Source = dict[str, Any]
Refused = Mapping[str, RefusedEntry]

#: Families whose tasks are not made into others: there are no examples to make others of.
_UNFIT = {"episodes", "no-input"}
_INDENT = 12


def sources_for(entry: Entry, catalogue: Catalogue, theme: Theme, prefix: str) -> "SourcesEditor":
    """The editor of what a family makes its tasks of; `prefix` is the family's own place."""
    is_list = entry.settings["properties"][OF].get("type") == "array"
    return SourcesEditor(catalogue, theme, f"{prefix}.{OF}", is_list=is_list)


class SourceEditor(QWidget):
    """One family: which, which of its tasks, and its settings."""

    edited = Signal(object)
    #: The field, what was typed there, and why it is no value.
    refused = Signal(str, str, str)

    def __init__(self, catalogue: Catalogue, theme: Theme, prefix: str) -> None:
        super().__init__()
        self._catalogue, self._theme, self._prefix = catalogue, theme, prefix
        self._data: Source = {}
        self.form: Form | None = None
        self.inner: SourcesEditor | None = None
        self._guard = WheelGuard(self)
        self.family, self.task = QComboBox(), QComboBox()
        self.family.setObjectName(f"{prefix}.family")
        self.family.setAccessibleName(tr("The family that tasks are made of"))
        self.task.setObjectName(f"{prefix}.task")
        self.task.setAccessibleName(tr("Which of its tasks"))
        for choice in (self.family, self.task):
            choice.setMinimumContentsLength(8)
            policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            choice.setSizeAdjustPolicy(policy)
            guard_wheel(self._guard, choice)
        for entry in by_role(catalogue, "tasks"):
            if not entry.broken and not _UNFIT & {*entry.gives}:
                self.family.addItem(without_mnemonic(entry.title), entry.key)
        self.family.activated.connect(self._choose_family)
        self.task.activated.connect(self._choose_task)
        self._layout = column(self, (0, 0, 0, 0), 4)
        top = row(self.family, self.task)
        top.setStretch(0, 1)
        self._layout.addLayout(top)

    def set_value(self, data: Mapping[str, Any], refused: Refused | None = None) -> None:
        """Show a family within, without telling anybody."""
        is_other = data.get("family") != self._data.get("family") or self.form is None
        self._data = dict(data)
        entry = self._catalogue.get(("tasks", str(data.get("family", ""))))
        self.family.setCurrentIndex(self.family.findData(data.get("family")))
        if is_other:
            self._show_family(entry)
        at = self.task.findData(data.get("task"))
        if at < 0 and data.get("task") is not None:
            self.task.addItem(str(data["task"]), data["task"])
            at = self.task.count() - 1
        self.task.setCurrentIndex(at)
        self.task.setVisible(self.task.count() > 2 or data.get("task") is not None)
        settings = settings_of(data)
        if self.form is not None:
            self.form.set_values(settings, refused)
        if self.inner is not None and entry is not None:
            self.inner.set_value(entry.values(settings).get(OF), refused)

    def _show_family(self, entry: Entry | None) -> None:
        """Make the form of a family in place of the one before."""
        for part in (self.form, self.inner):
            if part is not None:
                self._layout.removeWidget(part)
                part.hide()
                part.deleteLater()
        self.form = self.inner = None
        self.task.clear()
        self.task.addItem(tr("All its tasks"), None)
        for name in entry.tasks if entry is not None else ():
            self.task.addItem(name, name)
        if entry is None:
            return
        self.form = Form(entry.settings, self._theme, self._prefix)
        self.form.setVisible(not self.form.is_empty)
        self.form.edited.connect(self._set)
        self.form.refused.connect(self.refused)
        self._layout.addWidget(self.form)
        if is_maker(entry):
            self.inner = sources_for(entry, self._catalogue, self._theme, self._prefix)
            self.inner.edited.connect(lambda value: self._set(OF, value))
            self.inner.refused.connect(self.refused)
            self._layout.addWidget(self.inner)

    def _choose_family(self, at: int) -> None:
        data = {"family": self.family.itemData(at)}
        self.set_value(data)
        self.edited.emit(data)

    def _choose_task(self, at: int) -> None:
        data = {key: value for key, value in self._data.items() if key != "task"}
        task = self.task.itemData(at)
        self._tell(data if task is None else {**data, "task": task})

    def _set(self, name: str, value: object) -> None:
        entry = self._catalogue.get(("tasks", str(self._data.get("family"))))
        data = {**self._data, name: value}
        if entry is not None and entry.defaults().get(name) == value:
            del data[name]
        self._tell(data)

    def _tell(self, data: Source) -> None:
        self._data = data
        self.edited.emit(dict(data))

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        for part in (self.form, self.inner):
            if part is not None:
                part.set_theme(theme)


class SourcesEditor(QWidget):
    """What a family makes its tasks of: one family, or, where it `is_list`, several."""

    #: The new value of the setting `of`.
    edited = Signal(object)
    refused = Signal(str, str, str)

    def __init__(
        self, catalogue: Catalogue, theme: Theme, prefix: str, *, is_list: bool = False
    ) -> None:
        super().__init__()
        self._catalogue, self._theme, self._prefix = catalogue, theme, prefix
        self._is_list = is_list
        self.editors: list[SourceEditor] = []
        self._removers: list[QToolButton] = []
        self._holders: list[QWidget] = []
        self._values: list[Source] = []
        outer = column(self, (0, 2, 0, 0), 4)
        outer.addWidget(label(tr("Made from"), "muted"))
        inner = QWidget()
        self._rows = column(inner, (_INDENT, 0, 0, 0), 6)
        outer.addWidget(inner)
        self.add = QPushButton(tr("Add a source"))
        self.add.setVisible(is_list)
        self.add.clicked.connect(self._add)
        outer.addWidget(self.add)

    def set_value(self, value: Any, refused: Refused | None = None) -> None:
        """Show the value of `of`, without telling anybody."""
        values = value if isinstance(value, list) else [value]
        self._values = [dict(item) if isinstance(item, dict) else {} for item in values]
        while len(self.editors) < len(self._values):
            self._make_row()
        for i, holder in enumerate(self._holders):
            holder.setVisible(i < len(self._values))
        for editor, data in zip(self.editors, self._values, strict=False):
            editor.set_value(data, refused)
        for remover in self._removers:
            remover.setVisible(self._is_list and len(self._values) > 1)

    def _make_row(self) -> None:
        at = len(self.editors)
        prefix = f"{self._prefix}.{at}" if self._is_list else self._prefix
        editor = SourceEditor(self._catalogue, self._theme, prefix)
        editor.edited.connect(lambda data: self._change(at, data))
        editor.refused.connect(self.refused)
        remover = QToolButton()
        remover.setObjectName("small")
        remover.setIcon(icon("close", self._theme, self._theme.muted, 12))
        remover.setAccessibleName(tr("Leave this source out"))
        set_hint(remover, tr("Leave this source out"))
        remover.clicked.connect(lambda: self._remove(at))
        holder = QWidget()
        layout = column(holder, (0, 0, 0, 0), 0)
        line = row(editor, remover)
        line.setStretch(0, 1)
        layout.addLayout(line)
        self._rows.addWidget(holder)
        self.editors.append(editor)
        self._removers.append(remover)
        self._holders.append(holder)

    def _change(self, at: int, data: Source) -> None:
        self._values[at] = data
        self._tell()

    def _remove(self, at: int) -> None:
        del self._values[at]
        self.set_value(list(self._values))
        self._tell()

    def _add(self) -> None:
        self.set_value([*self._values, dict(self._values[-1])])
        self._tell()

    def _tell(self) -> None:
        self.edited.emit(list(self._values) if self._is_list else self._values[0])

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        for editor in self.editors:
            editor.set_theme(theme)
        for remover in self._removers:
            remover.setIcon(icon("close", theme, theme.muted, 12))
