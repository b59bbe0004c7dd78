"""FilePage: the columns of a file, how it was read, and how it is learned, a page each."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QTabWidget, QVBoxLayout, QWidget

from workbench.ui.dialogs.columns.column_model import ColumnModel
from workbench.ui.dialogs.columns.column_table import ColumnTable
from workbench.ui.dialogs.data_choice import DataChoice
from workbench.ui.dialogs.data_tasks import labels_of, unlike_targets
from workbench.ui.dialogs.learn_choice import LearnChoice
from workbench.ui.dialogs.reading.reading_panel import ReadingPanel
from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import column, label, scrolling
from workbench.ui.words.language import translator

tr = translator("BringData")

COLUMNS, READING, LEARNING = range(3)

#: A form is no wider than this, in pixels: an editor belongs to its label.
_FORM_WIDTH = 640


class FilePage(QTabWidget):
    """Three pages; `add` puts the form of the family on the last."""

    #: A column of groups, and what becomes of each; see `LearnChoice`.
    grouped = Signal(str, str)
    #: Several answers of yes or no are one task; classes count alike.
    labelled = Signal(bool)
    balanced = Signal(bool)

    def __init__(self, theme: Theme, choice: DataChoice) -> None:
        super().__init__()
        self.setAccessibleName(tr("What was understood of the file"))
        self.model = ColumnModel(choice, theme.muted)
        self.columns = ColumnTable(theme, self.model)
        self.reading = ReadingPanel()
        self.learn = LearnChoice()
        self.learn.grouped.connect(self.grouped)
        self.rows_left = label("", "muted", wraps=True)
        self._side = QVBoxLayout()
        self._side.setContentsMargins(12, 10, 12, 8)
        self._side.setSpacing(8)
        self._side.addWidget(self.rows_left)
        self._side.addWidget(self.learn)
        self.labels, self.weights = QCheckBox(), QCheckBox()
        self.labels.toggled.connect(self.labelled)
        self.weights.toggled.connect(self.balanced)
        self._side.addWidget(self.labels)
        self._side.addWidget(self.weights)
        side = QWidget()
        side.setMaximumWidth(_FORM_WIDTH)
        holder = column(side, (0, 0, 0, 0), 8)
        holder.addLayout(self._side)
        holder.addStretch(1)
        self.addTab(self.columns, tr("Columns"))
        self.addTab(self.reading, tr("How it was read"))
        self.addTab(scrolling(side), tr("How it is learned"))

    def show_choice(self, choice: DataChoice) -> None:
        """Show what is chosen of a file."""
        facts = choice.facts
        self.model.show_choice(choice)
        self.columns.arrange(choice)
        self.reading.show_facts(facts)
        is_told = bool(facts.reading or facts.rows or facts.lines)
        self.setTabVisible(READING, is_told)
        self.setTabText(COLUMNS, tr("Classes") if facts.has_classes else tr("Columns"))

    def show_offers(self, choice: DataChoice) -> None:
        """Show what else the targets may be: one task of labels, classes that count alike."""
        labels, unlike = labels_of(choice), unlike_targets(choice)
        words = tr("One task of {} labels, any of them at once").format(len(labels))
        self._offer(self.labels, words, is_on=choice.has_labels, is_shown=bool(labels))
        ratio = max(unlike.values(), default=0)
        words = tr("Classes count alike in the loss: the largest has {} rows for one of the rarest")
        words = words.format(f"{ratio:,}")
        self._offer(self.weights, words, is_on=choice.is_balanced, is_shown=bool(unlike))

    def _offer(self, box: QCheckBox, words: str, *, is_on: bool, is_shown: bool) -> None:
        box.blockSignals(True)
        box.setChecked(is_on)
        box.blockSignals(False)
        box.setText(words)
        box.setVisible(is_shown)

    def show_reading(self) -> None:
        """Turn to how the file was read."""
        self.setCurrentIndex(READING)
        self.reading.take_focus()

    def add(self, form: QWidget) -> None:
        """Put a form under the choices."""
        if self._side.indexOf(form) < 0:
            self._side.addWidget(form)
