"""MeasurePicture: what a measure looks at, drawn: cells of a matrix, two gradients, bars."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from workbench.ui.look.theme import Theme
from workbench.ui.words.glossary import Picture

_N = 4
_SIZE = QSize(240, 150)

#: Cells (row: after stage i, column: task j) that count for a measure, and those taken off.
_Cell = tuple[int, int]
_CELLS: dict[Picture, tuple[Callable[[_Cell], bool], Callable[[_Cell], bool]]] = {
    "final": (lambda c: c[0] == _N - 1, lambda c: False),
    "forgetting": (lambda c: c[0] == c[1] < _N - 1, lambda c: c[0] == _N - 1 > c[1]),
    "backward": (lambda c: c[0] == _N - 1 > c[1], lambda c: c[0] == c[1] < _N - 1),
    "forward": (lambda c: c[0] == c[1] - 1, lambda c: False),
    "seen": (lambda c: c[1] <= c[0], lambda c: False),
    "learned": (lambda c: c[0] == c[1], lambda c: False),
    "worst": (lambda c: c[0] > c[1], lambda c: False),
}


class MeasurePicture(QWidget):
    """A drawing of one measure, in the theme's colours."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture: Picture = "final"
        self.setFixedSize(_SIZE)

    def show_picture(self, picture: Picture, name: str) -> None:
        """Draw another measure, called `name`."""
        self._picture = picture
        self.setAccessibleName(name)
        self.update()

    @property
    def is_matrix(self) -> bool:
        """Whether cells of the matrix of scores are drawn."""
        return self._picture in _CELLS

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it on a ground of its own."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._block(painter, QRectF(self.rect()), QColor(self._theme.sunken), 8)
        area = QRectF(self.rect()).adjusted(16, 14, -16, -14)
        if self._picture in _CELLS:
            self._matrix(painter, area)
        elif self._picture in ("angle", "lengths", "affinity"):
            self._arrows(painter, area)
        elif self._picture in ("higher", "lower"):
            self._scale(painter, area)
        elif self._picture in ("interval", "paired"):
            self._intervals(painter, area)
        else:
            self._bars(painter, area)

    def _block(self, painter: QPainter, area: QRectF, colour: QColor, radius: float = 3) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(area, radius, radius)

    def _line(
        self, painter: QPainter, start: QPointF, end: QPointF, colour: QColor, width: float = 2.4
    ) -> None:
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(start, end)

    def _matrix(self, painter: QPainter, area: QRectF) -> None:
        """R, rows downwards as the stages pass: what counts, and with a minus what is taken off."""
        counts, is_off = _CELLS[self._picture]
        side = area.height() / _N
        left = area.center().x() - side * _N / 2
        font = painter.font()
        font.setPixelSize(round(side * 0.6))
        painter.setFont(font)
        for i in range(_N):
            for j in range(_N):
                cell = QRectF(left + j * side, area.top() + i * side, side, side)
                cell = cell.adjusted(2, 2, -2, -2)
                colour, sign = QColor(self._theme.track), ""
                if counts((i, j)):
                    colour, sign = self._theme.task_colour(0), "+"
                elif is_off((i, j)):
                    colour, sign = self._theme.task_colour(1), "−"
                self._block(painter, cell, colour)
                painter.setPen(QColor(self._theme.surface))
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, sign)

    def _arrows(self, painter: QPainter, area: QRectF) -> None:
        origin = QPointF(area.center().x(), area.bottom() - 8)
        reach = area.height() * 0.9
        short = 0.3 if self._picture == "lengths" else 0.9
        ends = (
            origin + QPointF(-reach * 0.9, -reach * 0.55),
            origin + QPointF(reach * short, -reach * 0.35 * short / 0.9),
        )
        for number, end in enumerate(ends):
            colour = self._theme.task_colour(number)
            self._line(painter, origin, end, colour, 3)
            painter.setBrush(colour)
            painter.drawEllipse(end, 4, 4)
        if self._picture == "angle":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.muted), 1.6))
            box = QRectF(origin.x() - 30, origin.y() - 30, 60, 60)
            painter.drawArc(box, 21 * 16, 128 * 16)
        elif self._picture == "affinity":
            dotted = QPen(QColor(self._theme.muted), 1.6, Qt.PenStyle.DashLine)
            painter.setPen(dotted)
            painter.drawLine(ends[0], ends[1])

    def _scale(self, painter: QPainter, area: QRectF) -> None:
        """A line from worse to better, better in the accent's colour."""
        y, n = area.center().y(), 9
        width = area.width() / n
        for i in range(n):
            share = i / (n - 1)
            share = 1 - share if self._picture == "lower" else share
            colour = QColor(self._theme.accent)
            colour.setAlphaF(0.15 + 0.85 * share)
            height = 16 + 50 * i / (n - 1)
            bar = QRectF(area.left() + i * width, y + 33 - height, width, height)
            self._block(painter, bar.adjusted(2, 0, -2, 0), colour)

    def _intervals(self, painter: QPainter, area: QRectF) -> None:
        is_paired = self._picture == "paired"
        zero = area.left() + area.width() * 0.25
        if is_paired:
            top, bottom = QPointF(zero, area.top()), QPointF(zero, area.bottom())
            self._line(painter, top, bottom, QColor(self._theme.muted), 1)
        middle = area.center().x() + (20 if is_paired else 0)
        for offset, y in ((-34, 0.16), (26, 0.3), (-8, 0.44), (14, 0.58)):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.task_colour(0))
            painter.drawEllipse(QPointF(middle + offset, area.top() + y * area.height()), 4, 4)
        y = area.top() + 0.82 * area.height()
        accent = QColor(self._theme.text)
        self._line(painter, QPointF(middle - 40, y), QPointF(middle + 40, y), accent)
        for x in (middle - 40, middle, middle + 40):
            self._line(painter, QPointF(x, y - 6), QPointF(x, y + 6), accent)

    def _bars(self, painter: QPainter, area: QRectF) -> None:
        """Each task alone and together, or probes that conflict and those that do not."""
        values = (0.7, 0.95, 0.8, 0.5) if self._picture == "transfer" else (0.5, -0.4, 0.3, -0.6)
        base = area.bottom() if self._picture == "transfer" else area.center().y()
        reach = area.height() * (1.0 if self._picture == "transfer" else 0.7)
        width = area.width() / len(values)
        for i, value in enumerate(values):
            number = i % 2 if self._picture == "transfer" else int(value < 0)
            x = area.left() + i * width
            bar = QRectF(x, base - value * reach, width, value * reach).normalized()
            self._block(painter, bar.adjusted(6, 0, -6, 0), self._theme.task_colour(number))
        ends = QPointF(area.left(), base), QPointF(area.right(), base)
        self._line(painter, *ends, QColor(self._theme.muted), 1)
