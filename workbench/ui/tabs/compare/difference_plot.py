"""DifferencePlot: every experiment minus the baseline, with its interval: a forest plot."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from workbench.spec.text import visible
from workbench.study.comparison.experiments import Comparison, Difference, Figure, Finding
from workbench.study.comparison.sentences import digits, finding_in_words, sentence, what
from workbench.ui.look.theme import Theme
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.exports import Table
from workbench.ui.tabs.compare.words import number, p_value, say
from workbench.ui.words.language import translator

tr = translator("DifferencePlot")

_ROW, _FOOT, _MARGIN = 24.0, 38.0, 10.0
#: The share of the width that names take at most, and room for a number and a finding.
_NAMES, _NUMBERS = 0.3, 190.0
#: Intervals so much longer than every mean run off the scale: the means must stay apart.
_LONGEST = 6.0


@dataclass(frozen=True, slots=True)
class Line:
    """An experiment and its difference."""

    name: str
    place: int
    difference: Difference


class DifferencePlot(Canvas):
    """A line an experiment, what gains most on top."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Differences from the baseline"), theme)
        self._lines: list[Line] = []
        self._comparison: Comparison | None = None
        self._figure: Figure | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_comparison(self, comparison: Comparison, figure: Figure) -> None:
        """Show the differences in a figure."""
        self._comparison, self._figure = comparison, figure
        sign = -1 if figure.higher_is_better else 1
        differences = zip(comparison.experiments, comparison.differences(figure), strict=True)
        lines = [
            Line(each.name, i, difference)
            for i, (each, difference) in enumerate(differences)
            if difference is not None
        ]
        self._lines = sorted(lines, key=lambda line: _order(line, sign))
        texts = (f"{line.name} {_number(line.difference)}" for line in self._lines)
        self.setAccessibleDescription("; ".join(texts))
        self.setMinimumHeight(int(len(self._lines) * _ROW + _FOOT + 2 * _MARGIN))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for every line."""
        return QSize(400, self.minimumHeight())

    @property
    def table(self) -> Table:
        """The numbers, for CSV."""
        rows: list[list[object]] = []
        for line in self._lines:
            d, known = line.difference, line.difference.estimate
            numbers = (known.mean, known.low, known.high, known.n) if known else ("",) * 4
            rows.append([line.name, *numbers, d.p_t, d.p_wilcoxon, d.finding.value])
        head = ["experiment", "difference", "low", "high", "seeds", "p_t", "p_wilcoxon", "finding"]
        return head, rows

    def _plot(self, area: QRectF) -> QRectF:
        """Where the lines are drawn, between names and numbers."""
        metrics = QFontMetricsF(self._font(12))
        widest = max((metrics.horizontalAdvance(line.name) for line in self._lines), default=0.0)
        left = min(widest + 22, area.width() * _NAMES)
        right = _NUMBERS if area.width() > 520 else 70.0
        return area.adjusted(left + _MARGIN, _MARGIN, -right, -_FOOT - _MARGIN)

    def _font(self, pixels: int) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        return font

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw in `area`, for the screen or for a file."""
        comparison, figure = self._comparison, self._figure
        if comparison is None or figure is None or not self._lines:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot, limit = self._plot(area), self._limit()
        height = min(plot.height() / len(self._lines), 2 * _ROW)
        plot.setHeight(height * len(self._lines))
        self._draw_scale(painter, plot, limit, comparison, figure)
        painter.setFont(self._font(12))
        for i, line in enumerate(self._lines):
            row = QRectF(area.left(), plot.top() + i * height, area.width(), height)
            self._draw_line(painter, row, plot, limit, line)

    def _limit(self) -> float:
        """The difference at the ends of the scale: a round number that holds most intervals."""
        known = [e for line in self._lines if (e := line.difference.estimate) is not None]
        means = max((abs(each.mean) for each in known), default=0.0)
        ends = [abs(end) for each in known for end in (each.low, each.high) if end is not None]
        longest = max(ends, default=0.0)
        needed = max(means, min(longest, _LONGEST * means) if means else longest) * 1.08
        if needed <= 0:
            return 1.0
        needed = min(needed, 1e300)
        power = 10.0 ** (len(f"{int(needed)}") if needed >= 1 else 0)
        while power / 10 >= needed:
            power /= 10
        return next(part * power for part in (0.1, 0.2, 0.5, 1.0) if part * power >= needed)

    def _draw_scale(
        self, painter: QPainter, plot: QRectF, limit: float, comparison: Comparison, figure: Figure
    ) -> None:
        theme = self._theme
        painter.setFont(self._font(11))
        for share in (-1.0, -0.5, 0.0, 0.5, 1.0):
            x = plot.center().x() + share * plot.width() / 2
            painter.setPen(QPen(QColor(theme.control if share == 0 else theme.line), 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            if share in (-1.0, 0.0, 1.0) or plot.width() > 260:
                painter.setPen(QColor(theme.muted))
                text = f"{share * limit:+g}".replace("-", "−") if share else "0"
                where = QRectF(x - 40, plot.bottom() + 3, 80, 15)
                painter.drawText(where, Qt.AlignmentFlag.AlignHCenter, text)
        base = comparison.experiments[comparison.base].name
        way = tr("better →") if figure.higher_is_better else tr("← better")
        words = tr("{what}: difference from {base}, 95 % interval ({way})")
        title = words.format(what=what(figure, say), base=base, way=way)
        where = QRectF(plot.left() - 160, plot.bottom() + 19, plot.width() + 320, 16)
        metrics = QFontMetricsF(painter.font())
        title = metrics.elidedText(visible(title), Qt.TextElideMode.ElideMiddle, where.width())
        painter.drawText(where, Qt.AlignmentFlag.AlignHCenter, title)

    def _draw_line(
        self, painter: QPainter, row: QRectF, plot: QRectF, limit: float, line: Line
    ) -> None:
        theme, difference = self._theme, line.difference
        metrics = QFontMetricsF(painter.font())
        room = plot.left() - row.left() - 2 * _MARGIN
        name = metrics.elidedText(visible(line.name), Qt.TextElideMode.ElideMiddle, room)
        painter.setPen(QColor(theme.text))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(row.adjusted(_MARGIN, 0, 0, 0), side, name)
        colours = {Finding.BETTER: theme.good, Finding.WORSE: theme.danger}
        colour = QColor(colours.get(difference.finding, theme.muted))
        known = difference.estimate
        if known is not None:
            self._draw_interval(painter, row.center().y(), plot, limit, difference, colour)
        painter.setPen(colour)
        where = QRectF(plot.right() + 12, row.top(), row.right() - plot.right() - 14, row.height())
        text = _number(difference)
        if known is None or where.width() > 120:
            words = finding_in_words(difference.finding, say)
            text = words if known is None else f"{text}  {words}"
        painter.drawText(
            where, side, metrics.elidedText(text, Qt.TextElideMode.ElideRight, where.width())
        )

    def _draw_interval(
        self,
        painter: QPainter,
        y: float,
        plot: QRectF,
        limit: float,
        difference: Difference,
        colour: QColor,
    ) -> None:
        known = difference.estimate
        assert known is not None

        def x(value: float) -> float:
            share = min(max(value / limit, -1.02), 1.02)
            return plot.center().x() + share * plot.width() / 2

        painter.setPen(QPen(colour, 1.6))
        if known.low is not None and known.high is not None:
            painter.drawLine(QPointF(x(known.low), y), QPointF(x(known.high), y))
            for end in (known.low, known.high):
                if abs(end) <= 1.02 * limit:
                    painter.drawLine(QPointF(x(end), y - 4), QPointF(x(end), y + 4))
        surface = QColor(self._theme.surface)
        painter.setBrush(colour if known.n > 1 else surface)  # a single seed is a hollow dot
        painter.drawEllipse(QPointF(x(known.mean), y), 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        comparison, figure = self._comparison, self._figure
        if comparison is None or figure is None or not self._lines:
            return ""
        plot = self._plot(area)
        height = min(plot.height() / len(self._lines), 2 * _ROW)
        i = int((y - plot.top()) // height)
        if not 0 <= i < len(self._lines):
            return ""
        line = self._lines[i]
        base = comparison.experiments[comparison.base]
        experiment = comparison.experiments[line.place]
        said = sentence(experiment, base, figure, line.difference, say)
        p = line.difference.p_wilcoxon
        return said if p is None else f"{said}\n" + tr("Wilcoxon: p {}").format(p_value(p))


def _order(line: Line, sign: int) -> tuple[bool, float]:
    known = line.difference.estimate
    return known is None, 0.0 if known is None else sign * known.mean


def _number(difference: Difference) -> str:
    known = difference.estimate
    return "–" if known is None else number(known.mean, max(3, min(digits(known), 6)), "+")
