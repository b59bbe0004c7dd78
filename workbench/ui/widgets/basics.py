"""Small parts that several panels are built from."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QIcon,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from workbench.spec.text import visible, visible_lines
from workbench.ui.look.theme import Theme, dash


class PlainLabel(QLabel):
    """A label that shows text as it is, of one line or more."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text."""
        super().setText(visible_lines(text))


def label(text: str, name: str = "", wraps: bool = False) -> QLabel:
    """A label whose object name picks its style."""
    result = PlainLabel(text)
    if name:
        result.setObjectName(name)
    if wraps:
        result.setWordWrap(True)
        result.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return result


def keep_whole(wrapped: QLabel) -> None:
    """Let a label that wraps be as high as its text needs: else it is cut where room is short.

    To be called when its text or its width has changed.
    """
    wrapped.setMinimumHeight(max(wrapped.heightForWidth(wrapped.width()), 0))


def hairline() -> QFrame:
    """A line between sections."""
    result = QFrame()
    result.setObjectName("line")
    result.setFixedHeight(1)
    return result


def row(*parts: QWidget | int, spacing: int = 8) -> QHBoxLayout:
    """Widgets in a row; a number is a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
        else:
            layout.addWidget(part)
    return layout


def column(parent: QWidget, margins: tuple[int, int, int, int], spacing: int = 8) -> QVBoxLayout:
    """A vertical layout on `parent`."""
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return layout


def scrolling(inner: QWidget) -> QScrollArea:
    """`inner` in an area that scrolls up and down."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    return area


class WheelGuard(QObject):
    """Keeps the wheel for scrolling: an editor takes it only once it has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Refuse the wheel on editors without the focus."""
        is_wheel = event.type() == QEvent.Type.Wheel
        if is_wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def guard_wheel(guard: WheelGuard, editor: QWidget) -> None:
    """Let `editor` pass the wheel on until it has the focus."""
    editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    editor.installEventFilter(guard)


def mark_invalid(editor: QWidget, is_invalid: bool) -> None:
    """Have an editor look as if what stands in it is no value, or not."""
    if bool(editor.property("invalid")) != is_invalid:
        editor.setProperty("invalid", is_invalid)
        editor.style().unpolish(editor)
        editor.style().polish(editor)


class Swatch(QWidget):
    """A short line in a task's colour and dash."""

    def __init__(self, colour: QColor, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = colour
        self._index = index
        self.setFixedSize(26, 12)

    @property
    def number(self) -> int:
        """The task's colour number."""
        return self._index

    def set_style(self, colour: QColor, index: int) -> None:
        """Show another task's colour and dash."""
        self._colour, self._index = colour, index
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        paint_swatch(painter, QRectF(self.rect()), self._colour, self._index)


def task_pen(colour: QColor, index: int, width: float) -> QPen:
    """The pen of a task: its colour and its dash."""
    pen = QPen(colour, width)
    pattern = dash(index)
    if pattern:
        pen.setDashPattern(list(pattern))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def paint_swatch(painter: QPainter, area: QRectF, colour: QColor, index: int) -> None:
    """A task's line across the middle of `area`."""
    painter.setPen(task_pen(colour, index, 1.7))
    middle = area.center().y()
    painter.drawLine(QPointF(area.left(), middle), QPointF(area.right(), middle))


def plot_pen(colour: QColor, index: int, width: float, view: QWidget) -> QPen:
    """A task's pen for data coordinates: as wide on every scale of the screen."""
    pen = task_pen(colour, index, width * view.devicePixelRatioF())
    pen.setCosmetic(True)
    return pen


def swatch_icon(theme: Theme, index: int, size: QSize, view: QWidget) -> QIcon:
    """A task's line as an icon, sharp on the screen of `view`."""
    scale = view.devicePixelRatioF()
    picture = QPixmap(size * scale)
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    area = QRectF(0, 0, size.width(), size.height())
    paint_swatch(painter, area, theme.task_colour(index), index)
    painter.end()
    return QIcon(picture)


class ElidedLabel(PlainLabel):
    """A label that shortens its text to the room there is; the tooltip has all of it."""

    def __init__(
        self,
        text: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the text as fits."""
        painter = QPainter(self)
        room = self.contentsRect()
        text = QFontMetrics(self.font()).elidedText(visible(self.text()), self._mode, room.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), text)


class FlowLayout(QLayout):
    """Children side by side, going on in the next line where one is full."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = spacing
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take a child."""
        self._items.append(item)

    def count(self) -> int:
        """How many children there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Child number `index`."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give child number `index` up."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines at `width`."""
        return self._place(QRect(0, 0, width, 0), is_real=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the children in `rect`."""
        super().setGeometry(rect)
        self._place(rect, is_real=True)

    def sizeHint(self) -> QSize:
        """The least that works: one child a line."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """The largest child."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, is_real: bool) -> int:
        x, y, height = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, height = rect.x(), y + height + self._gap, 0
            if is_real:
                place = QRect(x, y, min(size.width(), rect.width()), size.height())
                item.setGeometry(
                    QStyle.visualRect(self.parentWidget().layoutDirection(), rect, place)
                )
            x += size.width() + self._gap
            height = max(height, size.height())
        return y + height - rect.y()


class EmptyState(QWidget):
    """What to do where there is nothing to see yet."""

    def __init__(self, title: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = self._column = column(self, (24, 24, 24, 24), 6)
        layout.addStretch(2)
        self._title = label(title, "title")
        self._hint = label(hint, "muted")
        for part in (self._title, self._hint):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            part.setWordWrap(True)
            layout.addWidget(part)
        layout.addStretch(3)

    def minimumSizeHint(self) -> QSize:
        """As many lines as the texts take in a narrow place."""
        return QSize(240, self._column.minimumHeightForWidth(240))

    def set_text(self, title: str, hint: str) -> None:
        """Say something else."""
        self._title.setText(title)
        self._hint.setText(hint)
