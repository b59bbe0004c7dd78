"""MarkedText: a text of the user's in lines that break wherever they must, some of it marked."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.spec.text import visible
from workbench.ui.tabs.translate.differences import Stretch
from workbench.ui.widgets.basics import PlainLabel

#: The least width that lines are broken to.
_NARROWEST = 40


class MarkedText(PlainLabel):
    """Words too long for a line go on in the next: languages write numbers in one word.

    It is written from the right where its layout direction says so.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._ranges: list[tuple[int, int]] = []
        self._ground = QColor()
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_text(self, text: str) -> None:
        """Show a text without marks."""
        self.show_stretches([(text, False)], "")

    def show_stretches(self, stretches: Sequence[Stretch], ground: str) -> None:
        """Show a text; its marked stretches are underlined, on a ground of this colour."""
        shown, ranges = "", list[tuple[int, int]]()
        for text, is_marked in stretches:
            before, shown = _units(shown), shown + visible(text)
            if is_marked:
                ranges.append((before, _units(shown) - before))
        if (shown, ranges, QColor(ground)) != (self.text(), self._ranges, self._ground):
            self._ranges, self._ground = ranges, QColor(ground)
            self.setText(shown)
            self.updateGeometry()
            self.update()

    @property
    def marked(self) -> list[str]:
        """The stretches that are marked."""
        units = self.text().encode("utf-16-le")
        return [units[2 * a : 2 * (a + n)].decode("utf-16-le") for a, n in self._ranges]

    def _laid_out(self, width: int) -> QTextLayout:
        layout = QTextLayout(self.text(), self.font())
        option = QTextOption(Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(self.layoutDirection())
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            option.setAlignment(Qt.AlignmentFlag.AlignRight)
        layout.setTextOption(option)
        marks: list[QTextLayout.FormatRange] = []
        for start, length in self._ranges:
            mark = QTextLayout.FormatRange()
            mark.start, mark.length = start, length
            style = QTextCharFormat()
            style.setFontUnderline(True)
            style.setBackground(self._ground)
            mark.format = style
            marks.append(mark)
        layout.setFormats(marks)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, _NARROWEST))
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines at `width`."""
        least = self.fontMetrics().height()
        return max(int(self._laid_out(width).boundingRect().height() + 0.999), least)

    def sizeHint(self) -> QSize:
        """A line; the layout asks for the height at its width."""
        return QSize(_NARROWEST, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        room = self.contentsRect()
        self._laid_out(room.width()).draw(painter, QPointF(room.topLeft()))


def _units(text: str) -> int:
    """The length of a text as Qt counts it, in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
