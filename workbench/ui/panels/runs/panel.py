"""Runs: the history as a table of groups and runs, filtered and with the columns one wants."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, QSettings, Qt, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from workbench.spec.experiments.flat_settings import Value
from workbench.spec.run_row import RunRow
from workbench.study.run_filter import CONTEXT
from workbench.ui.look.theme import Theme
from workbench.ui.model.history.run_line import Line
from workbench.ui.model.history.run_list import BY_EXPERIMENT
from workbench.ui.panels.runs.column_choice import ColumnChoice
from workbench.ui.panels.runs.column_menu import fill_columns, fill_groups
from workbench.ui.panels.runs.filter_bar import FilterBar
from workbench.ui.panels.runs.line_words import group_title, overlay_key, plain_name
from workbench.ui.panels.runs.run_menu import ask_name, fill_run_menu
from workbench.ui.panels.runs.runs_table import RunsTable
from workbench.ui.panels.runs.runs_view import RunsView
from workbench.ui.widgets.basics import EmptyState, column
from workbench.ui.words.language import translated, translator
from workbench.ui.words.plain_text import without_mnemonic

#: By role: its title, and key and title of each method.
Variations = Mapping[str, tuple[str, Sequence[tuple[str, str]]]]

tr = translator("Runs")


class RunsPanel(QWidget):
    """The table with its filter, and what can be done with runs."""

    opened = Signal(object)
    setup_wanted = Signal(object)
    #: What is to be said of runs, by their paths.
    labels_wanted = Signal(object)
    #: These runs, and no others, are the baseline.
    pin_wanted = Signal(object)
    delete_wanted = Signal(object)
    undo_wanted = Signal()
    trash_wanted = Signal()
    #: An eye is to be opened or closed: its key, a title and the runs.
    eye_wanted = Signal(str, str, object)
    eyes_closed = Signal()
    #: The same in the colour of a number.
    colour_wanted = Signal(str, str, object, int)
    folder_wanted = Signal(object)
    #: Runs of one setup are to go on, as one group.
    resume_wanted = Signal(object)
    #: Another run is to go on from this one.
    go_on_wanted = Signal(object)
    trunk_wanted = Signal(object, str)
    #: A run is to be made again exactly.
    again_wanted = Signal(object)
    compare_wanted = Signal(object)
    #: A run is to be made again with another method: the run, the role and the method's key.
    variation_wanted = Signal(object, str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        #: By role: its title, and the methods that a run can be duplicated with.
        self.variations: Callable[[], Variations] = dict
        self.can_undo: Callable[[], bool] = lambda: False
        self.model = RunsTable(theme, self)
        self.table = RunsView(self.model, theme)
        self.bar = FilterBar(theme)
        self._columns = ColumnChoice(self.model)
        empty = EmptyState(tr("No runs yet"), tr("Every run you make is kept and listed here."))
        none = EmptyState(tr("No run is meant by that"), tr("Escape in the filter shows all."))
        self._stack = QStackedWidget()
        layout = column(self, (1, 1, 1, 1), 0)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack)
        for part in (empty, self.table, none):
            self._stack.addWidget(part)
        self.bar.hide()
        self._connect()
        self._make_menus()
        self._say_group()

    def _connect(self) -> None:
        table = self.table
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._menu)
        table.activated.connect(self._open)
        table.star_clicked.connect(self._turn_star)
        table.eye_clicked.connect(self._turn_eye)
        table.eye_pressed.connect(self.turn_eyes)
        table.rename_pressed.connect(self._rename)
        table.delete_pressed.connect(self.delete_chosen)
        self.bar.text_changed.connect(self.set_filter)
        self.bar.field.left.connect(self._go_to_runs)
        self.bar.differs.toggled.connect(self._columns.set_differing)
        self.model.shown_changed.connect(self._say_shown)
        table.header().customContextMenuRequested.connect(self._header_menu)

    def _make_menus(self) -> None:
        columns, groups, more = QMenu(self), QMenu(self), QMenu(self)
        columns.aboutToShow.connect(lambda: self._fill_columns(columns))
        groups.aboutToShow.connect(lambda: self._fill_groups(groups))
        more.aboutToShow.connect(lambda: self._fill_more(more))
        self.bar.columns.setMenu(columns)
        self.bar.group.setMenu(groups)
        self.bar.more.setMenu(more)

    # --- what is shown -------------------------------------------------------------------

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Show the history."""
        self.bar.setVisible(bool(rows))
        self.model.set_rows(rows)

    def set_settings(self, settings: Mapping[str, Mapping[str, Value]]) -> None:
        """Take in the settings of the runs, by path."""
        self.model.set_settings(settings)

    def set_filter(self, text: str) -> None:
        """Show the runs that a text means."""
        self.model.list.set_filter(text)
        self.model.show_lines()

    def set_group(self, group_by: str) -> None:
        """Group by nothing, the experiment, tags, or a setting's path."""
        self.model.list.set_group(group_by)
        self.model.show_lines()
        self._say_group()

    def set_live(self, steps: Mapping[str, int]) -> None:
        """How far the runs that go on are by now, by id."""
        self.model.set_live(steps)

    def set_eyes(self, number_of: Callable[[str], int | None]) -> None:
        """Which eyes are open by now, by what tells the colour's number of a key."""
        self.model.number_of = number_of
        self.table.viewport().update()

    def _say_shown(self) -> None:
        runs = self.model.list
        n_shown, n_all = len(runs.shown), len(runs.runs)
        if runs.refusal is not None:
            self.bar.say(runs.refusal.in_words(partial(translated, CONTEXT)), is_wrong=True)
        elif n_shown < n_all:
            self.bar.say(tr("{} of {} runs").format(f"{n_shown:,}", f"{n_all:,}"))
        else:
            self.bar.say(tr("1 run") if n_all == 1 else tr("{} runs").format(f"{n_all:,}"))
        self._stack.setCurrentIndex(0 if not n_all else 1 if n_shown else 2)

    def _say_group(self) -> None:
        words = group_title(self.model.list.group_by)
        self.bar.group.setText(tr("Group: {}").format(without_mnemonic(words)))

    @property
    def selected(self) -> RunRow | None:
        """The first of the runs chosen in the table."""
        return next((run.row for line in self.table.chosen_lines for run in line.runs), None)

    @property
    def all_selected(self) -> list[RunRow]:
        """The runs chosen in the table, those of groups too, the oldest first."""
        runs = (run.row for line in self.table.chosen_lines for run in line.runs)
        rows = {row.path or row.run_id: row for row in runs}
        return sorted(rows.values(), key=lambda row: (row.started, row.run_id))

    def select(self, run_id: str) -> None:
        """Choose a run in the table, and no other."""
        self.table.clearSelection()
        self.table.choose(self._places({run_id}))

    def _places(self, run_ids: set[str]) -> list[QModelIndex]:
        return self.model.places(
            lambda line: line.run is not None and line.run.row.run_id in run_ids
        )

    # --- what is wanted ------------------------------------------------------------------

    def _open(self, index: QModelIndex) -> None:
        line = self.model.line_at(index)
        if line.run is not None:
            self.opened.emit(line.run.row)

    def _turn_star(self, line: Line) -> None:
        starred = not line.value("starred")
        self.labels_wanted.emit({run.row.path: {"starred": starred} for run in line.runs})

    def _turn_eye(self, line: Line) -> None:
        """Of a group that is no experiment, those of its runs."""
        if line.run is None and self.model.list.group_by != BY_EXPERIMENT:
            for child in line.children:
                self._turn_eye(child)
            return
        rows = [run.row for run in line.runs]
        self.eye_wanted.emit(overlay_key(line), plain_name(line), rows)

    def turn_eyes(self) -> None:
        """Open or close the eyes of what is chosen."""
        for line in self.table.chosen_lines:
            self._turn_eye(line)

    def paint(self, number: int) -> None:
        """Draw what is chosen in the colour of a number."""
        for line in self.table.chosen_lines[:1]:
            rows = [run.row for run in line.runs]
            self.colour_wanted.emit(overlay_key(line), plain_name(line), rows, number)

    def _rename(self) -> None:
        if rows := self.all_selected:
            ask_name(self, rows, self.labels_wanted.emit)

    def delete_chosen(self) -> None:
        """Have the runs that are chosen deleted."""
        if rows := self.all_selected:
            self.delete_wanted.emit(rows)

    def focus_filter(self) -> None:
        """Have the filter typed."""
        if self.bar.isVisible():
            self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.bar.field.selectAll()

    def _go_to_runs(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))

    # --- menus ---------------------------------------------------------------------------

    def _menu(self, at: QPoint) -> None:
        index = self.table.indexAt(at)
        if index.isValid() and (rows := self.all_selected):
            menu = self.menu_of(self.model.line_at(index), rows)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.table.viewport().mapToGlobal(at))

    def menu_of(self, line: Line, rows: Sequence[RunRow]) -> QMenu:
        """What can be done with a line, and with all runs that are chosen."""
        menu = QMenu(self)
        fill_run_menu(menu, self, line, rows)
        return menu

    def _fill_columns(self, menu: QMenu) -> None:
        runs = self.model.list
        fill_columns(menu, self.model.columns, runs.tasks, runs.paths, self._columns.turn)
        menu.addSeparator()
        menu.addAction(tr("Columns as at first"), self._columns.reset)

    def _header_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        self._fill_columns(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.table.header().mapToGlobal(at))

    def _fill_groups(self, menu: QMenu) -> None:
        runs = self.model.list
        fill_groups(menu, runs.group_by, runs.paths, self.set_group)

    def _fill_more(self, menu: QMenu) -> None:
        menu.clear()
        undo = menu.addAction(tr("Undo the last deletion"), self.undo_wanted.emit)
        undo.setEnabled(self.can_undo())
        menu.addAction(tr("Trash…"), self.trash_wanted.emit)
        menu.addSeparator()
        menu.addAction(tr("Open all groups"), self.table.expandAll)
        menu.addAction(tr("Close all groups"), self.table.collapseAll)
        menu.addAction(tr("Close all eyes"), self.eyes_closed.emit)

    # --- kept ----------------------------------------------------------------------------

    def save(self, settings: QSettings) -> None:
        """Keep columns, order and group for the next start."""
        runs = self.model.list
        settings.setValue("runs/group", runs.group_by)
        settings.setValue("runs/sort", runs.sort_by)
        settings.setValue("runs/is_descending", int(runs.is_descending))
        self._columns.save(settings, self.table)

    def restore(self, settings: QSettings) -> None:
        """Have columns, order and group as they were kept."""
        self._columns.restore(settings, self.table)
        group = settings.value("runs/group", BY_EXPERIMENT)
        self.set_group(group if isinstance(group, str) else BY_EXPERIMENT)
        sort = settings.value("runs/sort", "started")
        if sort in self.model.columns:
            is_descending = str(settings.value("runs/is_descending", "1")) == "1"
            order = Qt.SortOrder.DescendingOrder if is_descending else Qt.SortOrder.AscendingOrder
            self.table.sortByColumn(self.model.columns.index(str(sort)), order)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self.model.set_theme(theme)
        self.table.set_theme(theme)
        self.bar.set_theme(theme)
