"""Use: what a trained model says of a row that is typed, or of the rows of a file."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QWidget,
)

from workbench.spec.experiment import Spec
from workbench.spec.text import visible
from workbench.spec.trained.description import ModelDescription, read_description
from workbench.spec.trained.preparation import TablePreparation
from workbench.spec.trained.written import write_prediction
from workbench.store.starts import steps
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.tab_context import TabContext
from workbench.ui.tab import Tab
from workbench.ui.tabs.use.answer_table import AnswerTable
from workbench.ui.tabs.use.asker import Asker, Request
from workbench.ui.tabs.use.row_form import MOST_COLUMNS, RowForm
from workbench.ui.widgets.basics import EmptyState, column, label, row, scrolling
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Use the model")

#: Families whose models are asked elsewhere, or about nothing, give one of these.
_OTHERS = ("tokens", "no-input")


class UsePanel(Tab):
    """What is asked on the left, what the model says of it on the right."""

    name = "use"
    order = 90

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = RunModel()
        self._described: tuple[Path, ModelDescription | None] | None = None
        self._file, self._support = "", ""
        self.asker = Asker(self)
        self.asker.changed.connect(self._show_answer)
        self.checkpoints = QComboBox()
        self.checkpoints.setAccessibleName(tr("Checkpoint"))
        self.seeds = QCheckBox(tr("All seeds"))
        set_hint(self.seeds, tr("Mean over the seeds of this setup, with its 95 % interval"))
        self.open_file = _button(tr("Open a file…"), self._open_file)
        self.open_support = _button(tr("Rows with answers…"), self._open_support)
        set_hint(self.open_support, tr("A few rows that the model adapts to before it answers"))
        self.predict = _button(tr("Predict this row"), self._ask_row)
        self.save = _button(tr("Save as CSV…"), self._save)
        self.form = RowForm()
        self.form.submitted.connect(self._ask_row)
        self.status = label("", "hint", wraps=True)
        self.table = AnswerTable()
        self._build()

    def _build(self) -> None:
        left, right = QWidget(), QWidget()
        asked = column(left, (0, 0, 8, 0), 8)
        asked.addLayout(row(label(tr("Checkpoint")), self.checkpoints, self.seeds, 0))
        asked.addLayout(row(self.open_file, self.open_support, 0))
        asked.addWidget(scrolling(self.form), 1)
        asked.addWidget(self.predict)
        said = column(right, (8, 0, 0, 0), 8)
        said.addWidget(self.status)
        said.addWidget(self.table, 1)
        said.addLayout(row(0, self.save))
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([340, 660])
        content = QWidget()
        column(content, (12, 10, 12, 10), 0).addWidget(splitter)
        empty = EmptyState(
            tr("No model yet"),
            tr(
                "Press Run. What the model says of a row that you type, or of the rows of a file, "
                "stands here once the run has saved a checkpoint."
            ),
        )
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(content)

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("Use t&he model")

    @classmethod
    def absence(cls) -> tuple[str, str]:
        """What would fill it."""
        hint = tr("Bring your own data, or choose tasks on digits or tables.")
        return tr("This model cannot be asked about a file"), hint

    def join(self, context: TabContext) -> None:
        """Follow the session, and the history, which says where a run is."""
        self.asker.join(context)
        context.run_history.changed.connect(self.redraw)
        context.questions.progressed.connect(self._tell)
        super().join(context)

    def applies(self, spec: Spec, model: RunModel) -> bool:
        """Models of texts are asked in the tab for them; a point has no input."""
        catalogue = self.context.presenter.catalogue if self.has_joined else {}
        entries = (catalogue.get(("tasks", choice.family)) for choice in spec.tasks)
        return not any(entry is not None and set(_OTHERS) & set(entry.gives) for entry in entries)

    def set_models(self, current: RunModel, models: Sequence[RunModel] = ()) -> None:
        """Show another run; of several seeds the current one."""
        del models
        if current is not self._model:
            self._model, self._described, self._support = current, None, ""
            self.asker.set_model(current)
        self.redraw()

    def showEvent(self, event: object) -> None:
        """What happened unseen is drawn now."""
        self.redraw()

    def refresh(self) -> None:
        """Offer newer checkpoints, where the tab can be seen."""
        if not self.isVisible():
            return
        folder = self.asker.folder
        known = steps(folder) if folder is not None else ()
        self._stack.setCurrentIndex(1 if known else 0)
        if folder is None or not known:
            return
        self._offer(known)
        description = self._description(folder)
        tables = _tables(description)
        self.form.show_columns(tables)
        self.predict.setVisible(bool(tables))
        adapts = self._adapts
        self.open_support.setVisible(adapts)
        self.seeds.setEnabled(len(self.asker.seeds) > 1)
        if self.asker.prediction is None and not self.asker.reason and not self.asker.is_asking:
            self.status.setText(self._invitation(description, tables))

    def redraw(self, *_: object) -> None:
        """Draw everything again."""
        self.refresh()
        if self.isVisible():
            self._show_answer()

    @property
    def _adapts(self) -> bool:
        spec = self._model.spec
        entry = None
        if spec is not None:
            entry = self.context.presenter.catalogue.get(("learner", spec.learner.kind))
        return entry is not None and "adapts" in entry.gives

    def _description(self, folder: Path) -> ModelDescription | None:
        if self._described is None or self._described[0] != folder or self._described[1] is None:
            try:
                self._described = folder, read_description(folder)
            except OSError:
                self._described = folder, None
        return self._described[1]

    def _offer(self, known: Sequence[int]) -> None:
        there = [self.checkpoints.itemData(i) for i in range(1, self.checkpoints.count())]
        if there == list(known):
            return
        chosen = self.checkpoints.currentData()
        self.checkpoints.clear()
        self.checkpoints.addItem(tr("the newest"), None)
        for step in known:
            self.checkpoints.addItem(tr("step {}").format(f"{step:,}"), step)
        self.checkpoints.setCurrentIndex(max(self.checkpoints.findData(chosen), 0))

    def _invitation(
        self, description: ModelDescription | None, tables: tuple[TablePreparation, ...]
    ) -> str:
        if description is not None and description.reason:
            return visible(description.reason)
        if tables and sum(len(table.columns) for table in tables) > MOST_COLUMNS:
            return tr("Open a file of the same columns; a row of so many is better not typed.")
        if tables:
            return tr("Type a row and press Enter, or open a file of the same columns.")
        return tr("Open a file: arrays (NPZ, NPY), or pictures where it learned from pictures.")

    # what is asked

    def _request(self, **what: object) -> None:
        self.status.setText(tr("Asking the run's checkpoint…"))
        self.asker.ask(
            Request(
                support=self._support,
                step=self.checkpoints.currentData(),
                has_seeds=self.seeds.isChecked(),
                **what,  # pyright: ignore[reportArgumentType]
            )
        )

    def _ask_row(self) -> None:
        self._request(rows=(self.form.row,))

    def _open_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Open a file"), self._file)
        if path:
            self.ask_file(path)

    def ask_file(self, path: str) -> None:
        """Ask about the rows of a file."""
        self._file = path
        self._request(file=path)

    def _open_support(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Rows with answers"), self._support)
        if path:
            self._support = path
            if self._file:
                self.ask_file(self._file)

    # what is said

    def _tell(self, topic: str, done: float | None, text: str) -> None:
        if topic == "predict":
            share = "" if done is None else f" {done:.0%}"
            self.status.setText(visible(text) + share)

    def _show_answer(self) -> None:
        asker = self.asker
        self.save.setEnabled(asker.prediction is not None)
        self.table.show_prediction(asker.prediction)
        if asker.reason:
            self.status.setText(visible(asker.reason))
        elif asker.prediction is not None and not asker.is_asking:
            told = asker.prediction
            step = f"{told.step:,}"
            words = tr("1 row, as of step {}").format(step)
            if told.n_rows != 1:
                words = tr("{rows} rows, as of step {step}").format(
                    rows=f"{told.n_rows:,}", step=step
                )
            if told.n_models > 1:
                words += tr("; means of {} seeds with 95 % intervals").format(told.n_models)
            self.status.setText("\n".join([words, *map(visible, told.notices)]))

    def _save(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, tr("Save as CSV"), "predictions.csv", "*.csv")
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write what is shown; say where it lies, or why it does not."""
        if self.asker.prediction is None:
            return
        try:
            write_prediction(self.asker.prediction, path)
        except OSError as error:
            self.status.setText(visible(str(error)))
            return
        self.status.setText(tr("Saved in {}").format(visible(str(path))))


def _button(text: str, clicked: object) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(clicked)
    return button


def _tables(description: ModelDescription | None) -> tuple[TablePreparation, ...]:
    prepared = description.preparations if description is not None else ()
    return tuple(each for each in prepared if isinstance(each, TablePreparation))
