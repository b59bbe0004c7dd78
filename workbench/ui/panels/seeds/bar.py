"""SeedBar: which seeds of a setup are shown, what is around their mean, and more of them."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from workbench.study.spread import Spread
from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import ElidedLabel, WheelGuard, guard_wheel, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint
from workbench.ui.words.spread_words import alone_words, band_words, spread_title

tr = translator("SeedBar")

#: So many seeds are added at once: with the one that there is they are five.
N_MORE = 4


class SeedBar(QWidget):
    """One line above the tabs, always as high: what is below it never moves as runs come and go."""

    #: A seed is to be shown alone; None: all of them.
    picked = Signal(object)
    more_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        del theme
        self.setObjectName("seedBar")
        self._seeds: tuple[int, ...] = ()
        self.choice = QComboBox()
        self.choice.setObjectName("seedChoice")
        self.choice.setAccessibleName(tr("Seed that is shown"))
        set_hint(self.choice, tr("Show the mean of all seeds, or one seed alone"))
        guard_wheel(WheelGuard(self), self.choice)
        self.choice.activated.connect(lambda _: self.picked.emit(self.choice.currentData()))
        self._words = ElidedLabel()
        self._words.setObjectName("hint")
        self.more = QPushButton(tr("Add {} seeds").format(N_MORE))
        self.more.setObjectName("addSeeds")
        set_hint(
            self.more,
            tr("A single seed proves nothing: run this setup on the next {} seeds too").format(
                N_MORE
            ),
        )
        self.more.clicked.connect(self.more_wanted)
        line = row(self.choice, self._words, self.more, spacing=10)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.choice.hide()
        self.more.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Have room for all parts, of which some are hidden at times."""
        parts = (self.choice, self.more, self._words)
        for part in parts:
            part.ensurePolished()  # what was never shown has not the size of the window's style yet
        self.setFixedHeight(max(part.sizeHint().height() for part in parts))
        super().showEvent(event)

    def show_planned(self, n_seeds: int, kind: Spread) -> None:
        """Nothing runs and nothing is shown: say what Run is going to do."""
        self._seeds = ()
        self.choice.hide()
        self.more.hide()
        words = tr("Run trains one seed, which shows no spread")
        if n_seeds > 1:
            words = tr("Run trains {} seeds and shows their mean, band: {}")
            words = words.format(n_seeds, spread_title(kind))
        self._say(words)

    def _say(self, words: str) -> None:
        self._words.setText(words)
        set_hint(self._words, words)

    def show_seeds(
        self, seeds: Sequence[int], picked: int | None, alone: int, kind: Spread, *, can_add: bool
    ) -> None:
        """Show what there is: its seeds, the one that was picked, and the one that is alone."""
        if tuple(seeds) != self._seeds:
            self._seeds = tuple(seeds)
            with QSignalBlocker(self.choice):
                self.choice.clear()
                self.choice.addItem(tr("All {} seeds").format(len(seeds)), None)
                for seed in seeds:
                    self.choice.addItem(tr("Seed {}").format(seed), seed)
        at = self.choice.findData(picked) if picked is not None else 0
        if at != self.choice.currentIndex():
            with QSignalBlocker(self.choice):
                self.choice.setCurrentIndex(max(at, 0))
        several = len(seeds) > 1
        self.choice.setVisible(several)
        words = [tr("One seed: it shows no spread")]
        if several and picked is not None:
            words = [tr("one of {} seeds").format(len(seeds))]
        elif several:
            words = [band_words(len(seeds), kind), alone_words(seeds, alone)]
        self._say(" · ".join(filter(None, words)))
        self.more.setVisible(can_add)

    def set_theme(self, theme: Theme) -> None:
        """Its parts follow the window's style."""
