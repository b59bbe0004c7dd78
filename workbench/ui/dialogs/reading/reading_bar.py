"""ReadingBar: how a file was read, on one line, and what would seem better, to be taken."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from workbench.spec.user_files.file_facts import FileFacts, ReadValue
from workbench.ui.dialogs.reading.reading_words import offer_for, summary
from workbench.ui.widgets.basics import ElidedLabel, column, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint, without_mnemonic

tr = translator("BringData")


class ReadingBar(QWidget):
    """A line that says how the file was read, and one that offers what would seem better."""

    #: The settings are to be seen.
    wanted = Signal()
    #: Settings of reading to be taken, by name.
    taken = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, ReadValue] = {}
        self.summary = ElidedLabel("", Qt.TextElideMode.ElideRight)
        self.summary.setObjectName("muted")
        self.change = QPushButton(tr("&Change…"))
        self.change.setAccessibleName(tr("Change how the file is read"))
        self.change.setObjectName("link")
        self.change.clicked.connect(self.wanted)
        self._line = QWidget()
        line = row(self.summary, self.change, spacing=6)
        line.setStretch(0, 1)
        self._line.setLayout(line)
        self.why = label("", "reason", wraps=True)
        self.take = QPushButton()
        self.take.clicked.connect(lambda: self.taken.emit(dict(self._values)))
        self._offer = QWidget()
        offer = row(self.why, self.take, spacing=6)
        offer.setStretch(0, 1)
        self._offer.setLayout(offer)
        layout = column(self, (0, 0, 0, 0), 4)
        layout.addWidget(self._line)
        layout.addWidget(self._offer)
        # In a low window the pages beneath give way, not the lines that say what is in them.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_facts(self, facts: FileFacts) -> None:
        """Show how a file was read; nothing where there is nothing to set."""
        parts = [*summary(facts.reading), *(_sentence(note) for note in facts.notes)]
        self.summary.setText(" · ".join(parts))
        set_hint(self.summary, "\n".join(parts))
        offer = offer_for(facts.reading)
        self.change.setVisible(bool(facts.reading))
        self._offer.setVisible(offer is not None)
        if offer is not None:
            why, words, self._values = offer
            self.why.setText(why)
            self.take.setText(without_mnemonic(words))
        self.setVisible(bool(parts))


def _sentence(note: str) -> str:
    return note[:1].upper() + note[1:]
