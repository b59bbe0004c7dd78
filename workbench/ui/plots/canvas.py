"""Canvas: a drawing made by hand that can be saved as SVG, PNG or, in numbers, as CSV."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QContextMenuEvent, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from workbench.spec.files import write_whole
from workbench.spec.text import csv_bytes
from workbench.ui.look.theme import Theme
from workbench.ui.plots.exports import Table, add_exports, png_bytes
from workbench.ui.words.plain_text import hint


class Canvas(QWidget):
    """Draws itself on the screen and on a file alike."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._theme = theme
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self.update()

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw in `area`, for the screen or for a file."""
        raise NotImplementedError

    def paint_on_page(self, painter: QPainter, area: QRectF, line_width: float) -> None:
        """Draw it in `area` of a page; what is drawn by hand keeps the width of its lines."""
        del line_width
        painter.translate(area.topLeft())
        painter.setClipRect(QRectF(QPointF(), area.size()))
        self.draw(painter, QRectF(QPointF(), area.size()))

    def hold(self, is_held: bool) -> None:
        """Nothing else moves it."""

    def figure_table(self) -> Table:
        """The numbers."""
        return self.table

    @property
    def table(self) -> Table:
        """The numbers, for CSV."""
        raise NotImplementedError

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        """What stands at a point of `area`, in words; empty where nothing does."""
        del area, x, y
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw on the screen."""
        painter = QPainter(self)
        self.draw(painter, QRectF(self.rect()))

    def event(self, event: QEvent) -> bool:
        """Explain what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            text = self._explained(QRectF(self.rect()), event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), hint(text), self)
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the exports."""
        menu = QMenu(self)
        add_exports(menu, self, self.name, self.write)
        menu.popup(event.globalPos())
        menu.aboutToHide.connect(menu.deleteLater)

    def write(self, path: Path) -> None:
        """Save as the file's ending says. Raises OSError."""
        size = self.size()
        if path.suffix == ".csv":
            write_whole(path, csv_bytes(*self.table))
        elif path.suffix == ".png":
            image = QImage(size * 2, QImage.Format.Format_ARGB32)
            image.setDevicePixelRatio(2)
            image.fill(QColor(self._theme.surface))
            self._draw_on(image, size)
            write_whole(path, png_bytes(image))
        else:
            data = QByteArray()
            buffer = QBuffer(data)
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            generator = QSvgGenerator()
            generator.setOutputDevice(buffer)
            generator.setSize(size)
            generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
            self._draw_on(generator, size)
            buffer.close()
            write_whole(path, bytes(data.data()))

    def _draw_on(self, device: QImage | QSvgGenerator, size: QSize) -> None:
        painter = QPainter(device)
        self.draw(painter, QRectF(0, 0, size.width(), size.height()))
        painter.end()
