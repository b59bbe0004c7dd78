"""DragHandle: what a row is moved by, with the mouse or with Alt and an arrow key."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QToolButton, QWidget

from workbench.ui.look.icons import icon
from workbench.ui.look.theme import Theme
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Tasks")

#: So far the pointer goes for one place: about the height of a row.
_ROW_PIXELS = 26


class DragHandle(QToolButton):
    """Tells of moves by whole places while it is dragged; `released` ends the gesture."""

    moved = Signal(int)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._from: float | None = None
        self.setObjectName("small")
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        words = tr("Move {}: drag, or Alt+Up and Alt+Down")
        set_hint(self, words.format(title))
        self.setAccessibleName(tr("Move {}").format(title))
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.setFixedSize(18, 22)
        self.hide()

    def show_place(self, number: int, is_live: bool) -> None:
        """Be there for what has a place; 0 for what has none."""
        self.setVisible(number > 0)
        self.setEnabled(not is_live)

    def set_theme(self, theme: Theme) -> None:
        """Draw the dots in a theme's colours."""
        self.setIcon(icon("grip", theme, theme.muted, 14))

    def listen(self, row: QWidget) -> None:
        """Move with the keys wherever in `row` the focus is."""
        for keys, by in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(keys), row)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda by=by: self._step(by))

    def _step(self, by: int) -> None:
        if not self.isHidden() and self.isEnabled():
            self.moved.emit(by)
            self.released.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows alone move too, once the grip has the focus."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self._step(by)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag may begin."""
        self._from = event.globalPosition().y()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A place further for each row the pointer has passed."""
        if self._from is None:
            return
        places = int((event.globalPosition().y() - self._from) / _ROW_PIXELS)
        if places:
            self._from += places * _ROW_PIXELS
            self.moved.emit(places)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag is over."""
        self._from = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.released.emit()
