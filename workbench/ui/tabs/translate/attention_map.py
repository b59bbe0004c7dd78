"""AttentionMap: how much each token that is written looks at each place before it."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QComboBox, QWidget

from workbench.spec.shown.written import TranslatedText
from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.model.decimation import Values
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
from workbench.ui.plots.heatmap import mixed
from workbench.ui.tabs.translate.token_strip import piece_words
from workbench.ui.widgets.basics import WheelGuard, column, guard_wheel, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

#: Room for the pieces beside and above the cells.
_SIDE, _HEAD = 64.0, 52.0

#: Cells smaller than this have no piece beside them.
_NAMED = 9.0

tr = translator("Translate")


class AttentionCanvas(Canvas):
    """Rows are tokens that are written, columns the places that can be read."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Attention of the chosen answer"), theme, parent)
        self.rows: tuple[str, ...] = ()
        self.columns: tuple[str, ...] = ()
        self.n_read = 0
        self.weights: Values = np.zeros((0, 0))
        self._chosen = -1
        self.setMinimumSize(140, 110)

    def sizeHint(self) -> QSize:
        """Room for a dozen by a dozen."""
        return QSize(280, 220)

    def show_answer(self, answer: TranslatedText | None, block: int | None) -> None:
        """Show one block of an answer, or the mean of all."""
        if answer is None or not answer.attention.size:
            self.rows, self.columns, self.weights = (), (), np.zeros((0, 0))
        else:
            written = tuple(token.piece for token in answer.tokens)
            chosen = answer.attention if block is None else answer.attention[block : block + 1]
            self.weights = np.asarray(chosen, dtype=np.float64).mean(axis=0)
            self.rows, self.columns = written, (*answer.read, *written)
            self.n_read = len(answer.read)
        self.setAccessibleDescription(self.in_words())
        self.update()

    def set_chosen(self, at: int) -> None:
        """Mark the row of a token."""
        self._chosen = at
        self.update()

    def in_words(self) -> str:
        """Where each token looks most."""
        words: list[str] = []
        for piece, weights in zip(self.rows, self.weights, strict=True):
            if weights.size and weights.max() > 0:
                at = int(weights.argmax())
                sentence = tr("{} looks most at {} ({})")
                share = f"{100 * weights[at]:.0f} %"
                column = piece_words(self.columns[at])
                words.append(sentence.format(piece_words(piece), column, share))
        return "; ".join(words)

    @property
    def table(self) -> Table:
        """The weights, for CSV."""
        rows = [
            [piece, *weights]
            for piece, weights in zip(self.rows, self.weights.tolist(), strict=True)
        ]
        return ["written", *self.columns], rows

    def _frame(self, area: QRectF) -> tuple[QRectF, float, float]:
        """The cells' area, and a cell's width and height."""
        n_rows, n_columns = max(len(self.rows), 1), max(len(self.columns), 1)
        width = min((area.width() - _SIDE - 2) / n_columns, 36.0)
        height = min((area.height() - _HEAD - 2) / n_rows, 30.0)
        left, top = area.left() + _SIDE, area.top() + _HEAD
        return QRectF(left, top, width * n_columns, height * n_rows), width, height

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the weights, and the pieces where there is room."""
        if not self.rows:
            return
        inner, width, height = self._frame(area)
        font = QFont(self.font())
        font.setPixelSize(10)
        painter.setFont(font)
        self._draw_pieces(painter, inner, width, height, QFontMetrics(font))
        most = float(self.weights.max()) or 1.0
        for i in range(len(self.rows)):
            for j in range(len(self.columns)):
                share = float(self.weights[i, j]) / most
                at = QRectF(inner.left() + j * width, inner.top() + i * height, width, height)
                if j < self.n_read + i:
                    colour = mixed(self._theme.heat_low, self._theme.heat_high, share)
                    painter.fillRect(at.adjusted(0.5, 0.5, -0.5, -0.5), colour)
        painter.setPen(QColor(self._theme.muted))
        x = inner.left() + self.n_read * width
        painter.drawLine(int(x), int(inner.top() - 3), int(x), int(inner.bottom()))
        if 0 <= self._chosen < len(self.rows):
            painter.setPen(QColor(self._theme.accent))
            top = inner.top() + self._chosen * height
            painter.drawRect(QRectF(inner.left(), top, inner.width(), height))

    def _draw_pieces(
        self, painter: QPainter, inner: QRectF, width: float, height: float, metrics: QFontMetrics
    ) -> None:
        painter.setPen(QColor(self._theme.muted))
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for i, piece in enumerate(self.rows if height >= _NAMED else ()):
            where = QRectF(inner.left() - _SIDE, inner.top() + i * height, _SIDE - 5, height)
            painter.drawText(where, align, _short(metrics, piece, _SIDE - 8))
        for j, piece in enumerate(self.columns if width >= _NAMED else ()):
            painter.save()
            painter.translate(inner.left() + j * width, inner.top() - 4)
            painter.rotate(-90)
            where = QRectF(0, 0, _HEAD - 6, width)
            painter.drawText(
                where, Qt.AlignmentFlag.AlignVCenter, _short(metrics, piece, _HEAD - 8)
            )
            painter.restore()

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        inner, width, height = self._frame(area)
        if not self.rows or not inner.contains(x, y):
            return ""
        i, j = int((y - inner.top()) // height), int((x - inner.left()) // width)
        if not (i < len(self.rows) and j < len(self.columns)) or j >= self.n_read + i:
            return ""
        sentence = tr("{} gives {} of its attention to {}")
        share = f"{100 * self.weights[i, j]:.1f} %"
        return sentence.format(piece_words(self.rows[i]), share, piece_words(self.columns[j]))


class AttentionMap(QWidget):
    """The map with a box for the block that is shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._answer: TranslatedText | None = None
        self.canvas = AttentionCanvas(theme)
        self.block = QComboBox()
        self.block.setObjectName("translate.block")
        words = tr("Which block of the network is shown")
        self.block.setAccessibleName(words)
        set_hint(self.block, words)
        guard_wheel(WheelGuard(self), self.block)
        self.block.activated.connect(self._draw)
        self.note = label("", "hint", wraps=True)
        layout = column(self, (8, 0, 0, 4), 4)
        layout.addLayout(row(label(tr("Attention"), "section"), 1, self.block))
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.note)
        self.show_answer(None)

    def show_answer(self, answer: TranslatedText | None) -> None:
        """Show another answer's attention."""
        self._answer = answer
        n = len(answer.attention) if answer is not None and answer.attention.size else 0
        if self.block.count() != n + 1:
            self.block.clear()
            self.block.addItem(tr("All blocks"), None)
            for i in range(n):
                self.block.addItem(tr("Block {}").format(i + 1), i)
        self.block.setVisible(n > 1)
        if answer is None:
            self.note.setText(tr("Where an answer's tokens look is drawn here once it is there."))
        elif not n:
            self.note.setText(tr("This model has no attention to draw."))
        else:
            self.note.setText(tr("↓ written, → read | written before"))
        self._draw()

    def _draw(self, *_: object) -> None:
        self.canvas.show_answer(self._answer, self.block.currentData())

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self.canvas.set_theme(theme)


def _short(metrics: QFontMetrics, piece: str, width: float) -> str:
    text = visible(piece_words(piece))
    return visible(metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width)))
