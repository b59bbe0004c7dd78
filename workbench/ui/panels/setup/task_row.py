"""TaskRow: one task of the setup, to be ticked, weighed and moved."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QColor, QEnterEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from workbench.ui.panels.setup.grip import Grip
from workbench.ui.panels.setup.weight import WeightEditor
from workbench.ui.widgets.basics import Swatch
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

    def __init__(self, name: str, title: str, has_swatch: bool) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        self.grip = Grip(title)
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
        self.tick.clicked.connect(self.ticked)
        self.weight.edited.connect(self.weighed)
        self.weight.released.connect(self.released)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer came."""
        self.hovered.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer went."""
        self.hovered.emit(False)

    def show_task(self, weight: float | None, is_live: bool, number: int = 0) -> None:
        """Show a task's weight, None for one that is not learned, and its place from 1.

        Place 0: it has no other beside it.
        """
        self.grip.show_place(number if weight is not None else 0, is_live)
        self.tick.setChecked(weight is not None)
        self.tick.setEnabled(not is_live)
        self.weight.setEnabled(weight is not None)
        if not (is_live and weight is not None):
            self.weight.set_value(0.0 if weight is None else weight)
        if self.swatch:
            self.swatch.setVisible(weight is not None)
