"""NoticeBar: a slim offer over the foot of the centre, which nothing makes way for."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from workbench.ui.look.icons import icon
from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import ElidedLabel
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint, without_mnemonic

tr = translator("NoticeBar")


class NoticeBar(QFrame):
    """A sentence, what can be done about it, and a cross."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._theme = theme
        self._buttons: list[QPushButton] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(16, 6, 10, 6)
        self._layout.setSpacing(8)
        self._text = ElidedLabel()
        self._close = QToolButton()
        self._close.setObjectName("small")
        self._close.setAccessibleName(tr("Not now"))
        set_hint(self._close, tr("Not now"))
        self._close.clicked.connect(self.hide)
        self._layout.addWidget(self._text, 1)
        self._layout.addWidget(self._close)
        self.set_theme(theme)
        self.hide()

    def offer(self, text: str, choices: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """Show an offer, in place of the one before."""
        for old in self._buttons:
            self._layout.removeWidget(old)
            old.deleteLater()
        self._buttons = []
        self._text.setText(text)
        set_hint(self._text, text)
        for i, (words, act) in enumerate(choices):
            button = QPushButton(without_mnemonic(words))
            button.setProperty("primary", i == 0)
            button.clicked.connect(self.hide)
            button.clicked.connect(lambda _=False, act=act: act())
            self._layout.insertWidget(self._layout.count() - 1, button)
            self._buttons.append(button)
        self.place()
        self.raise_()
        self.show()

    def place(self) -> None:
        """Lie over the foot of what it belongs to, so that its coming pushes nothing."""
        ground = self.parentWidget()
        if ground is not None:
            self._layout.activate()
            height = self.sizeHint().height()
            self.setGeometry(0, ground.height() - height, ground.width(), height)

    @property
    def text(self) -> str:
        """What is offered."""
        return self._text.text()

    @property
    def buttons(self) -> list[QPushButton]:
        """The choices offered."""
        return self._buttons

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._close.setIcon(icon("close", theme, theme.muted, 14))


class NoticeGround(QWidget):
    """What a notice lies over: it keeps the notice at its foot, whatever its size."""

    def __init__(self, bar: NoticeBar) -> None:
        super().__init__()
        self._bar = bar
        bar.setParent(self)
        bar.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the notice along."""
        super().resizeEvent(event)
        self._bar.place()
