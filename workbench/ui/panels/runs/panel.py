"""Runs: the history as a table."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QInputDialog,
    QMenu,
    QStackedWidget,
    QTableView,
    QWidget,
)

from workbench.spec.run_row import RunRow
from workbench.ui.look.theme import Theme
from workbench.ui.panels.runs.runs_table import COLUMNS, SORT, RunsTable
from workbench.ui.panels.runs.sparkline import Sparkline
from workbench.ui.widgets.basics import EmptyState, column
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import without_mnemonic

#: By role: its title, and key and title of each method.
Variations = Mapping[str, tuple[str, Sequence[tuple[str, str]]]]

tr = translator("Runs")


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
        self.table.setAccessibleName(tr("Runs"))
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
        empty = EmptyState(tr("No runs yet"), tr("Every run you make is kept and listed here."))
        self._stack = QStackedWidget()
        column(self, (1, 1, 1, 1)).addWidget(self._stack)
        self._stack.addWidget(empty)
        self._stack.addWidget(self.table)

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Show the history."""
        chosen = {row.run_id for row in self.all_selected}
        self._model.set_rows(rows)
        self._stack.setCurrentIndex(1 if rows else 0)
        self._choose_again(chosen)

    def set_live(self, run_id: str, steps: int) -> None:
        """How far the run that goes on is by now."""
        self._model.set_live(run_id, steps)

    @property
    def selected(self) -> RunRow | None:
        """The run chosen in the table."""
        indexes = self.table.selectionModel().selectedRows()
        return self._at(indexes[0]) if indexes else None

    @property
    def all_selected(self) -> list[RunRow]:
        """The runs chosen in the table, the oldest first."""
        rows = [self._at(index) for index in self.table.selectionModel().selectedRows()]
        return sorted(rows, key=lambda row: (row.started, row.run_id))

    def select(self, run_id: str) -> None:
        """Choose a run in the table."""
        for place in self._places({run_id}):
            self.table.selectRow(place.row())

    def _choose_again(self, run_ids: set[str]) -> None:
        how = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for place in self._places(run_ids):
            self.table.selectionModel().select(place, how)

    def _places(self, run_ids: set[str]) -> list[QModelIndex]:
        places = (self._proxy.index(i, 0) for i in range(self._proxy.rowCount()))
        return [place for place in places if self._at(place).run_id in run_ids]

    def _at(self, index: QModelIndex) -> RunRow:
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
            words = tr("Compare these {} runs").format(len(chosen))
            menu.addAction(words, lambda: self.compare_wanted.emit(chosen))
            menu.addSeparator()
        menu.addAction(tr("Show its curves"), lambda: self.opened.emit(row))
        self._add_variations(menu, row)
        menu.addAction(tr("Load its setup"), lambda: self.setup_wanted.emit(row))
        if row.status in ("stopped", "interrupted", "failed", "damaged"):
            menu.addAction(tr("Resume"), lambda: self.resume_wanted.emit(row))
        menu.addSeparator()
        star = tr("Remove star") if row.starred else tr("Star")
        menu.addAction(star, lambda: self.star_wanted.emit(row, not row.starred))
        menu.addAction(tr("Tag…"), lambda: self._ask_tag(row))
        menu.addSeparator()
        menu.addAction(tr("Open folder"), lambda: self.folder_wanted.emit(Path(row.path)))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _add_variations(self, menu: QMenu, row: RunRow) -> None:
        """Offer to make the run again with one thing changed, and compare."""
        again = menu.addMenu(tr("Duplicate with…"))
        for role, (title, methods) in self.variations().items():
            choices = again.addMenu(without_mnemonic(title))
            for key, name in methods:
                choices.addAction(
                    without_mnemonic(name),
                    lambda role=role, key=key: self.variation_wanted.emit(row, role, key),
                )
        again.setEnabled(not again.isEmpty())

    def _ask_tag(self, row: RunRow) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(tr("Tag"))
        dialog.setLabelText(tr("Tag of this run:"))
        dialog.setTextValue(row.tag)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(lambda text: self.tag_wanted.emit(row, text.strip()))
        dialog.open()

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._model.set_theme(theme)
        self._sparkline.set_theme(theme)
        self.table.viewport().update()
