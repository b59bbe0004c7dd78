"""Runs: the history as a table."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QInputDialog,
    QMenu,
    QStackedWidget,
    QTableView,
    QWidget,
)

from workbench.ui.duration import duration
from workbench.ui.history import Row
from workbench.ui.icons import icon
from workbench.ui.sparkline import CURVE, Sparkline
from workbench.ui.theme import Theme
from workbench.ui.widgets import EmptyState, column

#: By role: its title, and key and title of each method.
Variations = Mapping[str, tuple[str, Sequence[tuple[str, str]]]]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
SORT = Qt.ItemDataRole.UserRole

#: Columns: key and width in pixels.
COLUMNS = (
    ("starred", 34),
    ("name", 210),
    ("seed", 52),
    ("status", 96),
    ("curve", 96),
    ("steps", 70),
    ("seconds", 74),
    ("acc", 76),
    ("forgetting", 84),
    ("bwt", 66),
    ("started", 140),
    ("tag", 90),
)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Runs", text)


def _status(status: str) -> str:
    """How a run stands, in words."""
    return {
        "done": _tr("done"),
        "running": _tr("running"),
        "failed": _tr("failed"),
        "diverged": _tr("diverged"),
        "stopped": _tr("stopped"),
        "interrupted": _tr("interrupted"),
    }.get(status, status)


class RunsTable(QAbstractTableModel):
    """The rows of the history."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self._live, self._live_steps = "", 0
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._star: QIcon = icon("starred", theme, theme.warning, 14)
        self._no_star: QIcon = icon("star", theme, theme.faint, 14)
        self._colours = {
            "done": QColor(theme.good),
            "running": QColor(theme.accent),
            "failed": QColor(theme.danger),
            "diverged": QColor(theme.danger),
            "stopped": QColor(theme.muted),
            "interrupted": QColor(theme.warning),
        }

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show another history."""
        if list(rows) != self._rows:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()

    def set_live(self, run_id: str, steps: int) -> None:
        """How far the run that goes on is by now, which the history does not know yet."""
        if (run_id, steps) == (self._live, self._live_steps):
            return
        self._live, self._live_steps = run_id, steps
        place = [key for key, _ in COLUMNS].index("steps")
        for i, row in enumerate(self._rows):
            if row.run_id == run_id:
                cell = self.index(i, place)
                self.dataChanged.emit(cell, cell, [Qt.ItemDataRole.DisplayRole])

    def _is_live(self, row: Row, key: str) -> bool:
        return key == "steps" and row.status == "running" and row.run_id == self._live

    def row_at(self, index: int) -> Row:
        """The run in a row."""
        return self._rows[index]

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many runs there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The titles of the columns, and what they mean."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        key = COLUMNS[section][0]
        if role == Qt.ItemDataRole.DisplayRole:
            return {
                "starred": "",
                "name": _tr("Run"),
                "seed": _tr("Seed"),
                "status": _tr("Status"),
                "curve": _tr("Scores"),
                "steps": _tr("Steps"),
                "seconds": _tr("Time"),
                "acc": "ACC",
                "forgetting": _tr("Forgetting"),
                "bwt": "BWT",
                "started": _tr("Started"),
                "tag": _tr("Tag"),
            }[key]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(key)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, sorts by and looks like."""
        row, key = self._rows[index.row()], COLUMNS[index.column()][0]
        value: Any = self._live_steps if self._is_live(row, key) else getattr(row, key)
        if role == CURVE:
            return value if key == "curve" else None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(key, value)
        if role == SORT and key == "curve":
            return value[-1] if value else -1e9
        if role == SORT:
            return -1e9 if value is None else value
        if role == Qt.ItemDataRole.DecorationRole and key == "starred":
            return self._star if value else self._no_star
        if role == Qt.ItemDataRole.ForegroundRole and key == "status":
            return self._colours.get(value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(key)
        if role == Qt.ItemDataRole.ToolTipRole:
            words = _tr("Mean validation score of all tasks over the run")
            return row.path if key == "name" else words if key == "curve" else None
        if role == Qt.ItemDataRole.AccessibleTextRole and key == "starred":
            return _tr("starred") if value else _tr("not starred")
        return None

    def _alignment(self, key: str) -> Qt.AlignmentFlag:
        if key in ("name", "status", "curve", "started", "tag", "starred"):
            return Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        return Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight

    def _text(self, key: str, value: object) -> str:
        if key in ("starred", "curve"):
            return ""
        if key == "started":
            try:
                return datetime.fromisoformat(str(value)).astimezone().strftime("%Y-%m-%d %H:%M")
            except ValueError:
                return str(value)
        if key == "seconds":
            return duration(value if isinstance(value, float) else None)
        if key == "steps":
            return f"{value:,}"
        if key == "status":
            return _status(str(value))
        if value is None:
            return "–"
        if isinstance(value, float):
            return f"{value:.3f}".replace("-", "−")
        return str(value)


class RunsPanel(QWidget):
    """The table, and what can be done with a run."""

    opened = Signal(object)
    setup_wanted = Signal(object)
    star_wanted = Signal(object, bool)
    tag_wanted = Signal(object, str)
    folder_wanted = Signal(object)
    resume_wanted = Signal(object)
    compare_wanted = Signal(object)
    #: A run is to be made again with another method: the run, the role and the method's key.
    variation_wanted = Signal(object, str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        #: By role: its title, and the methods that a run can be duplicated with.
        self.variations: Callable[[], Variations] = dict
        self._model = RunsTable(theme)
        self._sparkline = Sparkline(theme, self)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self._model)
        self._proxy.setSortRole(SORT)
        self.table = QTableView()
        self.table.setObjectName("runsTable")
        self.table.setAccessibleName(_tr("Runs"))
        self.table.setModel(self._proxy)
        self.table.setSortingEnabled(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(26)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._menu)
        self.table.activated.connect(self._open)
        self.table.clicked.connect(self._click)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        for i, (key, width) in enumerate(COLUMNS):
            header.resizeSection(i, width)
            if key == "curve":
                self.table.setItemDelegateForColumn(i, self._sparkline)
            if key == "name":
                header.setSectionResizeMode(i, QHeaderView.ResizeMode.Stretch)
            if key == "started":
                self.table.sortByColumn(i, Qt.SortOrder.DescendingOrder)
        empty = EmptyState(_tr("No runs yet"), _tr("Every run you make is kept and listed here."))
        self._stack = QStackedWidget()
        column(self, (1, 1, 1, 1)).addWidget(self._stack)
        self._stack.addWidget(empty)
        self._stack.addWidget(self.table)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show the history."""
        chosen = self.selected
        self._model.set_rows(rows)
        self._stack.setCurrentIndex(1 if rows else 0)
        if chosen is not None:
            self.select(chosen.run_id)

    def set_live(self, run_id: str, steps: int) -> None:
        """How far the run that goes on is by now."""
        self._model.set_live(run_id, steps)

    @property
    def selected(self) -> Row | None:
        """The run chosen in the table."""
        found = self.table.selectionModel().selectedRows()
        return self._at(found[0]) if found else None

    @property
    def all_selected(self) -> list[Row]:
        """The runs chosen in the table, the oldest first."""
        found = [self._at(index) for index in self.table.selectionModel().selectedRows()]
        return sorted(found, key=lambda row: (row.started, row.run_id))

    def select(self, run_id: str) -> None:
        """Choose a run in the table."""
        for i in range(self._proxy.rowCount()):
            if self._at(self._proxy.index(i, 0)).run_id == run_id:
                self.table.selectRow(i)

    def _at(self, index: QModelIndex) -> Row:
        return self._model.row_at(self._proxy.mapToSource(index).row())

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._at(index))

    def _click(self, index: QModelIndex) -> None:
        if COLUMNS[index.column()][0] == "starred":
            row = self._at(index)
            self.star_wanted.emit(row, not row.starred)

    def _menu(self, at: QPoint) -> None:
        index = self.table.indexAt(at)
        if not index.isValid():
            return
        row, chosen = self._at(index), self.all_selected
        menu = QMenu(self)
        if len(chosen) > 1:
            words = _tr("Compare these {} runs").format(len(chosen))
            menu.addAction(words, lambda: self.compare_wanted.emit(chosen))
            menu.addSeparator()
        menu.addAction(_tr("Show its curves"), lambda: self.opened.emit(row))
        self._add_variations(menu, row)
        menu.addAction(_tr("Load its setup"), lambda: self.setup_wanted.emit(row))
        if row.status in ("stopped", "interrupted", "failed"):
            menu.addAction(_tr("Resume"), lambda: self.resume_wanted.emit(row))
        menu.addSeparator()
        star = _tr("Remove star") if row.starred else _tr("Star")
        menu.addAction(star, lambda: self.star_wanted.emit(row, not row.starred))
        menu.addAction(_tr("Tag…"), lambda: self._ask_tag(row))
        menu.addSeparator()
        menu.addAction(_tr("Open folder"), lambda: self.folder_wanted.emit(Path(row.path)))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _add_variations(self, menu: QMenu, row: Row) -> None:
        """Offer to make the run again with one thing changed, and compare."""
        again = menu.addMenu(_tr("Duplicate with…"))
        for role, (title, methods) in self.variations().items():
            choices = again.addMenu(title)
            for key, name in methods:
                choices.addAction(
                    name,
                    lambda role=role, key=key: self.variation_wanted.emit(row, role, key),
                )
        again.setEnabled(not again.isEmpty())

    def _ask_tag(self, row: Row) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(_tr("Tag"))
        dialog.setLabelText(_tr("Tag of this run:"))
        dialog.setTextValue(row.tag)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(lambda text: self.tag_wanted.emit(row, text.strip()))
        dialog.open()

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._model.set_theme(theme)
        self._sparkline.set_theme(theme)
        self.table.viewport().update()
