"""TextsPage: the languages of a file of sentences, their pairs, what stays of it, and how."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QSplitter,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.spec.text import visible
from workbench.ui.dialogs.columns.column_table import table_view
from workbench.ui.dialogs.columns.row_model import RowModel
from workbench.ui.dialogs.reading.reading_panel import ReadingPanel
from workbench.ui.dialogs.texts.pair_model import PairModel
from workbench.ui.dialogs.texts.text_choice import TextChoice, plans_of
from workbench.ui.dialogs.texts.text_words import language_words, plan_words, words_for_sentences
from workbench.ui.widgets.basics import WheelGuard, column, guard_wheel, label, row, scrolling
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("BringData")

LANGUAGES, SENTENCES, READING, LEARNING = range(4)

#: The longest text that may be asked for, as the family has it.
_MOST_CHARACTERS = 100_000
#: A form is no wider than this, in pixels: an editor belongs to its label.
_FORM_WIDTH = 640


class TextsPage(QTabWidget):
    """Languages and pairs to tick, sentences to read; `add` puts the form on the last page."""

    #: Pairs were changed, which asks for no other reading.
    changed = Signal()
    #: Languages or lengths were changed: what stays of the file is to be counted again.
    resifted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("What was understood of the file"))
        self.choice: TextChoice | None = None
        self.model = PairModel()
        self.model.changed.connect(self._paired)
        self.languages = QListWidget()
        self.languages.setAccessibleName(tr("Languages of the file"))
        self.languages.itemChanged.connect(self._ticked)
        self.plan = QComboBox()
        self.plan.setObjectName("data.pairs")
        self.plan.setAccessibleName(tr("Which pairs are learned"))
        self.plan.activated.connect(self._planned)
        self.longest = QSpinBox()
        self.longest.setRange(1, _MOST_CHARACTERS)
        self.longest.setKeyboardTracking(False)  # not every digit of a number is one of its own
        self.longest.setSuffix(f" {tr('characters')}")
        self.longest.setAccessibleName(tr("Leave out rows with a text longer than"))
        self.longest.valueChanged.connect(self._shortened)
        guard_wheel(WheelGuard(self), self.longest)
        self.left = label("", "muted", wraps=True)
        self.rows = table_view(tr("Sentences that stay"))
        self._rows = RowModel()
        self.rows.setModel(self._rows)
        self.reading = ReadingPanel()
        self._side = QVBoxLayout()
        self._side.setContentsMargins(12, 10, 12, 8)
        side = QWidget()
        side.setMaximumWidth(_FORM_WIDTH)
        holder = column(side, (0, 0, 0, 0), 8)
        holder.addLayout(self._side)
        holder.addStretch(1)
        self.addTab(self._build_languages(), tr("Languages"))
        self.addTab(self.rows, tr("Sentences"))
        self.addTab(self.reading, tr("How it was read"))
        self.addTab(scrolling(side), tr("How it is learned"))

    def _build_languages(self) -> QWidget:
        page = QWidget()
        layout = column(page, (8, 8, 8, 6), 8)
        self.pairs = self._build_pairs()
        left, right = QWidget(), QWidget()
        beside = column(left, (0, 0, 0, 0), 4)
        beside.addWidget(label(tr("Languages"), "overline"))
        beside.addWidget(self.languages, 1)
        beside = column(right, (0, 0, 0, 0), 4)
        head = row(label(tr("Learned pairs"), "overline"), 1, self.plan)
        beside.addLayout(head)
        beside.addWidget(self.pairs, 1)
        parts = QSplitter()
        parts.setChildrenCollapsible(False)
        parts.addWidget(left)
        parts.addWidget(right)
        parts.setSizes([260, 560])
        layout.addWidget(parts, 1)
        words = label(tr("Leave out rows with a &text longer than"))
        words.setBuddy(self.longest)
        layout.addLayout(row(words, self.longest, 1))
        layout.addWidget(self.left)
        return page

    def _build_pairs(self) -> QTableView:
        view = table_view(tr("Pairs: from each row to each column"))
        view.setModel(self.model)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for head, way in (
            (view.horizontalHeader(), Qt.Orientation.Horizontal),
            (view.verticalHeader(), Qt.Orientation.Vertical),
        ):
            head.setSectionsClickable(True)
            head.setHighlightSections(False)
            head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            head.sectionClicked.connect(lambda at, way=way: self.model.turn_all(at, way))
        view.horizontalHeader().setDefaultSectionSize(64)
        return view

    # what is shown

    def show_choice(self, choice: TextChoice) -> None:
        """Show what is chosen of a file."""
        self.choice = choice
        facts = choice.facts
        self._show_languages(choice)
        self._show_pairs(choice)
        self.longest.blockSignals(True)
        self.longest.setValue(choice.most_characters)
        self.longest.blockSignals(False)
        words = words_for_sentences(choice.texts, is_whole=facts.is_whole)
        self.left.setText("\n".join(words))
        self.left.setVisible(bool(words))
        self._rows.show_facts(facts)
        head = self.rows.horizontalHeader()
        few = len(facts.columns) <= 4
        modes = QHeaderView.ResizeMode
        head.setSectionResizeMode(modes.Stretch if few else modes.Interactive)
        self.reading.show_facts(facts)
        self.setTabVisible(READING, bool(facts.reading))
        self.setTabVisible(SENTENCES, bool(facts.rows))

    def _show_languages(self, choice: TextChoice) -> None:
        self.languages.blockSignals(True)
        known = choice.texts.languages
        while self.languages.count() > len(known):
            self.languages.takeItem(self.languages.count() - 1)
        while self.languages.count() < len(known):
            self.languages.addItem(QListWidgetItem())
        for at, language in enumerate(known):
            item = self.languages.item(at)
            item.setData(Qt.ItemDataRole.UserRole, language.code)
            item.setText(visible(language_words(language)))
            is_on = language.code in choice.languages
            item.setCheckState(Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
        self.languages.blockSignals(False)

    def _show_pairs(self, choice: TextChoice) -> None:
        self.model.show_choice(choice)
        plans, plan = plans_of(choice.languages), choice.plan
        self.plan.clear()
        for name in plans:
            self.plan.addItem(visible(plan_words(name, choice.languages[0])), name)
        if not plan:
            self.plan.addItem(plan_words("", ""), "")
        self.plan.setCurrentIndex(self.plan.findData(plan))
        self.plan.setEnabled(bool(plans))
        set_hint(self.plan, tr("{} pairs are learned").format(f"{choice.n_tasks:,}"))

    def show_reading(self) -> None:
        """Turn to how the file was read."""
        self.setCurrentIndex(READING)
        self.reading.take_focus()

    def add(self, form: QWidget) -> None:
        """Put a form on the last page."""
        if self._side.indexOf(form) < 0:
            self._side.addWidget(form)

    # what is changed

    def _ticked(self, item: QListWidgetItem) -> None:
        if self.choice is None:
            return
        is_on = item.checkState() == Qt.CheckState.Checked
        self.choice.set_language(str(item.data(Qt.ItemDataRole.UserRole)), is_on=is_on)
        self._show_pairs(self.choice)
        (self.resifted if len(self.choice.languages) > 1 else self.changed).emit()

    def _planned(self, at: int) -> None:
        if self.choice is not None and self.plan.itemData(at):
            self.choice.set_plan(str(self.plan.itemData(at)))
            self._paired()

    def _paired(self) -> None:
        if self.choice is not None:
            self._show_pairs(self.choice)
            self.changed.emit()

    def _shortened(self, n: int) -> None:
        if self.choice is not None:
            self.choice.most_characters = n
            self.resifted.emit()
