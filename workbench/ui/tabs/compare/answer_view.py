"""AnswerView: what a comparison comes to, in a sentence, and what must be known of it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workbench.ui.widgets.basics import column, label
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Compare")

#: So many notes are shown; the others come on hover.
_MOST_NOTES = 3


class AnswerView(QWidget):
    """The answer in large, and the notes below it."""

    def __init__(self) -> None:
        super().__init__()
        self._said: object = None
        self.sentence = label("", "answer", wraps=True)
        self.more = label("", "", wraps=True)
        self.notes = label("", "hint", wraps=True)
        self.sentence.setAccessibleName(tr("The answer"))
        for part in (self.sentence, self.more, self.notes):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = column(self, (0, 0, 0, 0), 3)
        layout.addWidget(self.sentence)
        layout.addWidget(self.more)
        layout.addWidget(self.notes)

    def set_answer(self, sentence: str, more: Sequence[str], notes: Sequence[str]) -> None:
        """Say something else; `more` goes on with the answer."""
        if (sentence, more, notes) == self._said:
            return
        self._said = sentence, more, notes
        self.more.setText(" ".join(more).replace(" %", "\u00a0%"))
        self.more.setVisible(bool(more))
        self.sentence.setText(sentence.replace(" %", "\u00a0%"))
        shown = list(notes[:_MOST_NOTES])
        if len(notes) > _MOST_NOTES:
            shown.append(
                tr("… and {} more: rest here to read them").format(len(notes) - len(shown))
            )
        self.notes.setText("\n".join(shown))
        self.notes.setVisible(bool(notes))
        set_hint(self.notes, "\n".join(notes[_MOST_NOTES:]))
