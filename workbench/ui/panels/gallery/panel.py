"""Gallery: the shipped presets as cards, each with a picture, a name and a line."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from workbench.ui.look.theme import Theme
from workbench.ui.panels.gallery.cards import Card, DataCard, GalleryCard, PresetCard
from workbench.ui.widgets.basics import column, label, row, scrolling
from workbench.ui.widgets.search_field import SearchField
from workbench.ui.words.language import translator

#: Cards in a row at most, and the least width, in pixels, that each needs.
_MOST_COLUMNS, _COLUMN_WIDTH = 5, 205

#: The field in which a preset is looked for, in pixels.
_SEARCH_WIDTH = 420

tr = translator("Gallery")


def section_title(name: str) -> str:
    """What to call a section of `presets/order.txt`; its own name where it is not known here."""
    titles = {
        "start": tr("Start here"),
        "forgetting": tr("What is forgotten, and what keeps it?"),
        "change": tr("What if the data change?"),
        "interference": tr("Do my tasks fight?"),
        "weights": tr("Which weights, which compromise?"),
        "sharing": tr("Does sharing help?"),
        "learning to learn": tr("Can it learn to learn?"),
        "languages": tr("Can one model speak many languages?"),
        "data": tr("What about my own data?"),
        "": tr("More"),
    }
    return titles.get(name, name)


@dataclass(frozen=True, slots=True)
class _Section:
    """The cards under one title."""

    widget: QWidget
    grid: QGridLayout
    cards: list[GalleryCard]

    @property
    def shown(self) -> list[GalleryCard]:
        """Those that have the words that are looked for."""
        return [card for card in self.cards if not card.isHidden()]


class GalleryPanel(QWidget):
    """The first thing a newcomer sees."""

    chosen = Signal(object)
    open_wanted = Signal()
    blank_wanted = Signal()
    data_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self._theme = theme
        inner = QWidget()
        layout = column(inner, (28, 18, 28, 16), 4)
        layout.addWidget(label(tr("What do you want to see?"), "hero"))
        layout.addWidget(
            label(
                tr("Choose an experiment, then press Run. Everything in it can be changed."),
                "muted",
            )
        )
        layout.addSpacing(6)
        example = tr("Find: moons, drift, negative transfer…")
        self.search = SearchField(tr("Find a preset by any word of it"), example)
        self.search.setMaximumWidth(_SEARCH_WIDTH)
        self.search.textChanged.connect(self._find)
        layout.addWidget(self.search)
        layout.addSpacing(6)
        self._nothing = label(tr("No preset has all of these words."), "muted")
        self._nothing.hide()
        layout.addWidget(self._nothing)
        self._sections = QVBoxLayout()
        self._sections.setSpacing(18)
        self._grids: list[_Section] = []
        self._placed: tuple[int, list[list[GalleryCard]]] | None = None
        layout.addLayout(self._sections)
        layout.addSpacing(14)
        open_button = QPushButton(tr("Open a preset…"))
        open_button.clicked.connect(self.open_wanted)
        blank = QPushButton(tr("Start from an empty setup"))
        blank.clicked.connect(self.blank_wanted)
        hint = label(tr("or drop a preset or your data anywhere on the window"), "muted", True)
        foot = row(open_button, blank, hint)
        foot.setStretch(2, 1)
        layout.addLayout(foot)
        layout.addStretch(1)
        column(self, (1, 1, 1, 1)).addWidget(scrolling(inner))

    def add_section(self, name: str, cards: Sequence[Card]) -> None:
        """Show these presets under a title of their own, below those shown already."""
        title = label(section_title(name), "section")
        grid = QGridLayout()
        grid.setSpacing(14)
        buttons: list[GalleryCard] = []
        for card in cards:
            button = PresetCard(card, self._theme)
            button.clicked.connect(lambda _=False, path=card.path: self.chosen.emit(path))
            buttons.append(button)
        if not self._grids:
            title.hide()  # the first section needs no name: it is what the page asks about
            self.data = DataCard(self._theme)
            self.data.clicked.connect(self.data_wanted)
            buttons.append(self.data)
        section = QWidget()
        layout = column(section, (0, 0, 0, 0), 8)
        layout.addWidget(title)
        layout.addLayout(grid)
        self._sections.addWidget(section)
        self._grids.append(_Section(section, grid, buttons))
        self._find()

    def _find(self) -> None:
        """Show the presets that have every word that is looked for."""
        words = self.search.text().casefold().split()
        for section in self._grids:
            for card in section.cards:
                card.setVisible(all(word in card.words for word in words))
            section.widget.setVisible(any(not card.isHidden() for card in section.cards))
        self._nothing.setVisible(all(section.widget.isHidden() for section in self._grids))
        self._place()

    @property
    def cards(self) -> list[PresetCard]:
        """The cards of all presets, from the first section on."""
        return [card for card in self._all if isinstance(card, PresetCard)]

    @property
    def _all(self) -> list[GalleryCard]:
        return [card for section in self._grids for card in section.cards]

    def resizeEvent(self, event: object) -> None:
        """As many cards a row as there is room for."""
        self._place()

    def _place(self) -> None:
        n_columns = max(1, min(_MOST_COLUMNS, self.width() // _COLUMN_WIDTH))
        placed = (n_columns, [section.shown for section in self._grids])
        if placed == self._placed:
            return
        self._placed = placed
        for grid, cards in ((section.grid, section.shown) for section in self._grids):
            while (item := grid.takeAt(0)) is not None:
                widget = item.widget()
                if widget is not None and not isinstance(widget, GalleryCard):
                    widget.deleteLater()
            for i, card in enumerate(cards):
                grid.addWidget(card, i // n_columns, i % n_columns)
            for j in range(_MOST_COLUMNS):
                grid.setColumnStretch(j, 1 if j < n_columns else 0)
            # a column without a card is as wide as the same one of the other sections
            for j in range(len(cards), n_columns):
                grid.addWidget(QWidget(), 0, j)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        for card in self._all:
            card.set_theme(theme)
