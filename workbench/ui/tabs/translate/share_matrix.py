"""ShareMatrix: of each pair of languages how many answers are right, and how the others are."""

from collections.abc import Mapping, Sequence
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from workbench.spec.shown.written import AnswerShares
from workbench.spec.text import visible
from workbench.study.spread import Spread
from workbench.ui.look.theme import Theme
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
from workbench.ui.plots.heatmap import mixed
from workbench.ui.tabs.translate.pair_shares import PairShares, pairs_over_seeds
from workbench.ui.words.language import translator

#: Room for the names of languages, and for the key below.
_SIDE, _HEAD, _FOOT = 38.0, 20.0, 36.0

#: Cells narrower than this have no number; those smaller than this have one colour and no bar.
_NUMBERED, _BARRED = 30.0, 7.0

#: Room that a name takes, across and down.
_NAME_WIDTH, _NAME_HEIGHT = 20.0, 12.0

tr = translator("Translate")


class ShareMatrix(Canvas):
    """Rows are sources, columns targets; a cell is a bar of three parts."""

    #: The cell of this task was clicked.
    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Answers of each pair of languages"), theme, parent)
        self.pairs: dict[tuple[str, str], PairShares] = {}
        self.sources: list[str] = []
        self.targets: list[str] = []
        self._chosen = ""
        self.setMinimumSize(170, 120)

    def sizeHint(self) -> QSize:
        """Room for five by five."""
        return QSize(300, 240)

    def show_shares(
        self, seeds: Sequence[Mapping[str, AnswerShares]], kind: Spread = Spread.INTERVAL
    ) -> None:
        """Show other shares, by task of each seed."""
        self.pairs = pairs_over_seeds([each.values() for each in seeds], kind)
        self.sources = list(dict.fromkeys(source for source, _ in self.pairs))
        targets = list(dict.fromkeys(target for _, target in self.pairs))
        # languages stand in one order on both sides, and what is asked beyond them after
        known = [source for source in self.sources if source in targets]
        self.targets = [*known, *(target for target in targets if target not in known)]
        self.setAccessibleDescription("; ".join(p.in_words() for p in self.pairs.values()))
        self.update()

    def set_chosen(self, task: str) -> None:
        """Mark the cell of a task."""
        if task != self._chosen:
            self._chosen = task
            self.update()

    @property
    def table(self) -> Table:
        """The shares, for CSV."""
        heads = ["source", "target", "right", "other language", "wrong", "answers", "taught"]
        heads += ["right (low)", "right (high)", "seeds"]
        rows = [
            [
                *(p.source, p.target, p.right, p.other_language, p.wrong, p.n, p.is_taught),
                *(p.low, p.high, p.n_seeds),
            ]
            for p in self.pairs.values()
        ]
        return heads, rows

    def _frame(self, area: QRectF) -> tuple[QRectF, float, float]:
        """The cells' area, and a cell's width and height."""
        n_rows, n_columns = max(len(self.sources), 1), max(len(self.targets), 1)
        width = min(max(area.width() - _SIDE - 2, 1.0) / n_columns, 76.0)
        height = min(max(area.height() - _HEAD - _FOOT, 1.0) / n_rows, 44.0)
        left, top = area.left() + _SIDE, area.top() + _HEAD
        return QRectF(left, top, width * n_columns, height * n_rows), width, height

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the cells, what rows and columns are, and the key."""
        if not self.pairs:
            return
        inner, width, height = self._frame(area)
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.muted))
        self._draw_names(painter, area, inner, width, height)
        for i, source in enumerate(self.sources):
            for j, target in enumerate(self.targets):
                pair = self.pairs.get((source, target))
                at = QRectF(inner.left() + j * width, inner.top() + i * height, width, height)
                if pair is not None:
                    gap = 2.0 if min(width, height) > 14 else 0.5 if min(width, height) > 7 else 0.0
                    self._draw_cell(painter, at.adjusted(gap, gap, -gap, -gap), pair)
        self._draw_key(painter, QRectF(area.left(), area.bottom() - _FOOT + 4, area.width(), 32))

    def _draw_names(
        self, painter: QPainter, area: QRectF, inner: QRectF, width: float, height: float
    ) -> None:
        """The languages, thinned out where there is no room for all."""
        metrics = painter.fontMetrics()
        every = ceil(_NAME_WIDTH / width)
        for j in range(0, len(self.targets) - every + 1, every):
            at = QRectF(inner.left() + j * width, area.top(), width * every, _HEAD)
            text = _short(metrics, self.targets[j], at.width())
            where = Qt.AlignmentFlag.AlignLeft if every > 1 else Qt.AlignmentFlag.AlignHCenter
            painter.drawText(at, where | Qt.AlignmentFlag.AlignVCenter, text)
        every = ceil(_NAME_HEIGHT / height)
        for i in range(0, len(self.sources) - every + 1, every):
            at = QRectF(area.left(), inner.top() + i * height, _SIDE - 6, height * every)
            text = _short(metrics, self.sources[i], at.width())
            where = Qt.AlignmentFlag.AlignTop if every > 1 else Qt.AlignmentFlag.AlignVCenter
            painter.drawText(at, where | Qt.AlignmentFlag.AlignRight, text)

    def _brushes(self) -> tuple[QBrush, QBrush, QBrush]:
        """Right, right in another language, wrong: also told apart by hatching."""
        theme = self._theme
        other = QBrush(theme.task_colour(4), Qt.BrushStyle.Dense3Pattern)
        return QBrush(theme.task_colour(0)), other, QBrush(QColor(theme.track))

    def _draw_cell(self, painter: QPainter, at: QRectF, pair: PairShares) -> None:
        if at.width() < _BARRED or at.height() < _BARRED:
            painter.fillRect(at.adjusted(0, 0, 0.5, 0.5), self._mean_colour(pair))
        else:
            self._draw_bar(painter, at, pair)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._chosen in pair.tasks:
            painter.setPen(QPen(QColor(self._theme.accent), 2))
            painter.drawRect(at)
        if not pair.is_taught:
            painter.setPen(QPen(QColor(self._theme.text), 1, Qt.PenStyle.DashLine))
            painter.drawRect(at)

    def _mean_colour(self, pair: PairShares) -> QColor:
        """What a bar too small to be seen would look like from far away."""
        right, other, wrong = (brush.color() for brush in self._brushes())
        not_right = max(1.0 - pair.right, 1e-9)
        rest = mixed(wrong.name(), other.name(), pair.other_language / not_right)
        return mixed(rest.name(), right.name(), pair.right)

    def _draw_bar(self, painter: QPainter, at: QRectF, pair: PairShares) -> None:
        is_numbered = at.width() >= _NUMBERED and at.height() >= 26
        bar = at.adjusted(2, 16, -2, -3) if is_numbered else at
        x = bar.left()
        parts = (pair.right, pair.other_language, pair.wrong)
        for share, brush in zip(parts, self._brushes(), strict=True):
            part = QRectF(x, bar.top(), bar.width() * share, bar.height())
            painter.fillRect(part, brush)
            x = part.right()
        if is_numbered:
            painter.setPen(QColor(self._theme.text))
            head = QRectF(at.left(), at.top(), at.width(), 16)
            painter.drawText(head, Qt.AlignmentFlag.AlignCenter, f"{100 * pair.right:.0f} %")

    def _draw_key(self, painter: QPainter, room: QRectF) -> None:
        names = (tr("right"), tr("other language"), tr("wrong"))
        metrics = painter.fontMetrics()
        x, y = room.left() + 4, room.top()
        entries = [*zip(names, self._brushes(), strict=True), (tr("never taught"), None)]
        for name, brush in entries:
            width = 16 + metrics.horizontalAdvance(name) + 10
            if x + width > room.right() and x > room.left() + 4:
                x, y = room.left() + 4, y + 16
            box = QRectF(x, y + 3, 10, 9)
            if brush is not None:
                painter.fillRect(box, brush)
            else:
                painter.setPen(QPen(QColor(self._theme.text), 1, Qt.PenStyle.DashLine))
                painter.drawRect(box)
            painter.setPen(QColor(self._theme.muted))
            where = QRectF(x + 15, y, width, 15)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, name)
            x += width

    def _pair_at(self, area: QRectF, x: float, y: float) -> PairShares | None:
        inner, width, height = self._frame(area)
        if not self.pairs or not inner.contains(x, y):
            return None
        i, j = int((y - inner.top()) // height), int((x - inner.left()) // width)
        if i >= len(self.sources) or j >= len(self.targets):
            return None
        return self.pairs.get((self.sources[i], self.targets[j]))

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        pair = self._pair_at(area, x, y)
        return pair.in_words() if pair is not None else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look at the examples of a pair."""
        at = event.position()
        pair = self._pair_at(QRectF(self.rect()), at.x(), at.y())
        if pair is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(pair.tasks[0])


def _short(metrics: QFontMetrics, name: str, width: float) -> str:
    text = metrics.elidedText(visible(name), Qt.TextElideMode.ElideRight, int(width))
    return visible(text)
