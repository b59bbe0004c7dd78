"""Pictures: small drawings made from what a preset or a method is."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from workbench.spec.experiment import Spec
from workbench.spec.files import shipped
from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import task_pen


@dataclass(frozen=True, slots=True)
class Curves:
    """Scores of a run, as shares of the best: at `x` [N] those of each task, `y` [T][N]."""

    x: NDArray[np.float64]
    y: Sequence[NDArray[np.float64]]


def curves_of(name: str) -> Curves | None:
    """The curves that were made of a shipped preset; None where there are none."""
    path = shipped("resources") / "gallery" / f"{name}.json"
    try:
        made = json.loads(path.read_text(encoding="utf-8"))
        x = np.array(made["x"], dtype=float)
        y = [np.array(curve, dtype=float) for curve in made["curves"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Curves(x, y)


def paint_preset(
    painter: QPainter, area: QRectF, spec: Spec, theme: Theme, curves: Curves | None = None
) -> None:
    """A run of a preset, or else what it is about: forgetting, a conflict, or learning."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.sunken))
    painter.drawRoundedRect(area, 7, 7)
    inner = area.adjusted(16, 14, -16, -14)
    if curves is not None:
        for i, y in enumerate(curves.y):
            _curve(painter, inner, curves.x, y, task_pen(theme.task_colour(i), i, 1.8))
    elif spec.curriculum.kind != "joint":
        _forgetting(painter, inner, theme, is_kept=spec.retention.kind != "none")
    elif spec.sharing.kind == "separate":
        _apart(painter, inner, theme)
    elif spec.balancing.kind != "fixed":
        _conflict(painter, inner, theme, is_settled=True)
    elif len(spec.tasks) == 2:
        _conflict(painter, inner, theme, is_settled=False)
    else:
        _learning(painter, inner, theme, max(len(spec.tasks), 2))


def paint_table(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """Rows of a table, of which the last two columns are to be predicted."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.sunken))
    painter.drawRoundedRect(area, 7, 7)
    inner = area.adjusted(16, 14, -16, -14)
    n_rows, n_columns, gap = 4, 5, 5.0
    width = (inner.width() - gap * (n_columns - 1)) / n_columns
    height = (inner.height() - gap * (n_rows - 1)) / n_rows
    for i in range(n_rows):
        for j in range(n_columns):
            number = j - (n_columns - 2)
            colour = theme.task_colour(number) if number >= 0 else QColor(theme.control)
            colour.setAlpha(200 if number >= 0 else 110)
            if i == 0:
                colour.setAlpha(255 if number >= 0 else 190)
            painter.setBrush(colour)
            x, y = inner.left() + j * (width + gap), inner.top() + i * (height + gap)
            painter.drawRoundedRect(QRectF(x, y, width, height), 2.5, 2.5)


def _line(painter: QPainter, area: QRectF, x: np.ndarray, y: np.ndarray, pen: QPen) -> None:
    points = [
        QPointF(area.left() + a * area.width(), area.bottom() - b * area.height())
        for a, b in zip(x.tolist(), y.tolist(), strict=True)
    ]
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))


def _curve(
    painter: QPainter,
    area: QRectF,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    pen: QPen,
) -> None:
    """A line with gaps where there is no score."""
    known = np.isfinite(y)
    for start, end in zip(*_stretches(known), strict=True):
        _line(painter, area, x[start:end], y[start:end], pen)


def _stretches(known: NDArray[np.bool_]) -> tuple[list[int], list[int]]:
    """Where what is known begins, and where it ends."""
    steps = np.diff(np.concatenate([[0], known.astype(int), [0]]))
    return np.flatnonzero(steps > 0).tolist(), np.flatnonzero(steps < 0).tolist()


def _forgetting(painter: QPainter, area: QRectF, theme: Theme, is_kept: bool) -> None:
    """Each task rises in its stage, and falls after it, or hardly."""
    n = 4
    painter.setPen(QPen(QColor(theme.border), 1))
    for i in range(1, n):
        x = area.left() + i / n * area.width()
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    for i in range(n):
        x = np.linspace(i / n, 1, 60)
        since = x * n - i
        rise = 1 - np.exp(-6 * np.minimum(since, 1))
        fall = np.exp(-(0.14 if is_kept else 2.6) * np.maximum(since - 1, 0))
        y = 0.08 + 0.88 * rise * fall - 0.03 * i
        _line(painter, area, x, y, task_pen(theme.task_colour(i), i, 1.8))


def _learning(painter: QPainter, area: QRectF, theme: Theme, n_tasks: int) -> None:
    """Losses that fall, each at its own pace."""
    x = np.linspace(0, 1, 80)
    for i in range(min(n_tasks, 5)):
        y = 0.06 + 0.09 * i + (0.86 - 0.05 * i) * np.exp(-(2.4 + 1.5 * ((i * 2) % 5)) * x)
        _line(painter, area, x, y, task_pen(theme.task_colour(i), i, 1.8))


def _arrow(painter: QPainter, start: QPointF, end: QPointF, colour: QColor, width: float) -> None:
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(start, end)
    along = np.array([end.x() - start.x(), end.y() - start.y()])
    along /= max(float(np.hypot(*along)), 1e-9)
    across = np.array([-along[1], along[0]])
    tip = np.array([end.x(), end.y()])
    corners = [tip + 3 * along, tip - 7 * along + 4.5 * across, tip - 7 * along - 4.5 * across]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(float(x), float(y)) for x, y in corners]))


def _conflict(painter: QPainter, area: QRectF, theme: Theme, is_settled: bool) -> None:
    """Two gradients that point apart, and the step between them where a method finds one."""
    origin = QPointF(area.center().x(), area.bottom() - 4)
    reach = min(area.width() * 0.42, area.height() * 1.5)
    left = origin + QPointF(-reach, -area.height() * 0.55)
    right = origin + QPointF(reach * 0.86, -area.height() * 0.3)
    up = origin + QPointF(-reach * 0.06, -area.height() * 0.92)
    if is_settled:
        fan = QPainterPath(origin)
        for corner in (left, up, right):
            fan.lineTo(corner)
        fan.closeSubpath()
        shade = QColor(theme.accent)
        shade.setAlpha(18)
        painter.fillPath(fan, shade)
    _arrow(painter, origin, left, theme.task_colour(0), 2.2)
    _arrow(painter, origin, right, theme.task_colour(1), 2.2)
    if is_settled:
        _arrow(painter, origin, up, QColor(theme.text), 2.2)


def _apart(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """A column of layers for each task."""
    n_tasks, gap = 3, 8.0
    width = min((area.width() - 2 * gap) / n_tasks, 54.0)
    left = area.center().x() - (n_tasks * width + (n_tasks - 1) * gap) / 2
    height = (area.height() - 2 * gap) / 3
    for i in range(n_tasks):
        x = left + i * (width + gap)
        for level in range(3):
            colour = theme.task_colour(i)
            colour.setAlpha(220 if level == 0 else 130)
            _block(painter, QRectF(x, area.top() + level * (height + gap), width, height), colour)
        painter.setPen(QPen(QColor(theme.muted), 1.2))
        for level in range(2):
            y = area.top() + (level + 1) * height + level * gap
            painter.drawLine(QPointF(x + width / 2, y), QPointF(x + width / 2, y + gap))


def _block(painter: QPainter, at: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(at, 3, 3)
