"""TaskPill: a task in the plan of a run, to be moved and taken out."""

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

from workbench.ui.look.icons import icon
from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import paint_swatch
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

#: What is dragged: the stage, or −1, and the task.
MIME = "application/x-workbench-task"

tr = translator("Plan")


class TaskPill(QPushButton):
    """A task of stage `stage`, from 0; −1: one that waits. A click asks for what can be done."""

    taken_out = Signal()
    #: So many places earlier (below 0) or later.
    shifted = Signal(int)

    def __init__(self, task: str, stage: int, number: int, theme: Theme, may_go: bool) -> None:
        super().__init__(task)
        self.task, self.stage = task, stage
        self._number, self._theme = number, theme
        self._from: QPoint | None = None
        self.setObjectName("pill")
        self.setProperty("waits", stage < 0)
        self.setAccessibleName(_where(stage).format(task))
        hint = tr("Click to move it, or drag it to another place")
        if stage >= 0:
            hint += "\n" + tr("Alt+Left and Alt+Right: earlier and later; Delete: take it out")
        set_hint(self, hint)
        self.cross = QToolButton(self)
        self.cross.setObjectName("small")
        self.cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cross.setCursor(Qt.CursorShape.ArrowCursor)
        self.cross.setIcon(icon("close", theme, theme.muted, 12))
        self.cross.setFixedSize(18, 18)
        set_hint(self.cross, tr("Take {} out").format(task))
        self.cross.setAccessibleName(tr("Take {} out").format(task))
        self.cross.setVisible(stage >= 0 and may_go)
        self.cross.clicked.connect(self.taken_out)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cross stays at the right end."""
        self.cross.move(self.width() - 22, (self.height() - 18) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the task's line in front of its name."""
        super().paintEvent(event)
        area = self.rect().toRectF().adjusted(9, 0, 0, 0)
        area.setWidth(22)
        colour = self._theme.task_colour(self._number)
        paint_swatch(QPainter(self), area, colour, self._number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and take out with the keys."""
        is_alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if is_alt and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.shifted.emit(-1 if event.key() == Qt.Key.Key_Left else 1)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.taken_out.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag may begin."""
        self._from = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Once the pointer has gone a little way it is a drag, and no click."""
        away = event.position().toPoint() - self._from if self._from is not None else QPoint()
        if away.manhattanLength() < QApplication.startDragDistance():
            super().mouseMoveEvent(event)
            return
        self._from = None
        self.setDown(False)
        drag, data = QDrag(self), QMimeData()
        data.setData(MIME, f"{self.stage}\n{self.task}".encode())
        drag.setMimeData(data)
        drag.setPixmap(self.grab())
        drag.setHotSpot(event.position().toPoint())
        drag.exec(Qt.DropAction.MoveAction)


def dragged(data: QMimeData) -> tuple[str, int | None] | None:
    """The task that is dragged, and its stage; None where it is something else."""
    if not data.hasFormat(MIME):
        return None
    stage, _, task = bytes(data.data(MIME).data()).decode().partition("\n")
    return task, (int(stage) if int(stage) >= 0 else None)


def _where(stage: int) -> str:
    if stage < 0:
        return tr("{}, waits")
    return tr("{}, learned now") if stage == 0 else tr("{}, comes later")
