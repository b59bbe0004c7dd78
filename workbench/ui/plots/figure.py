"""Figure: plots on a page of a paper, in a look of its own, as SVG, PDF or PNG.

What is drawn with letters of 11 px on the screen is drawn on a page so many pixels wide that they
come out in the points wanted: a plot keeps its proportions, and a wider page has more room rather
than larger letters.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from workbench.spec.files import write_whole
from workbench.spec.text import csv_bytes, file_stem, visible
from workbench.ui.look.fonts import text_font
from workbench.ui.look.theme import Theme
from workbench.ui.plots.exports import Table, png_bytes
from workbench.ui.plots.figure_style import LETTERS, FigureStyle
from workbench.ui.widgets.basics import task_pen

#: Letters of the title, in pixels of the page.
_TITLE = 13
_MARGIN, _GAP, _SWATCH = 10.0, 8.0, 24.0
_CM_AN_INCH = 2.54

#: Dots an inch of what has no pixels: enough for coordinates to be exact on paper.
_FINE = 1200

#: A line of a legend: a name, its colour and the number of its dash.
Entry = tuple[str, QColor, int]


@runtime_checkable
class Panel(Protocol):
    """A plot that can be drawn on a page."""

    name: str

    def figure_table(self) -> Table:
        """Its numbers."""
        ...

    def hold(self, is_held: bool) -> None:
        """Let no other plot move it, or let it again."""
        ...

    def paint_on_page(self, painter: QPainter, area: QRectF, line_width: float) -> None:
        """Draw it in `area`, in the theme that it has, lines so many times as thick."""
        ...


class Themed(Protocol):
    """What gives plots their colours."""

    @property
    def theme(self) -> Theme:
        """The colours it has."""
        ...

    def set_theme(self, theme: Theme) -> None:
        """Use others."""
        ...


@dataclass(frozen=True, slots=True)
class Figure:
    """Plots, and where each is on a screen; what gives them their colours; title and legend.

    `legend` is asked for in the colours of the page.
    """

    owner: Themed
    panels: Sequence[tuple[Panel, QRectF]]
    title: str = ""
    legend: Callable[[], Sequence[Entry]] = tuple

    def page(self, style: FigureStyle) -> QSizeF:
        """The size of the page, in pixels of a screen with letters of the style's size."""
        width = style.width_px
        if style.height_cm:
            return QSizeF(width, width * style.height_cm / style.width_cm)
        whole = _united(rect for _, rect in self.panels)
        height = (width - 2 * _MARGIN) * whole.height() / max(whole.width(), 1.0)
        return QSizeF(width, height + self._head(width) + 2 * _MARGIN)

    def _head(self, width: float) -> float:
        """Height of title and legend."""
        title = 1.6 * _TITLE if self.title else 0.0
        rows = len(_rows(self.legend(), width - 2 * _MARGIN))
        return title + 1.6 * LETTERS * rows + (_GAP if rows or self.title else 0.0)

    def paint(self, painter: QPainter, style: FigureStyle) -> None:
        """Draw the page, of the size that `page` says."""
        size = self.page(style)
        with dressed(self.owner, style.theme):
            painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(style.theme.surface))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_head(painter, size.width(), style.theme)
            top = self._head(size.width()) + _MARGIN
            room = QRectF(_MARGIN, top, size.width() - 2 * _MARGIN, size.height() - top - _MARGIN)
            whole = _united(rect for _, rect in self.panels)
            across, down = room.width() / whole.width(), room.height() / whole.height()
            with held([panel for panel, _ in self.panels]):
                for panel, rect in self.panels:
                    area = QRectF(
                        room.left() + (rect.left() - whole.left()) * across,
                        room.top() + (rect.top() - whole.top()) * down,
                        rect.width() * across,
                        rect.height() * down,
                    )
                    painter.save()
                    panel.paint_on_page(painter, area, style.line_width)
                    painter.restore()

    def _paint_head(self, painter: QPainter, width: float, theme: Theme) -> None:
        y = _MARGIN
        if self.title:
            painter.setFont(_font(_TITLE, bold=True))
            painter.setPen(QColor(theme.text))
            area = QRectF(_MARGIN, y, width - 2 * _MARGIN, 1.6 * _TITLE)
            words = QFontMetricsF(painter.font()).elidedText(
                visible(self.title), Qt.TextElideMode.ElideMiddle, area.width()
            )
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, words)
            y += 1.6 * _TITLE
        painter.setFont(_font(LETTERS))
        for line in _rows(self.legend(), width - 2 * _MARGIN):
            middle = y + 0.8 * LETTERS
            for x, room, (name, colour, number) in line:
                left = _MARGIN + x
                painter.setPen(task_pen(colour, number, 1.7))
                painter.drawLine(QPointF(left, middle), QPointF(left + _SWATCH, middle))
                painter.setPen(QColor(theme.text))
                text = QRectF(left + _SWATCH + 5, y, room, 1.6 * LETTERS)
                painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, name)
            y += 1.6 * LETTERS

    def svg(self, style: FigureStyle) -> bytes:
        """An SVG of the style's size, whose texts are texts."""
        size, data = self.page(style), QByteArray()
        dots = style.width_px / style.width_cm * _CM_AN_INCH  # pixels of the page an inch
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
        generator.setOutputDevice(buffer)
        generator.setTitle(self.title)
        generator.setResolution(round(dots))
        generator.setSize(_whole(size))
        generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
        self._paint_on(generator, style, 1.0)
        buffer.close()
        return _with_size(bytes(data.data()), size.height() / size.width(), style)

    def pdf(self, style: FigureStyle) -> bytes:
        """A PDF of one page of the style's size."""
        size, data = self.page(style), QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setResolution(_FINE)
        writer.setTitle(self.title)
        millimetres = QSizeF(10 * style.width_cm, 10 * self.height_cm(style))
        exact = QPageSize.SizeMatchPolicy.ExactMatch
        writer.setPageSize(QPageSize(millimetres, QPageSize.Unit.Millimeter, "", exact))
        writer.setPageMargins(QMarginsF())
        self._paint_on(writer, style, writer.width() / size.width())
        buffer.close()
        return bytes(data.data())

    def image(self, style: FigureStyle, dpi: float | None = None) -> QImage:
        """A picture with the style's dots an inch, or so many."""
        size = self.page(style)
        scale = style.width_cm / _CM_AN_INCH * (dpi or style.dpi) / size.width()
        image = QImage(_whole(size * scale), QImage.Format.Format_RGB32)
        image.fill(QColor(style.theme.surface))
        dots = round((dpi or style.dpi) / _CM_AN_INCH * 100)
        self._paint_on(image, style, scale)
        image.setDotsPerMeterX(dots)
        image.setDotsPerMeterY(dots)
        return image

    def height_cm(self, style: FigureStyle) -> float:
        """How high the page is."""
        size = self.page(style)
        return style.width_cm * size.height() / size.width()

    def _paint_on(self, device: Any, style: FigureStyle, scale: float) -> None:
        painter = QPainter(device)
        painter.scale(scale, scale)
        self.paint(painter, style)
        painter.end()

    def write(self, path: Path, style: FigureStyle, *, with_data: bool = False) -> list[Path]:
        """Save as the file's ending says, with its numbers beside it; the files. Raises OSError."""
        kind = path.suffix.lower()
        if kind == ".csv":
            return self._write_tables(path)
        content = {".pdf": self.pdf, ".svg": self.svg}.get(kind)
        write_whole(path, content(style) if content else png_bytes(self.image(style)))
        return [path, *(self._write_tables(path.with_suffix(".csv")) if with_data else ())]

    def _write_tables(self, path: Path) -> list[Path]:
        tables = [(panel.name, panel.figure_table()) for panel, _ in self.panels]
        told = [(name, table) for name, table in tables if len(table[0])]
        written: list[Path] = []
        for name, table in told:
            stem = file_stem(name, "plot")
            place = path if len(told) == 1 else path.with_name(f"{path.stem}-{stem}.csv")
            write_whole(place, csv_bytes(*table))
            written.append(place)
        return written


