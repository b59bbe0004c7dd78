"""Sample views: examples of a task drawn as what they are. Nothing here needs a plot library."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QSizePolicy,
    QWidget,
)

from workbench.spec.shown.samples import Curve, Pictures, Points, Rows, Samples, Surface, Texts
from workbench.spec.text import visible
from workbench.ui.look.class_colours import class_colour, paint_mark
from workbench.ui.look.theme import Theme
from workbench.ui.panels.inspect.row_table import RowTable
from workbench.ui.panels.inspect.text_list import TextList
from workbench.ui.plots.field_image import picture, ramp
from workbench.ui.words.language import translator

_GAP = 6

#: A drawing does not grow beyond this.
_WIDEST = 340

tr = translator("SampleViews")


def view_of(samples: Samples, theme: Theme) -> QWidget:
    """The widget that draws some examples."""
    match samples:
        case Pictures():
            return PictureGrid(samples, theme)
        case Points():
            return PointCloud(samples, theme)
        case Curve():
            return CurveSketch(samples, theme)
        case Rows():
            return RowTable(samples)
        case Texts():
            return TextList(samples)
        case Surface():
            return SurfaceMap(samples, theme)


class _Drawing(QWidget):
    """A drawing as wide as there is room, of a height that follows; words stand under it."""

    _proportion, _below = 0.75, 18

    def __init__(self, theme: Theme, name: str, words: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self.setAccessibleDescription(words)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """The height is told for a width."""
        return True

    def sizeHint(self) -> QSize:
        """As wide as Inspect is made."""
        return QSize(216, self.heightForWidth(216))

    def heightForWidth(self, width: int) -> int:
        """In proportion to the width, and what stands under it."""
        return int(self._proportion * min(width, _WIDEST)) + self._below

    def _small(self, painter: QPainter) -> QFontMetrics:
        font = QFont(self.font())
        font.setPixelSize(10)
        painter.setFont(font)
        return painter.fontMetrics()

    def _frame(self, painter: QPainter, caption: str) -> QRectF:
        """Draw the sheet and the line under it; the area that is left for the drawing."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = min(self.width(), _WIDEST)
        sheet = QRectF(0.5, 0.5, width - 1, self.height() - self._below - 1)
        painter.setPen(QPen(QColor(self._theme.line)))
        painter.setBrush(QColor(self._theme.sunken))
        painter.drawRoundedRect(sheet, 6, 6)
        metrics = self._small(painter)
        painter.setPen(QColor(self._theme.muted))
        text = metrics.elidedText(visible(caption), Qt.TextElideMode.ElideRight, width)
        place = QRectF(0, sheet.bottom() + 3, width, 15)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, visible(text))
        return sheet.adjusted(9, 9, -9, -9)


