"""PairFigures: how two tasks stand to each other, in figures."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from workbench.ui.look.theme import Theme
from workbench.ui.model.probe_record import mean_of
from workbench.ui.model.run_model import RunModel
from workbench.ui.widgets.basics import ElidedLabel, Swatch, column, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("PairFigures")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tasks by name and colour number, and their figures; NaN where there is none."""

    names: tuple[str, str]
    colours: tuple[int, int]
    cosine: float
    conflict_rate: float
    similarity: float
    affinity: tuple[float, float]


class PairFigures(QFrame):
    """The names of two tasks, and under them a figure each for what was measured."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pair: Pair | None = None
        self.setObjectName("figureCard")
        self.setAccessibleName(tr("The chosen pair"))
        layout = column(self, (12, 9, 12, 9), 7)
        self._swatches = (Swatch(theme.task_colour(0), 0), Swatch(theme.task_colour(1), 1))
        self._names = (label("", "section"), label("", "section"))
        self._note = ElidedLabel("")
        self._note.setObjectName("hint")
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight)
        times = label("×", "muted")
        parts = (self._swatches[0], self._names[0], times, self._swatches[1], self._names[1])
        head = row(*parts, self._note, spacing=6)
        head.setStretch(len(parts), 1)
        layout.addLayout(head)
        self._values = {key: label("–", "smallFigure") for key, _, _ in self._lines()}
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(0)
        for at, (key, title, meaning) in enumerate(self._lines()):
            words = label(title, "hint")
            self._values[key].setAccessibleName(title)
            for line, part in enumerate((self._values[key], words)):
                set_hint(part, meaning)
                grid.addWidget(part, line, at)
            grid.setColumnStretch(at, 1)
        layout.addLayout(grid)
        self._affinity = ElidedLabel("")
        self._affinity.setObjectName("hint")
        set_hint(
            self._affinity,
            tr("→ What a step on the first task alone does for the second, ← the other way:")
            + "\n"
            + tr("1 − loss after / loss before. Above 0 it helps. (Fifty, NeurIPS 2021)"),
        )
        layout.addWidget(self._affinity)

    def _lines(self) -> tuple[tuple[str, str, str], ...]:
        return (
            (
                "cosine",
                tr("cosine"),
                tr("Cosine of the angle between the two tasks' gradients in the parameters")
                + "\n"
                + tr("they share. Below 0, a step for one raises the other's loss."),
            ),
            (
                "conflict_rate",
                tr("conflict rate"),
                tr("Share of all probes of the run in which the cosine was below 0."),
            ),
            (
                "similarity",
                tr("magnitude similarity"),
                tr("Magnitude similarity 2‖gᵢ‖‖gⱼ‖ / (‖gᵢ‖² + ‖gⱼ‖²): 1 where both gradients are")
                + "\n"
                + tr("as long, near 0 where one drowns the other. (Yu, NeurIPS 2020)"),
            ),
        )

    def set_pair(self, pair: Pair | None, note: str) -> None:
        """Show a pair; `note` says what the figures are of."""
        self._pair = pair
        self.setVisible(pair is not None)
        if pair is None:
            return
        self._note.setText(note)
        set_hint(self._note, note)
        for at, number in enumerate(pair.colours):
            self._names[at].setText(pair.names[at])
            self._swatches[at].set_style(self._theme.task_colour(number), number)
        self._set("cosine", _number(pair.cosine))
        rate = pair.conflict_rate
        self._set("conflict_rate", f"{100 * rate:.0f} %" if np.isfinite(rate) else "–")
        self._set("similarity", _number(pair.similarity))
        there, back = pair.affinity
        self._affinity.setVisible(bool(np.isfinite(there) or np.isfinite(back)))
        a, b = pair.names
        self._affinity.setText(tr("Affinity → {}   ← {}").format(_percent(there), _percent(back)))
        figures = (f"{v.accessibleName()} {v.text()}" for v in self._values.values())
        self.setAccessibleDescription(f"{a} × {b}: " + ", ".join(figures))

    def _set(self, key: str, text: str) -> None:
        self._values[key].setText(text)

    def text(self, key: str) -> str:
        """A figure as it is shown: cosine, conflict_rate or similarity."""
        return self._values[key].text()

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        if self._pair is not None:
            self.set_pair(self._pair, self._note.text())


def _number(value: float) -> str:
    return f"{value:.3f}".replace("-", "−") if np.isfinite(value) else "–"


def _percent(value: float) -> str:
    return f"{100 * value:+.3f} %".replace("-", "−") if np.isfinite(value) else "–"


def pair_of(model: RunModel, layer: int, at: int | None, pair: tuple[int, int]) -> Pair:
    """The figures of a pair in a layer, of one probe; None: their means."""
    probes, (i, j) = model.probes, pair
    cosines = probes.pair_cosines(layer, i, j)
    known = cosines[np.isfinite(cosines)]

    def seen(values: np.ndarray) -> float:
        return mean_of(values) if at is None else float(values[at])

    names = [facts.name for facts in model.tasks]
    return Pair(
        (names[i], names[j]),
        (model.colours[i], model.colours[j]),
        seen(cosines),
        float((known < 0).mean()) if len(known) else float("nan"),
        seen(probes.similarities(layer, i, j)),
        (seen(probes.pair_affinity(i, j)), seen(probes.pair_affinity(j, i))),
    )
