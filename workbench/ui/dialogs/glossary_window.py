"""GlossaryWindow: every measure to be looked up: formula, picture, and how it is read."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QSplitter, QWidget

from workbench.ui.dialogs.measure_picture import MeasurePicture
from workbench.ui.look.theme import CurrentTheme, Theme
from workbench.ui.widgets.basics import column, label, scrolling
from workbench.ui.widgets.search_field import SearchField
from workbench.ui.words.glossary import GlossaryEntry
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Glossary")


class GlossaryWindow(QDialog):
    """The list of measures, a field that searches their texts, and the one that is chosen."""

    def __init__(
        self, entries: Sequence[GlossaryEntry], look: CurrentTheme, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("glossaryWindow")
        self.setWindowTitle(tr("Glossary"))
        self._entries = list(entries)
        self.search = SearchField(tr("Find a measure"))
        self.search.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setObjectName("glossaryContents")
        self.list.setAccessibleName(tr("Measures"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._show_item)
        self.picture = MeasurePicture(look.theme)
        words = tr("Rows: after which stage. Columns: which task. + counts, − is taken off.")
        self.caption = label(words, "hint", wraps=True)
        self._group, self.title = label("", "overline"), label("", "title", wraps=True)
        self.formula = label("", "formula", wraps=True)
        self.formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._formula_head = label(tr("FORMULA"), "overline")
        self.reading = label("", wraps=True)
        self._build()
        look.changed.connect(self._set_theme)
        self.resize(min(parent.width() - 60, 900), min(parent.height() - 40, 560))
        self._filter("")

    def _build(self) -> None:
        left = QWidget()
        parts = column(left, (8, 8, 8, 8), 8)
        parts.addWidget(self.search)
        parts.addWidget(self.list, 1)
        page = QWidget()
        layout = column(page, (22, 18, 22, 18), 8)
        for part in (self._group, self.title, self.picture, self.caption):
            layout.addWidget(part)
        for part in (self._formula_head, self.formula):
            layout.addWidget(part)
        layout.addWidget(label(tr("HOW TO READ IT"), "overline"))
        layout.addWidget(self.reading)
        layout.addStretch(1)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        for part in (left, scrolling(page)):
            sheet = QWidget()
            sheet.setObjectName("pane")
            sheet.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            column(sheet, (1, 1, 1, 1)).addWidget(part)
            splitter.addWidget(sheet)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([310, 560])
        column(self, (14, 12, 14, 14)).addWidget(splitter)

    def _filter(self, wanted: str) -> None:
        self.list.clear()
        group = ""
        for i, entry in enumerate(self._entries):
            if not entry.fits(wanted):
                continue
            if entry.group != group:
                group = entry.group
                head = QListWidgetItem(group)
                head.setFlags(Qt.ItemFlag.NoItemFlags)
                self.list.addItem(head)
            item = QListWidgetItem(f"   {entry.title}")
            item.setData(Qt.ItemDataRole.UserRole, i)
            set_hint(item, entry.title)
            self.list.addItem(item)
        if self.list.count():
            self.list.setCurrentRow(1)  # under the heading of the first
        else:
            nothing = QListWidgetItem(tr("No measure says that"))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(nothing)

    def show_measure(self, key: str) -> None:
        """Show the entry of a measure."""
        self.search.clear()
        for row in range(self.list.count()):
            at = self.list.item(row).data(Qt.ItemDataRole.UserRole)
            if at is not None and self._entries[at].key == key:
                self.list.setCurrentRow(row)
                return

    def _show_item(self, item: QListWidgetItem | None) -> None:
        at = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if at is None:
            return
        entry = self._entries[at]
        self._group.setText(entry.group.upper())
        self.title.setText(entry.title)
        self.formula.setText(entry.formula)
        for part in (self._formula_head, self.formula):
            part.setVisible(bool(entry.formula))
        self.picture.show_picture(entry.picture, tr("Picture of {}").format(entry.title))
        self.caption.setVisible(self.picture.is_matrix)
        self.reading.setText(entry.reading)

    def _set_theme(self, theme: Theme) -> None:
        self.picture.set_theme(theme)
