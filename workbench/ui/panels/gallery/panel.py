"""Gallery: the shipped presets as cards, each with a picture, a name and a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workbench.spec.experiment import Spec
from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.panels.gallery.thumbnails import paint_preset, paint_table
from workbench.ui.widgets.basics import column, label, row, scrolling
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

#: Cards in a row at most, and the least width, in pixels, that each needs.
_MOST_COLUMNS, _COLUMN_WIDTH = 5, 205

tr = translator("Gallery")


@dataclass(frozen=True, slots=True)
class Card:
    """A preset that can be chosen, and the section of the gallery in which it stands."""

    path: Path
    spec: Spec
    section: str = ""


def section_title(name: str) -> str:
    """What to call a section of `presets/order.txt`; its own name where it is not known here."""
    titles = {
        "start": tr("Start here"),
        "interference": tr("Tasks that help, tasks that fight"),
        "sharing": tr("What to share"),
        "lifelong": tr("Learning for life"),
        "learning to learn": tr("Learning to learn"),
        "languages": tr("Many languages"),
        "data": tr("Your own data"),
        "": tr("More"),
    }
    return titles.get(name, name)


class GalleryCard(QAbstractButton):
    """A card that is one large button: a picture, a name and a line."""

    def __init__(self, key: str, name: str, about: str, theme: Theme) -> None:
        super().__init__()
        self.about = about
        self._theme = theme
        self.setObjectName(f"card.{key}")
        self.setText(name)
        self.setAccessibleName(name)
        self.setAccessibleDescription(about)
        set_hint(self, about)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def paint_picture(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Draw what is above the name."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:
        """A picture, a name and two lines."""
        return QSize(230, 212)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_hot = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(QColor(theme.accent if is_hot else theme.border), 1.5 if is_hot else 1))
        painter.setBrush(QColor(theme.surface))
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(area, 10, 10)
        picture = QRectF(area.left() + 10, area.top() + 10, area.width() - 20, 96)
        self.paint_picture(painter, picture, theme)
        font = QFont(self.font())
        font.setPixelSize(14)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        left, width = int(area.left()) + 14, int(area.width()) - 28
        top = int(picture.bottom()) + 12
        used = _paint_lines(painter, QRect(left, top, width, 42), self.text())
        font.setPixelSize(12)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        top += used + 4
        about = QRect(left, top, width, self.height() - 10 - top)
        _paint_lines(painter, about, self.about)

    def event(self, event: QEvent) -> bool:
        """Redraw when the pointer comes or goes."""
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            self.update()
        return super().event(event)


class PresetCard(GalleryCard):
    """A preset."""

    def __init__(self, card: Card, theme: Theme) -> None:
        super().__init__(card.path.stem, card.spec.name, card.spec.about, theme)
        self.card = card

    def paint_picture(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Draw what the preset is about."""
        paint_preset(painter, area, self.card.spec, theme)


class DataCard(GalleryCard):
    """The way of the user's own data."""

    def __init__(self, theme: Theme) -> None:
        about = tr("A table, arrays or a folder of pictures: tick what is to be predicted.")
        super().__init__("data", tr("Bring my data…"), about, theme)

    def paint_picture(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Draw a table."""
        paint_table(painter, area, theme)


def _paint_lines(painter: QPainter, area: QRect, text: str) -> int:
    """As many whole lines of `text` as fit, the last one shortened; returns their height."""
    metrics = painter.fontMetrics()
    n_lines = area.height() // metrics.lineSpacing()
    words, lines, line = text.split(), list[str](), ""
    for i, word in enumerate(words):
        longer = f"{line} {word}".strip()
        if metrics.horizontalAdvance(longer) <= area.width():
            line = longer
        elif len(lines) == n_lines - 1:
            rest = " ".join([line, *words[i:]])
            line = metrics.elidedText(visible(rest), Qt.TextElideMode.ElideRight, area.width())
            break
        else:
            lines.append(line)
            line = word
    lines.append(line)
    for i, shown in enumerate(lines):
        y = area.top() + i * metrics.lineSpacing() + metrics.ascent()
        painter.drawText(area.left(), y, visible(shown))
    return len(lines) * metrics.lineSpacing()


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
        layout.addSpacing(10)
        self._sections = QVBoxLayout()
        self._sections.setSpacing(18)
        self._grids: list[tuple[QGridLayout, list[GalleryCard]]] = []
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
        if not self._grids:
            title.hide()  # the first section needs no name: it is what the page asks about
        grid = QGridLayout()
        grid.setSpacing(14)
        buttons: list[GalleryCard] = []
        for card in cards:
            button = PresetCard(card, self._theme)
            button.clicked.connect(lambda _=False, path=card.path: self.chosen.emit(path))
            buttons.append(button)
        if not self._grids:
            self.data = DataCard(self._theme)
            self.data.clicked.connect(self.data_wanted)
            buttons.append(self.data)
        self._grids.append((grid, buttons))
        section = QWidget()
        layout = column(section, (0, 0, 0, 0), 8)
        layout.addWidget(title)
        layout.addLayout(grid)
        self._sections.addWidget(section)
        self._place()

    @property
    def cards(self) -> list[PresetCard]:
        """The cards of all presets, from the first section on."""
        return [card for card in self._all if isinstance(card, PresetCard)]

    @property
    def _all(self) -> list[GalleryCard]:
        return [card for _, cards in self._grids for card in cards]

    def resizeEvent(self, event: object) -> None:
        """As many cards a row as there is room for."""
        self._place()

    def _place(self) -> None:
        n_columns = max(1, min(_MOST_COLUMNS, self.width() // _COLUMN_WIDTH))
        for grid, cards in self._grids:
            for i, card in enumerate(cards):
                grid.addWidget(card, i // n_columns, i % n_columns)
            for j in range(_MOST_COLUMNS):
                is_used = j < n_columns
                grid.setColumnStretch(j, 1 if is_used else 0)
                # a column without a card is as wide as the same one of the other sections
                if is_used and j >= len(cards) and grid.itemAtPosition(0, j) is None:
                    grid.addWidget(QWidget(), 0, j)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        for card in self._all:
            card.set_theme(theme)
