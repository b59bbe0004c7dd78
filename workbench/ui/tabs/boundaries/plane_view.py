"""PlaneView: one task's plane, what the model answers everywhere on it, and training points."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen

from workbench.spec.shown.plane import Map, Plane
from workbench.spec.text import visible
from workbench.ui.look.class_colours import class_colour, paint_mark
from workbench.ui.look.theme import Theme
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
from workbench.ui.plots.field_image import picture, rgb
from workbench.ui.tabs.boundaries.contour import contour
from workbench.ui.widgets.basics import paint_swatch
from workbench.ui.words.language import translator

#: Height of the title above the picture and of the line under it.
_HEAD, _FOOT = 24, 20

#: What stands above and below a picture together, and the least width of one.
AROUND, NARROWEST = _HEAD + _FOOT, 130

#: How much of a class's colour a sure answer gets: points must stand out.
_DEPTH = 0.5

tr = translator("PlaneView")


class PlaneView(Canvas):
    """A square picture of a plane under the task's name."""

    def __init__(self, plane: Plane, number: int, theme: Theme) -> None:
        super().__init__(tr("Boundary of {}").format(plane.task), theme)
        self.plane = plane
        self.number = number
        self._map: Map | None = None
        self._image: QImage | None = None
        self._lines: list[np.ndarray] = []
        self.setMinimumSize(NARROWEST, NARROWEST + AROUND)

    def sizeHint(self) -> QSize:
        """A square, and the words around it."""
        return QSize(NARROWEST, NARROWEST + AROUND)

    @property
    def map(self) -> Map | None:
        """What is shown."""
        return self._map

    def set_map(self, plane_map: Map | None) -> None:
        """Show other answers."""
        if plane_map is self._map:
            return
        self._map = plane_map
        self._image = None
        self._lines = _borders(plane_map, len(self.plane.names)) if plane_map is not None else []
        if plane_map is not None:
            counts = np.bincount(plane_map.classes.ravel(), minlength=len(self.plane.names))
            self.setAccessibleDescription(
                ", ".join(
                    tr("{}: {} % of the plane").format(name, f"{100 * count / counts.sum():.0f}")
                    for name, count in zip(self.plane.names, counts, strict=False)
                )
            )
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._image = None
        super().set_theme(theme)

    @property
    def table(self) -> Table:
        """The answers at every place, for CSV."""
        heads = [*self.plane.columns, "class", "probability"]
        if self._map is None:
            return heads, []
        height, width = self._map.classes.shape
        xs, ys = np.linspace(*self.plane.x, width), np.linspace(*self.plane.y, height)
        shares = self._map.shares
        return heads, [
            [float(x), float(y), self._name(i, j), float(shares[i, j])]
            for i, y in enumerate(ys)
            for j, x in enumerate(xs)
        ]

    def _name(self, i: int, j: int) -> str:
        number = int(self._map.classes[i, j]) if self._map is not None else 0
        names = self.plane.names
        return names[number] if number < len(names) else str(number)

    def _square(self, area: QRectF) -> QRectF:
        side = max(min(area.width(), area.height() - _HEAD - _FOOT) - 2, 10)
        return QRectF(area.left() + (area.width() - side) / 2, area.top() + _HEAD, side, side)

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the title, the answers, their borders, the points and the legend."""
        theme, square = self._theme, self._square(area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._draw_title(painter, square)
        painter.fillRect(square, QColor(theme.sunken))
        if self._map is not None:
            if self._image is None:
                self._image = self._painted(self._map)
            painter.drawImage(square, self._image)
            painter.setPen(QPen(QColor(theme.text), 1.6))
            for lines in self._lines:
                painter.drawLines([self._on(square, piece) for piece in lines])
        self._draw_points(painter, square)
        painter.setPen(QColor(theme.border))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(square)
        self._draw_foot(painter, square)

    def _on(self, square: QRectF, piece: np.ndarray) -> QLineF:
        """A piece of a border in pixels; the grid's places are the middles of its cells."""
        side = self._map.classes.shape[0] if self._map is not None else 2
        (x0, y0), (x1, y1) = (piece + 0.5) / side * square.width()
        return QLineF(
            square.left() + x0, square.bottom() - y0, square.left() + x1, square.bottom() - y1
        )

    def _painted(self, plane_map: Map) -> QImage:
        """The colour of each place: the class's, the paler the less sure."""
        n = len(self.plane.names)
        ground = np.array(rgb(QColor(self._theme.surface)), dtype=np.float32)
        colours = np.array(
            [rgb(class_colour(self._theme, i, n)) for i in range(n)], dtype=np.float32
        )
        sure = np.clip((plane_map.shares * n - 1) / max(n - 1, 1), 0, 1)[..., None] * _DEPTH
        mixed = ground + (colours[np.minimum(plane_map.classes, n - 1)] - ground) * sure
        return picture(mixed[::-1].round().astype(np.uint8))

    def _draw_title(self, painter: QPainter, square: QRectF) -> None:
        font = QFont(self.font())
        font.setPixelSize(12)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        swatch = QRectF(square.left(), square.top() - _HEAD, 24, _HEAD - 4)
        paint_swatch(painter, swatch, self._theme.task_colour(self.number), self.number)
        place = QRectF(square.left() + 32, square.top() - _HEAD, square.width() - 32, _HEAD - 4)
        painter.setPen(QColor(self._theme.text))
        text = QFontMetrics(font).elidedText(
            visible(self.plane.task), Qt.TextElideMode.ElideRight, int(place.width())
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, visible(text))

    def _draw_points(self, painter: QPainter, square: QRectF) -> None:
        plane, theme = self.plane, self._theme
        (x0, x1), (y0, y1) = plane.x, plane.y
        xs = square.left() + (plane.points[:, 0] - x0) / (x1 - x0) * square.width()
        ys = square.bottom() - (plane.points[:, 1] - y0) / (y1 - y0) * square.height()
        radius = 1.8 if square.width() < 220 else 2.6
        painter.setPen(QPen(QColor(theme.surface), 0.7))
        for number in range(len(plane.names)):
            painter.setBrush(class_colour(theme, number, len(plane.names)))
            for k in np.flatnonzero(plane.classes == number):
                paint_mark(painter, QPointF(xs[k], ys[k]), number, radius)

    def _draw_foot(self, painter: QPainter, square: QRectF) -> None:
        plane, theme = self.plane, self._theme
        font = QFont(self.font())
        font.setPixelSize(10)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        line = QRectF(square.left(), square.bottom() + 3, square.width(), 14)
        x = line.left()
        for i, name in enumerate(plane.names):
            width = 14 + metrics.horizontalAdvance(name)
            if x + width > line.right():
                break
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(class_colour(theme, i, len(plane.names)))
            paint_mark(painter, QPointF(x + 4, line.center().y()), i, 3.2)
            painter.setPen(QColor(theme.muted))
            place = QRectF(x + 12, line.top(), width, line.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, visible(name))
            x += width + 10
        ranges = "  ".join(
            f"{name} {low:.1f} … {high:.1f}"
            for name, (low, high) in zip(plane.columns, (plane.x, plane.y), strict=False)
        )
        if metrics.horizontalAdvance(ranges) < line.right() - x:
            painter.setPen(QColor(theme.muted))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(line, flags, visible(ranges))

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        square, class_map = self._square(area), self._map
        if class_map is None or not square.contains(x, y):
            return ""
        side = class_map.classes.shape[0]
        j = min(int((x - square.left()) / square.width() * side), side - 1)
        i = min(int((square.bottom() - y) / square.height() * side), side - 1)
        return tr("{}, probability {}").format(self._name(i, j), f"{class_map.shares[i, j]:.2f}")


def _borders(plane_map: Map, n_classes: int) -> list[np.ndarray]:
    """The lines between classes: of two the one, of more each class's own."""
    if n_classes <= 2:
        return [contour(np.where(plane_map.classes == 1, 1, -1) * (plane_map.shares - 0.5))]
    present = np.unique(plane_map.classes)
    return [
        contour(np.where(plane_map.classes == k, plane_map.shares, -plane_map.shares))
        for k in present
    ]
