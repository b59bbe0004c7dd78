"""HelpButton: a question mark beside a part, that opens the page or the entry about it."""

from PySide6.QtWidgets import QToolButton, QWidget

from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Help")


class HelpButton(QToolButton):
    """Asks the window that it stands in for `topic`: "page:" and a file, "measure:" and a key."""

    def __init__(self, topic: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("helpButton")
        self.topic = topic
        self.setText("?")
        self.tell(about)
        self.clicked.connect(self._ask)

    def tell(self, about: str) -> None:
        """Say what it is about, on hover and to a screen reader."""
        words = tr("What is this? {}").format(about)
        self.setAccessibleName(words)
        set_hint(self, words)

    def _ask(self) -> None:
        wanted = getattr(self.window(), "help_wanted", None)
        if wanted is not None:
            wanted.emit(self.topic)
