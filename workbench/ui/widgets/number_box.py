"""NumberBox: a number as people write it, which keeps what it cannot read."""

import math

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QWidget

from workbench.spec.text import is_large_as_written, number_of, number_text
from workbench.ui.widgets.basics import mark_invalid


class NumberBox(QDoubleSpinBox):
    """A number from 1e-9 to 1e9 as people write it: 0.001, 1e-5, 64; 10,000,000 as it was typed.

    What is typed and is no number, or one out of bounds, stays where it is and is `refused`; Qt
    would put the number before it in its place. `accepted` tells when a number stands there again.
    """

    refused = Signal(str)
    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._refused: str | None = None
        self._typed = ""
        self.setDecimals(12)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.setKeyboardTracking(False)
        self.setRange(-1e12, 1e12)
        self.editingFinished.connect(self._ended)

    def show_number(self, value: float) -> None:
        """Show `value` without telling anybody; what is being typed is left alone."""
        is_typing = self.hasFocus() and self.lineEdit().isModified()
        if self._refused is None and is_typing and value == self.value():
            return
        was_blocked = self.blockSignals(True)
        self._refused = None
        self.setValue(value)
        self.lineEdit().setText(self.textFromValue(value) + self.suffix())
        self.blockSignals(was_blocked)
        mark_invalid(self, False)

    def show_refused(self, text: str) -> None:
        """Show again what was refused."""
        if text != self._refused:
            was_blocked = self.blockSignals(True)
            self._refused = text
            self.lineEdit().setText(text + self.suffix())
            self.blockSignals(was_blocked)
        mark_invalid(self, True)

    def textFromValue(self, value: float) -> str:
        """What was refused, as long as it stands there; else the number, as it was typed."""
        if self._refused is not None:
            return self._refused
        is_kept = is_large_as_written(self._typed) and number_of(self._typed) == value
        return self._typed if is_kept else self.written(value)

    def written(self, value: float) -> str:
        """The shortest text with up to six digits."""
        return number_text(value)

    def words(self, text: str) -> str:
        """A text without the unit."""
        return text.removesuffix(self.suffix()).strip()

    def valueFromText(self, text: str) -> float:
        """The number in `text`, with or without an exponent or thousands apart."""
        return number_of(self.words(text))

    def validate(self, text: str, position: int) -> object:
        """Whether `text` is a number, may become one, or never will."""
        words = self.words(text)
        try:
            value = number_of(words)
        except ValueError:
            partial = not words.strip("0123456789.,eE+-")
            state = QValidator.State.Intermediate if partial else QValidator.State.Invalid
            return state, text, position
        fits = self.minimum() <= value <= self.maximum() and self.may_be(value)
        if fits:
            self._refused, self._typed = None, words
        return (
            QValidator.State.Acceptable if fits else QValidator.State.Intermediate,
            text,
            position,
        )

    def may_be(self, value: float) -> bool:
        """Whether a number within the bounds may stand here."""
        return math.isfinite(value)

    def fixup(self, input: str) -> str:
        """Keep what is no number: the entry has ended with it."""
        words = self.words(input)
        if words != self._refused:  # Qt asks twice where the focus goes
            self._refused = words
            mark_invalid(self, True)
            self.refused.emit(words)
        return input

    def stepBy(self, steps: int) -> None:
        """Step from the last number."""
        was_refused, self._refused = self._refused is not None, None
        super().stepBy(steps)
        if was_refused:
            self.lineEdit().setText(self.textFromValue(self.value()) + self.suffix())
        self._ended()

    def _ended(self) -> None:
        if self._refused is None and self.property("invalid"):
            mark_invalid(self, False)
            self.accepted.emit()

    def sizeHint(self) -> QSize:
        """Wide enough for six digits, not for twelve."""
        return QSize(92, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """As small as four digits."""
        return QSize(58, super().minimumSizeHint().height())
