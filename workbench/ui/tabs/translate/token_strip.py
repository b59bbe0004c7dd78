"""TokenStrip: the tokens of an answer, and what might have stood in the place of each."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from workbench.spec.shown.written import TranslatedText, WrittenToken
from workbench.ui.widgets.basics import FlowLayout, column, label, scrolling
from workbench.ui.words.direction import direction_of
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint, without_mnemonic

#: So many tokens have a button.
MOST_TOKENS = 120

#: A token less likely than this is marked.
_UNSURE = 0.5

#: Room for two lines of buttons.
_MOST_HEIGHT = 56

tr = translator("Translate")


def piece_words(piece: str) -> str:
    """A piece of text as it is shown: spaces can be seen, and the end is named."""
    return piece.replace(" ", "␣") or tr("(end)")


def token_words(token: WrittenToken) -> str:
    """A token with its probability, and the others that might have stood there."""
    all_of_them = [(token.piece, token.probability), *token.alternatives]
    likeliest = dict(reversed(all_of_them))
    ordered = sorted(likeliest.items(), key=lambda item: -item[1])
    words = (f"{piece_words(piece)} {100 * share:.1f} %" for piece, share in ordered)
    return "  ·  ".join(words)


class TokenStrip(QWidget):
    """A button a token; under them the alternatives of the one that is chosen."""

    #: The token at this place is looked at.
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: list[QPushButton] = []
        self._shown: TranslatedText | None = None
        self.at = 0
        inner = QWidget()
        self._inner = inner
        self._flow = FlowLayout(inner, 3)
        self._area = scrolling(inner)
        self._area.setAccessibleName(tr("Tokens of the chosen answer"))
        self.words = label("", "hint", wraps=True)
        layout = column(self, (0, 0, 0, 0), 4)
        layout.addWidget(self._area)
        layout.addWidget(self.words)

    def show_answer(self, answer: TranslatedText | None) -> None:
        """Show the tokens of another answer."""
        self.setVisible(answer is not None)
        if answer is None or answer is self._shown:
            self._shown = answer
            return
        self._shown = answer
        tokens = answer.tokens[:MOST_TOKENS]
        while len(self.buttons) > len(tokens):
            old = self.buttons.pop()
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        while len(self.buttons) < len(tokens):
            new = QPushButton()
            new.setObjectName("token")
            new.setCheckable(True)
            new.clicked.connect(self._click)
            self._flow.addWidget(new)
            new.show()
            self.buttons.append(new)
        self._inner.setLayoutDirection(direction_of(answer.text))
        for button, token in zip(self.buttons, tokens, strict=True):
            button.setText(without_mnemonic(piece_words(token.piece)))
            button.setAccessibleName(token_words(token))
            set_hint(button, token_words(token))
            is_unsure = token.probability < _UNSURE
            if bool(button.property("unsure")) != is_unsure:
                button.setProperty("unsure", is_unsure)
                button.style().unpolish(button)
                button.style().polish(button)
        self._fit()
        self.at = min(self.at, max(len(tokens) - 1, 0))
        self._tell()

    def _fit(self) -> None:
        """Give the buttons their lines; more than two of them scroll."""
        needed = self._flow.heightForWidth(max(self._area.viewport().width(), 100))
        self._area.setFixedHeight(min(needed, _MOST_HEIGHT))

    def resizeEvent(self, event: object) -> None:
        """Another width, other lines."""
        self._fit()

    def _click(self) -> None:
        clicked = self.sender()
        self.choose(next(i for i, button in enumerate(self.buttons) if button is clicked))

    def choose(self, at: int) -> None:
        """Look at a token."""
        if 0 <= at < len(self.buttons):
            self.at = at
            self._tell()
            self.chosen.emit(at)

    def _tell(self) -> None:
        for i, button in enumerate(self.buttons):
            button.setChecked(i == self.at)
        if self._shown is not None and self.buttons:
            self.words.setText(token_words(self._shown.tokens[self.at]))
        else:
            self.words.setText("")
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
