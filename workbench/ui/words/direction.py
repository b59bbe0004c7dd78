"""Direction: how a text runs, by the first of its letters that says so."""

from unicodedata import bidirectional

from PySide6.QtCore import Qt


def direction_of(text: str) -> Qt.LayoutDirection:
    """From right to left where the first letter with a direction runs so."""
    for letter in text:
        kind = bidirectional(letter)
        if kind == "L":
            break
        if kind in ("R", "AL"):
            return Qt.LayoutDirection.RightToLeft
    return Qt.LayoutDirection.LeftToRight
