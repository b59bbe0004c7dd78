"""DataDialog: a file of the user's becomes tasks. What is wrong is said in the dialog itself."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from workbench.spec.entry import Catalogue
from workbench.spec.experiment import TaskChoice
from workbench.spec.user_files.file_facts import ONE_ARRAY, FileFacts
from workbench.ui.dialogs.data_choice import CHOSEN, DataChoice
from workbench.ui.dialogs.data_families import known_of, settings_of, shares_of
from workbench.ui.dialogs.data_files import ask_data, ask_folder, ask_labels
from workbench.ui.dialogs.data_words import (
    small_splits,
    words_for_lack,
    words_for_rows,
    words_for_use,
    words_of,
)
from workbench.ui.dialogs.family_form import FamilyForm
from workbench.ui.dialogs.file_look import FileLook
from workbench.ui.dialogs.file_page import FilePage
from workbench.ui.dialogs.reading.reading_bar import ReadingBar
from workbench.ui.dialogs.reading.reading_panel import SETTINGS as OF_READING
from workbench.ui.dialogs.taken_as import TakenAs
from workbench.ui.dialogs.texts.text_choice import CHOSEN_OF_TEXTS, TextChoice
from workbench.ui.dialogs.texts.texts_page import TextsPage
from workbench.ui.look.theme import Theme
from workbench.ui.services.question_queue import QuestionQueue
from workbench.ui.widgets.basics import ElidedLabel, EmptyState, column, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

_NOTHING = FileFacts("", "", "", 0, ())

tr = translator("BringData")


class DataDialog(QDialog):
    """Choose a file, see what was understood of it, and say what is known and what is predicted."""

    #: The entries of the setup, and whether the tasks chosen so far stay.
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
        self.choice: DataChoice | TextChoice | None = None
        #: What the file is to be taken for, where it may be several things; empty: as it looks.
        self._taken_as = ""
        self.family = FamilyForm(catalogue, theme)
        self.family.edited.connect(self._set)
        self.family.turned.connect(self._show_reason)
        self._build()
        self.finished.connect(self.look.cancel)
        self.resize(min(parent.width() - 40, 1040), min(parent.height() - 60, 700))

    def _build(self) -> None:
        layout = column(self, (18, 14, 18, 14), 8)
        self.file = ElidedLabel(tr("No file yet"), Qt.TextElideMode.ElideMiddle)
        self.file.setObjectName("section")
        choose, folder = QPushButton(tr("Choose a &file…")), QPushButton(tr("A f&older…"))
        choose.clicked.connect(lambda: self._ask_for(ask_data(self, self._path), self.open_path))
        folder.clicked.connect(lambda: self._ask_for(ask_folder(self, self._path), self.open_path))
        self.labels = QPushButton(tr("&Labels…"))
        self.labels.clicked.connect(
            lambda: self._ask_for(ask_labels(self, self._path), self.set_labels)
        )
        self.labels.hide()
        self.taken_as = TakenAs()
        self.taken_as.chosen.connect(self._take_as)
        top = row(self.file, self.taken_as, choose, folder, self.labels)
        top.setStretch(0, 1)
        layout.addLayout(top)
        self.look = FileLook(self._questions)
        self.look.seen.connect(self._take)
        self.look.turned.connect(self._turned)
        self.words = self.look.words
        layout.addWidget(self.look)
        self.reading = ReadingBar()
        self.reading.taken.connect(self._read_with)
        layout.addWidget(self.reading)
        self._pages = QStackedWidget()
        kinds = tr(
            "CSV, XLSX, ODS, Parquet, NPZ, IDX; a folder with a folder of pictures a class; or "
            "texts in several languages: TSV, aligned files, TMX."
        )
        self._pages.addWidget(EmptyState(tr("Your table, arrays, pictures or texts"), kinds))
        for page in self._build_content():
            page.reading.edited.connect(lambda name, value: self._read_with({name: value}))
            self._pages.addWidget(page)
        layout.addWidget(self._pages, 1)
        layout.addLayout(self._build_foot())
        self._turned()

    def _build_content(self) -> tuple[FilePage, TextsPage]:
        self.page = FilePage(self._theme, DataChoice(_NOTHING))
        self.model, self.learn = self.page.model, self.page.learn
        self.model.changed.connect(self._chosen)
        self.model.retyped.connect(self._look)
        self.page.grouped.connect(self._group)
        self.page.labelled.connect(lambda is_on: self._turn("has_labels", is_on))
        self.page.balanced.connect(lambda is_on: self._turn("is_balanced", is_on))
        self.reading.wanted.connect(lambda: self._page.show_reading())
        self.texts = TextsPage()
        self.texts.changed.connect(self._show_reason)
        self.texts.resifted.connect(self._look)
        return self.page, self.texts

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

    def _ask_for(self, dialog: QFileDialog, then: Callable[[str], object]) -> None:
        dialog.fileSelected.connect(then)
        dialog.open()

    def open_path(self, path: str) -> None:
        """Look into a file."""
        self._path, self._taken_as = path, ""
        self.choice = None
        self.file.setText(path)
        set_hint(self.file, path)
        self.look.say(tr("Reading…"))
        self._look()

    def _look(self) -> None:
        settings = self.choice.read_settings if self.choice is not None else {}
        self.look.look(self._path, settings, self._taken_as)

    def _take_as(self, family: str) -> None:
        """Take the file for something else that it may be."""
        self._taken_as, self.choice = family, None
        self._look()

    def _turned(self) -> None:
        """Reading began or ended: the columns stay open to change meanwhile."""
        self._pages.setEnabled(self.choice is not None)
        if self.choice is None and self._path and not (self.look.is_busy or self.look.failure):
            self.look.say(tr("Reading was stopped. Choose the file again to read it."))
        self._show_reason()

    def _take(self, facts: FileFacts) -> None:
        old, kind = self.choice, DataChoice if facts.texts is None else TextChoice
        known = known_of(self._catalogue, facts)
        self.choice = old.read_anew(facts) if isinstance(old, kind) else kind.of(facts, known)
        self._say_facts(facts)
        self._show(self.choice)
        self._turned()
        if facts.problem:
            self._page.show_reading()

    def _say_facts(self, facts: FileFacts) -> None:
        labels = self.choice.labels if self.choice is not None else ""
        if facts.problem:
            self.look.say(facts.problem, "reason")
        else:
            self.look.say(words_of(facts, labels))

    # what is chosen

    @property
    def _page(self) -> FilePage | TextsPage:
        return self.texts if isinstance(self.choice, TextChoice) else self.page

    def _show(self, choice: DataChoice | TextChoice) -> None:
        page = self._page
        entry = self._catalogue.get(("tasks", choice.family))
        if entry is not None:
            page.reading.set_schema(entry.settings)
        if isinstance(choice, DataChoice):
            self.page.show_choice(choice)
            self.learn.offer(choice, self._catalogue)
        else:
            self.texts.show_choice(choice)
        self.reading.show_facts(choice.facts)
        self.labels.setVisible(choice.facts.kind in ONE_ARRAY)
        self.taken_as.show_facts(choice.facts)
        self._show_form(choice)
        page.add(self.family)
        self._pages.setCurrentWidget(page)

    def _show_form(self, choice: DataChoice | TextChoice) -> None:
        known = settings_of(self._catalogue, choice.family)
        if known:
            choice.settings = {name: x for name, x in choice.settings.items() if name in known}
        chosen = CHOSEN if isinstance(choice, DataChoice) else CHOSEN_OF_TEXTS
        self.family.show_family(choice.family, choice.settings, (*chosen, *OF_READING))

    def _turn(self, name: str, is_on: bool) -> None:
        setattr(self.choice, name, is_on)
        self._show_reason()

    def _group(self, name: str, group_as: str) -> None:
        """Tasks of a column or of the classes, or none: another family takes the file."""
        if isinstance(self.choice, DataChoice):
            self.choice.set_group(name, "by-column" if group_as == "by-column" else "few-shot")
            self._show(self.choice)
            self._show_reason()

    def _chosen(self) -> None:
        """What columns are for was changed: a column of groups may be none any more."""
        if isinstance(self.choice, DataChoice):
            self.learn.offer(self.choice, self._catalogue)
            self._show_form(self.choice)
        self._show_reason()

    def _read_with(self, settings: Mapping[str, object]) -> None:
        """Read the file with these settings; what is as without being said is not said."""
        if self.choice is None:
            return
        for name, value in settings.items():
            self._keep(name, value)
        self._look()

    def _keep(self, name: str, value: object) -> None:
        if self.choice is None:
            return
        default = settings_of(self._catalogue, self.choice.family).get(name, {}).get("default")
        self.choice.settings.pop(name, None)
        if value is not None and value != default:
            self.choice.settings[name] = value

    def _set(self, name: str, value: object) -> None:
        self._keep(name, value)
        self._show_reason()

    def set_labels(self, path: str) -> None:
        """Look into the file of the labels, and take it where it may be one."""
        self.look.look_at_all(path, self._take_labels)

    def _take_labels(self, facts: FileFacts) -> None:
        if not isinstance(self.choice, DataChoice):
            return
        n, n_labels = self.choice.facts.n_rows, facts.n_rows
        if facts.kind not in ONE_ARRAY or n != n_labels:
            words = tr("{} does not hold the labels: an IDX file of {} is needed")
            self.look.say(words.format(Path(facts.path).name, f"{n:,}"), "reason")
            return
        self.choice.labels, self.choice.labels_sha256 = facts.path, facts.sha256
        self._say_facts(self.choice.facts)
        self._show_reason()

    def _show_reason(self) -> None:
        choice = self.choice
        lacks = choice.lacks if choice is not None else "file"
        refused = self.family.refused
        is_read = not (self.look.is_busy or self.look.failure)
        is_waiting = self.look.is_busy and choice is not None
        waits = tr("The rest of the file is being read…") if is_waiting else ""
        shares = {} if choice is None else shares_of(self._catalogue, choice)
        few = "" if choice is None else small_splits(choice, shares)
        self.reason.setText(refused or words_for_lack(lacks) or waits or few)
        self.use.setText(words_for_use(choice.n_tasks if choice is not None else 0))
        self.use.setEnabled(is_read and not lacks and not refused)
        columns = choice if isinstance(choice, DataChoice) else DataChoice(_NOTHING)
        self.page.show_offers(columns)
        words = words_for_rows(columns)
        self.page.rows_left.setText("\n".join(words))
        self.page.rows_left.setVisible(bool(words))

    def tasks(self) -> tuple[TaskChoice, ...]:
        """What would be brought now; nothing where something is missing."""
        return self.choice.entries() if self.choice is not None and self.use.isEnabled() else ()

    def task(self) -> TaskChoice | None:
        """The first entry that would be brought now, which is often the only one."""
        return next(iter(self.tasks()), None)

    def _use(self) -> None:
        if tasks := self.tasks():
            self.brought.emit(tasks, self.keeps.isChecked())
            self.accept()
