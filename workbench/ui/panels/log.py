"""Log: what happened, in plain lines with a level."""

import html
from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QWidget

from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import column, label, row
from workbench.ui.words.language import translator

tr = translator("Log")

LEVELS = ("info", "warning", "error")
_KEPT = 5000


#: When, how bad, and what.
Line = tuple[str, str, str]


class LogPanel(QWidget):
    """The newest lines at the end; the level to show is a choice."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._theme = theme
        self._lines: list[Line] = []
        self.level = QComboBox()
        self.level.setAccessibleName(tr("Least level shown"))
        for level, words in zip(
            LEVELS,
            (
                tr("Everything"),
                tr("Warnings and errors"),
                tr("Errors"),
            ),
            strict=True,
        ):
            self.level.addItem(words, level)
        self.level.activated.connect(self._show_all)
        self.text = QPlainTextEdit()
        self.text.setObjectName("log")
        self.text.setAccessibleName(tr("Log"))
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(_KEPT)
        layout = column(self, (11, 6, 11, 6), 4)
        layout.addLayout(row(label(tr("Show"), "muted"), self.level, 1))
        layout.addWidget(self.text, 1)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What there is to read, the newest last."""
        return tuple(self._lines)

    def put(self, lines: Sequence[Line]) -> None:
        """Lines that came before those that there are."""
        self._lines[:0] = lines
        self._show_all()

    def add(self, level: str, message: str) -> None:
        """Add a line, with the time."""
        line = (datetime.now().strftime("%H:%M:%S"), level, message)
        self._lines.append(line)
        del self._lines[:-_KEPT]
        self._show(line)

    def _show(self, line: Line) -> None:
        time, level, message = line
        if LEVELS.index(level) < self.level.currentIndex():
            return
        colour = {
            "info": self._theme.text,
            "warning": self._theme.warning,
            "error": self._theme.danger,
        }[level]
        body = html.escape(message).replace("\n", "<br>").replace("  ", "&nbsp; ")
        word = "" if level == "info" else f"{level}: "
        self.text.appendHtml(
            f'<span style="color:{self._theme.muted}">{time}</span>&nbsp; '
            f'<span style="color:{colour}">{word}{body}</span>'
        )

    def _show_all(self) -> None:
        self.text.clear()
        for line in self._lines:
            self._show(line)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self._show_all()
