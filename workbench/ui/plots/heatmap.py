"""Heatmap: the [stage, task] matrix, each cell with its number."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.model.decimation import Values
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
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

    def _frame(self, area: QRectF) -> tuple[QRectF, float, float]:
        """The cells' area, and a cell's width and height."""
        n_rows, n_columns = max(len(self._cells.rows), 1), max(len(self._cells.columns), 1)
        metrics = QFontMetrics(self.font())
        widest = max((metrics.horizontalAdvance(name) for name in self._cells.rows), default=40)
        left = min(widest + 22, int(area.width() * 0.3))
        room = area.adjusted(left, 34, -2, -2)
        width = min(room.width() / n_columns, 170.0)
        height = min(room.height() / n_rows, 84.0)
        return QRectF(room.left(), room.top(), width * n_columns, height * n_rows), width, height

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the matrix in `area`, for the screen or for a file."""
        cells, theme = self._cells, self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner, width, height = self._frame(area)
        small = self.font()
        small.setPixelSize(11)
        metrics = QFontMetrics(small)
        painter.setFont(small)
        for j, name in enumerate(cells.columns):
            x, number = inner.left() + j * width, cells.colours[j]
            swatch = QRectF(x + width / 2 - 13, area.top() + 3, 26, 6)
            paint_swatch(painter, swatch, theme.task_colour(number), number)
            painter.setPen(QColor(theme.muted))
            text = metrics.elidedText(visible(name), Qt.TextElideMode.ElideRight, int(width) - 6)
            where = QRectF(x, area.top() + 12, width, 18)
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, visible(text))
        for i, name in enumerate(cells.rows):
            where = QRectF(
                area.left(), inner.top() + i * height, inner.left() - area.left(), height
            )
            painter.setFont(small)  # a cell has its own
            painter.setPen(QColor(theme.muted))
            text = metrics.elidedText(
                visible(name), Qt.TextElideMode.ElideRight, int(where.width()) - 10
            )
            painter.drawText(
                where.adjusted(0, 0, -10, 0),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                text,
            )
            for j in range(len(cells.columns)):
                at = QRectF(inner.left() + j * width, where.top(), width, height)
                self._draw_cell(painter, at.adjusted(1.5, 1.5, -1.5, -1.5), i, j)

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
        painter.drawRoundedRect(at, 4, 4)
        if j in cells.learned[i]:
            painter.setPen(theme.task_colour(cells.colours[j]))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(at.adjusted(-1, -1, 1, 1), 5, 5)
        if not np.isfinite(value):
            return
        fill = mixed(theme.heat_low, theme.heat_high, share)
        painter.setPen(QColor("#FFFFFF" if fill.lightnessF() < 0.52 else "#10151F"))
        font = self.font()
        font.setPixelSize(13)
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
        inner, width, height = self._frame(area)
        j, i = int((x - inner.left()) // width), int((y - inner.top()) // height)
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
