"""DataDialog: a file of the user's becomes tasks. What is wrong is said in the dialog itself."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from workbench.spec.entry import Catalogue
from workbench.spec.experiment import TaskChoice
from workbench.spec.question import Columns, RefusedError
from workbench.spec.user_files.file_facts import FileFacts
from workbench.ui.dialogs.column_model import ColumnModel, RowModel
from workbench.ui.dialogs.column_table import arrange_columns
from workbench.ui.dialogs.data_choice import CHOSEN, DataChoice
from workbench.ui.dialogs.data_files import ask_data, ask_folder, ask_labels, question_of
from workbench.ui.dialogs.data_words import words_for_lack, words_for_use, words_of
from workbench.ui.dialogs.file_page import FilePage
from workbench.ui.look.theme import Theme
from workbench.ui.services.question_queue import QuestionQueue
from workbench.ui.widgets.basics import ElidedLabel, EmptyState, column, label, row
from workbench.ui.widgets.form import Form
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

_TOPIC = "columns"

#: Settings that say how a text file is read.
OF_TEXT = ("separator", "header", "decimal", "encoding")

tr = translator("BringData")


class DataDialog(QDialog):
    """Choose a file, see its rows, tick what is known and what is to be predicted."""

    #: The entry of the setup, and whether the tasks chosen so far stay.
    brought = Signal(object, bool)

    def __init__(
        self, questions: QuestionQueue, catalogue: Catalogue, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("dataDialog")
        self.setWindowTitle(tr("Bring my data"))
        self._questions, self._catalogue, self._theme = questions, catalogue, theme
        self._path = ""
        self.choice: DataChoice | None = None
        self.form: Form | None = None
        self._refused: dict[str, str] = {}
        self._build()
        questions.progressed.connect(self._progress)
        self.finished.connect(lambda _: questions.cancel(_TOPIC))
        self.resize(min(parent.width() - 80, 980), min(parent.height() - 80, 680))

    def _build(self) -> None:
        layout = column(self, (18, 16, 18, 16), 10)
        self.file = ElidedLabel(tr("No file yet"), Qt.TextElideMode.ElideMiddle)
        self.file.setObjectName("section")
        choose, folder = QPushButton(tr("Choose a &file…")), QPushButton(tr("A f&older…"))
        choose.clicked.connect(self.ask_file)
        folder.clicked.connect(self.ask_folder)
        self.labels = QPushButton(tr("&Labels…"))
        self.labels.clicked.connect(self.ask_labels)
        self.labels.hide()
        top = row(self.file, choose, folder, self.labels)
        top.setStretch(0, 1)
        layout.addLayout(top)
        self.words = label("", "muted", wraps=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far the file is read"))
        self.stop = QPushButton(tr("Stop reading"))
        self.stop.clicked.connect(self._stop)
        line = row(self.words, self.bar, self.stop)
        line.setStretch(0, 1)
        layout.addLayout(line)
        self._pages = QStackedWidget()
        kinds = tr("CSV, TSV, Parquet, NPZ or IDX, or a folder with a folder of pictures a class.")
        self._pages.addWidget(EmptyState(tr("Your table, arrays or pictures"), kinds))
        self._pages.addWidget(self._build_content())
        layout.addWidget(self._pages, 1)
        layout.addLayout(self._build_foot())
        self._busy(False)

    def _build_content(self) -> QWidget:
        self._page = FilePage()
        self.columns, self.rows, self.learn = self._page.columns, self._page.rows, self._page.learn
        self._page.clicked.connect(self._clicked)
        self._page.grouped.connect(self._group)
        return self._page

    def _build_foot(self) -> QHBoxLayout:
        self.reason = label("", "reason", wraps=True)
        self.keeps = QCheckBox(tr("&Keep the tasks that are chosen now"))
        self.use = QPushButton()
        self.use.setObjectName("useData")
        self.use.setProperty("primary", True)
        self.use.clicked.connect(self._use)
        cancel = QPushButton(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        foot = row(self.keeps, self.reason, cancel, self.use)
        foot.setStretch(1, 1)
        return foot

    # the file

    def ask_file(self) -> None:
        """Let the user choose a file."""
        dialog = ask_data(self, self._path)
        dialog.fileSelected.connect(self.open_path)
        dialog.open()

    def ask_folder(self) -> None:
        """Let the user choose a folder of pictures."""
        dialog = ask_folder(self, self._path)
        dialog.fileSelected.connect(self.open_path)
        dialog.open()

    def ask_labels(self) -> None:
        """Let the user choose the labels of an IDX file."""
        dialog = ask_labels(self, self._path)
        dialog.fileSelected.connect(self.set_labels)
        dialog.open()

    def open_path(self, path: str) -> None:
        """Look into a file."""
        self._path = path
        self.choice = None
        self._ask({})

    def _ask(self, settings: dict[str, object]) -> None:
        self.file.setText(self._path)
        set_hint(self.file, self._path)
        self._say(tr("Reading…"))
        self._busy(True)
        self._questions.ask(
            _TOPIC,
            question_of(self._path, settings),
            lambda facts: self._take(facts, settings),
            self._refuse,
        )

    def _progress(self, topic: str, done: float | None, text: str) -> None:
        if topic == _TOPIC and not self.bar.isHidden():
            self.bar.setRange(0, 0 if done is None else 1000)
            self.bar.setValue(round(1000 * (done or 0)))
            self._say(text[:1].upper() + text[1:])

    def _stop(self) -> None:
        self._questions.cancel(_TOPIC)
        self._busy(False)
        self._say(tr("Reading was stopped. Choose the file again to read it."))

    def _busy(self, is_busy: bool) -> None:
        self.bar.setVisible(is_busy)
        self.stop.setVisible(is_busy)
        self.bar.setRange(0, 0)
        self._pages.setEnabled(not is_busy)
        self._show_reason()
        if is_busy:
            self.use.setEnabled(False)

    def _say(self, words: str, name: str = "muted") -> None:
        self.words.setObjectName(name)
        self.words.style().polish(self.words)
        self.words.setText(words)

    def _refuse(self, error: RefusedError) -> None:
        self._busy(False)
        self._say(error.message, "reason")

    def _take(self, facts: FileFacts, settings: dict[str, object]) -> None:
        old = self.choice
        self.choice = DataChoice.of(facts)
        self.choice.settings = dict(settings)
        names = [c.name for c in facts.columns]
        if old is not None and [c.name for c in old.facts.columns] == names:
            self.choice.inputs, self.choice.targets = old.inputs, old.targets
            self.choice.group = old.group if old.group in self.choice.groups else ""
        self._say_facts(facts)
        self._show(self.choice)
        self._busy(False)

    def _say_facts(self, facts: FileFacts) -> None:
        labels = self.choice.labels if self.choice is not None else ""
        self._say(words_of(facts, labels))

    # what is chosen

    def _show(self, choice: DataChoice) -> None:
        facts = choice.facts
        model = ColumnModel(choice)
        model.changed.connect(self._ticked)
        self._models = (model, RowModel(facts))  # views do not own their models
        self.columns.setModel(model)
        self.rows.setModel(self._models[1])
        self.rows.setVisible(bool(facts.rows))
        arrange_columns(self.columns, choice)
        self.labels.setVisible(facts.kind == "IDX")
        self.learn.offer(choice, self._catalogue)
        self._make_form(choice)
        self._pages.setCurrentIndex(1)

    def _make_form(self, choice: DataChoice) -> None:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        entry = self._catalogue.get(("tasks", choice.family))
        if entry is None:
            return
        known = entry.settings.get("properties", {})
        choice.settings = {name: x for name, x in choice.settings.items() if name in known}
        leave_out = (*CHOSEN, *OF_TEXT) if choice.facts.kind == "Parquet" else CHOSEN
        self.form = Form(entry.settings, self._theme, "data", leave_out=leave_out)
        self.form.set_values(choice.settings)
        self.form.edited.connect(self._set)
        self.form.refused.connect(self._refuse_entry)
        self._refused.clear()
        self._page.add(self.form)

    def _group(self, name: str) -> None:
        """Small tasks of a column or of the classes, or none: another family takes the file."""
        if self.choice is not None:
            self.choice.set_group(name)
            self._show(self.choice)
            self._show_reason()

    def _ticked(self) -> None:
        """A column of groups that is ticked as something else is none."""
        if self.choice is not None and self.learn.currentData() != self.choice.group:
            self.learn.offer(self.choice, self._catalogue)
            self._make_form(self.choice)
        self._show_reason()

    def _set(self, name: str, value: object) -> None:
        if self.choice is None:
            return
        self.choice.settings[name] = value
        self._refused.pop(f"data.{name}", None)
        self._show_reason()
        if name in OF_TEXT:
            self._ask(self.choice.settings)

    def _refuse_entry(self, field: str, _text: str, why: str) -> None:
        """Nothing is brought with what was typed and is no value; it stays where it is."""
        self._refused[field] = why
        self._show_reason()

    def set_labels(self, path: str) -> None:
        """Look into the file of the labels, and take it where it may be one."""
        self._say(tr("Reading…"))
        self._busy(True)
        self._questions.ask(_TOPIC, Columns(path), self._take_labels, self._refuse)

    def _take_labels(self, facts: FileFacts) -> None:
        self._busy(False)
        if self.choice is None:
            return
        n, n_labels = self.choice.facts.n_rows, facts.n_rows
        if facts.kind != "IDX" or n != n_labels:
            words = tr("{} does not hold the labels: an IDX file of {} is needed")
            self._say(words.format(Path(facts.path).name, f"{n:,}"), "reason")
            return
        self.choice.labels, self.choice.labels_sha256 = facts.path, facts.sha256
        self._say_facts(self.choice.facts)
        self._show_reason()

    def _clicked(self, index: QModelIndex) -> None:
        model = self.columns.model()
        if isinstance(model, ColumnModel):
            model.turn(index)

    def _show_reason(self) -> None:
        choice = self.choice
        lacks = choice.lacks if choice is not None else "file"
        refused = next(iter(self._refused.values()), "")
        self.reason.setText(refused or words_for_lack(lacks))
        self.use.setText(words_for_use(choice.n_tasks if choice is not None else 0))
        self.use.setEnabled(not lacks and not refused)

    def task(self) -> TaskChoice | None:
        """What would be brought now; None where something is missing."""
        choice = self.choice
        return choice.task() if choice and not choice.lacks and not self._refused else None

    def _use(self) -> None:
        if (task := self.task()) is not None:
            self.brought.emit(task, self.keeps.isChecked())
            self.accept()
