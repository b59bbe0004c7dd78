"""TaskRow: one task of the setup, to be ticked, weighed and moved."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QColor, QEnterEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QWidget

from workbench.spec.experiment import TaskChoice
from workbench.ui.look.theme import Theme
from workbench.ui.model.problem_list import RefusedEntry
from workbench.ui.panels.setup.drag_handle import DragHandle
from workbench.ui.panels.setup.task_overrides import TaskOverrides, summary_of
from workbench.ui.panels.setup.weight import WeightEditor
from workbench.ui.widgets.basics import Swatch, column
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint, without_mnemonic

tr = translator("Tasks")


class TaskRow(QWidget):
    """One task, or a whole family: its place, a tick, its line, its weight."""

    ticked = Signal(bool)
    weighed = Signal(float)
    released = Signal()
    #: So many places later (earlier below 0).
    moved = Signal(int)
    #: The pointer rests here, or has gone.
    hovered = Signal(bool)
    #: The form of its head and its loss was made, and is empty yet.
    opened = Signal()
    #: `head` or `loss`, with its new value.
    changed = Signal(str, object)
    #: The field, what was typed there, and why it is no value.
    refused = Signal(str, str, str)

    def __init__(self, name: str, title: str, has_swatch: bool, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        outer = column(self, (0, 0, 0, 0), 3)
        layout = QHBoxLayout()
        layout.setSpacing(6)
        outer.addLayout(layout)
        self._outer = outer
        self.grip = DragHandle(title)
        self.grip.set_theme(theme)
        self.grip.listen(self)
        self.grip.moved.connect(self.moved)
        self.grip.released.connect(self.released)
        self.tick = QCheckBox(without_mnemonic(title))
        self.tick.setObjectName(f"task.{name}")
        self.tick.setAccessibleName(tr("Learn {}").format(title))
        self.tick.setFixedWidth(104)
        set_hint(self.tick, title)
        self.swatch = Swatch(QColor(), 0) if has_swatch else None
        self.weight = WeightEditor(title)
        self.weight.setObjectName(f"weight.{name}")
        layout.addWidget(self.grip)
        layout.addWidget(self.tick)
        if self.swatch:
            layout.addWidget(self.swatch)
        layout.addWidget(self.weight, 1)
        self.more = QToolButton()
        self.more.setObjectName("small")
        self.more.setText("…")
        self.more.setCheckable(True)
        self.more.setAccessibleName(tr("Head and loss of {}").format(title))
        set_hint(self.more, tr("Layers of this task's own, and its loss"))
        layout.addWidget(self.more)
        self._name = name
        self._has_shown = False
        self.own: TaskOverrides | None = None
        self.more.toggled.connect(self._unfold)
        self.tick.clicked.connect(self.ticked)
        self.weight.edited.connect(self.weighed)
        self.weight.released.connect(self.released)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer came."""
        self.hovered.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer went."""
        self.hovered.emit(False)

    def _unfold(self, is_on: bool) -> None:
        """Show or hide the form of what the task has for itself, made when it is first wanted."""
        if is_on and self.own is None:
            self.own = TaskOverrides(self._name, self._theme)
            self.own.edited.connect(self.changed)
            self.own.refused.connect(self.refused)
            self._outer.addWidget(self.own)
            self.opened.emit()
        if self.own is not None:
            self.own.setVisible(is_on)

    def show_own(
        self, choice: TaskChoice | None, refused: Mapping[str, RefusedEntry], is_live: bool
    ) -> None:
        """Show the head and the loss that an entry says, None for a task that is not learned."""
        self.more.setText(summary_of(choice) or "…")
        self.more.setEnabled(choice is not None)
        if choice is None:
            self.more.setChecked(False)
        if self.own is not None:
            self.own.setEnabled(not is_live)
            self.own.show_choice(choice, refused)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self.grip.set_theme(theme)
        if self.own is not None:
            self.own.form.set_theme(theme)

    def show_task(self, weight: float | None, is_live: bool, number: int = 0) -> None:
        """Show a task's weight, None for one that is not learned, and its place from 1.

        Place 0: it has no other beside it.
        """
        self.grip.show_place(number if weight is not None else 0, is_live)
        self.tick.setChecked(weight is not None)
        self.tick.setEnabled(not is_live)
        self.weight.setEnabled(weight is not None)
        # What was moved while a run goes on is the run's, and stays; a row made meanwhile has none.
        if not (is_live and weight is not None and self._has_shown):
            self.weight.set_value(0.0 if weight is None else weight)
            self._has_shown = weight is not None
        if self.swatch:
            self.swatch.setVisible(weight is not None)
