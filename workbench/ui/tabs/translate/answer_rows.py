"""AnswerRows: every language's answer in a row of its own, of which one is looked into."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from workbench.ui.tabs.translate.languages import language_name
from workbench.ui.tabs.translate.marked_text import MarkedText
from workbench.ui.widgets.basics import ElidedLabel, column, row
from workbench.ui.words.direction import direction_of
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Translate")


@dataclass(frozen=True, slots=True)
class RowContent:
    """What a row says: in which language, of which task, the answer, or why there is none."""

    target: str
    task: str
    text: str | None
    note: str = ""


class AnswerRow(QFrame):
    """A language by code and name, and its answer."""

    pressed = Signal(object)
    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("answerRow")
        self.content = RowContent("", "", None)
        self._code, self._name = ElidedLabel(), ElidedLabel()
        self._code.setObjectName("section")
        self._name.setObjectName("muted")
        for part, width in ((self._code, 40), (self._name, 92)):
            part.setFixedWidth(width)
            part.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.text = MarkedText()
        line = row(self._code, self._name, self.text, spacing=6)
        line.setContentsMargins(8, 4, 8, 4)
        line.setStretch(2, 1)
        self.setLayout(line)

    def show_content(self, content: RowContent, *, names_task: bool) -> None:
        """Show another answer; the task is named where two have this language."""
        self.content = content
        self._code.setText(content.target)
        name = content.task if names_task else language_name(content.target)
        self._name.setText(name)
        has_answer = content.text is not None
        shown = content.text if content.text is not None else content.note
        if has_answer and not shown:
            shown = tr("(nothing)")
        style = "" if content.text else "muted"
        if self.text.objectName() != style:
            self.text.setObjectName(style)
            self.text.style().unpolish(self.text)
            self.text.style().polish(self.text)
        self.text.show_text(shown)
        self.text.setLayoutDirection(direction_of(content.text or ""))
        words = tr("{}: {}").format(name or content.target, shown)
        self.setAccessibleName(words)
        set_hint(self._code, f"{content.target} {name}".strip())
        set_hint(self._name, f"{content.target} {name}".strip())

    def set_chosen(self, is_chosen: bool) -> None:
        """Whether it is the one that is looked into; that one is reached by Tab."""
        policy = Qt.FocusPolicy.StrongFocus if is_chosen else Qt.FocusPolicy.ClickFocus
        self.setFocusPolicy(policy)
        if bool(self.property("chosen")) != is_chosen:
            self.setProperty("chosen", is_chosen)
            self.style().unpolish(self)
            self.style().polish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look into it."""
        self.pressed.emit(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """To the row above or below."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(by)


class AnswerRows(QWidget):
    """The rows one below the other."""

    #: Another row is looked into.
    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Answers by language"))
        self.rows: list[AnswerRow] = []
        self._at = 0
        self._layout: QVBoxLayout = column(self, (0, 0, 0, 0), 2)
        self._layout.addStretch(1)

    @property
    def at(self) -> int:
        """The row that is looked into, from 0."""
        return min(self._at, max(len(self.rows) - 1, 0))

    @property
    def content(self) -> RowContent | None:
        """What that row says."""
        return self.rows[self.at].content if self.rows else None

    def show_answers(self, contents: Sequence[RowContent]) -> None:
        """Show other answers; rows that are there already are used again."""
        while len(self.rows) > len(contents):
            old = self.rows.pop()
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        while len(self.rows) < len(contents):
            new = AnswerRow()
            new.pressed.connect(self._press)
            new.moved.connect(lambda by: self.choose(self.at + by))
            self._layout.insertWidget(len(self.rows), new)
            self.rows.append(new)
        targets = [content.target for content in contents]
        for i, (each, content) in enumerate(zip(self.rows, contents, strict=True)):
            each.show_content(content, names_task=targets.count(content.target) > 1)
            each.set_chosen(i == self.at)

    def _press(self, pressed: AnswerRow) -> None:
        self.choose(self.rows.index(pressed))

    def choose(self, at: int) -> None:
        """Look into a row."""
        if not 0 <= at < len(self.rows):
            return
        self._at = at
        for i, each in enumerate(self.rows):
            each.set_chosen(i == at)
        self.rows[at].setFocus()
        self.chosen.emit()
