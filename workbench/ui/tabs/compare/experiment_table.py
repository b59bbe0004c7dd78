"""ExperimentTable: experiments side by side; the user chooses which are drawn, and the baseline."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from workbench.ui.look.theme import Theme
from workbench.ui.tabs.compare.experiment_model import ExperimentModel, Shown
from workbench.ui.words.language import translator

tr = translator("Comparison")

_ROW_HEIGHT = 25
_WIDEST = 260
#: Rows whose text decides how wide a column is.
_MEASURED = 12


class ExperimentTable(QTableView):
    """The table, whose rows the user chooses to be drawn, or to be the baseline."""

    #: Compare the others with this experiment.
    base_wanted = Signal(int)
    #: Other rows are chosen.
    selection_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.rows = ExperimentModel(theme)
        self.setModel(self.rows)
        self.setObjectName("comparisonTable")
        self.setAccessibleName(tr("Experiments compared"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setResizeContentsPrecision(_MEASURED)
        self.setMinimumHeight(80)
        self._widths_of: object = None
        self.doubleClicked.connect(lambda index: self.base_wanted.emit(index.row()))
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())

    def show_experiments(self, shown: Shown) -> None:
        """Show experiments."""
        self.rows.show(shown)
        settings = [setting.key for setting in shown.comparison.settings]
        widths_of = settings, shown.figure, min(self.rows.rowCount(), _MEASURED)
        if widths_of != self._widths_of:
            self._widths_of = widths_of
            self._fit()

    def _fit(self) -> None:
        header = self.horizontalHeader()
        for column in range(self.rows.columnCount()):
            width = max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            header.resizeSection(column, min(width + 8, _WIDEST))

    @property
    def chosen(self) -> list[int]:
        """The rows that are selected."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to make it the baseline."""
        index = self.indexAt(event.pos())
        if not index.isValid():
            return
        menu = QMenu(self)
        action = menu.addAction(tr("Compare the others with this"))
        action.triggered.connect(lambda: self.base_wanted.emit(index.row()))
        menu.popup(event.globalPos())
        menu.aboutToHide.connect(menu.deleteLater)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours, from the next numbers on."""
        self.rows.theme = theme
