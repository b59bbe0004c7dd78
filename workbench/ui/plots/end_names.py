"""EndNames: the names of curves at the ends of their lines, where there is room."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, QTimer

from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.plots.curve_pointer import Curve, Curves
from workbench.ui.plots.line_plot import Plot

#: The longest name that is written whole, and how much of each end of a longer one is.
_LONGEST, _HALF = 16, 7
#: Of more curves than this none is named: the names would hide the lines.
MOST_NAMED = 8
#: Between a line's end and its name, in pixels; and how often names may move.
_APART, _EVERY_MS = 4.0, 200


class EndNames(QObject):
    """Writes the name of each curve beside the last point in view, none over another."""

    def __init__(self, plot: Plot, curves: Curves) -> None:
        super().__init__(plot)
        self._plot, self._curves = plot, curves
        self.texts: list[pg.TextItem] = []
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_EVERY_MS)
        self._wait.timeout.connect(self.place)
        plot.area.vb.sigRangeChanged.connect(self.soon)
        plot.area.vb.sigResized.connect(self.soon)

    def soon(self, *_: object) -> None:
        """Place the names in a moment: while curves grow it is not done with every frame."""
        if not self._wait.isActive():
            self._wait.start()

    def set_theme(self, theme: Theme) -> None:
        """Write the names in the colours that the curves have by now."""
        del theme
        self.place()

    @property
    def written(self) -> list[str]:
        """What is to be read, in the order of the curves."""
        return [text.toPlainText() for text in self.texts if text.isVisible()]

    def place(self) -> None:
        """Put each name where the line ends, if it is free there."""
        if not self._plot.isVisible():
            return
        curves = list(self._curves())
        named = curves if len(curves) <= MOST_NAMED else []
        while len(self.texts) < len(named):
            text = pg.TextItem()
            text.setZValue(30)
            font = text.textItem.font()
            font.setPixelSize(11)
            text.setFont(font)
            self._plot.area.addItem(text, ignoreBounds=True)
            self.texts.append(text)
        taken: list[tuple[float, float, float, float]] = []
        for text in self.texts[len(named) :]:
            text.hide()
        for text, curve in zip(self.texts, named, strict=False):
            text.setVisible(self._set(text, curve, taken))

    def _set(
        self, text: pg.TextItem, curve: Curve, taken: list[tuple[float, float, float, float]]
    ) -> bool:
        box = self._plot.area.vb
        end = _last_in_view(curve, *self._plot.x_range)
        if end is None:
            return False
        text.setText(visible(elided(curve.name)), color=curve.colour)
        size, spot = text.textItem.boundingRect(), box.mapViewToScene(end)
        room = box.sceneBoundingRect()
        width, height = size.width(), size.height()
        left, tops = spot.x() + _APART, [spot.y() + (i - 0.5) * height for i in (0, 1, -1)]
        if left + width > room.right():  # no room behind the end: above it, or below
            above, below = spot.y() - height - 1, spot.y() + 1
            left, tops = room.right() - width, [above, below, above - height]
        for y in tops:
            place = left, y, left + width, y + height
            inside = room.top() <= y and y + height <= room.bottom() and left >= room.left()
            if inside and not any(_meet(place, other) for other in taken):
                taken.append(place)
                text.setPos(box.mapSceneToView(QPointF(left, y)))
                return True
        return False


def elided(name: str) -> str:
    """A name with its middle left out where it is long: its ends tell it from its like."""
    return name if len(name) <= _LONGEST else f"{name[:_HALF]}…{name[-_HALF:]}"


def _last_in_view(curve: Curve, low: float, high: float) -> QPointF | None:
    x, y = curve.line.getData()
    if x is None or not len(x):
        return None
    known = np.flatnonzero(np.isfinite(y) & (x >= low) & (x <= high))
    return QPointF(float(x[known[-1]]), float(y[known[-1]])) if len(known) else None


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
