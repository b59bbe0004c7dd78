"""SweepDialog: which settings are tried, over what, how often, and for what."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from workbench.spec.entry import Catalogue
from workbench.spec.experiment import CHOICES, Spec
from workbench.spec.text import visible
from workbench.study.search.definition import MOST_TRIALS, USUAL_TRIALS
from workbench.study.search.fields import schema_of, suggestion, value_of
from workbench.study.search.objective import FORGETTING, INCREMENTAL, MEAN
from workbench.study.search.request import Request, stages_of
from workbench.study.search.space import FORMS, BadSpaceError
from workbench.ui.model.command_line import seeds_of, seeds_text
from workbench.ui.widgets.basics import column, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("SweepDialog")

#: Settings that are offered by name; any other can be typed.
_PARTS = ("optimizer", "training")


class _Line(QWidget):
    """A setting and its space."""

    changed = Signal()
    #: It is not wanted any more.
    removed = Signal()

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self.key = QComboBox()
        self.key.setEditable(True)
        self.key.setObjectName("sweep.key")
        self.key.setAccessibleName(tr("Setting"))
        self.key.setMinimumContentsLength(18)
        for key in keys:
            self.key.addItem(visible(key), key)
        self.space = QLineEdit()
        self.space.setObjectName("sweep.space")
        self.space.setAccessibleName(tr("What is tried"))
        self.space.setPlaceholderText("log:1e-4:1")
        set_hint(self.space, FORMS)
        remove = QToolButton()
        remove.setObjectName("small")
        remove.setText("×")
        remove.setAccessibleName(tr("Leave this setting out"))
        set_hint(remove, tr("Leave this setting out"))
        remove.clicked.connect(self.removed)
        layout = row(self.key, self.space, remove, spacing=6)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.key.currentTextChanged.connect(self.changed)
        self.space.textChanged.connect(self.changed)

    @property
    def over(self) -> str:
        """`KEY=SPACE`."""
        return f"{self.key.currentText().strip()}={self.space.text().strip()}"


class SweepDialog(QDialog):
    """Asks for a sweep of the setup, beginning with one setting."""

    #: The setup with the seeds asked for, the sweep, and how many runs go side by side.
    wanted = Signal(object, object, str)

    def __init__(
        self,
        spec: Spec,
        catalogue: Catalogue,
        tasks: Sequence[str],
        field: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Sweep settings"))
        self.setObjectName("sweepDialog")
        self._spec, self._catalogue = spec, catalogue
        self.lines: list[_Line] = []
        self._keys = _keys(spec, catalogue)
        self.trials = QSpinBox()
        self.trials.setRange(1, MOST_TRIALS)
        self.trials.setValue(USUAL_TRIALS)
        self.sampler, self.objective, self.direction = QComboBox(), QComboBox(), QComboBox()
        self.second = QComboBox()
        self.seeds = QLineEdit(seeds_text(spec.seeds))
        self.jobs = QComboBox()
        self.prunes = QCheckBox(tr("End trials that fall behind (Hyperband)"))
        self.why = label("", "reason", wraps=True)
        self._fill(tasks)
        self._build()
        self.add(field or "optimizer.lr")

    def _fill(self, tasks: Sequence[str]) -> None:
        for key, words in (
            ("tpe", tr("Guided by what was found (TPE)")),
            ("random", tr("At random")),
            ("grid", tr("On a grid")),
        ):
            self.sampler.addItem(words, key)
        several = stages_of(self._spec, self._catalogue) > 1
        measures = [(MEAN, tr("Mean validation"))]
        measures += [(f"{MEAN}:{t}", tr("Validation of {}").format(visible(t))) for t in tasks]
        if several:
            measures += [(FORGETTING, tr("Forgetting on validation"))]
            measures += [(INCREMENTAL, tr("Average incremental validation"))]
        self.second.addItem(tr("nothing else"), "")
        for key, words in measures:
            self.objective.addItem(words, key)
            self.second.addItem(words, key)
        for key, words in (
            ("auto", tr("as its metric says")),
            ("max", tr("more is better")),
            ("min", tr("less is better")),
        ):
            self.direction.addItem(words, key)
        for jobs, words in (("auto", tr("as many as there is room for")), ("1", "1"), ("2", "2")):
            self.jobs.addItem(words, jobs)

    def _build(self) -> None:
        whole = column(self, (16, 14, 16, 14), 10)
        whole.addWidget(label(tr("Settings to try, and over what"), "title"))
        box = QWidget()
        self._rows = column(box, (0, 0, 0, 0), 4)
        whole.addWidget(box)
        more = QPushButton(tr("Another setting"))
        more.setObjectName("sweep.more")
        more.clicked.connect(lambda: self.add(""))
        whole.addLayout(row(more, 1))
        whole.addLayout(self._choices())
        self.prunes.setObjectName("sweep.prunes")
        whole.addWidget(self.prunes)
        whole.addWidget(self.why)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        for button in buttons.buttons():
            button.setIcon(QIcon())
        self.go = buttons.addButton(tr("Start"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setObjectName("sweep.start")
        buttons.rejected.connect(self.reject)
        self.go.clicked.connect(self._start)
        whole.addWidget(buttons)
        self.setMinimumWidth(540)
        for combo in (self.sampler, self.objective, self.direction, self.second):
            combo.currentIndexChanged.connect(self.judge)
        self.prunes.toggled.connect(self.judge)
        self.trials.valueChanged.connect(self.judge)
        self.seeds.textChanged.connect(self.judge)

    def _choices(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        for words, part, name in (
            (tr("Trials"), self.trials, "sweep.trials"),
            (tr("Points"), self.sampler, "sweep.sampler"),
            (tr("Seeds of each"), self.seeds, "sweep.seeds"),
            (tr("Looking for"), self.objective, "sweep.objective"),
            (tr("Direction"), self.direction, "sweep.direction"),
            (tr("And for"), self.second, "sweep.second"),
            (tr("Side by side"), self.jobs, "sweep.jobs"),
        ):
            part.setObjectName(name)
            part.setAccessibleName(words)
            form.addRow(label(words, "muted"), part)
        return form

    def add(self, key: str) -> None:
        """Another setting, with a space from what it may be."""
        line = _Line(self._keys)
        line.key.setCurrentIndex(line.key.findData(key))
        line.key.setEditText(key)
        line.space.setText(self._suggested(key))
        line.key.activated.connect(lambda: self._suggest(line))
        line.changed.connect(self.judge)
        line.removed.connect(lambda: self._remove(line))
        self.lines.append(line)
        self._rows.addWidget(line)
        self.judge()

    def _suggest(self, line: _Line) -> None:
        line.space.setText(self._suggested(line.key.currentText()))

    def _suggested(self, key: str) -> str:
        schema = schema_of(self._spec, self._catalogue, key) if key else {}
        return suggestion(schema, value_of(self._spec, key, schema)) if schema else ""

    def _remove(self, line: _Line) -> None:
        self.lines.remove(line)
        line.hide()
        line.deleteLater()
        self.judge()

    @property
    def request(self) -> Request:
        """The sweep that is asked for."""
        objectives = [(self.objective.currentData(), self.direction.currentData())]
        if self.second.currentData():
            objectives.append((self.second.currentData(), "auto"))
        return Request(
            tuple(line.over for line in self.lines),
            self.sampler.currentData(),
            self.trials.value(),
            tuple(objectives),
            self.prunes.isChecked(),
        )

    def judge(self) -> None:
        """Say what is wrong, where anything is; only what can be made can be started."""
        why = ""
        try:
            spec = self._spec.model_copy(update={"seeds": seeds_of(self.seeds.text())})
            self.request.draft(spec, self._catalogue)
        except (BadSpaceError, ValueError) as error:
            why = str(error).removeprefix("--over: ")
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.go.setEnabled(not why)

    def _start(self) -> None:
        spec = self._spec.model_copy(update={"seeds": seeds_of(self.seeds.text())})
        self.wanted.emit(spec, self.request, self.jobs.currentData())
        self.accept()


def _keys(spec: Spec, catalogue: Catalogue) -> list[str]:
    """The settings of the setup that are numbers or choices."""
    frame = {part: list(type(getattr(spec, part)).model_fields) for part in _PARTS}
    keys = [f"{part}.{name}" for part, names in frame.items() for name in names]
    for role in CHOICES:
        entry = catalogue.get((role, spec.choice(role).kind))
        keys.append(f"{role}.kind")
        settings = entry.settings.get("properties", {}) if entry is not None else {}
        keys += [f"{role}.{name}" for name in settings]
    for i, choice in enumerate(spec.tasks):
        entry = catalogue.get(("tasks", choice.family))
        settings = entry.settings.get("properties", {}) if entry is not None else {}
        keys += [f"tasks.{i}.weight", *(f"tasks.{i}.{name}" for name in settings)]
    return [key for key in keys if _is_sweepable(spec, catalogue, key)]


def _is_sweepable(spec: Spec, catalogue: Catalogue, key: str) -> bool:
    schema = schema_of(spec, catalogue, key)
    kinds = [schema, *schema.get("anyOf", ())]
    is_number = any(kind.get("type") in ("number", "integer", "boolean") for kind in kinds)
    return "enum" in schema or is_number
