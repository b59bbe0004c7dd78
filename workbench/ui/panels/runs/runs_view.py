"""RunsView: the tree of runs as it is drawn and worked by mouse and keys."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView

from workbench.ui.look.theme import Theme
from workbench.ui.model.history.run_line import Line
from workbench.ui.panels.runs.columns import width_of
from workbench.ui.panels.runs.runs_table import RunsTable
from workbench.ui.panels.runs.sparkline import Sparkline
from workbench.ui.words.language import translator

#: The name takes the room that the other columns leave, and has at least so much.
_NARROWEST_NAME = 170

tr = translator("Runs")


class RunsView(QTreeView):
    """Keeps what is chosen and open when the lines are others; columns keep their widths."""

    #: A cell of these columns was clicked.
    star_clicked = Signal(object)
    eye_clicked = Signal(object)
    #: Keys: Delete, F2 and Space.
    delete_pressed = Signal()
    rename_pressed = Signal()
    eye_pressed = Signal()

    def __init__(self, model: RunsTable, theme: Theme) -> None:
        super().__init__()
        self._model = model
        self._sparkline = Sparkline(theme, self)
        self.widths: dict[str, int] = {}
        self._chosen: set[tuple[str, str]] = set()
        self._open: set[tuple[str, str]] = set()
        self._is_setting = False
        self.setObjectName("runsTable")
        self.setAccessibleName(tr("Runs"))
        self.setModel(model)
        self.setUniformRowHeights(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setAllColumnsShowFocus(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setIndentation(16)
        header = self.header()
        header.setHighlightSections(False)
        header.setStretchLastSection(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(28)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.sectionResized.connect(self._note_width)
        self.clicked.connect(self._click)
        self.expanded.connect(self._note_open)
        self.collapsed.connect(self._note_closed)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._recall)
        self._place_columns()
        self.setSortingEnabled(True)
        self.sortByColumn(model.columns.index("started"), Qt.SortOrder.DescendingOrder)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._sparkline.set_theme(theme)
        self.viewport().update()

    @property
    def chosen_lines(self) -> list[Line]:
        """The groups and runs that are chosen."""
        return [self._model.line_at(index) for index in self.selectionModel().selectedRows()]

    def choose(self, places: Sequence[QModelIndex]) -> None:
        """Choose lines beside those that are chosen."""
        how = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        selection = QItemSelection()
        for place in places:
            selection.select(place, place)
        self.selectionModel().select(selection, how)

    def _remember(self) -> None:
        """Before the lines are others."""
        self._chosen = {line.key for line in self.chosen_lines}

    def _note_open(self, index: QModelIndex) -> None:
        self._open.add(self._model.line_at(index).key)

    def _note_closed(self, index: QModelIndex) -> None:
        self._open.discard(self._model.line_at(index).key)

    def _recall(self) -> None:
        if self._open:
            for place in self._model.places(lambda line: line.key in self._open):
                self.setExpanded(place, True)
        if self._chosen:
            places = self._model.places(lambda line: line.key in self._chosen)
            self.choose(places)
            if places:
                how = QItemSelectionModel.SelectionFlag.NoUpdate
                self.selectionModel().setCurrentIndex(places[0], how)
        self._place_columns()

    # --- columns -------------------------------------------------------------------------

    def _place_columns(self) -> None:
        keys = self._model.columns
        self._is_setting = True
        for i, key in enumerate(keys):
            self.header().resizeSection(i, self.widths.get(key, width_of(key)))
            self.setItemDelegateForColumn(i, self._sparkline if key == "curve" else None)  # pyright: ignore[reportArgumentType] - Qt's null
        self._is_setting = False
        if "name" in keys:
            self.setTreePosition(keys.index("name"))
        self._fit_name()

    def _note_width(self, section: int, _: int, width: int) -> None:
        if not self._is_setting and section < len(self._model.columns):
            self.widths[self._model.columns[section]] = width

    def _fit_name(self) -> None:
        """Give the name what the others leave, unless the user gave it a width."""
        keys = self._model.columns
        if "name" not in keys or "name" in self.widths:
            return
        place = keys.index("name")
        others = self.header().length() - self.header().sectionSize(place)
        self._is_setting = True
        room = self.viewport().width() - others
        self.header().resizeSection(place, max(room, _NARROWEST_NAME))
        self._is_setting = False

    @property
    def columns_in_sight(self) -> list[str]:
        """The columns in the order in which the user put them."""
        header = self.header()
        return [self._model.columns[header.logicalIndex(i)] for i in range(header.count())]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name's column follows the width."""
        super().resizeEvent(event)
        self._fit_name()

    # --- mouse and keys ------------------------------------------------------------------

    def _click(self, index: QModelIndex) -> None:
        key, line = self._model.columns[index.column()], self._model.line_at(index)
        if key == "starred":
            self.star_clicked.emit(line)
        elif key == "shown":
            self.eye_clicked.emit(line)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two clicks on a star or an eye are two clicks, and open nothing."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._model.columns[index.column()] in ("starred", "shown"):
            self._click(index)
            return
        super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete, F2, Space and Return act on what is chosen."""
        signals = {
            Qt.Key.Key_Delete: self.delete_pressed,
            Qt.Key.Key_F2: self.rename_pressed,
            Qt.Key.Key_Space: self.eye_pressed,
        }
        signal = signals.get(Qt.Key(event.key()))
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if signal is not None and is_plain and self.chosen_lines:
            signal.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._turns_group():
            return
        else:
            super().keyPressEvent(event)

    def _turns_group(self) -> bool:
        """Open or close the group under the cursor, if there is one."""
        index = self.currentIndex()
        if not index.isValid() or not self._model.line_at(index).children:
            return False
        first = index.siblingAtColumn(0)
        self.setExpanded(first, not self.isExpanded(first))
        return True

    def event(self, event: QEvent) -> bool:
        """Keys that act on runs are not taken by the window's own shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (Qt.Key.Key_Delete, Qt.Key.Key_F2, Qt.Key.Key_Space)
            if event.key() in keys and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                event.accept()
                return True
        return super().event(event)
