"""Problems: what is wrong, where, and a button that goes there."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QWidget

from workbench.ui.look.icons import pixmap
from workbench.ui.look.theme import Theme
from workbench.ui.model.problem_list import Notice
from workbench.ui.widgets.basics import EmptyState, column, hairline, label, scrolling
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint
from workbench.ui.words.texts import said

tr = translator("Problems")


class ProblemRow(QWidget):
    """One problem."""

    go_wanted = Signal(str)
    dismissed = Signal(str)

    def __init__(self, notice: Notice, is_setup: bool, theme: Theme) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.setSpacing(10)
        sign = label("")
        name, colour = {
            "error": ("error", theme.danger),
            "warning": ("warning", theme.warning),
        }.get(notice.level, ("info", theme.accent))
        sign.setPixmap(pixmap(name, colour, 16, 2))
        sign.setFixedWidth(18)
        field = label(notice.field, "muted")
        field.setFixedWidth(150)
        set_hint(field, notice.field)
        words = said(notice.message)
        message = label(words, wraps=True)
        message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        button = QPushButton(tr("Go there") if is_setup else tr("Dismiss"))
        button.setAccessibleName(f"{button.text()}: {notice.field}")
        signal = self.go_wanted if is_setup else self.dismissed
        button.clicked.connect(lambda: signal.emit(notice.field))
        layout.addWidget(sign)
        layout.addWidget(field)
        layout.addWidget(message, 1)
        layout.addWidget(button)
        self.setAccessibleName(f"{notice.level}: {notice.field}: {words}")


class ProblemsPanel(QWidget):
    """A row for each problem of the setup and each notice."""

    go_wanted = Signal(str)
    dismissed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._theme = theme
        self._shown: tuple[list[Notice], list[Notice]] = ([], [])
        self.rows: list[ProblemRow] = []
        self._inner = QWidget()
        self._layout = column(self._inner, (0, 4, 0, 4), 0)
        self._layout.addStretch(1)
        empty = EmptyState(tr("No problems"), tr("This setup is ready to run."))
        self._stack = QStackedWidget()
        column(self, (1, 1, 1, 1)).addWidget(self._stack)
        self._stack.addWidget(empty)
        self._stack.addWidget(scrolling(self._inner))

    def set_problems(self, setup: Sequence[Notice], notices: Sequence[Notice]) -> None:
        """Show the problems of the setup, and what else went wrong."""
        if (list(setup), list(notices)) == self._shown:
            return
        self._shown = (list(setup), list(notices))
        self._fill()

    def _fill(self) -> None:
        while self._layout.count() > 1:
            item = self._layout.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        self.rows = []
        setup, notices = self._shown
        for notice, is_setup in [*((n, False) for n in notices), *((n, True) for n in setup)]:
            part = ProblemRow(notice, is_setup, self._theme)
            part.go_wanted.connect(self.go_wanted)
            part.dismissed.connect(self.dismissed)
            if self.rows:
                self._layout.insertWidget(self._layout.count() - 1, hairline())
            self._layout.insertWidget(self._layout.count() - 1, part)
            self.rows.append(part)
        self._stack.setCurrentIndex(1 if self.rows else 0)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self._fill()
