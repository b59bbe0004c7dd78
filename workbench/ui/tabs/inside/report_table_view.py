"""TableDrawing: a reported table as a heat map, or as bars in columns, with its numbers."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from workbench.spec.event import Table as Reported
from workbench.spec.text import visible, visible_lines
from workbench.ui.look.theme import Theme, soft
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
from workbench.ui.plots.heatmap import mixed
from workbench.ui.tabs.inside.report_table_layout import Shape, shape_of, written
from workbench.ui.widgets.basics import paint_swatch
from workbench.ui.words.report_names import row_title

#: The colour and the dash of a row's line.
Swatch = tuple[QColor, int]

_HEAD, _WIDEST, _HIGHEST, _EASY, _LOWEST = 24.0, 130.0, 44.0, 36.0, 15.0

#: Numbers are left out of cells smaller than this; hovering still tells them.
_NUMBER_WIDTH, _NUMBER_HEIGHT = 34.0, 14.0


class TableDrawing(Canvas):
    """Rows by columns; a click on a column has it shown over time."""

    picked = Signal(str)

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, theme, parent)
        self._table: Reported | None = None
        self._shape: Shape | None = None
        self._column = ""
        self._swatches: Mapping[str, Swatch] = {}
        self._titles: dict[str, str] = {}
        self._spreads: tuple[tuple[str, ...], ...] = ()
        self.setMinimumSize(220, 100)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def kind(self) -> str:
        """Whether it is drawn as "heat" or "bars"; empty while there is nothing."""
        return self._shape.kind if self._shape is not None else ""

    def set_table(
        self,
        table: Reported,
        column: str,
        swatches: Mapping[str, Swatch],
        titles: dict[str, str],
        spreads: tuple[tuple[str, ...], ...] = (),
    ) -> None:
        """Show a table; `column` is the one shown over time, where `swatches` are its rows' lines.

        `titles` says some columns in other words, `spreads` [R][C] what lies around each number.
        """
        self._spreads = spreads
        self._table, self._shape = table, shape_of(table)
        self._column, self._swatches, self._titles = column, swatches, titles
        words: list[str] = []
        for r, name in enumerate(table.rows):
            cells = [
                f"{column} {written(float(table.values[r, c]), column)} {self._spread(r, c)}"
                for c, column in enumerate(table.columns)
            ]
            cells = [cell.rstrip() for cell in cells]
            words.append(f"{name}: {', '.join(cells)}")
        self.setAccessibleDescription("; ".join(words))
        rows = len(table.rows)
        self.setMinimumHeight(int(_HEAD + _LOWEST * rows + 4))
        self.update()

    def _spread(self, r: int, c: int) -> str:
        return self._spreads[r][c] if self._spreads else ""

    @property
    def wanted_height(self) -> int:
        """Pixels at which every row is read at ease."""
        rows = len(self._table.rows) if self._table is not None else 0
        return int(_HEAD + _EASY * rows + 4)

    @property
    def table(self) -> Table:
        """The numbers, for CSV."""
        if self._table is None:
            return [], []
        rows = [
            [name, *values.tolist()]
            for name, values in zip(self._table.rows, self._table.values, strict=True)
        ]
        return ["", *self._table.columns], rows

    def _font(self, size: int = 11) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(size)
        return font

    def _frame(self, area: QRectF) -> tuple[QRectF, float, float]:
        """The cells' area, and a cell's width and height."""
        table = self._table
        if table is None:
            return QRectF(), 1.0, 1.0
        metrics = QFontMetrics(self._font())
        widest = max((metrics.horizontalAdvance(row_title(name)) for name in table.rows), default=0)
        swatch = 32 if self._swatches else 0
        left = min(widest + 14.0, 0.32 * area.width()) + swatch
        inner = area.adjusted(left, _HEAD, -4, -2)
        width = min(inner.width() / max(len(table.columns), 1), _WIDEST)
        height = min(inner.height() / max(len(table.rows), 1), _HIGHEST)
        size = QRectF(
            inner.left(), inner.top(), width * len(table.columns), height * len(table.rows)
        )
        return size, width, height

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw names, cells and numbers."""
        table, shape = self._table, self._shape
        if table is None or shape is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner, width, height = self._frame(area)
        for c, name in enumerate(table.columns):
            self._draw_column_name(painter, inner, width, c, name)
        for r, name in enumerate(table.rows):
            top = inner.top() + r * height
            self._draw_row_name(painter, area, inner, top, height, name, r == shape.total)
            for c in range(len(table.columns)):
                at = QRectF(inner.left() + c * width, top, width, height)
                self._draw_cell(painter, at.adjusted(1.5, 1.5, -1.5, -1.5), r, c)

    def _draw_column_name(
        self, painter: QPainter, inner: QRectF, width: float, c: int, name: str
    ) -> None:
        font = self._font()
        is_chosen = name == self._column and bool(self._swatches)
        font.setBold(is_chosen)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.text if is_chosen else self._theme.muted))
        where = QRectF(inner.left() + c * width, inner.top() - _HEAD, width, _HEAD - 2)
        text = QFontMetrics(font).elidedText(
            self._titles.get(name, name), Qt.TextElideMode.ElideRight, int(width) - 6
        )
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, visible(text))

    def _draw_row_name(
        self,
        painter: QPainter,
        area: QRectF,
        inner: QRectF,
        top: float,
        height: float,
        name: str,
        is_total: bool,
    ) -> None:
        font = self._font()
        font.setBold(is_total)
        painter.setFont(font)
        room = inner.left() - area.left() - 8
        if name in self._swatches:
            middle = QRectF(inner.left() - 32, top + height / 2 - 3, 24, 6)
            paint_swatch(painter, middle, *self._swatches[name])
        room -= 28 if self._swatches else 0
        painter.setPen(QColor(self._theme.text if is_total else self._theme.muted))
        where = QRectF(area.left(), top, room, height)
        words = row_title(name)
        text = QFontMetrics(font).elidedText(visible(words), Qt.TextElideMode.ElideRight, int(room))
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(where, side, visible(text))

    def _draw_cell(self, painter: QPainter, at: QRectF, r: int, c: int) -> None:
        table, shape, theme = self._table, self._shape, self._theme
        if table is None or shape is None:
            return
        value, strength = float(table.values[r, c]), float(shape.strength[r, c])
        is_known = bool(np.isfinite(value))
        colour = QColor(theme.text)
        painter.setPen(Qt.PenStyle.NoPen)
        if shape.kind == "heat" and is_known:
            strong = theme.heat_high if strength >= 0 else theme.heat_against
            fill = mixed(theme.heat_low, strong, abs(strength))
            painter.setBrush(fill)
            painter.drawRoundedRect(at, 3, 3)
            colour = QColor("#FFFFFF" if fill.lightnessF() < 0.52 else "#10151F")
        elif is_known and r != shape.total:
            painter.setBrush(soft(theme.heat_high, 60))
            bar = QRectF(at.left(), at.top() + 1, at.width() * abs(strength), at.height() - 2)
            painter.drawRoundedRect(bar, 2, 2)
        elif r == shape.total:
            painter.setPen(QColor(theme.border))
            painter.drawLine(QPointF(at.left(), at.top() - 1), QPointF(at.right(), at.top() - 1))
        if at.width() < _NUMBER_WIDTH or at.height() < _NUMBER_HEIGHT:
            return
        font = self._font(12 if at.height() > 20 else 11)
        font.setBold(r == shape.total)
        painter.setFont(font)
        painter.setPen(colour if is_known else QColor(theme.faint))
        is_bar = shape.kind == "bars"
        side = Qt.AlignmentFlag.AlignRight if is_bar else Qt.AlignmentFlag.AlignHCenter
        inner = at.adjusted(0, 0, -6 if is_bar else 0, 0)
        text, spread = written(value, table.columns[c]), self._spread(r, c)
        if spread and QFontMetrics(font).horizontalAdvance(f"{text} {spread}") < inner.width():
            text = f"{text} {spread}"
        elif spread and at.height() >= 30:
            text = f"{text}\n{spread}"
            font.setPixelSize(10)
            painter.setFont(font)
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, visible_lines(text))

    def _cell_at(self, area: QRectF, x: float, y: float) -> tuple[int, int] | None:
        if self._table is None:
            return None
        inner, width, height = self._frame(area)
        c, r = int((x - inner.left()) // width), int((y - inner.top()) // height)
        is_inside = 0 <= c < len(self._table.columns) and -1 <= r < len(self._table.rows)
        return (r, c) if is_inside else None

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        cell = self._cell_at(area, x, y)
        if cell is None or cell[0] < 0 or self._table is None:
            return ""
        r, c = cell
        column = self._table.columns[c]
        title = self._titles.get(column, column)
        number = f"{float(self._table.values[r, c]):.6g} {self._spread(r, c)}".rstrip()
        return f"{self._table.rows[r]} · {title}: {number}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the column under the pointer over time."""
        cell = self._cell_at(QRectF(self.rect()), event.position().x(), event.position().y())
        if cell is not None and self._table is not None:
            self.picked.emit(self._table.columns[cell[1]])
