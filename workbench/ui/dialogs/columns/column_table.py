"""ColumnTable: the columns of a file to be sorted, searched and changed, one or several at once."""

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QItemSelectionRange, QModelIndex, QPoint, QSortFilterProxyModel, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableView,
    QWidget,
)

from workbench.ui.dialogs.columns.column_cells import ChoiceCell, HistogramCell, NameCell
from workbench.ui.dialogs.columns.column_model import (
    DISTINCT,
    MISSING,
    NAME,
    OFFER_ROLE,
    SEARCH_ROLE,
    SORT_ROLE,
    SPREAD,
    TYPE,
    USE,
    ColumnModel,
)
from workbench.ui.dialogs.data_choice import DataChoice
from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import column, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint, without_mnemonic

tr = translator("BringData")

#: Widths of the columns before anybody changes them, in pixels; the remark has the rest.
_WIDTHS = {NAME: 150, TYPE: 118, USE: 132, MISSING: 70, DISTINCT: 72, SPREAD: 112}
_OPENING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


def table_view(name: str, table: QTableView | None = None) -> QTableView:
    """A table in the dialog's look."""
    table = table or QTableView()
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.verticalHeader().setDefaultSectionSize(26)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)  # Tab leaves the table, as it leaves every other part
    return table


class _View(QTableView):
    """A table whose cells open by Enter, Space or a click, where they can be changed."""

    def __init__(self) -> None:
        super().__init__()
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed)
        self.clicked.connect(self._open)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open a cell; every other key is Qt's."""
        is_plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if is_plain and event.key() in _OPENING_KEYS and self._open(self.currentIndex()):
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> bool:
        is_free = self.state() != QAbstractItemView.State.EditingState
        is_one = sum(part.height() for part in _parts(self)) <= 1
        if not (is_free and is_one and index.flags() & Qt.ItemFlag.ItemIsEditable):
            return False
        self.edit(index)
        return True


def _parts(view: QTableView) -> list[QItemSelectionRange]:
    """The stretches of rows that are selected."""
    return list(cast("Iterable[QItemSelectionRange]", view.selectionModel().selection()))


class ColumnTable(QWidget):
    """A search, what is done to the selected columns, and the table itself."""

    def __init__(self, theme: Theme, model: ColumnModel) -> None:
        super().__init__()
        self.model = model
        self.proxy = QSortFilterProxyModel(self)
        self.proxy.setSourceModel(model)
        self.proxy.setSortRole(SORT_ROLE)
        self.proxy.setFilterRole(SEARCH_ROLE)
        self.proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        # A row does not leave its place, nor the table, because something in it is changed.
        self.proxy.setDynamicSortFilter(False)
        self.view = self._build_view(theme)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find columns"))
        self.search.setAccessibleName(tr("Find columns by name, type, role or remark"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self.count = label("", "muted")
        self.use_button = self._button(tr("&Role"), USE)
        self.type_button = self._button(tr("&Type"), TYPE)
        set_hint(self.use_button, tr("What the selected columns are for"))
        set_hint(self.type_button, tr("What the selected columns are taken for"))
        self._all = QPushButton(tr("Select &all"))
        self._all.clicked.connect(self.view.selectAll)
        self._bar = QWidget()
        parts = (self.search, self.count, self._all, self.type_button, self.use_button)
        bar = row(*parts, spacing=6)
        bar.setStretch(0, 1)
        self._bar.setLayout(bar)
        layout = column(self, (8, 8, 8, 6), 6)
        layout.addWidget(self._bar)
        layout.addWidget(self.view, 1)
        for signal in (model.dataChanged, model.modelReset):
            signal.connect(self._say_count)
        self.view.selectionModel().selectionChanged.connect(self._say_count)

    def _build_view(self, theme: Theme) -> QTableView:
        view = table_view(tr("Columns of the file"), _View())
        view.setModel(self.proxy)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.verticalHeader().hide()
        view.setItemDelegateForColumn(NAME, NameCell(view))
        for at in (TYPE, USE):
            view.setItemDelegateForColumn(at, ChoiceCell(theme, view))
        view.setItemDelegateForColumn(SPREAD, HistogramCell(theme, view))
        head = view.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        head.setStretchLastSection(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSortIndicatorClearable(True)  # a third click: as they stand in the file
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.setSortingEnabled(True)
        for at, width in _WIDTHS.items():
            view.setColumnWidth(at, width)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        return view

    def _button(self, text: str, at: int) -> QPushButton:
        button, menu = QPushButton(text), QMenu(self)
        menu.aboutToShow.connect(lambda: self._fill(menu, at))
        button.setMenu(menu)
        return button

    def arrange(self, choice: DataChoice) -> None:
        """Show those columns that say something of this kind of file."""
        is_table = choice.facts.family == "table" or choice.facts.has_table_beside
        self.view.setColumnHidden(USE, not choice.has_columns)
        for at in (MISSING, DISTINCT, SPREAD):
            self.view.setColumnHidden(at, not is_table)
        self._bar.setVisible(choice.has_columns)
        self.type_button.setVisible(choice.facts.family == "table")
        self._say_count()

    def _search(self, text: str) -> None:
        self.proxy.setFilterFixedString(text)
        self._say_count()

    def _say_count(self) -> None:
        n, n_all = self.proxy.rowCount(), self.model.rowCount()
        n_chosen = sum(part.height() for part in _parts(self.view))
        words = tr("{} of {} columns").format(f"{n:,}", f"{n_all:,}") if n < n_all else ""
        if n_chosen > 1:
            words = tr("{} selected").format(f"{n_chosen:,}")
        self.count.setText(words)
        self.count.setVisible(bool(words))
        for button in (self.use_button, self.type_button):
            button.setEnabled(n_chosen > 0)

    def rows(self) -> list[int]:
        """The columns that are selected, by their place in the file."""
        # Qt's own list of rows asks for each cell of all of them
        parts = _parts(self.view)
        places = {place for part in parts for place in range(part.top(), part.bottom() + 1)}
        return sorted(self.proxy.mapToSource(self.proxy.index(row, 0)).row() for row in places)

    def offers(self, at: int) -> dict[str, str]:
        """What the selected columns may be made, with words; some may be of others only."""
        offered: dict[str, str] = {}
        for place in self.rows():
            offered.update(dict(self.model.index(place, at).data(OFFER_ROLE)))
        if "leave out" in offered:  # the last, whatever the first column may be
            offered["leave out"] = offered.pop("leave out")
        return offered

    def set_selected(self, at: int, value: str) -> int:
        """Set the type or the role of the selected columns that may have it; how many may."""
        return self.model.set_all(self.rows(), at, value)

    def _fill(self, menu: QMenu, at: int) -> None:
        menu.clear()
        for value, words in self.offers(at).items():
            action = QAction(without_mnemonic(words), menu)
            action.triggered.connect(lambda _=False, value=value: self.set_selected(at, value))
            menu.addAction(action)

    def _show_menu(self, place: QPoint) -> None:
        if not self.rows():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for title, at in ((tr("&Role"), USE), (tr("&Type"), TYPE)):
            if self.offers(at):
                part = menu.addMenu(title)
                self._fill(part, at)
        if not menu.isEmpty():
            menu.popup(self.view.viewport().mapToGlobal(place))