class PictureGrid(_Drawing):
    """Pictures side by side, each with its answer under it."""

    def __init__(self, samples: Pictures, theme: Theme) -> None:
        answers = ", ".join(answer for answer in samples.answers if answer)
        words = tr("{} pictures").format(len(samples.images))
        super().__init__(theme, words, answers)
        self._answers = samples.answers
        self._images = [picture(image) for image in samples.images]
        self._line = 15 if any(samples.answers) else 0
        height, width = samples.images.shape[1:3]
        scale = max(44 // height, 1) if height <= 44 else 44 / height
        self._cell = QSize(math.ceil(width * scale), math.ceil(height * scale))
        if self._cell.width() > 200:
            self._cell = QSize(200, max(200 * height // width, 1))

    def heightForWidth(self, width: int) -> int:
        """As many rows as the pictures need."""
        n_columns = self._n_columns(width)
        n_rows = -(-self._n_shown(n_columns) // n_columns)
        return n_rows * (self._cell.height() + self._line + _GAP) - _GAP

    def _n_columns(self, width: int) -> int:
        return max((width + _GAP) // (self._cell.width() + _GAP), 1)

    def _n_shown(self, n_columns: int) -> int:
        """Whole rows alone, where there is one."""
        n = len(self._images)
        return n - n % n_columns if n > n_columns else n

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pictures in whole pixels, and their answers."""
        painter = QPainter(self)
        metrics = self._small(painter)
        n_columns = self._n_columns(self.width())
        spare = self.width() - n_columns * self._cell.width()
        gap = min(spare // max(n_columns - 1, 1), 3 * _GAP)
        for i, image in enumerate(self._images[: self._n_shown(n_columns)]):
            x = (i % n_columns) * (self._cell.width() + gap)
            y = (i // n_columns) * (self._cell.height() + self._line + _GAP)
            painter.drawImage(QRect(QRect(x, y, 0, 0).topLeft(), self._cell), image)
            painter.setPen(QColor(self._theme.border))
            painter.drawRect(x, y, self._cell.width() - 1, self._cell.height() - 1)
            if self._line:
                painter.setPen(QColor(self._theme.muted))
                room = QRect(x - 2, y + self._cell.height() + 1, self._cell.width() + 4, 13)
                text = metrics.elidedText(
                    visible(self._answers[i]), Qt.TextElideMode.ElideRight, room.width()
                )
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, visible(text))


class _Chart(_Drawing):
    """A drawing with two axes, whose ends are told in its caption."""

    def _place(self, area: QRectF, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixels of values, each axis over its own range."""
        left, width = float(x.min()), float(np.ptp(x)) or 1.0
        low, height = float(y.min()), float(np.ptp(y)) or 1.0
        return (
            area.left() + (x - left) / width * area.width(),
            area.bottom() - (y - low) / height * area.height(),
        )


def _span(name: str, values: np.ndarray) -> str:
    return f"{name} {float(values.min()):.3g} … {float(values.max()):.3g}"


class PointCloud(_Chart):
    """Points in the plane, each with the colour and the mark of its class."""

    _proportion, _below = 1.0, 36

    def __init__(self, samples: Points, theme: Theme) -> None:
        counts = np.bincount(samples.classes, minlength=len(samples.names))
        words = [
            f"{name}: {count}" for name, count in zip(samples.names, counts, strict=True) if count
        ]
        super().__init__(theme, tr("{} points").format(len(samples.points)), ", ".join(words))
        self._samples = samples

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the points, and which mark is which class."""
        painter, samples, theme = QPainter(self), self._samples, self._theme
        points = samples.points
        caption = "   ".join(_span(n, points[:, i]) for i, n in enumerate(samples.columns))
        area = self._frame(painter, caption)
        self._legend(painter, QRectF(0, self.height() - 17, self.width(), 16))
        xs, ys = self._place(area, points[:, 0], points[:, 1])
        painter.setPen(QPen(QColor(theme.sunken), 0.6))
        for x, y, number in zip(xs, ys, samples.classes, strict=True):
            painter.setBrush(class_colour(theme, int(number), len(samples.names)))
            paint_mark(painter, QPointF(x, y), int(number), 3.0)

    def _legend(self, painter: QPainter, room: QRectF) -> None:
        painter.save()
        metrics = self._small(painter)
        x = room.left() + 4
        for i, name in enumerate(self._samples.names):
            if x + 14 + metrics.horizontalAdvance(name) > room.right():
                break
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(class_colour(self._theme, i, len(self._samples.names)))
            paint_mark(painter, QPointF(x + 4, room.center().y()), i, 3.5)
            painter.setPen(QColor(self._theme.muted))
            place = QRectF(x + 12, room.top(), room.right() - x - 12, room.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, visible(name))
            x += 24 + metrics.horizontalAdvance(name)
        painter.restore()


class CurveSketch(_Chart):
    """Numbers over a number: a dot an example, joined by a faint line."""

    def __init__(self, samples: Curve, theme: Theme) -> None:
        words = f"{_span('x', samples.x)}, {_span('y', samples.y)}"
        super().__init__(theme, tr("{} examples").format(len(samples.x)), words)
        self._samples = samples

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw each column of the values."""
        painter, samples, theme = QPainter(self), self._samples, self._theme
        y = samples.y.reshape(len(samples.x), -1)
        area = self._frame(painter, f"{_span('x', samples.x)}   {_span('y', y)}")
        xs, ys = self._place(area, samples.x, y)
        for k in range(y.shape[1]):
            colour = QColor(theme.accent) if y.shape[1] == 1 else theme.task_colour(k)
            places = [QPointF(a, b) for a, b in zip(xs, ys[:, k], strict=True)]
            faint = QColor(colour)
            faint.setAlpha(90)
            painter.setPen(QPen(faint, 1))
            painter.drawPolyline(places)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            for place in places:
                painter.drawEllipse(place, 1.6, 1.6)


class SurfaceMap(_Drawing):
    """A function over the plane, from low to high, and where it starts."""

    def __init__(self, samples: Surface, theme: Theme) -> None:
        words = f"{_span('x', samples.x)}, {_span('y', samples.y)}, {_span('f', samples.values)}"
        super().__init__(theme, tr("A surface"), words)
        self._samples = samples
        low, high = np.quantile(samples.values, [0.01, 0.99])
        shares = (samples.values[::-1] - low) / max(float(high - low), 1e-12)
        self._shares = np.clip(shares, 0, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the surface as a map, low values pale."""
        painter, samples, theme = QPainter(self), self._samples, self._theme
        area = self._frame(
            painter,
            tr("from {} (pale) to {} (deep)").format(
                f"{samples.values.min():.3g}", f"{samples.values.max():.3g}"
            ),
        ).adjusted(-4, -4, 4, 4)
        image = ramp(self._shares, QColor(theme.heat_low), QColor(theme.heat_high))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, image)
        x0, x1, y0, y1 = samples.x[0], samples.x[-1], samples.y[0], samples.y[-1]
        at = QPointF(
            area.left() + (samples.start[0] - x0) / (x1 - x0) * area.width(),
            area.bottom() - (samples.start[1] - y0) / (y1 - y0) * area.height(),
        )
        painter.setPen(QPen(QColor(theme.surface), 1.5))
        painter.setBrush(QColor(theme.heat_against))
        painter.drawEllipse(at, 4.5, 4.5)
