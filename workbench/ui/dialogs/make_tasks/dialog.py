"""MakeTasksDialog: tasks made out of those of any family, with a picture of what would be made."""

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QPushButton, QWidget

from workbench.spec.check import problems
from workbench.spec.entry import Catalogue, Entry, by_role
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.experiments.nested import OF, is_maker
from workbench.spec.question import Preview, RefusedError, TaskPreview
from workbench.ui.dialogs.make_tasks.plan_picture import PlanPicture
from workbench.ui.look.theme import Theme
from workbench.ui.services.question_queue import QuestionQueue
from workbench.ui.widgets.basics import column, label, row, scrolling
from workbench.ui.widgets.form import Form
from workbench.ui.widgets.source_editor import SourcesEditor, sources_for
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint, without_mnemonic
from workbench.ui.words.texts import said

_TOPIC = "plan of tasks"
#: What is changed is looked at once it has been left alone for so long.
DELAY_MS = 300
#: Examples of each task that are looked at.
_N_EXAMPLES = 16

tr = translator("MakeTasks")


class MakeTasksDialog(QDialog):
    """Choose what tasks are made of and how, and see which task has what."""

    #: The entry of the setup, and whether the tasks chosen so far stay.
    made = Signal(object, bool)

    def __init__(
        self,
        questions: QuestionQueue,
        catalogue: Catalogue,
        theme: Theme,
        parent: QWidget,
        seed: int = 0,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("makeTasksDialog")
        self.setWindowTitle(tr("Make tasks from…"))
        self._questions, self._catalogue, self._theme = questions, catalogue, theme
        self._seed = seed
        self._data: dict[str, Any] = {}
        self.form: Form | None = None
        self.sources: SourcesEditor | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.look)
        self._build()
        self.finished.connect(self._leave)
        self.resize(min(parent.width() - 80, 980), min(parent.height() - 80, 640))

    def _build(self) -> None:
        layout = column(self, (18, 16, 18, 16), 10)
        self.way = QComboBox()
        self.way.setObjectName("makeTasks.way")
        self.way.setAccessibleName(tr("How tasks are made"))
        for entry in self.ways:
            self.way.addItem(without_mnemonic(entry.title), entry.key)
        self.way.activated.connect(lambda at: self._choose(self.way.itemData(at)))
        self.words = label("", "muted", wraps=True)
        settings = QWidget()
        self._settings = column(settings, (0, 0, 8, 0), 8)
        self._settings.addWidget(self.way)
        self._settings.addWidget(self.words)
        self._settings.addStretch(1)
        self.picture = PlanPicture(self._theme)
        self.says = label("", "muted", wraps=True)
        plan = QWidget()
        area = column(plan, (0, 0, 0, 0), 6)
        area.addWidget(self.says)
        area.addWidget(scrolling(self.picture), 1)
        sides = row(scrolling(settings), plan, spacing=16)
        sides.setStretch(0, 4)
        sides.setStretch(1, 6)
        layout.addLayout(sides, 1)
        layout.addLayout(self._build_foot())

    def _build_foot(self) -> QHBoxLayout:
        self.reason = label("", "reason", wraps=True)
        self.keeps = QCheckBox(tr("&Keep the tasks that are chosen now"))
        self.use = QPushButton(tr("&Use these tasks"))
        self.use.setObjectName("useMade")
        self.use.setProperty("primary", True)
        self.use.setEnabled(False)
        self.use.clicked.connect(self._use)
        cancel = QPushButton(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        foot = row(self.keeps, self.reason, cancel, self.use)
        foot.setStretch(1, 1)
        return foot

    @property
    def ways(self) -> list[Entry]:
        """The families that make tasks out of another's."""
        entries = by_role(self._catalogue, "tasks")
        return [entry for entry in entries if is_maker(entry) and not entry.broken]

    @property
    def choice(self) -> TaskChoice:
        """What is chosen, as an entry of a setup."""
        return TaskChoice.model_validate(self._data)

    def start(self, choice: TaskChoice | None) -> None:
        """Begin with a choice of a setup: what it is made of, or what tasks are to be made of."""
        entry = self._catalogue.get(("tasks", choice.family)) if choice is not None else None
        if choice is None or entry is None:
            self._show({"family": self.ways[0].key})
        elif is_maker(entry):
            self._show({"family": choice.family, **choice.settings})
        else:
            within = {"family": choice.family, **choice.settings}
            within |= {"task": choice.task} if choice.task is not None else {}
            self._show({"family": "split", OF: within})

    def _choose(self, way: str) -> None:
        """Another way, of what tasks are made of now."""
        entry = self._catalogue["tasks", way]
        now = self._catalogue["tasks", self._data["family"]].values(self._data)[OF]
        sources: list[Any] = now if isinstance(now, list) else [now]
        is_list = entry.settings["properties"][OF].get("type") == "array"
        self._show({"family": way, OF: sources if is_list else sources[0]})

    def _show(self, data: dict[str, Any]) -> None:
        """Show a way with its settings."""
        self._data = data
        entry = self._catalogue["tasks", data["family"]]
        self.way.setCurrentIndex(self.way.findData(entry.key))
        self.words.setText(entry.summary)
        set_hint(self.way, entry.helps)
        for part in (self.form, self.sources):
            if part is not None:
                self._settings.removeWidget(part)
                part.hide()
                part.deleteLater()
        self.form = Form(entry.settings, self._theme, f"makeTasks.{entry.key}")
        self.form.edited.connect(self._set)
        self.form.refused.connect(lambda _field, _text, why: self._refuse(why))
        self.form.set_values(data)
        self.sources = sources_for(entry, self._catalogue, self._theme, f"makeTasks.{entry.key}")
        self.sources.edited.connect(lambda value: self._set(OF, value))
        self.sources.refused.connect(lambda _field, _text, why: self._refuse(why))
        self.sources.set_value(entry.values(data)[OF])
        self._settings.insertWidget(2, self.sources)
        self._settings.insertWidget(3, self.form)
        self._changed()

    def _set(self, name: str, value: object) -> None:
        entry = self._catalogue["tasks", self._data["family"]]
        self._data = {**self._data, name: value}
        if name != OF and entry.defaults().get(name) == value:
            del self._data[name]
        if self.form is not None:
            self.form.set_values(self._data)
        self._changed()

    def _changed(self) -> None:
        """Say at once what is wrong; look at the tasks once things are quiet."""
        self.use.setEnabled(False)
        spec = Spec(tasks=(self.choice,))
        own = [one for one in problems(spec, self._catalogue) if one.field.startswith("tasks.")]
        if own:
            self._refuse(said(own[0].message))
            return
        self.reason.setText("")
        self.says.setText(tr("Looking at the data…"))
        self._timer.start()

    def look(self) -> None:
        """Ask for the tasks that would be made."""
        question = Preview(self.choice, _N_EXAMPLES, seed=self._seed)
        self._questions.ask(_TOPIC, question, self._take, lambda error: self._refuse_error(error))

    def _take(self, tasks: tuple[TaskPreview, ...]) -> None:
        self.picture.show_tasks(tasks)
        n = sum(task.n_train for task in tasks)
        words = tr("{} tasks, with {} examples to learn from")
        self.says.setText(words.format(len(tasks), f"{n:,}"))
        self.reason.setText("")
        self.use.setEnabled(True)

    def _refuse_error(self, error: RefusedError) -> None:
        self._refuse(error.message)

    def _refuse(self, why: str) -> None:
        self._timer.stop()
        self._questions.cancel(_TOPIC)
        self.use.setEnabled(False)
        self.picture.show_tasks(())
        self.says.setText("")
        self.reason.setText(why)

    def _use(self) -> None:
        self.made.emit(self.choice, self.keeps.isChecked())
        self.accept()

    def _leave(self, _result: int) -> None:
        self._timer.stop()
        self._questions.cancel(_TOPIC)
        self.deleteLater()
