"""TourBubble and TourLight: words beside a control, and a ring of light on it."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from workbench.ui.look.theme import CurrentTheme
from workbench.ui.widgets.basics import label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint, without_mnemonic

_WIDTH = 300
#: Between the light and the bubble, between the light and its control, and to the window's edge.
_GAP, _AROUND, _EDGE = 10, 4, 12

tr = translator("Tour")


def place_beside(target: QRect, size: QSize, room: QRect) -> QPoint:
    """Where a bubble of `size` covers least of `target`: under, right, left, above; else inside."""

    def within(at: int, length: int, first: int, last: int) -> int:
        return max(min(at, last - length - _EDGE), first + _EDGE)

    x = within(target.center().x() - size.width() // 2, size.width(), room.left(), room.right())
    y = within(target.top(), size.height(), room.top(), room.bottom())
    corners = (
        QPoint(x, target.bottom() + _GAP),
        QPoint(target.right() + _GAP, y),
        QPoint(target.left() - _GAP - size.width(), y),
        QPoint(x, target.top() - _GAP - size.height()),
    )
    for corner in corners:
        if room.contains(QRect(corner, size)):
            return corner
    bottom = within(target.bottom() - size.height(), size.height(), room.top(), room.bottom())
    return QPoint(x, bottom)


class TourLight(QWidget):
    """A ring around a control; the pointer goes through it."""

    def __init__(self, look: CurrentTheme, window: QWidget) -> None:
        super().__init__(window)
        self._look = look
        self.setObjectName("tourLight")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bright ring in a faint one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        for width, alpha in ((6.0, 70), (2.0, 255)):
            colour = QColor(self._look.theme.accent)
            colour.setAlpha(alpha)
            painter.setPen(QPen(colour, width))
            painter.drawRoundedRect(area.adjusted(3, 3, -3, -3), 8, 8)


class TourBubble(QFrame):
    """A step's words, what can be done for the user, and the way out."""

    acted = Signal()
    left = Signal()

    def __init__(self, look: CurrentTheme, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tourBubble")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(_WIDTH)
        self._light = TourLight(look, window)
        self._count = label("", "hint")
        self._title = label("", "section", wraps=True)
        self._text = label("", wraps=True)
        self.act = QPushButton()
        self.act.setObjectName("tour.act")
        self.act.setProperty("primary", True)
        self.act.clicked.connect(self.acted)
        self.skip = QPushButton(tr("Skip the tour"))
        self.skip.setObjectName("tour.skip")
        set_hint(self.skip, tr("End the tour (Esc). Help starts it again."))
        self.skip.clicked.connect(self.left)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(6)
        for part in (self._count, self._title, self._text):
            layout.addWidget(part)
        layout.addSpacing(4)
        layout.addLayout(row(self.act, 1, self.skip))
        self.hide()
        self._light.hide()

    def tell(self, count: str, title: str, text: str, act: str, is_last: bool) -> None:
        """Show another step; where the keyboard was here, it is at the button that goes on."""
        had_focus = self.act.hasFocus() or self.skip.hasFocus()
        self._count.setText(count)
        self._title.setText(title)
        self._text.setText(text)
        self.act.setText(without_mnemonic(act))
        self.skip.setVisible(not is_last)
        self.setAccessibleName(f"{count}: {title}")
        self.setAccessibleDescription(text)
        if had_focus:
            self.act.setFocus()

    def point_at(self, target: QRect, room: QRect) -> None:
        """Stand beside `target`, a rectangle of the window, with the light on it."""
        ring = target.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND) & room
        layout = self.layout()
        height = layout.heightForWidth(_WIDTH) if layout is not None else self.height()
        size = QSize(_WIDTH, max(height, self.minimumSizeHint().height()))
        geometry = QRect(place_beside(ring, size, room), size)
        for part, wanted in ((self._light, ring), (self, geometry)):
            if part.geometry() != wanted:
                part.setGeometry(wanted)
            part.show()
            part.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is the button that has the keyboard, as in a dialog."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        button = self.focusWidget()
        if is_enter and isinstance(button, QPushButton):
            button.click()
        else:
            super().keyPressEvent(event)

    def leave(self) -> None:
        """Go for good, with the light."""
        for part in (self._light, self):
            part.hide()
            part.deleteLater()
