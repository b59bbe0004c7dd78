"""Diagram: a model drawn from its own parts, coloured by task, with what flows between them."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from workbench.spec import event
from workbench.spec.cost import amount
from workbench.spec.structure import Edge, Node, Structure
from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.plots.canvas import Canvas
from workbench.ui.plots.diagram_layout import Box, boxes, levels_of, ports
from workbench.ui.plots.diagram_lines import arc, free_place, line
from workbench.ui.plots.diagram_words import counts_of, draw_words, explained, kind_names
from workbench.ui.plots.exports import Table
from workbench.ui.widgets.basics import task_pen
from workbench.ui.words.language import translator

#: Captions of the levels take this much on the left, where there is room.
_CAPTION, _ROOMY = 74.0, 460.0
#: Numbers are written on the lines into one level where they are no more than these.
_FEW_NUMBERS = 12
_EMPTY = Structure((), (), ())

tr = translator("Diagram")


class Diagram(Canvas):
    """Draws a structure; lines are as strong as the tables say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, is_small: bool = False) -> None:
        super().__init__(tr("Diagram of the model"), theme, parent)
        self.structure = _EMPTY
        self._is_small = is_small
        self._colours: Mapping[str, int] = {}
        self._tables: Mapping[str, event.Table] = {}
        self._hovered = ""
        self._values: dict[Edge, float] = {}

    def set_structure(self, structure: Structure | None, colours: Mapping[str, int]) -> None:
        """Draw another model; `colours` are the numbers of the tasks' colours."""
        if structure == self.structure and colours == self._colours:
            return
        self.structure = structure or _EMPTY
        self._colours = colours
        self._hovered = ""
        self._take_values()

    def set_tables(self, tables: Mapping[str, event.Table]) -> None:
        """Show other numbers on the lines, by the names of their tables."""
        if tables != self._tables:
            self._tables = tables
            self._take_values()

    def _take_values(self) -> None:
        pairs = ((edge, self._value(edge)) for edge in self.structure.edges)
        self._values = {edge: value for edge, value in pairs if np.isfinite(value)}
        self.setAccessibleDescription(self.summary())
        self.update()

    def _value(self, edge: Edge) -> float:
        table = self._tables.get(edge.table)
        if table is None or edge.row not in table.rows or edge.column not in table.columns:
            return float("nan")
        return float(table.values[table.rows.index(edge.row), table.columns.index(edge.column)])

    def summary(self) -> str:
        """The model in words: how many parts of each kind, and how large."""
        names = kind_names()
        parts = [f"{names[kind]}: {count}" for kind, count in counts_of(self.structure).items()]
        size = tr("{} parameters").format(amount(self.structure.parameters))
        return ", ".join([*parts, size]) if parts else ""

    @property
    def table(self) -> Table:
        """A row for each line: from, to, and its number."""
        labels = {node.key: f"{node.kind} {node.label}" for node in self.structure.nodes}
        rows = [
            [labels[e.source], labels[e.target], e.kind, e.table, self._values.get(e, float("nan"))]
            for e in self.structure.edges
        ]
        return ["from", "to", "kind", "table", "value"], rows

    # drawing

    def _places(self, area: QRectF) -> dict[str, Box]:
        caption = self._caption(area)
        margin = 4.0 if self._is_small else 10.0
        inner = area.adjusted(margin + caption, 2, -margin, -2)
        return {
            key: Box(box.x + inner.left(), box.y + inner.top(), box.width, box.height)
            for key, box in boxes(self.structure, inner.width(), inner.height()).items()
        }

    def _caption(self, area: QRectF) -> float:
        return 0.0 if self._is_small or area.width() < _ROOMY else _CAPTION

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Lines first, parts over them."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self._places(area)
        paths = self._paths(places)
        strongest = self._strongest()
        near = self._near()
        for edge in self.structure.edges:
            is_shown = edge.kind != "reads" or self._hovered in (edge.source, edge.target)
            if is_shown and self._is_drawn(edge):
                faded = bool(near) and edge not in near
                self._draw_edge(painter, edge, paths[edge], strongest.get(edge.table, 0.0), faded)
        for node in self.structure.nodes:
            self._draw_node(painter, node, places[node.key])
        if not self._is_small:
            self._draw_numbers(painter, paths, near)
        if self._caption(area):
            self._draw_captions(painter, area, places)

    def _paths(self, places: Mapping[str, Box]) -> dict[Edge, QPainterPath]:
        """The line of every edge."""
        paths = {
            edge: line(places[edge.source], places[edge.target], start_x, end_x)
            for edge, (start_x, end_x) in ports(self.structure, places).items()
        }
        for tie in self.structure.edges:
            if tie.kind == "tie":
                paths[tie] = arc(places[tie.source], places[tie.target])
        return paths

    def _strongest(self) -> dict[str, float]:
        """The largest size of any number in each table."""
        largest: dict[str, float] = {}
        for edge, value in self._values.items():
            largest[edge.table] = max(largest.get(edge.table, 0.0), abs(value))
        return largest

    def _near(self) -> set[Edge]:
        """The lines at the part under the pointer."""
        if not self._hovered:
            return set()
        return {e for e in self.structure.edges if self._hovered in (e.source, e.target)}

    def _is_drawn(self, edge: Edge) -> bool:
        """Every tie of few tasks; of many those between neighbours, or at the pointer."""
        if edge.kind != "tie" or len(self.structure.tasks) <= 4:
            return True
        if self._hovered in (edge.source, edge.target):
            return True
        keys = [node.key for node in self.structure.nodes]
        return abs(keys.index(edge.source) - keys.index(edge.target)) == 1

    def _task_of(self, node: Node) -> str:
        """The task whose part it is, if it is one's."""
        if node.home:
            return node.home
        is_one = len(node.users) == 1 and len(self.structure.tasks) > 1
        return node.users[0] if is_one else ""

    def _draw_edge(
        self,
        painter: QPainter,
        edge: Edge,
        path: QPainterPath,
        strongest: float,
        is_faded: bool,
    ) -> None:
        source, target = self.structure.node(edge.source), self.structure.node(edge.target)
        task = self._task_of(target) or self._task_of(source)
        colour = self._colour(task) if task else QColor(self._theme.control)
        value = self._values.get(edge)
        share = 0.0 if value is None or not strongest else abs(value) / strongest
        width = 1.2 if value is None else 0.7 + (2.3 if self._is_small else 4.3) * share
        alpha = 130 if value is None else 50 + int(190 * share)
        if value is not None and value < 0:
            colour = QColor(self._theme.heat_against)
        colour.setAlpha(alpha // 4 if is_faded else alpha)
        pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        if edge.kind != "flow":
            pen.setDashPattern([3, 3] if edge.kind == "tie" else [1, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _colour(self, task: str) -> QColor:
        return self._theme.task_colour(self._colours.get(task, 0))

    def _draw_node(self, painter: QPainter, node: Node, box: Box) -> None:
        task = self._task_of(node)
        area = QRectF(box.left, box.top, box.width, box.height)
        is_round = node.kind in ("gate", "adapter", "fusion", "head", "input")
        radius = min(box.height / 2, 11.0) if is_round else 5.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.surface))  # lines do not shine through
        painter.drawRoundedRect(area, radius, radius)
        fill = self._colour(task) if task else QColor(self._theme.control)
        is_own = bool(task) and len(node.users) == 1
        fill.setAlpha(0 if node.kind == "input" else 60 if is_own else 30 if task else 44)
        edge = self._colour(task) if task else QColor(self._theme.control)
        pen = task_pen(edge, self._colours.get(task, 0), 1.4) if task else QPen(edge, 1.2)
        if node.key == self._hovered:
            pen.setWidthF(2.2)
        painter.setBrush(fill)
        painter.setPen(pen)
        painter.drawRoundedRect(area, radius, radius)
        if not task:
            self._draw_users(painter, node, area)
        font = QFont(self.font())
        font.setPixelSize(9 if self._is_small else 11)
        painter.setFont(font)
        draw_words(painter, node, area, self._theme, is_shared=not task)

    def _draw_users(self, painter: QPainter, node: Node, area: QRectF) -> None:
        """A shared part shows along its foot whose it is, a piece of colour a task."""
        if len(self.structure.tasks) < 2 or area.height() < 12:
            return
        inner = area.adjusted(9, 0, -9, 0)
        piece = min(inner.width() / max(len(node.users), 1), 22.0)
        left = area.center().x() - piece * len(node.users) / 2
        for i, task in enumerate(node.users):
            painter.setPen(task_pen(self._colour(task), 0, 2.0))
            x = left + i * piece
            y = area.bottom() - 3.5
            painter.drawLine(QPointF(x + 1, y), QPointF(x + piece - 1, y))

    def _draw_numbers(
        self, painter: QPainter, paths: Mapping[Edge, QPainterPath], near: set[Edge]
    ) -> None:
        """The numbers on the lines into each level, where there are few or the pointer is."""
        by_table: dict[str, list[Edge]] = {}
        for edge in self._values:
            if self._is_drawn(edge):
                by_table.setdefault(edge.table, []).append(edge)
        font = QFont(self.font())
        font.setPixelSize(10)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        taken: list[QRectF] = []
        for edges in by_table.values():
            shown = [e for e in edges if e in near] if near else edges
            if len(edges) > _FEW_NUMBERS and not near:
                continue
            for edge in shown:
                text = f"{self._values[edge]:.2f}"
                width = metrics.horizontalAdvance(text) + 6
                area = free_place(paths[edge], width, edge.kind == "tie", taken)
                taken.append(area)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(self._theme.surface))
                painter.drawRoundedRect(area, 4, 4)
                painter.setPen(QColor(self._theme.muted))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, visible(text))

    def _draw_captions(self, painter: QPainter, area: QRectF, places: Mapping[str, Box]) -> None:
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.faint))
        names, heights = kind_names(), {n.level: places[n.key].y for n in self.structure.nodes}
        before = ""
        for level, kinds in levels_of(self.structure).items():
            text = names[kinds[0]]
            if text != before:
                at = QRectF(area.left() + 12, heights[level] - 9, _CAPTION, 18)
                painter.drawText(at, Qt.AlignmentFlag.AlignVCenter, visible(text))
            before = text

    # the pointer

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Bring out what is at the part under the pointer."""
        self._hover(event.position().x(), event.position().y())

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        self._hover(-1, -1)

    def _hover(self, x: float, y: float) -> None:
        places = self._places(QRectF(self.rect()))
        hovered = next((key for key, box in places.items() if box.holds(x, y)), "")
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def _explained(self, area: QRectF, x: float, y: float) -> str:
        places = self._places(area)
        key = next((key for key, box in places.items() if box.holds(x, y)), "")
        if not key:
            return ""
        return explained(self.structure, key, self._values)
