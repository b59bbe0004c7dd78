"""PairHeatmap: a number for each two tasks, in colours that part at 0."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.plots.exports import Table
from workbench.ui.plots.heatmap import Frame, Heatmap, mixed
from workbench.ui.tabs.interference.pair_cells import NO_PAIRS, PairCells, digits_for
from workbench.ui.tabs.interference.pair_scale import draw_scale, write_within
from workbench.ui.widgets.basics import paint_swatch
from workbench.ui.words.language import translator

tr = translator("PairHeatmap")

#: Cells grow no further than this, in pixels.
_WIDEST, _HIGHEST = 240.0, 160.0

#: The size of names, in pixels.
_SMALL = 11

#: Room for the scale under the cells.
_KEY = 36

#: Column names are written upwards where they are wider than this share of a cell.
_FITS = 0.92

_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class PairHeatmap(Heatmap):
    """Rows and columns are tasks; a click, or the arrow keys, choose a pair."""

    picked = Signal(int, int)

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, theme, parent)
        self._pairs = NO_PAIRS
        self._chosen: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumSize(200, 150)

    @property
    def titles(self) -> tuple[str, str]:
        """Rows and columns are named alike: tasks, as the names say."""
        return "", ""

    def sizeHint(self) -> QSize:
        """Room for five by five."""
        return QSize(340, 300)

    @property
    def pairs(self) -> PairCells:
        """What is shown."""
        return self._pairs

    @property
    def chosen(self) -> tuple[int, int] | None:
        """The pair in a frame: row and column."""
        return self._chosen

    def set_pairs(self, pairs: PairCells, chosen: tuple[int, int] | None) -> None:
        """Show other numbers, with a frame around the chosen pair."""
        self._pairs, self._chosen = pairs, chosen
        words: list[str] = []
        for i in range(len(pairs.names)):
            others = range(i + 1, len(pairs.names)) if pairs.is_symmetric else self._others(i)
            for j in others:
                if np.isfinite(pairs.values[i, j]):
                    words.append(pairs.in_words(i, j))
        self.setAccessibleDescription("; ".join(words))
        self._limit_height()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width gives the cells another greatest height."""
        super().resizeEvent(event)
        self._limit_height()

    def _limit_height(self) -> None:
        """Take no more room than the cells can use: what is below moves up."""
        tall = QRectF(0, 0, self.width(), 1e5)
        self.setMaximumHeight(int(self._placed(tall).inner.bottom()) + _KEY + 2)

    def _others(self, i: int) -> list[int]:
        return [j for j in range(len(self._pairs.names)) if j != i]

    @property
    def table(self) -> Table:
        """The numbers, for CSV."""
        pairs = self._pairs
        rows = [[name, *pairs.values[i].tolist()] for i, name in enumerate(pairs.names)]
        return ["task", *pairs.names], rows

    # drawing

    def _placed(self, area: QRectF) -> Frame:
        names = self._pairs.names
        n = max(len(names), 1)
        metrics = QFontMetrics(self._small())
        widest = max((metrics.horizontalAdvance(name) for name in names), default=20)
        left = min(widest + 46.0, area.width() * 0.36)
        width = min((area.width() - left - 4) / n, _WIDEST)
        is_upright = widest > width * _FITS
        top = min(widest + 36.0, area.height() * 0.42) if is_upright else 34.0
        height = min((area.height() - top - _KEY - 4) / n, _HIGHEST, max(width, 16.0))
        inner = QRectF(area.left() + left, area.top() + top, width * n, height * n)
        return Frame(inner, width, height, is_upright)

    def _small(self, room: float = _SMALL) -> QFont:
        """The font of names, smaller where a line has little room."""
        font = QFont(self.font())
        font.setPixelSize(int(min(max(room, 8.0), _SMALL)))
        return font

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the matrix in `area`, for the screen or for a file."""
        names = self._pairs.names
        if not names:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self._placed(area)
        for k, name in enumerate(names):
            painter.setFont(self._small(frame.height))
            self._draw_row_name(painter, area, frame, k, name)
            painter.setFont(self._small(frame.width if frame.is_upright else _SMALL))
            self._draw_column_name(painter, area, frame, k, name)
        for i in range(len(names)):
            for j in range(len(names)):
                self._draw_pair(painter, self._cell(frame, i, j), i, j)
        if self._chosen is not None:
            self._draw_choice(painter, frame)
        painter.setFont(self._small())
        draw_scale(painter, frame.inner, self._theme, self._pairs)

    def _cell(self, frame: Frame, i: int, j: int) -> QRectF:
        x, y = frame.inner.left() + j * frame.width, frame.inner.top() + i * frame.height
        gap = 1.5 if frame.width > 30 else 0.5
        return QRectF(x, y, frame.width, frame.height).adjusted(gap, gap, -gap, -gap)

    def _draw_row_name(
        self, painter: QPainter, area: QRectF, frame: Frame, i: int, name: str
    ) -> None:
        theme = self._theme
        y = frame.inner.top() + i * frame.height
        room = QRectF(area.left(), y, frame.inner.left() - area.left() - 8, frame.height)
        number = self._pairs.colours[i]
        swatch = QRectF(room.right() - 22, room.top(), 22, room.height())
        paint_swatch(painter, swatch, theme.task_colour(number), number)
        words = room.adjusted(0, 0, -29, 0)
        write_within(painter, words, name, Qt.AlignmentFlag.AlignRight, theme.muted)

    def _draw_column_name(
        self, painter: QPainter, area: QRectF, frame: Frame, j: int, name: str
    ) -> None:
        theme = self._theme
        x, number = frame.inner.left() + j * frame.width, self._pairs.colours[j]
        if not frame.is_upright:
            swatch = QRectF(x + frame.width / 2 - 11, frame.inner.top() - 12, 22, 6)
            paint_swatch(painter, swatch, theme.task_colour(number), number)
            room = QRectF(x + 2, frame.inner.top() - 32, frame.width - 4, 18)
            write_within(painter, room, name, Qt.AlignmentFlag.AlignHCenter, theme.muted)
            return
        painter.save()
        painter.translate(x, frame.inner.top() - 6)
        painter.rotate(-90)
        paint_swatch(painter, QRectF(0, 0, 18, frame.width), theme.task_colour(number), number)
        room = QRectF(24, 0, frame.inner.top() - area.top() - 32, frame.width)
        write_within(painter, room, name, Qt.AlignmentFlag.AlignLeft, theme.muted)
        painter.restore()

    def _fill(self, value: float) -> QColor:
        theme, share = self._theme, value / self._pairs.limit
        end = theme.heat_high if share >= 0 else theme.heat_against
        return mixed(theme.heat_low, end, abs(share))

    def _draw_pair(self, painter: QPainter, at: QRectF, i: int, j: int) -> None:
        theme, value = self._theme, self._pairs.values[i, j]
        radius = min(4.0, at.width() / 6)
        painter.setPen(QPen(QColor(theme.line), 1))
        if not np.isfinite(value):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.sunken))
            painter.drawRoundedRect(at, radius, radius)
            return
        fill = self._fill(float(value))
        painter.setBrush(fill)
        painter.drawRoundedRect(at, radius, radius)
        if at.width() < 23 or at.height() < 11:
            return
        font = QFont(self.font())
        font.setPixelSize(13 if at.width() >= 48 else 11 if at.width() >= 29 else 9)
        painter.setFont(font)
        painter.setPen(QColor("#FFFFFF" if fill.lightnessF() < 0.52 else "#10151F"))
        text = self._short(i, j, at.width(), QFontMetrics(font))
        spread = self._pairs.spread(i, j)
        small = QFont(font)
        small.setPixelSize(10)
        if at.height() < 34 or QFontMetrics(small).horizontalAdvance(spread) > at.width() - 4:
            spread = ""
        middle = at.height() / 2
        upper = at.adjusted(0, 3, 0, 3 - middle) if spread else at
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, visible(text))
        painter.setFont(small)
        painter.drawText(at.adjusted(0, middle, 0, -2), Qt.AlignmentFlag.AlignCenter, spread)

    def _short(self, i: int, j: int, room: float, metrics: QFontMetrics) -> str:
        """A cell's number with two digits that tell something, or as many as there is room for."""
        for digits in range(digits_for(self._pairs.limit), -1, -1):
            text = self._pairs.text(i, j, digits).removesuffix(self._pairs.unit)
            if digits and room < 38:
                text = text.replace("0.", ".", 1)
            if metrics.horizontalAdvance(text) <= room - 4:
                return text
        return ""

    def _draw_choice(self, painter: QPainter, frame: Frame) -> None:
        i, j = self._chosen or (0, 0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        colour = QColor(self._theme.accent if self.hasFocus() else self._theme.text)
        cells = [(i, j, 2.0)]
        if self._pairs.is_symmetric:
            cells.append((j, i, 1.0))
        for row, col, width in cells:
            painter.setPen(QPen(colour, width))
            painter.drawRoundedRect(self._cell(frame, row, col), 4, 4)

    # choosing

    def _at(self, where: QPointF) -> tuple[int, int] | None:
        frame, n = self._placed(QRectF(self.rect())), len(self._pairs.names)
        j = int((where.x() - frame.inner.left()) // frame.width)
        i = int((where.y() - frame.inner.top()) // frame.height)
        return (i, j) if 0 <= i < n and 0 <= j < n else None

    def centre_of(self, i: int, j: int) -> QPoint:
        """The middle of a cell, in this widget."""
        return self._cell(self._placed(QRectF(self.rect())), i, j).center().toPoint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the pair under the pointer."""
        pair = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and pair and pair[0] != pair[1]:
            self.picked.emit(*pair)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the choice with the arrow keys, over the diagonal where it is in the way."""
        move = _ARROWS.get(Qt.Key(event.key()))
        n = len(self._pairs.names)
        if move is None or n < 2:
            super().keyPressEvent(event)
            return
        i, j = self._chosen or (0, 0)
        for _ in range(2):
            i, j = i + move[0], j + move[1]
            if not (0 <= i < n and 0 <= j < n):
                return
            if i != j:
                self.picked.emit(i, j)
                return

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        pair = self._at(QPointF(x, y))
        if pair is None:
            return ""
        i, j = pair
        names = self._pairs.names
        if not np.isfinite(self._pairs.values[i, j]):
            return names[i] if i == j else tr("{} and {}: not compared").format(names[i], names[j])
        return self._pairs.in_words(i, j, 4)
