"""Confusion: how many queries of each class were answered with each."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
from workbench.ui.plots.heatmap import mixed
from workbench.ui.tabs.adaptation.class_answers import ClassAnswers
from workbench.ui.words.language import translator

_HEAD, _FOOT = 20.0, 18.0

#: Cells narrower than this have no number.
_NUMBERED = 15.0

tr = translator("Adaptation")


class Confusion(Canvas):
    """Rows are the right classes, columns the answers; the diagonal is framed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Confusion of classes"), theme, parent)
        self._answers: ClassAnswers | None = None
        self.setMinimumSize(130, 130)

    def sizeHint(self) -> QSize:
        """Room for five by five."""
        return QSize(240, 220)

    def show_answers(self, answers: ClassAnswers) -> None:
        """Show other answers."""
        self._answers = answers
        self.setAccessibleDescription(answers.in_words())
        self.update()

    @property
    def table(self) -> Table:
        """The counts, for CSV."""
        answers = self._answers
        if answers is None:
            return ["wanted"], []
        rows = [[n, *answers.confusion[i].tolist()] for i, n in enumerate(answers.names)]
        return ["wanted", *answers.names], rows

    def _frame(self, area: QRectF) -> tuple[QRectF, float]:
        """The cells' area, and the side of a cell."""
        names = self._answers.names if self._answers is not None else ()
        metrics = QFontMetrics(self._small())
        widest = max((metrics.horizontalAdvance(visible(name)) for name in names), default=30)
        left = min(widest + 10.0, area.width() * 0.3)
        n = max(len(names), 1)
        side = min((area.width() - left - 2) / n, (area.height() - _HEAD - _FOOT) / n, 44.0)
        return QRectF(area.left() + left, area.top() + _HEAD, side * n, side * n), side

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(11)
        return font

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the counts and what rows and columns are."""
        answers, theme = self._answers, self._theme
        if answers is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small())
        metrics = QFontMetrics(self._small())
        inner, side = self._frame(area)
        painter.setPen(QColor(theme.muted))
        head = QRectF(area.left(), area.top(), area.width(), _HEAD)
        words = tr("class ↓  answered →")
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, words)
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for i, name in enumerate(answers.names):
            top = inner.top() + i * side
            if side >= metrics.height() - 2:
                painter.setPen(QColor(theme.muted))
                where = QRectF(area.left(), top, inner.left() - area.left() - 6, side)
                text = _short(metrics, name, where.width())
                painter.drawText(where, align, text)
                below = QRectF(inner.left() + i * side, inner.bottom() + 2, side, _FOOT - 4)
                text = _short(metrics, name, side - 2)
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)
            for j in range(len(answers.names)):
                at = QRectF(inner.left() + j * side, top, side, side)
                self._draw_cell(painter, at.adjusted(1, 1, -1, -1), i, j)

    def _draw_cell(self, painter: QPainter, at: QRectF, i: int, j: int) -> None:
        answers, theme = self._answers, self._theme
        assert answers is not None
        count, total = int(answers.confusion[i, j]), int(answers.confusion[i].sum())
        share = count / total if total else 0.0
        high = theme.heat_high if i == j else theme.heat_against
        fill = mixed(theme.heat_low, high, share)
        painter.setPen(QColor(theme.control if i == j else theme.border))
        painter.setBrush(fill)
        painter.drawRoundedRect(at, 3, 3)
        if at.width() >= _NUMBERED and count:
            painter.setPen(QColor("#FFFFFF" if fill.lightnessF() < 0.52 else "#10151F"))
            painter.drawText(at, Qt.AlignmentFlag.AlignCenter, str(count))

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        answers = self._answers
        inner, side = self._frame(area)
        if answers is None or not inner.contains(x, y):
            return ""
        i, j = int((y - inner.top()) // side), int((x - inner.left()) // side)
        if not (i < len(answers.names) and j < len(answers.names)):
            return ""
        text = tr("{} of {} queries of {} were answered {}")
        row = answers.confusion[i]
        return text.format(int(row[j]), int(row.sum()), answers.names[i], answers.names[j])


def _short(metrics: QFontMetrics, name: str, width: float) -> str:
    text = metrics.elidedText(visible(name), Qt.TextElideMode.ElideRight, int(width))
    return visible(text)
