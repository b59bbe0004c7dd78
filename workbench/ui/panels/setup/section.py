"""Section: a numbered part of the setup, with its title, its question and a live badge."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.ui.widgets.basics import ElidedLabel, column, label, row
from workbench.ui.widgets.help_button import HelpButton
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Section")


class Section(QWidget):
    """A heading, the room under it, and a question mark that opens the `page` about it."""

    def __init__(
        self, number: int, title: str, question: str, page: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        outer = column(self, (14, 12, 14, 14), 8)
        badge = label(str(number), "badge")
        badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        heading = label(title, "section")
        asks = ElidedLabel(question)
        asks.setObjectName("hint")
        set_hint(asks, question)
        self._live = label(tr("LIVE"), "live")
        set_hint(
            self._live,
            tr("What you change here reaches the run at once"),
        )
        self._live.hide()
        top = row(badge, heading, asks, self._live, HelpButton(f"page:{page}", title))
        top.setStretch(2, 1)
        outer.addLayout(top)
        self.body: QVBoxLayout = QVBoxLayout()
        self.body.setSpacing(6)
        outer.addLayout(self.body)

    def set_live(self, is_live: bool) -> None:
        """Show or hide the badge."""
        self._live.setVisible(is_live)
