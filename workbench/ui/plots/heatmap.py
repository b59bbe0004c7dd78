"""Heatmap: the [stage, task] matrix, each cell with its number."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.model.decimation import Values
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
from workbench.ui.plots.thinning import LINE, every
from workbench.ui.widgets.basics import paint_swatch
from workbench.ui.words.language import translator

tr = translator("Heatmap")


@dataclass(frozen=True, slots=True)
class Cells:
    """What a heatmap shows: means [S, T], and under each in words what lies around it [S][T].

    `notes` [S][T] are what the numbers mean, told on hover.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    learned: tuple[tuple[int, ...], ...]
    values: Values
    spreads: tuple[tuple[str, ...], ...]
    higher_is_better: tuple[bool, ...]
    colours: tuple[int, ...]
    notes: tuple[tuple[str, ...], ...] = ()


#: Columns narrower than this have names that stand upright, where they are longer.
_NARROW = 46.0
#: Cells lower or narrower than this stand close to each other.
_LOW = 12.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Where cells are drawn: all of them, the size of one, and how the names above them stand."""

    inner: QRectF
    width: float
    height: float
    is_upright: bool


def _number_size(at: QRectF) -> int:
    """The size of a cell's number in pixels; 0 where there is no room for one."""
    size = int(min(13.0, at.height() - 1, at.width() / 2.1))
    return size if size >= _LEAST_SIZE else 0


#: Smaller numbers nobody reads.
_LEAST_SIZE = 9

NO_CELLS = Cells((), (), (), np.empty((0, 0)), (), (), ())


def mixed(low: str, high: str, share: float) -> QColor:
    """A colour between two."""
    a, b, t = QColor(low), QColor(high), min(max(share, 0.0), 1.0)
    return QColor(
        round(a.red() + (b.red() - a.red()) * t),
        round(a.green() + (b.green() - a.green()) * t),
        round(a.blue() + (b.blue() - a.blue()) * t),
    )


