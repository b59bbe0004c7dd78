"""SamplesCard: examples of a task, or in words why there are none yet."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from workbench.spec.question import TaskPreview
from workbench.ui.look.theme import Theme
from workbench.ui.panels.inspect.sample_views import view_of
from workbench.ui.widgets.basics import column, label
from workbench.ui.words.language import translator

tr = translator("Samples")


class SamplesCard(QWidget):
    """The samples of one task of a family; a list to choose from where there are several."""

    #: The task whose samples are looked at.
    chosen = Signal(str)
    #: What the button beside a reason does was asked for.
    remedy_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._previews: dict[str, TaskPreview] = {}
        layout = column(self, (0, 0, 0, 0), 6)
        layout.addSpacing(8)
        layout.addWidget(label(tr("EXAMPLES"), "overline"))
        self.tasks = QComboBox()
        self.tasks.setObjectName("samples.task")
        self.tasks.setAccessibleName(tr("The task whose examples are shown"))
        self.tasks.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.tasks.setMinimumContentsLength(8)
        self.tasks.textActivated.connect(self._choose)
        self.counts = label("", "hint", wraps=True)
        self.words = label("", "muted", wraps=True)
        self.remedy = QPushButton()
        self.remedy.clicked.connect(self.remedy_wanted)
        self._views = QWidget()
        column(self._views, (0, 0, 0, 0), 6)
        for part in (self.tasks, self.counts, self.words, self.remedy, self._views):
            layout.addWidget(part)
            part.hide()

    def say(self, words: str, remedy: str = "") -> None:
        """Show words in the place of samples, and a button that helps, where there is one."""
        self._previews = {}
        for part in (self.tasks, self.counts, self._views):
            part.hide()
        self.words.setText(words)
        self.words.show()
        self.remedy.setText(remedy)
        self.remedy.setVisible(bool(remedy))

    def show_previews(self, previews: Sequence[TaskPreview], task: str | None) -> None:
        """Show a task's samples; the first one's where no task is named."""
        self._previews = {preview.name: preview for preview in previews}
        self.words.hide()
        self.remedy.hide()
        self.tasks.clear()
        self.tasks.addItems(list(self._previews))
        self.tasks.setVisible(len(self._previews) > 1)
        if self._previews:
            self._show(task if task in self._previews else next(iter(self._previews)))

    @property
    def task(self) -> str:
        """The task that is shown; empty where none is."""
        return self.tasks.currentText() if self._previews else ""

    def _choose(self, task: str) -> None:
        self._show(task)
        self.chosen.emit(task)

    def _show(self, task: str) -> None:
        preview = self._previews[task]
        self.tasks.setCurrentText(task)
        words = tr("{} train · {} validation · {} test")
        numbers = (f"{n:,}" for n in (preview.n_train, preview.n_val, preview.n_test))
        self.counts.setText(words.format(*numbers))
        self.counts.show()
        layout = self._views.layout()
        while layout is not None and (item := layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for samples in preview.samples:
            if layout is not None:
                if len(preview.samples) > 1:
                    layout.addWidget(label(samples.view, "hint"))
                layout.addWidget(view_of(samples, self._theme))
        self._views.show()
