"""Figure cards: a measure with its name and its value; what it means comes on hover."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QFrame, QWidget

from workbench.study.spread import Bounds, Spread, spread_of
from workbench.ui.widgets.basics import column, label, row
from workbench.ui.widgets.help_button import HelpButton
from workbench.ui.words.language import translator
from workbench.ui.words.measure_names import MeasureText
from workbench.ui.words.plain_text import set_hint

tr = translator("FigureCard")


def shown(value: float, digits: int = 3) -> str:
    """A number as people write it, with a true minus; a dash where there is none."""
    return f"{value:.{digits}f}".replace("-", "−") if np.isfinite(value) else "–"


def spread_text(bounds: Bounds, kind: Spread, digits: int = 3) -> str:
    """What lies around one mean: half its width, or of a range both ends; empty for one seed."""
    low, high, mean = float(bounds.low), float(bounds.high), float(bounds.mean)
    if not np.isfinite(low):
        return ""
    if kind is Spread.RANGE:
        return f"{shown(low, digits)} … {shown(high, digits)}"
    return f"± {shown(high - mean, digits)}"


def mean_and_spread(
    values: Sequence[float | None], kind: Spread = Spread.INTERVAL
) -> tuple[str, str]:
    """The mean of what the runs gave, and its spread with how many gave any if not all did."""
    bounds = spread_of(np.array([np.nan if v is None else v for v in values]), kind)
    n = int(bounds.n)
    spread = spread_text(bounds, kind)
    notes = [spread] if spread else []
    if 0 < n < len(values):
        notes.append(tr("({} of {} seeds)").format(n, len(values)))
    return shown(float(bounds.mean)), " ".join(notes)


class FigureCard(QFrame):
    """One measure in large: its short name, its value over the runs, what it tells.

    With the `key` of a measure of the glossary, a question mark opens its entry.
    """

    def __init__(self, words: MeasureText, key: str = "") -> None:
        super().__init__()
        self.setObjectName("figureCard")
        set_hint(self, words.meaning)
        self.setAccessibleName(words.title)
        layout = column(self, (14, 8, 14, 8), 0)
        self._value = label("–", "figure")
        self._note = label("", "hint")
        head = row(label(words.short, "overline"), 1, self._note, spacing=4)
        if key:
            head.addWidget(HelpButton(f"measure:{key}", words.title))
        layout.addLayout(head)
        layout.addWidget(self._value)
        layout.addWidget(label(words.title, "hint"))

    def set_value(self, values: Sequence[float | None], kind: Spread = Spread.INTERVAL) -> None:
        """Show the mean of what the runs gave, with its spread; None of one that gave nothing."""
        text, spread = mean_and_spread(values, kind)
        self._value.setText(text)
        self._note.setText(spread)
        self.setAccessibleDescription(f"{text} {spread}".strip())


class SmallFigure(QWidget):
    """One measure on one line."""

    def __init__(self, words: MeasureText) -> None:
        super().__init__()
        self._meaning = f"{words.title[:1].upper()}{words.title[1:]}\n{words.meaning}"
        set_hint(self, self._meaning)
        self.setAccessibleName(words.title)
        self._value = label("–", "smallValue")
        self.setLayout(row(label(words.short, "hint"), self._value, spacing=6))

    def set_value(self, values: Sequence[float | None], kind: Spread = Spread.INTERVAL) -> None:
        """Show the mean of what the runs gave; its spread comes on hover."""
        text, spread = mean_and_spread(values, kind)
        self._value.setText(text)
        set_hint(self, "\n".join(filter(None, (f"{text} {spread}".strip(), self._meaning))))
        self.setAccessibleDescription(f"{text} {spread}".strip())
