"""PointField: a point of the user's own, typed as two numbers."""

import math
import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from workbench.ui.widgets.basics import mark_invalid
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

#: Between the two numbers; without it a comma is, which else may be in one.
_BETWEEN = re.compile(r"\s*;\s*|,?\s+")

#: What is more has no place in a picture, nor a square in single precision.
_LARGEST = 1e9

tr = translator("Adaptation")


def point_of(text: str) -> tuple[float, float] | None:
    """The point that a text gives, like "1.5 -2", "1.5, -2" or "1,5; -2"; None where none."""
    numbers = _BETWEEN.split(text.strip())
    if len(numbers) == 1:
        numbers = text.split(",")
    if len(numbers) != 2:
        return None
    try:
        x, y = (float(number.replace(",", ".")) for number in numbers)
    except ValueError:
        return None
    return (x, y) if all(math.isfinite(n) and abs(n) <= _LARGEST for n in (x, y)) else None


class PointField(QLineEdit):
    """Takes x and y; Enter gives the point and leaves room for the next."""

    #: x and y.
    submitted = Signal(float, float)
    #: What is wrong with the text.
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("adaptation.point")
        self.setPlaceholderText(tr("x, y"))
        self.setAccessibleName(tr("A point of your own, as x and y"))
        set_hint(self, tr("A point of your own, as x and y: Enter adds it"))
        self.setFixedWidth(96)
        self.textEdited.connect(lambda _: mark_invalid(self, False))
        self.returnPressed.connect(self._give)

    def _give(self) -> None:
        point = point_of(self.text())
        mark_invalid(self, point is None)
        if point is None:
            self.refused.emit(tr("A point is two numbers, x and y, like 1.5 -2."))
            return
        self.clear()
        self.submitted.emit(*point)
