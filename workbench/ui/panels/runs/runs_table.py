"""RunsTable: the lines of the history as a tree for Qt: groups, and the runs below them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon

from workbench.spec.experiments.flat_settings import Value
from workbench.spec.run_row import RunRow
from workbench.ui.look.icons import icon
from workbench.ui.look.run_colours import run_colour
from workbench.ui.look.theme import Theme
from workbench.ui.model.history.run_line import Line, is_measured
from workbench.ui.model.history.run_list import RunList
from workbench.ui.panels.runs import line_words
from workbench.ui.panels.runs.columns import COLUMNS, cell_text, is_left, meaning_of, title_of
from workbench.ui.panels.runs.sparkline import CURVE
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import hint

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

tr = translator("Runs")


class RunsTable(QAbstractItemModel):
    """The lines as `list` has them; a row below the root is a group or a run.

    The number that Qt keeps for an index is 0 at the top, and below a group its row plus 1.
    """

    #: The lines are others, or the same with other cells.
    shown_changed = Signal()

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.list = RunList()
        self.columns: list[str] = [key for key, _ in COLUMNS]
        #: The number of the colour that an eye is open in, by the line's key; None: closed.
        self.number_of: Callable[[str], int | None] = lambda _: None
        self._live: dict[str, int] = {}
        self._shape: Sequence[tuple[tuple[str, str], ...]] = []
        self._lines: list[Line] = []
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self._star: QIcon = icon("starred", theme, theme.warning, 14)
        self._no_star: QIcon = icon("star", theme, theme.faint, 14)
        self._closed: QIcon = icon("eye-closed", theme, theme.faint, 14)
        self._pin: QIcon = icon("pin", theme, theme.accent, 14)
        self.eyes = [icon("eye", theme, run_colour(theme, i), 15) for i in range(6)]
        self._colours = {
            "done": QColor(theme.good),
            "running": QColor(theme.accent),
            "failed": QColor(theme.danger),
            "diverged": QColor(theme.danger),
            "stopped": QColor(theme.muted),
            "interrupted": QColor(theme.warning),
            "damaged": QColor(theme.danger),
        }

    # --- what is shown -------------------------------------------------------------------

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Show another history."""
        self.list.set_rows(rows)
        self.show_lines()

    def set_settings(self, settings: Mapping[str, Mapping[str, Value]]) -> None:
        """Take in the settings of the runs, by path."""
        self.list.set_settings(settings)
        self.show_lines()

    def set_columns(self, columns: Sequence[str]) -> None:
        """Show other columns."""
        if list(columns) != self.columns:
            self.beginResetModel()
            self.columns = list(columns)
            self.endResetModel()

    def show_lines(self) -> None:
        """Show the lines as they are by now; where they are the same, their cells alone."""
        lines = self.list.lines
        if lines is self._lines:
            self.cells_changed()
            self.shown_changed.emit()
            return
        shape = [(line.key, *(child.key for child in line.children)) for line in lines]
        if shape == self._shape:
            self._lines = lines
            self.cells_changed()
        else:
            self.beginResetModel()
            self._lines, self._shape = lines, shape
            self.endResetModel()
        self.shown_changed.emit()

    def cells_changed(self) -> None:
        """Have what is seen drawn again: for more than one cell a view draws all that it shows."""
        if self._lines:
            last = self.index(len(self._lines) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def set_live(self, steps: Mapping[str, int]) -> None:
        """How far the runs that go on are by now, by id, which the history does not know yet."""
        moved = {run_id for run_id, at in steps.items() if self._live.get(run_id) != at}
        self._live = dict(steps)
        if "steps" not in self.columns or not moved:
            return
        for place in self.places(lambda line: _id_of(line) in moved):
            cell = place.siblingAtColumn(self.columns.index("steps"))
            self.dataChanged.emit(cell, cell, [Qt.ItemDataRole.DisplayRole])

    def places(self, is_meant: Callable[[Line], bool]) -> list[QModelIndex]:
        """The first cells of the lines that are meant."""
        places: list[QModelIndex] = []
        for i, line in enumerate(self._lines):
            if is_meant(line):
                places.append(self.index(i, 0))
            if line.children:
                group = self.index(i, 0)
                below = enumerate(line.children)
                places += [self.index(j, 0, group) for j, child in below if is_meant(child)]
        return places

    def line_at(self, index: Index) -> Line:
        """The group or the run of an index."""
        group = index.internalId()
        if group:
            return self._lines[group - 1].children[index.row()]
        return self._lines[index.row()]

    # --- Qt's questions ------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        """The index of a cell."""
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, child: Index = _ROOT) -> Any:
        """The group of a run; nothing for what stands at the top."""
        group = child.internalId() if child.isValid() else 0
        return self.createIndex(group - 1, 0, 0) if group else QModelIndex()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many lines there are, or runs in a group."""
        if not parent.isValid():
            return len(self._lines)
        if parent.internalId() or parent.column() > 0:
            return 0
        return len(self._lines[parent.row()].children)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns there are."""
        del parent
        return len(self.columns)

    def hasChildren(self, parent: Index = _ROOT) -> bool:
        """Whether a line opens: asked of every line, and cheaper than to count."""
        return self.rowCount(parent) > 0

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; what has no value there stays last."""
        if 0 <= column < len(self.columns):
            self.list.set_order(self.columns[column], order == Qt.SortOrder.DescendingOrder)
            self.show_lines()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The titles of the columns, and what they mean."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        key = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return title_of(key)
        if role == Qt.ItemDataRole.ToolTipRole and (words := meaning_of(key)):
            return hint(words)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(is_left(key, self._example(key)))
        return None

    def _example(self, key: str) -> Any:
        """What one of the runs has in a column: a column of words has its title at the left."""
        cells = (run.settings.get(key) for run in self.list.shown[:20])
        return next((cell for cell in cells if cell is not None), None)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, and looks like."""
        line, key = self.line_at(index), self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, key)
        if role == CURVE:
            return line.curve if key == "curve" else None
        if role == Qt.ItemDataRole.DecorationRole:
            return self._decoration(line, key)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(is_left(key, line.value(key)))
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(line, key)
        if role == Qt.ItemDataRole.ToolTipRole:
            return line_words.tooltip(line, key)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line_words.accessible(line, key, self.number_of(line_words.overlay_key(line)))
        return None

    def _text(self, line: Line, key: str) -> str:
        if key == "steps" and self._live and _is_running(line) and _id_of(line) in self._live:
            return cell_text(key, self._live[_id_of(line)])
        if line.run is None and (words := line_words.of_group(line, key, self.list.group_by)):
            return words
        return cell_text(key, line.value(key))

    def _decoration(self, line: Line, key: str) -> QIcon | None:
        if key == "starred":
            return self._star if line.value(key) else self._no_star
        if key == "shown":
            number = self.number_of(line_words.overlay_key(line))
            return self._closed if number is None else self.eyes[number]
        if key == "name" and any(run.row.pinned for run in line.runs):
            return self._pin
        return None

    def _colour(self, line: Line, key: str) -> QColor | None:
        if key == "status":
            return self._colours.get(str(line.value(key)))
        is_missing = line.value(key) is None and (is_measured(key) or "." in key)
        return QColor(self._theme.faint) if is_missing else None


def _id_of(line: Line) -> str:
    return line.run.row.run_id if line.run is not None else ""


def _is_running(line: Line) -> bool:
    return line.run is not None and line.run.row.status == "running"


def _side(is_at_left: bool) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if is_at_left else Qt.AlignmentFlag.AlignRight
    return Qt.AlignmentFlag.AlignVCenter | side
