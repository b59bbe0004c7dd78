"""ImportanceBars: how much of the objective each setting explains."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from workbench.spec.text import visible
from workbench.study.search.definition import short
from workbench.ui.look.theme import Theme
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
from workbench.ui.words.language import translator

tr = translator("Sweep")

_ROW = 32.0


class ImportanceBars(Canvas):
    """A bar for each setting, the largest first; the method is named."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(name, theme, parent)
        self.setMinimumHeight(110)
        self.shares: Mapping[str, float] = {}
        self.reason = ""

    def set_shares(self, shares: Mapping[str, float], reason: str) -> None:
        """Show each setting's share; `reason` says why there is none."""
        self.shares, self.reason = shares, reason
        self.update()

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the bars."""
        theme = self._theme
        painter.fillRect(area, QColor(theme.surface))
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        painter.setPen(QColor(theme.muted))
        title = QRectF(area.left() + 8, area.top() + 4, area.width() - 16, 16)
        painter.drawText(title, Qt.AlignmentFlag.AlignLeft, tr("Importance (fANOVA)"))
        if not self.shares:
            inner = area.adjusted(12, 26, -12, -8)
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(inner, flags, visible(self.reason))
            return
        left, wide = area.left() + 8, area.width() - 60
        for i, (key, share) in enumerate(self.shares.items()):
            top = area.top() + 26 + i * _ROW
            line = QRectF(left, top, area.width() - 16, 14)
            painter.setPen(QColor(theme.text))
            mode = Qt.TextElideMode.ElideMiddle
            words = metrics.elidedText(visible(short(key)), mode, round(line.width()))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
            bar = QRectF(left, top + 16, wide, 8)
            painter.fillRect(bar, QColor(theme.sunken))
            bar.setWidth(max(wide * share, 1.0))
            painter.fillRect(bar, QColor(theme.accent))
            painter.setPen(QColor(theme.muted))
            number = QRectF(left + wide + 6, top + 12, 46, 16)
            painter.drawText(number, Qt.AlignmentFlag.AlignVCenter, f"{100 * share:.0f} %")

    @property
    def table(self) -> Table:
        """Settings and shares."""
        return ["setting", "share"], [[key, share] for key, share in self.shares.items()]