@contextmanager
def held(panels: Sequence[Panel]) -> Generator[None]:
    """Plots that do not move each other, for as long as they are drawn on a page."""
    for panel in panels:
        panel.hold(True)
    try:
        yield
    finally:
        for panel in panels:
            panel.hold(False)


@contextmanager
def dressed(owner: Themed, theme: Theme) -> Generator[None]:
    """Plots in other colours, for as long as they are drawn on a page."""
    old = owner.theme
    if old is theme:
        yield
        return
    owner.set_theme(theme)
    try:
        yield
    finally:
        owner.set_theme(old)


def _font(pixels: int, *, bold: bool = False) -> QFont:
    font = QFont(text_font())
    font.setPixelSize(pixels)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def _rows(entries: Sequence[Entry], width: float) -> list[list[tuple[float, float, Entry]]]:
    """A legend in rows that fit: of each entry its place, the room of its name, and itself."""
    metrics = QFontMetricsF(_font(LETTERS))
    rows: list[list[tuple[float, float, Entry]]] = []
    x = width
    for name, colour, number in entries:
        most = width - _SWATCH - 5
        words = metrics.elidedText(visible(name), Qt.TextElideMode.ElideMiddle, most)
        room = metrics.horizontalAdvance(words) + 2
        if x + _SWATCH + 5 + room > width:
            rows.append([])
            x = 0.0
        rows[-1].append((x, room, (words, colour, number)))
        x += _SWATCH + 5 + room + 14
    return rows


def _united(rects: Iterator[QRectF]) -> QRectF:
    whole = QRectF()
    for rect in rects:
        whole = whole.united(rect)
    return whole


def _whole(size: QSizeF) -> QSize:
    return QSize(max(round(size.width()), 1), max(round(size.height()), 1))


def _with_size(svg: bytes, aspect: float, style: FigureStyle) -> bytes:
    """The SVG with its size in mm to the hundredth: Qt writes whole ones."""
    head, found, rest = svg.partition(b"viewBox")
    if not found:
        return svg
    start = head.rindex(b"<svg ")
    width, height = 10 * style.width_cm, 10 * style.width_cm * aspect
    size = f'<svg width="{width:.2f}mm" height="{height:.2f}mm"\n '.encode()
    return head[:start] + size + found + rest
