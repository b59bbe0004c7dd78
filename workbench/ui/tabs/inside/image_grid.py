"""ImageGrid: small pictures of examples, task by task, with the answer under each."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QWidget

from workbench.spec.shown.samples import Pictures
from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table

_SIDE, _GAP, _CAPTION, _TITLE = 38.0, 6.0, 14.0, 20.0


class ImageGrid(Canvas):
    """A block a task; the pictures go on in the next line where one is full."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, theme, parent)
        self._blocks: tuple[Pictures, ...] = ()
        self._images: list[list[QImage]] = []
        self.setMinimumSize(120, 60)

    @property
    def blocks(self) -> tuple[Pictures, ...]:
        """What is shown: `view` names the task."""
        return self._blocks

    def set_blocks(self, blocks: Sequence[Pictures]) -> None:
        """Show other pictures."""
        if tuple(blocks) == self._blocks:
            return
        self._blocks = tuple(blocks)
        self._images = [[_image(picture) for picture in block.images] for block in blocks]
        words = [f"{block.view}: {', '.join(filter(None, block.answers))}" for block in blocks]
        self.setAccessibleDescription("; ".join(words))
        self._fit()
        self.update()

    @property
    def table(self) -> Table:
        """Task and answer of each picture, for CSV."""
        rows = [[block.view, answer] for block in self._blocks for answer in block.answers]
        return ["task", "answer"], rows

    def heightForWidth(self, width: int) -> int:
        """The height of all blocks at `width`."""
        per_line = self._per_line(float(width))
        height = 0.0
        for block in self._blocks:
            lines = -(-len(block.images) // per_line)
            height += _TITLE + lines * (_SIDE + _CAPTION + _GAP)
        return int(height) + 4

    def _per_line(self, width: float) -> int:
        return max(int((width + _GAP) // (_SIDE + _GAP)), 1)

    def _fit(self) -> None:
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def resizeEvent(self, event: object) -> None:
        """Another width needs another height."""
        self._fit()

    def sizeHint(self) -> QSize:
        """Room for five in a line."""
        return QSize(int(5 * (_SIDE + _GAP)), 120)

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw every block."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPixelSize(11)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        per_line = self._per_line(area.width())
        y = area.top()
        for block, images in zip(self._blocks, self._images, strict=True):
            painter.setPen(QColor(self._theme.muted))
            where = QRectF(area.left(), y, area.width(), _TITLE - 4)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, visible(block.view))
            y += _TITLE
            for i, image in enumerate(images):
                x = area.left() + (i % per_line) * (_SIDE + _GAP)
                top = y + (i // per_line) * (_SIDE + _CAPTION + _GAP)
                painter.drawImage(QRectF(x, top, _SIDE, _SIDE), image)
                painter.setPen(QColor(self._theme.text))
                room = QRectF(x, top + _SIDE, _SIDE, _CAPTION)
                answer = block.answers[i] if i < len(block.answers) else ""
                text = metrics.elidedText(visible(answer), Qt.TextElideMode.ElideRight, int(_SIDE))
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, visible(text))
            y += -(-len(images) // per_line) * (_SIDE + _CAPTION + _GAP)


def _image(pixels: np.ndarray) -> QImage:
    data = np.ascontiguousarray(pixels)
    height, width = data.shape[:2]
    is_grey = data.ndim == 2
    kind = QImage.Format.Format_Grayscale8 if is_grey else QImage.Format.Format_RGB888
    return QImage(data.tobytes(), width, height, width * (1 if is_grey else 3), kind).copy()
