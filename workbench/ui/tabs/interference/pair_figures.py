"""PairFigures: how two tasks stand to each other, in figures."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from workbench.study.spread import Bounds, Spread
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.interference.seed_probes import SeedProbes
from workbench.ui.widgets.basics import ElidedLabel, Swatch, column, label, row
from workbench.ui.widgets.figure_card import spread_text
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("PairFigures")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tasks by name and colour number, and their figures over the seeds; NaN: none."""

    names: tuple[str, str]
    colours: tuple[int, int]
    cosine: Bounds
    conflict_rate: Bounds
    similarity: Bounds
    affinity: tuple[Bounds, Bounds]
    n_seeds: int = 1


class PairFigures(QFrame):
    """The names of two tasks, and under them a figure each for what was measured."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pair: Pair | None = None
        self._kind = Spread.INTERVAL
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
        self._spreads = {key: label("", "hint") for key in self._values}
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(0)
        for at, (key, title, meaning) in enumerate(self._lines()):
            words = label(title, "hint")
            self._values[key].setAccessibleName(title)
            for line, part in enumerate((self._values[key], self._spreads[key], words)):
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

    def set_pair(self, pair: Pair | None, note: str, kind: Spread = Spread.INTERVAL) -> None:
        """Show a pair; `note` says what the figures are of, `kind` what is told around them."""
        self._pair, self._kind = pair, kind
        self.setVisible(pair is not None)
        if pair is None:
            return
        self._note.setText(note)
        set_hint(self._note, note)
        for at, number in enumerate(pair.colours):
            self._names[at].setText(pair.names[at])
            self._swatches[at].set_style(self._theme.task_colour(number), number)
        self._set("cosine", pair.cosine, 3)
        self._set("conflict_rate", _times(100, pair.conflict_rate), 0, " %")
        self._set("similarity", pair.similarity, 3)
        there, back = (_times(100, one) for one in pair.affinity)
        self._affinity.setVisible(bool(np.isfinite(there.mean) or np.isfinite(back.mean)))
        a, b = pair.names
        words = (self._percent(there), self._percent(back))
        self._affinity.setText(tr("Affinity → {}   ← {}").format(*words))
        figures = (
            f"{v.accessibleName()} {v.text()} {self._spreads[key].text()}".strip()
            for key, v in self._values.items()
        )
        self.setAccessibleDescription(f"{a} × {b}: " + ", ".join(figures))

    def _set(self, key: str, value: Bounds, digits: int, unit: str = "") -> None:
        is_known = bool(np.isfinite(value.mean))
        text = f"{float(value.mean):.{digits}f}".replace("-", "−") + unit if is_known else "–"
        self._values[key].setText(text)
        spread = spread_text(value, self._kind, digits)
        self._spreads[key].setText(f"{spread}{unit}" if spread else "")
        self._spreads[key].setVisible(self._pair is not None and self._pair.n_seeds > 1)

    def _percent(self, value: Bounds) -> str:
        if not np.isfinite(value.mean):
            return "–"
        text = f"{float(value.mean):+.3f}".replace("-", "−")
        return " ".join(filter(None, (text, spread_text(value, self._kind), "%")))

    def text(self, key: str) -> str:
        """A figure as it is shown: cosine, conflict_rate or similarity."""
        return self._values[key].text()

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        if self._pair is not None:
            self.set_pair(self._pair, self._note.text(), self._kind)


def _times(factor: float, value: Bounds) -> Bounds:
    return Bounds(factor * value.mean, factor * value.low, factor * value.high, value.n)


def pair_of(
    model: RunModel, probes: SeedProbes, layer: int, at: int | None, pair: tuple[int, int]
) -> Pair:
    """The figures of a pair in a layer, of one probe; None: their means over the run."""
    i, j = pair
    names = [facts.name for facts in model.tasks]
    return Pair(
        (names[i], names[j]),
        (model.colours[i], model.colours[j]),
        probes.cosine(layer, at, i, j),
        probes.conflict_rate(layer, i, j),
        probes.similarity(layer, at, i, j),
        (probes.pair_effect(at, i, j), probes.pair_effect(at, j, i)),
        probes.n_seeds,
    )
