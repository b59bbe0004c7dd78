"""Embedding: where a small task's rows lie in two dimensions, with the means of its classes."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from workbench.spec.text import visible
from workbench.ui.look.class_colours import class_colour, paint_mark
from workbench.ui.look.theme import Theme, soft
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
from workbench.ui.tabs.adaptation.class_answers import ClassAnswers
from workbench.ui.words.language import translator

_HEAD, _FOOT, _MARGIN = 20.0, 18.0, 12.0

tr = translator("Adaptation")


class Embedding(Canvas):
    """Small marks are support, hollow ones queries (crossed where wrong), large ones prototypes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Embedding in two dimensions"), theme, parent)
        self._answers: ClassAnswers | None = None
        self.setMinimumSize(150, 130)

    def sizeHint(self) -> QSize:
        """About a square."""
        return QSize(280, 240)

    def show_answers(self, answers: ClassAnswers) -> None:
        """Show another small task, or other answers."""
        self._answers = answers
        self.setAccessibleDescription(answers.in_words())
        self.update()

    @property
    def table(self) -> Table:
        """The place of every row, for CSV."""
        answers = self._answers
        if answers is None:
            return ["kind", "class", "x", "y"], []
        n, kinds = len(answers.shown.support), ("support", "query")
        return ["kind", "class", "x", "y"], [
            [kinds[i >= n], answers.names[number], float(x), float(y)]
            for i, (number, (x, y)) in enumerate(
                zip(self._numbers(answers), answers.shown.places, strict=False)
            )
        ]

    @staticmethod
    def _numbers(answers: ClassAnswers) -> list[int]:
        return [*answers.shown.support.tolist(), *answers.wanted.tolist()]

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the rows, the prototypes and the classes' names."""
        answers, theme = self._answers, self._theme
        if answers is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        head = QRectF(area.left(), area.top(), area.width(), _HEAD)
        text = tr("filled shown, hollow asked, large means")
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, shown)
        inner = area.adjusted(0, _HEAD, 0, -_FOOT)
        painter.setPen(QColor(theme.border))
        painter.setBrush(QColor(theme.sunken))
        painter.drawRect(inner.adjusted(0.5, 0.5, -0.5, -0.5))
        self._draw_points(painter, inner.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN), answers)
        self._draw_names(painter, area, metrics, answers)

    def _draw_points(self, painter: QPainter, inner: QRectF, answers: ClassAnswers) -> None:
        places = np.asarray(answers.shown.places, dtype=np.float64).reshape(-1, 2)
        known = places[np.isfinite(places).all(axis=1)]
        if not len(known):
            return
        low, high = known.min(axis=0), known.max(axis=0)
        span = np.where(high > low, high - low, 1.0)

        def point(place: np.ndarray) -> QPointF:
            x, y = (place - low) / span
            return QPointF(inner.left() + x * inner.width(), inner.bottom() - y * inner.height())

        theme, n = self._theme, len(answers.shown.support)
        n_classes = len(answers.names)
        for i, number in enumerate(self._numbers(answers)):
            if i >= len(places) or not np.isfinite(places[i]).all():
                continue
            at, colour = point(places[i]), class_colour(theme, number, n_classes)
            is_query = i >= n
            painter.setPen(QPen(colour, 1.4) if is_query else QPen(QColor(theme.surface), 0.8))
            painter.setBrush(soft(colour, 40) if is_query else colour)
            paint_mark(painter, at, number, 4.0)
            if is_query and not answers.is_right[i - n]:
                painter.setPen(QPen(QColor(theme.danger), 1.6))
                for d in (5.0, -5.0):
                    painter.drawLine(
                        QPointF(at.x() - 5, at.y() - d), QPointF(at.x() + 5, at.y() + d)
                    )
        for number in range(n_classes):
            own = places[:n][answers.shown.support[: len(places)] == number]
            own = own[np.isfinite(own).all(axis=1)]
            if len(own):
                painter.setPen(QPen(QColor(theme.text), 1.8))
                painter.setBrush(class_colour(theme, number, n_classes))
                paint_mark(painter, point(own.mean(axis=0)), number, 7.5)

    def _draw_names(
        self, painter: QPainter, area: QRectF, metrics: QFontMetrics, answers: ClassAnswers
    ) -> None:
        line = QRectF(area.left(), area.bottom() - _FOOT + 3, area.width(), _FOOT - 3)
        x = line.left()
        for number, name in enumerate(answers.names):
            text = metrics.elidedText(visible(name), Qt.TextElideMode.ElideRight, 90)
            width = 14 + metrics.horizontalAdvance(text)
            if x + width > line.right():
                break
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(class_colour(self._theme, number, len(answers.names)))
            paint_mark(painter, QPointF(x + 4, line.center().y()), number, 3.5)
            painter.setPen(QColor(self._theme.muted))
            place = QRectF(x + 12, line.top(), width, line.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, visible(text))
            x += width + 10
