"""Status: where the run is, how fast, how long still, and the command line of the setup."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from workbench.ui.look.icons import icon
from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import ElidedLabel, label
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Status")


class StatusLine(QWidget):
    """One line under everything."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._level = "idle"
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 5, 2, 6)
        layout.setSpacing(10)
        self._dot = label("")
        self._dot.setFixedSize(8, 8)
        self.phase = ElidedLabel()
        self.phase.setObjectName("phase")
        self.phase.setAccessibleName(tr("State of the run"))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setFixedWidth(150)
        self.bar.setAccessibleName(tr("Progress of the run"))
        self.figures = label("", "muted")
        self.command = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.command.setObjectName("commandLine")
        self.command.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.command.setAccessibleName(tr("Command line of this setup"))
        self.copy = QToolButton()
        self.copy.setObjectName("copyCommand")
        set_hint(self.copy, tr("Copy the command line"))
        self.copy.setAccessibleName(tr("Copy the command line"))
        self.copy.clicked.connect(self._copy)
        layout.addWidget(self._dot)
        layout.addWidget(self.phase, 3)
        layout.addWidget(self.bar)
        layout.addWidget(self.figures)
        layout.addWidget(self.command, 3)
        layout.addWidget(self.copy)
        self.set_theme(theme)
        self.set_progress(None)

    def set_phase(self, text: str, level: str) -> None:
        """Say where the run is; `level` is idle, busy, paused, good or bad."""
        if (text, level) != (self.phase.text(), self._level):
            self.phase.setText(text)
            set_hint(self.phase, text)
            self._level = level
            self._paint()

    def set_progress(self, share: float | None, figures: str = "") -> None:
        """Show how much is done, from 0 to 1; None hides the bar."""
        self.bar.setVisible(share is not None)
        self.figures.setVisible(bool(figures))
        if share is not None:
            self.bar.setValue(round(1000 * share))
        if figures != self.figures.text():
            self.figures.setText(figures)

    def set_command(self, command: str) -> None:
        """Show the command line; empty where there is none yet."""
        self._command = command
        text = command or tr("Save the setup (Ctrl+S) to get its command line")
        if text != self.command.text():
            self.command.setText(text)
            set_hint(self.command, text)
        self.copy.setEnabled(bool(command))

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self.copy.setIcon(icon("copy", theme, theme.muted, 15))
        self._paint()

    def _paint(self) -> None:
        theme = self._theme
        dot, text = {
            "idle": (theme.control, theme.text),
            "busy": (theme.accent, theme.text),
            "paused": (theme.warning, theme.text),
            "good": (theme.good, theme.text),
            "bad": (theme.danger, theme.danger),
        }[self._level]
        self._dot.setStyleSheet(f"background: {dot}; border-radius: 4px;")
        self.phase.setStyleSheet(f"color: {text}; font-weight: 500;")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._command)
