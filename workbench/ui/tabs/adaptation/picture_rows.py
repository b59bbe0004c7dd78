"""PictureRows: a line a class: the pictures that were shown of it, then its queries."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from workbench.spec.shown.adaptation import AdaptedClasses
from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
from workbench.ui.plots.field_image import picture
from workbench.ui.tabs.adaptation.class_answers import ClassAnswers
from workbench.ui.words.language import translator

#: A picture's side, what is beside and below it, the most a name takes, and the head.
_SIDE, _GAP, _LINE, _NAME, _HEAD = 26.0, 4.0, 6.0, 74.0, 18.0

#: A right answer and a wrong one, so that they are not told apart by colour alone.
_RIGHT, _WRONG = "✓", "✗"

tr = translator("Adaptation")


class PictureRows(Canvas):
    """Right answers have a tick; a wrong one has a cross and the class that was answered."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Support and queries as pictures"), theme, parent)
        self._answers: ClassAnswers | None = None
        self._shown: AdaptedClasses | None = None
        self._images: list[QImage] = []

    def show_answers(self, answers: ClassAnswers) -> None:
        """Show another small task, or other answers."""
        self._answers = answers
        if answers.shown is not self._shown:
            before, self._shown = self._shown, answers.shown
            if before is None or before.pictures is not answers.shown.pictures:
                self._images = [picture(pixels) for pixels in answers.shown.pictures]
        self.setAccessibleDescription(answers.in_words())
        self._fit()
        self.update()

    @property
    def table(self) -> Table:
        """Each query with its class and the answer, for CSV."""
        return self._answers.table if self._answers is not None else ([], [])

    def sizeHint(self) -> QSize:
        """As high as all rows."""
        return QSize(320, self.heightForWidth(max(self.width(), 320)))

    def _fit(self) -> None:
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def resizeEvent(self, event: object) -> None:
        """Another width needs another height."""
        self._fit()

    def heightForWidth(self, width: int) -> int:
        """The height of all classes at `width`."""
        if self._answers is None:
            return 40
        heights = (self._row_height(float(width), number) for number in self._classes())
        return int(_HEAD + sum(heights)) + 4

    def _classes(self) -> range:
        return range(len(self._answers.names)) if self._answers is not None else range(0)

    @property
    def _left(self) -> float:
        """What the names of the classes take."""
        names = self._answers.names if self._answers is not None else ()
        metrics = QFontMetrics(self._small())
        widest = max((metrics.horizontalAdvance(visible(name)) for name in names), default=0)
        return min(widest + 10.0, _NAME)

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(11)
        return font

    def _columns(self, width: float) -> tuple[int, int]:
        """How many pictures of the support and of the queries stand in a line."""
        answers = self._answers
        if answers is None:
            return 1, 1
        n_support = max((len(answers.support_of(i)) for i in self._classes()), default=1)
        room = max(int((width - self._left - 2 * _GAP) // (_SIDE + _GAP)), 2)
        support = min(max(n_support, 1), max(room // 2, 1))
        return support, max(room - support, 1)

    def _row_height(self, width: float, number: int) -> float:
        answers = self._answers
        if answers is None:
            return 0.0
        support, queries = self._columns(width)
        lines = max(
            -(-len(answers.support_of(number)) // support),
            -(-len(answers.queries_of(number)) // queries),
            1,
        )
        return lines * (_SIDE + _LINE) + 4

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw every class."""
        answers, theme = self._answers, self._theme
        if answers is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small())
        support, queries = self._columns(area.width())
        left = area.left() + self._left
        middle = left + support * (_SIDE + _GAP) + _GAP
        painter.setPen(QColor(theme.muted))
        for x, words in ((left, tr("Shown")), (middle, tr("Asked"))):
            room = QRectF(x, area.top(), area.right() - x, _HEAD)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        y = area.top() + _HEAD
        for number in self._classes():
            height = self._row_height(area.width(), number)
            self._draw_name(painter, QRectF(area.left(), y, self._left - 6, _SIDE), number)
            for i, at in enumerate(answers.support_of(number)):
                place = self._place(left, y, i, support)
                self._draw_picture(painter, place, at)
            for i, at in enumerate(answers.queries_of(number)):
                place = self._place(middle, y, i, queries)
                self._draw_picture(painter, place, len(answers.shown.support) + at)
                self._draw_answer(painter, place, at)
            y += height

    @staticmethod
    def _place(left: float, top: float, i: int, per_line: int) -> QRectF:
        x = left + (i % per_line) * (_SIDE + _GAP)
        return QRectF(x, top + (i // per_line) * (_SIDE + _LINE), _SIDE, _SIDE)

    def _draw_name(self, painter: QPainter, place: QRectF, number: int) -> None:
        assert self._answers is not None
        painter.setPen(QColor(self._theme.text))
        metrics = QFontMetrics(painter.font())
        name = visible(self._answers.names[number])
        text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, visible(text))

    def _draw_picture(self, painter: QPainter, place: QRectF, at: int) -> None:
        if at < len(self._images):
            painter.drawImage(place, self._images[at])

    def _draw_answer(self, painter: QPainter, place: QRectF, at: int) -> None:
        answers, theme = self._answers, self._theme
        assert answers is not None
        is_right = bool(answers.is_right[at])
        colour = QColor(theme.good if is_right else theme.danger)
        pen = QPen(colour, 1.6)
        pen.setStyle(Qt.PenStyle.SolidLine if is_right else Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)
        badge = QRectF(place.right() - 9, place.bottom() - 9, 13, 13)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(badge)
        painter.setPen(QColor(theme.surface))
        font, plain = QFont(painter.font()), painter.font()
        font.setPixelSize(9)
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, _RIGHT if is_right else _WRONG)
        painter.setFont(plain)

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        answers = self._answers
        if answers is None:
            return ""
        support, queries = self._columns(area.width())
        left = area.left() + self._left
        middle = left + support * (_SIDE + _GAP) + _GAP
        top = area.top() + _HEAD
        for number in self._classes():
            for i, _ in enumerate(answers.support_of(number)):
                if self._place(left, top, i, support).contains(x, y):
                    return tr("shown as {}").format(answers.names[number])
            for i, at in enumerate(answers.queries_of(number)):
                if self._place(middle, top, i, queries).contains(x, y):
                    return answers.explained(int(at))
            top += self._row_height(area.width(), number)
        return ""


def has_pictures(shown: AdaptedClasses) -> bool:
    """Whether every row of the small task is a picture."""
    n_rows = len(shown.support) + len(shown.wanted)
    return len(shown.pictures) >= n_rows > 0 and bool(np.prod(shown.pictures.shape[1:3]))