class Heatmap(Canvas):
    """Rows are stages, columns tasks; the stage that learned a task has a frame."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, theme, parent)
        self._cells = NO_CELLS
        self.setMinimumSize(220, 120)

    def sizeHint(self) -> QSize:
        """Room for five by five."""
        return QSize(420, 300)

    def set_cells(self, cells: Cells) -> None:
        """Show other numbers."""
        self._cells = cells
        words = [
            f"{stage}: "
            + ", ".join(
                f"{task} {value:.3f}"
                for task, value in zip(cells.columns, cells.values[i], strict=True)
                if np.isfinite(value)
            )
            for i, stage in enumerate(cells.rows)
            if np.isfinite(cells.values[i]).any()
        ]
        self.setAccessibleDescription("; ".join(words))
        self.update()

    @property
    def cells(self) -> Cells:
        """What is shown."""
        return self._cells

    @property
    def table(self) -> Table:
        """The numbers, for CSV."""
        cells = self._cells
        rows = [[name, *cells.values[i].tolist()] for i, name in enumerate(cells.rows)]
        return ["stage", *cells.columns], rows

    def _frame(self, area: QRectF) -> Frame:
        """Where the cells are, and whether the names above them stand upright."""
        n_rows, n_columns = max(len(self._cells.rows), 1), max(len(self._cells.columns), 1)
        metrics = QFontMetrics(self._name_font)
        widest = max((metrics.horizontalAdvance(name) for name in self._cells.rows), default=40)
        widest = max(widest, *(metrics.horizontalAdvance(words) for words in self.titles))
        left = min(widest + 22, int(area.width() * 0.3))
        width = min((area.width() - left - 2) / n_columns, 170.0)
        longest = max((metrics.horizontalAdvance(name) for name in self._cells.columns), default=0)
        is_upright = longest > width and width < _NARROW
        top = min(longest + 26.0, area.height() * 0.3) if is_upright else 34.0
        height = min((area.height() - top - 2) / n_rows, 84.0)
        inner = QRectF(area.left() + left, area.top() + top, width * n_columns, height * n_rows)
        return Frame(inner, width, height, is_upright)

    @property
    def _name_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(11)
        return font

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the matrix in `area`, for the screen or for a file.

        Names for which there is no room are left out, every so many of them, and so are numbers;
        both are told where somebody points.
        """
        cells = self._cells
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self._frame(area)
        painter.setFont(self._name_font)
        self._draw_titles(painter, area, frame)
        for j, name in enumerate(cells.columns):
            self._draw_task_name(painter, area, frame, j, name)
        step = every(frame.height)
        for i, name in enumerate(cells.rows):
            y = frame.inner.top() + i * frame.height
            if i % step == 0:
                painter.setFont(self._name_font)  # a cell has its own
                self._draw_stage_name(painter, area, frame, y, name)
            for j in range(len(cells.columns)):
                at = QRectF(frame.inner.left() + j * frame.width, y, frame.width, frame.height)
                gap = 1.5 if frame.height > _LOW and frame.width > _LOW else 0.5
                self._draw_cell(painter, at.adjusted(gap, gap, -gap, -gap), i, j)

    def _draw_titles(self, painter: QPainter, area: QRectF, frame: Frame) -> None:
        """Say in the corner what rows and columns are."""
        room = QRectF(area.topLeft(), frame.inner.topLeft()).adjusted(0, 2, -8, -2)
        painter.setPen(QColor(self._theme.muted))
        right = Qt.AlignmentFlag.AlignRight
        for words, side in zip(
            self.titles, (Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom), strict=True
        ):
            metrics = painter.fontMetrics()
            text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, right | side, text)

    @property
    def titles(self) -> tuple[str, str]:
        """What the columns are, and what the rows are."""
        return tr("tested on →"), tr("after learning ↓")

    def _draw_stage_name(
        self, painter: QPainter, area: QRectF, frame: Frame, y: float, name: str
    ) -> None:
        tall = max(frame.height, LINE)
        middle = y + frame.height / 2
        where = QRectF(area.left(), middle - tall / 2, frame.inner.left() - area.left(), tall)
        painter.setPen(QColor(self._theme.muted))
        text = painter.fontMetrics().elidedText(
            visible(name), Qt.TextElideMode.ElideMiddle, int(where.width()) - 10
        )
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(where.adjusted(0, 0, -10, 0), side, text)

    def _draw_task_name(
        self, painter: QPainter, area: QRectF, frame: Frame, j: int, name: str
    ) -> None:
        x, number = frame.inner.left() + j * frame.width, self._cells.colours[j]
        middle, metrics = x + frame.width / 2, painter.fontMetrics()
        colour = self._theme.task_colour(number)
        if not frame.is_upright:
            paint_swatch(painter, QRectF(middle - 13, area.top() + 3, 26, 6), colour, number)
            painter.setPen(QColor(self._theme.muted))
            text = metrics.elidedText(
                visible(name), Qt.TextElideMode.ElideMiddle, int(frame.width) - 6
            )
            where = QRectF(x, area.top() + 12, frame.width, 18)
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, text)
            return
        short = min(0.8 * frame.width, 26.0)
        line = QRectF(middle - short / 2, frame.inner.top() - 9, short, 6)
        paint_swatch(painter, line, colour, number)
        if j % every(frame.width):
            return
        painter.save()
        painter.translate(middle, frame.inner.top() - 14)
        painter.rotate(-90)
        painter.setPen(QColor(self._theme.muted))
        room = frame.inner.top() - area.top() - 16
        text = metrics.elidedText(visible(name), Qt.TextElideMode.ElideMiddle, int(room))
        where = QRectF(0, -LINE / 2, room, LINE)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()

    def _draw_cell(self, painter: QPainter, at: QRectF, i: int, j: int) -> None:
        cells, theme = self._cells, self._theme
        value = cells.values[i, j]
        share = self._share(value, j)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(
            mixed(theme.heat_low, theme.heat_high, share)
            if np.isfinite(value)
            else QColor(theme.surface)
        )
        round_off = min(4.0, at.height() / 4, at.width() / 4)
        painter.drawRoundedRect(at, round_off, round_off)
        if j in cells.learned[i]:
            painter.setPen(theme.task_colour(cells.colours[j]))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(at.adjusted(-1, -1, 1, 1), round_off + 1, round_off + 1)
        size = _number_size(at)
        if not np.isfinite(value) or not size:
            return
        fill = mixed(theme.heat_low, theme.heat_high, share)
        painter.setPen(QColor("#FFFFFF" if fill.lightnessF() < 0.52 else "#10151F"))
        font = self.font()
        font.setPixelSize(size)
        painter.setFont(font)
        spread = cells.spreads[i][j] if cells.spreads else ""
        if spread and at.height() >= 34:
            upper, lower = (
                at.adjusted(0, 3, 0, -at.height() / 2 + 3),
                at.adjusted(0, at.height() / 2, 0, -2),
            )
            painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, f"{value:.2f}")
            font.setPixelSize(10)
            painter.setFont(font)
            painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, spread)
        else:
            painter.drawText(at, Qt.AlignmentFlag.AlignCenter, f"{value:.2f}")

    def _share(self, value: float, j: int) -> float:
        """How good a score is, from 0 to 1: by itself where it is a share, else in its column."""
        if not np.isfinite(value):
            return 0.0
        column = self._cells.values[:, j]
        known = column[np.isfinite(column)]
        if known.min() >= 0 and known.max() <= 1 and self._cells.higher_is_better[j]:
            return float(value)
        span = float(known.max() - known.min()) or 1.0
        share = (value - known.min()) / span
        return float(share if self._cells.higher_is_better[j] else 1 - share)

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        frame = self._frame(area)
        j = int((x - frame.inner.left()) // frame.width)
        i = int((y - frame.inner.top()) // frame.height)
        cells = self._cells
        if not (0 <= i < len(cells.rows) and 0 <= j < len(cells.columns)):
            return ""
        value = cells.values[i, j]
        if not np.isfinite(value):
            return tr("{}: not reached yet").format(cells.rows[i])
        text = tr("R[{}, {}] = {}: {} after {}, on the test split").format(
            i + 1, j + 1, f"{value:.4f}", cells.columns[j], cells.rows[i]
        )
        around = cells.spreads[i][j] if cells.spreads else ""
        note = cells.notes[i][j] if cells.notes else ""
        return "\n".join(filter(None, (f"{text} {around}".rstrip(), note)))
