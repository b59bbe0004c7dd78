"""ParallelPlot: every trial as a line across the settings to what it reached."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from workbench.spec.text import visible
from workbench.study.search.definition import Definition
from workbench.study.search.trial import State, Trial
from workbench.ui.look.theme import Theme, soft
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
from workbench.ui.tabs.sweep.axis_scale import (
    AxisScale,
    number_of,
    result_scale,
    scale_of,
    shown_result,
    words_of,
)
from workbench.ui.words.language import translator

tr = translator("Sweep")

_TOP, _BOTTOM, _SIDE = 40.0, 14.0, 64.0
#: A click is no brush until the pointer has gone so far; a line is hit within so many pixels.
_DRAG, _HIT = 4.0, 6.0


class ParallelPlot(Canvas):
    """Axes side by side. A range that is dragged on one leaves only the trials within it."""

    #: The number of a trial that was clicked.
    chosen = Signal(int)
    #: Other trials are within the ranges.
    brushed = Signal()

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, theme, parent)
        self.setMinimumHeight(150)
        self._definition: Definition | None = None
        self._trials: Sequence[Trial] = ()
        self._best: Sequence[int] = ()
        self._scales: list[AxisScale] = []
        self.ranges: dict[int, tuple[float, float]] = {}
        self._drag: tuple[int, float] | None = None
        self._is_dragged = False
        self._hovered = -1

    def set_sweep(self, definition: Definition, state: State, best: Sequence[int]) -> None:
        """Show these trials."""
        if self._definition is None or self._definition.axes != definition.axes:
            self.ranges.clear()
        self._definition, self._trials, self._best = definition, state.trials, best
        self._scales = [scale_of(axis) for axis in definition.axes]
        for i, objective in enumerate(definition.objectives):
            known = [v for t in self._trials if (v := shown_result(t, i)) is not None]
            self._scales.append(result_scale(objective.name, known))
        self.update()

    @property
    def within(self) -> list[Trial]:
        """The trials within every range that was dragged."""
        return [trial for trial in self._trials if self._is_within(trial)]

    def _places(self, trial: Trial) -> list[float | None]:
        """Where a trial stands on each axis; None where it has no value there."""
        definition = self._definition
        assert definition is not None
        values: list[float | None] = [number_of(axis, trial) for axis in definition.axes]
        values += [shown_result(trial, i) for i in range(len(definition.objectives))]
        pairs = zip(self._scales, values, strict=True)
        return [None if value is None else scale.place(value) for scale, value in pairs]

    def _is_within(self, trial: Trial) -> bool:
        places = self._places(trial)
        for at, (low, high) in self.ranges.items():
            place = places[at]
            if place is None or not low <= place <= high:
                return False
        return True

    # where things are

    def _inner(self, area: QRectF) -> QRectF:
        return area.adjusted(_SIDE, _TOP, -_SIDE, -_BOTTOM)

    def _x(self, inner: QRectF, at: int) -> float:
        n = len(self._scales)
        return inner.left() + (inner.width() * at / (n - 1) if n > 1 else inner.width() / 2)

    def _point(self, inner: QRectF, at: int, place: float) -> QPointF:
        return QPointF(self._x(inner, at), inner.bottom() - place * inner.height())

    def _line(self, inner: QRectF, trial: Trial) -> list[QPointF]:
        places = self._places(trial)
        return [self._point(inner, i, p) for i, p in enumerate(places) if p is not None]

    def _axis_at(self, inner: QRectF, x: float) -> int | None:
        near = [i for i in range(len(self._scales)) if abs(self._x(inner, i) - x) <= 10]
        return near[0] if near else None

    def trial_at(self, position: QPointF) -> Trial | None:
        """The trial whose line passes there, the best of several."""
        inner = self._inner(QRectF(self.rect()))
        near_lines: list[tuple[float, Trial]] = []
        for trial in self.within:
            line = self._line(inner, trial)
            for a, b in pairwise(line):
                if a.x() <= position.x() <= b.x() and b.x() > a.x():
                    share = (position.x() - a.x()) / (b.x() - a.x())
                    y = a.y() + share * (b.y() - a.y())
                    near_lines.append((abs(y - position.y()), trial))
        near = min(near_lines, key=lambda pair: pair[0], default=None)
        return near[1] if near is not None and near[0] <= _HIT else None

    # drawing

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw axes and lines."""
        painter.fillRect(area, QColor(self._theme.surface))
        if self._definition is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = self._inner(area)
        within = {trial.number for trial in self.within}
        order = sorted(self._trials, key=lambda t: (t.number in within, t.number in self._best))
        for trial in order:
            self._draw_trial(painter, inner, trial, is_within=trial.number in within)
        for at in range(len(self._scales)):
            self._draw_axis(painter, inner, at)

    def _draw_trial(
        self, painter: QPainter, inner: QRectF, trial: Trial, *, is_within: bool
    ) -> None:
        theme = self._theme
        value = shown_result(trial)
        is_best = trial.number in self._best
        colour = soft(theme.muted, 120)
        if value is not None:
            n_axes = len(self._scales) - len(trial.results)
            colour = self._colour(self._scales[n_axes].place(value))
        if is_best:
            colour = QColor(theme.good)
        if not is_within:
            colour = soft(theme.muted, 28)
        width = 3.0 if is_best and is_within else 1.4
        pen = QPen(colour, width + (1.2 if trial.number == self._hovered else 0.0))
        if value is None:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        line = self._line(inner, trial)
        painter.drawPolyline(line)
        if len(line) == 1:
            painter.drawPoint(line[0])

    def _colour(self, place: float) -> QColor:
        """From faint to full as the objective gets better."""
        objective = self._definition.objectives[0] if self._definition is not None else None
        good = place if objective is None or objective.is_up else 1 - place
        low, high = QColor(self._theme.heat_low), QColor(self._theme.accent)
        share = 0.35 + 0.65 * min(max(good, 0.0), 1.0)
        mixed = [round(a + share * (b - a)) for a, b in zip(_rgb(low), _rgb(high), strict=True)]
        return QColor(*mixed)

    def _draw_axis(self, painter: QPainter, inner: QRectF, at: int) -> None:
        theme, scale = self._theme, self._scales[at]
        x = self._x(inner, at)
        painter.setPen(QPen(QColor(theme.control), 1.2))
        painter.drawLine(QPointF(x, inner.top()), QPointF(x, inner.bottom()))
        if at in self.ranges:
            low, high = self.ranges[at]
            top = inner.bottom() - high * inner.height()
            box = QRectF(x - 5, top, 10, (high - low) * inner.height())
            painter.fillRect(box, soft(theme.accent, 70))
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRect(box)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        room = inner.width() / max(len(self._scales) - 1, 1) - 14 if len(self._scales) > 1 else 200
        is_result = self._definition is not None and at >= len(self._definition.axes)
        painter.setPen(QColor(theme.text if is_result else theme.muted))
        mode = Qt.TextElideMode.ElideMiddle
        title = metrics.elidedText(visible(scale.title), mode, round(min(room, 2 * _SIDE - 8)))
        centred = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        painter.drawText(QRectF(x - 100, inner.top() - 26, 200, 16), centred, title)
        is_last = at == len(self._scales) - 1
        for place, words in scale.ticks:
            y = inner.bottom() - place * inner.height()
            painter.setPen(QPen(QColor(theme.control), 1))
            painter.drawLine(QPointF(x - 3, y), QPointF(x + 3, y))
            words = metrics.elidedText(
                visible(words), Qt.TextElideMode.ElideRight, round(_SIDE) - 10
            )
            wide = metrics.horizontalAdvance(words)
            left = x + 7 if is_last else x - 7 - wide
            backing = QRectF(left - 2, y - 7, wide + 4, 14)
            painter.fillRect(backing, soft(theme.surface, 200))
            painter.setPen(QColor(theme.muted))
            painter.drawText(backing, Qt.AlignmentFlag.AlignCenter, words)

    # what the pointer does

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a range, where the pointer is on an axis."""
        inner = self._inner(QRectF(self.rect()))
        at = self._axis_at(inner, event.position().x())
        self._is_dragged = False
        self._drag = (at, event.position().y()) if at is not None else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the range, or mark the line under the pointer."""
        inner = self._inner(QRectF(self.rect()))
        if self._drag is None or not event.buttons() & Qt.MouseButton.LeftButton:
            trial = self.trial_at(event.position())
            hovered = -1 if trial is None else trial.number
            if hovered != self._hovered:
                self._hovered = hovered
                self.setCursor(
                    Qt.CursorShape.ArrowCursor
                    if trial is None
                    else Qt.CursorShape.PointingHandCursor
                )
                self.update()
            return
        at, start = self._drag
        y = event.position().y()
        if abs(y - start) < _DRAG and not self._is_dragged:
            return
        self._is_dragged = True
        ends = sorted((inner.bottom() - each) / max(inner.height(), 1) for each in (start, y))
        self.ranges[at] = max(ends[0], -0.01), min(ends[1], 1.01)
        self.update()
        self.brushed.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on an axis takes its range away; on a line, it opens the trial."""
        if event.button() != Qt.MouseButton.LeftButton or self._is_dragged:
            self._drag = None
            return
        if self._drag is not None and self._drag[0] in self.ranges:
            del self.ranges[self._drag[0]]
            self.update()
            self.brushed.emit()
        elif (trial := self.trial_at(event.position())) is not None:
            self.chosen.emit(trial.number)
        self._drag = None

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        trial = self.trial_at(QPointF(x, y))
        if trial is not None and self._definition is not None:
            return words_of(self._definition, trial)
        is_axis = self._axis_at(self._inner(area), x) is not None
        return tr("Drag along an axis to keep a range; click it to let go") if is_axis else ""

    @property
    def table(self) -> Table:
        """Every trial: its settings, its objectives, how it ended."""
        if self._definition is None:
            return ([], [])
        definition = self._definition
        names = [axis.key for axis in definition.axes]
        head = ["trial", *names, *(o.name for o in definition.objectives), "status"]
        rows = [
            [t.number, *(t.values[name] for name in names), *t.results, t.status]
            for t in self._trials
        ]
        return head, rows


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
