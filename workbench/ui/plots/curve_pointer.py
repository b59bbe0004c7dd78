"""CurvePointer: what curves are where the pointer is, in plots that share their x-axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, Qt, QTimer

from workbench.ui.plots.line_plot import Plot
from workbench.ui.words.plain_text import html_label, in_html

#: How much is left to see of the curves that are not pointed at.
FAINT = 0.25
#: A pointer this near to a curve, in pixels, points at it.
NEAR = 24
#: So many curves are written out; of more, those nearest to the pointer.
MOST_WRITTEN = 9
#: The pointer is followed at most this often.
_EVERY_MS = 30
#: Between the pointer's line and what is written beside it, in pixels.
_APART = 12
#: The longest name that is written whole, and how much of each end of a longer one is.
_LONGEST, _HALF = 28, 13


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve that can be pointed at, by the name that it has in every plot.

    `line` holds its points as they are drawn, `parts` are what belongs to it, and `colour` is what
    its value is marked with. `value` makes of a height in the plot what is written.
    """

    name: str
    colour: str
    line: Any
    parts: Sequence[Any]
    value: Callable[[float], float] = float


#: The curves of a plot that can be seen.
Curves = Callable[[], Sequence[Curve]]


class CurvePointer(QObject):
    """A line at the pointer in every plot, the values there, and the nearest curve alone in full.

    A click pins it, another click or Esc lets go; Esc without a pin, and a double click, call
    `reset`. `x_words` says a place on the x-axis.
    """

    def __init__(
        self,
        plots: Sequence[tuple[Plot, Curves]],
        x_words: Callable[[float], str],
        reset: Callable[[], object],
    ) -> None:
        super().__init__(plots[0][0])
        self._plots = plots
        self._x_words = x_words
        self._reset = reset
        #: The number of the plot that is pointed at, and where in its scene.
        self._at: tuple[int, QPointF] | None = None
        self.pinned = False
        self.nearest = ""
        self._dimmed: list[Any] = []
        self._lines = [pg.InfiniteLine(angle=90, movable=False) for _ in plots]
        self.notes = [html_label("curveValues") for _ in plots]
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_EVERY_MS)
        self._wait.timeout.connect(self.show)
        for (plot, _), line, note in zip(plots, self._lines, self.notes, strict=True):
            line.hide()
            plot.area.addItem(line, ignoreBounds=True)
            note.setParent(plot)
            note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            note.hide()
            plot.left.connect(self._leave)
            plot.escaped.connect(self._escape)
            plot.offers_whole = True
            plot.whole_wanted.connect(reset)
        for number, (plot, _) in enumerate(plots):
            scene: Any = plot.scene()
            scene.sigMouseMoved.connect(partial(self._move, number))
            scene.sigMouseClicked.connect(partial(self._click, number))

    def _move(self, number: int, place: QPointF) -> None:
        if not self.pinned:
            self._at = number, place
            if not self._wait.isActive():
                self._wait.start()

    def _leave(self) -> None:
        if not self.pinned:
            self.hide()

    def _click(self, number: int, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.double():
            self.hide()
            self._reset()
        elif self.pinned:
            self.pinned = False
        else:
            self._at = number, event.scenePos()
            self.show()
            self.pinned = self._lines[0].isVisible()

    def _escape(self) -> None:
        if self.pinned:
            self.hide()
        else:
            self._reset()

    def hide(self) -> None:
        """Let go: every curve is drawn in full again."""
        self._wait.stop()
        self._at, self.pinned = None, False
        for line, note in zip(self._lines, self.notes, strict=True):
            line.hide()
            note.hide()
        self._highlight("")

    def show(self) -> None:
        """Draw the line, the values and the nearest curve where the pointer is."""
        if self._at is None:
            return
        number, at = self._at
        plot, _ = self._plots[number]
        if not plot.isVisible():  # a plot that was closed has no view any more
            return
        box = plot.area.vb
        if not box.sceneBoundingRect().contains(at):
            self.hide()
            return
        place = box.mapSceneToView(at)
        shown = [list(curves()) for _, curves in self._plots]
        self._highlight(self._nearest(number, shown[number], place))
        for (plot, _), line, note, curves in zip(
            self._plots, self._lines, self.notes, shown, strict=True
        ):
            line.setPen(pg.mkPen(plot.theme.muted, width=1))
            line.setPos(place.x())
            line.show()
            self._write(plot, note, curves, place)

    def _nearest(self, number: int, curves: Sequence[Curve], place: QPointF) -> str:
        """The curve that is nearest in height, where one is near."""
        plot, _ = self._plots[number]
        per_pixel = float(plot.area.vb.viewPixelSize()[1]) or 1.0
        apart = [
            (abs(height - place.y()) / per_pixel, curve.name)
            for curve in curves
            if np.isfinite(height := height_at(curve.line, place.x()))
        ]
        distance, name = min(apart, default=(np.inf, ""))
        return name if distance <= NEAR else ""

    def _highlight(self, name: str) -> None:
        if name == self.nearest:
            return
        self.nearest = name
        for part in self._dimmed:
            part.setOpacity(1.0)
        self._dimmed = []
        if not name:
            return
        for _, curves in self._plots:
            for curve in curves():
                if curve.name != name:
                    self._dimmed += curve.parts
        for part in self._dimmed:
            part.setOpacity(FAINT)

    def _write(self, plot: Plot, note: Any, curves: Sequence[Curve], place: QPointF) -> None:
        values = [(curve, height_at(curve.line, place.x())) for curve in curves]
        known = [(curve, height) for curve, height in values if np.isfinite(height)]
        known.sort(key=lambda each: (each[0].name != self.nearest, abs(each[1] - place.y())))
        written = sorted(known[:MOST_WRITTEN], key=lambda each: -each[1])
        rows = "".join(_row(curve, height, curve.name == self.nearest) for curve, height in written)
        more = len(known) - len(written)
        rest = f"<tr><td></td><td colspan=2>+ {more}</td></tr>" if more else ""
        head = "<br>".join(in_html(line) for line in self._x_words(place.x()).splitlines())
        note.setText(f"<b>{head}</b><table>{rows}{rest}</table>")
        note.setVisible(bool(written))
        note.adjustSize()
        x = plot.mapFromScene(plot.area.vb.mapViewToScene(QPointF(place.x(), place.y()))).x()
        right = x + _APART + note.width() < plot.width()
        note.move(x + _APART if right else x - _APART - note.width(), 6)


def height_at(line: Any, x: float) -> float:
    """The height of the point of a line that is nearest to x; NaN where it has a gap there."""
    xs, ys = line.getData()
    if xs is None or not len(xs) or not xs[0] <= x <= xs[-1]:
        return float("nan")
    at = int(np.searchsorted(xs, x))
    if at == len(xs) or (at and x - xs[at - 1] < xs[at] - x):
        at -= 1
    return float(ys[at])


def _row(curve: Curve, height: float, is_nearest: bool) -> str:
    name = curve.name
    name = in_html(name if len(name) <= _LONGEST else f"{name[:_HALF]}…{name[-_HALF:]}")
    words = f"<b>{name}</b>" if is_nearest else name
    return (
        f"<tr><td><span style='color:{curve.colour}'>■</span></td><td>{words}&nbsp;&nbsp;</td>"
        f"<td align=right>{curve.value(height):.4g}</td></tr>"
    )
