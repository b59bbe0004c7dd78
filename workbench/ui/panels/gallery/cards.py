"""GalleryCard: a large button with a picture, a name and a line: a preset, or one's own data."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from workbench.spec.experiment import Spec
from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.panels.gallery.thumbnails import curves_of, paint_preset, paint_table
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint
from workbench.ui.words.texts import of_preset

tr = translator("Gallery")


@dataclass(frozen=True, slots=True)
class Card:
    """A preset that can be chosen, and the section of the gallery in which it stands.

    `words` are what else it is found by: texts of the methods and tasks that it is made of.
    """

    path: Path
    spec: Spec
    section: str = ""
    words: str = ""


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

    @property
    def words(self) -> str:
        """What it is found by, in lower case."""
        return f"{self.text()} {self.about}".casefold()

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

    @property
    def words(self) -> str:
        """What it is found by, in lower case: its texts, and those of what it is made of."""
        return f"{super().words} {self.card.words.casefold()}"

    def __init__(self, card: Card, theme: Theme) -> None:
        name, about = of_preset(card.spec.name), of_preset(card.spec.about)
        super().__init__(card.path.stem, name, about, theme)
        self.card = card
        self._curves = curves_of(card.path.stem) if card.section else None

    def paint_picture(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Draw what the preset is about."""
        paint_preset(painter, area, self.card.spec, theme, self._curves)


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
