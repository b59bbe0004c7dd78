"""FilterBar: what of the history is shown, in which groups and columns."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from workbench.ui.look.icons import icon
from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import ElidedLabel, mark_invalid, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Runs")


class FilterField(QLineEdit):
    """Where the filter is typed; Escape empties it, Down goes to the runs."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape and Down."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class FilterBar(QWidget):
    """A field, what came of it, and three menus."""

    text_changed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.field = FilterField()
        self.field.setObjectName("barField")
        self.field.setAccessibleName(tr("Filter of the runs"))
        self.field.setPlaceholderText(tr("Filter: acc>0.8 retention:ewc tag:paper words"))
        set_hint(
            self.field,
            tr(
                "Words are searched in name, note, tags and methods.\n"
                "retention:ewc,si  one of several; * stands for anything\n"
                "acc>0.8  forgetting<=0.1  optimizer.lr<0.01  score.TASK>0.9\n"
                "tag:paper  status:done  starred:yes  pinned:yes  started>=2026-11\n"
                "-status:failed  not so. All that is said must hold. (Ctrl+F)"
            ),
        )
        self.field.setClearButtonEnabled(True)
        self.field.setMaximumWidth(420)
        self.field.textChanged.connect(self.text_changed)
        self._search = QAction(self)
        self.field.addAction(self._search, QLineEdit.ActionPosition.LeadingPosition)
        for button in self.field.findChildren(QToolButton):  # Qt's own: the lens, and the cross
            button.setAccessibleName(tr("Empty the filter"))
        self.said = ElidedLabel()
        self.said.setObjectName("hint")
        self.group = self._button(tr("Group the runs"))
        self.columns = self._button(tr("Choose the columns"))
        self.columns.setText(tr("Columns"))
        self.differs = self._button(tr("Show the settings in which these runs differ"))
        self.differs.setText(tr("What differs"))
        self.differs.setCheckable(True)
        self.differs.setPopupMode(QToolButton.ToolButtonPopupMode.DelayedPopup)
        self.more = self._button(tr("Trash, groups and eyes"))
        self.more.setText("⋯")
        parts = (self.group, self.columns, self.differs, self.more)
        layout = row(self.field, self.said, *parts, spacing=6)
        layout.setContentsMargins(8, 4, 8, 3)
        layout.setStretch(0, 3)
        layout.setStretch(1, 2)
        self.setLayout(layout)
        self.field.setMinimumWidth(150)
        self.set_theme(theme)

    def _button(self, words: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("barButton")
        button.setAccessibleName(words)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_hint(button, words)
        return button

    def say(self, text: str, *, is_wrong: bool = False) -> None:
        """What came of the filter: how many runs are meant, or why it cannot be read."""
        self.said.setText(text)
        set_hint(self.said, text)
        name = "wrong" if is_wrong else "hint"
        if self.said.objectName() != name:
            self.said.setObjectName(name)
            self.said.style().unpolish(self.said)
            self.said.style().polish(self.said)
        mark_invalid(self.field, is_wrong)
        self.field.setAccessibleDescription(text)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._search.setIcon(icon("search", theme, theme.muted, 14))
