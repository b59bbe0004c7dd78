"""RoomyArea: gives what it holds the least room it can be read in, and scrolls in less."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QWidget


class RoomyArea(QScrollArea):
    """What it holds fills it, but is never squeezed: where the room is too small, bars come."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(_Page(content))

    def minimumSizeHint(self) -> QSize:
        """Little: the docks beside it get theirs."""
        return QSize(296, 120)


class _Page(QWidget):
    """As large as what it holds must be; with a layout it would ask for its favourite height."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        content.setParent(self)
        content.show()

    def minimumSizeHint(self) -> QSize:
        """The least size of the content, with the lines that it takes at this width.

        A stack knows no least height at a width, only its favourite one, which may be far more.
        """
        size = self._content.minimumSizeHint().expandedTo(self._content.minimumSize())
        layout = self._content.layout()
        if isinstance(layout, QBoxLayout) and layout.hasHeightForWidth():
            width = max(size.width(), self.width())
            size.setHeight(max(size.height(), layout.minimumHeightForWidth(width)))
        return size

    def event(self, event: QEvent) -> bool:
        """Ask for other room where the content needs another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the content fill it."""
        super().resizeEvent(event)
        self._content.setGeometry(self.rect())
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
