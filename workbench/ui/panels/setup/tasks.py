"""Tasks: which ones are learned, and how much each counts."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QWidget

from workbench.spec.entry import Entry, by_role
from workbench.ui.form import Form
from workbench.ui.icons import icon
from workbench.ui.panels.setup.section import Section
from workbench.ui.panels.setup.weight import WeightEditor
from workbench.ui.presenter import Presenter
from workbench.ui.task_colours import colour_numbers, orders_of, tasks_of
from workbench.ui.task_edits import weight_of
from workbench.ui.theme import Theme
from workbench.ui.widgets import Swatch, column, label


def _tr(text: str) -> str:
    return QCoreApplication.translate("Tasks", text)


class TaskRow(QWidget):
    """One task, or a whole family: a tick, its line, its weight."""

    ticked = Signal(bool)
    weighed = Signal(float)
    released = Signal()

    def __init__(self, name: str, title: str, has_swatch: bool) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.tick = QCheckBox(title)
        self.tick.setObjectName(f"task.{name}")
        self.tick.setAccessibleName(_tr("Learn {}").format(title))
        self.tick.setFixedWidth(112)
        self.tick.setToolTip(title)
        self.swatch = Swatch(QColor(), 0) if has_swatch else None
        self.weight = WeightEditor(title)
        self.weight.setObjectName(f"weight.{name}")
        layout.addWidget(self.tick)
        if self.swatch:
            layout.addWidget(self.swatch)
        layout.addWidget(self.weight, 1)
        self.tick.clicked.connect(self.ticked)
        self.weight.edited.connect(self.weighed)
        self.weight.released.connect(self.released)

    def show_task(self, weight: float | None, is_live: bool) -> None:
        """Show a task's weight, None for one that is not learned."""
        self.tick.setChecked(weight is not None)
        self.tick.setEnabled(not is_live)
        self.weight.setEnabled(weight is not None)
        if not (is_live and weight is not None):
            self.weight.set_value(0.0 if weight is None else weight)
        if self.swatch:
            self.swatch.setVisible(weight is not None)


class FamilyBlock(QWidget):
    """A task family: its tasks and its settings."""

    asked = Signal(object)
    live_weight = Signal(str, object, float)

    def __init__(self, entry: Entry, presenter: Presenter, theme: Theme) -> None:
        super().__init__()
        self.entry = entry
        self._presenter = presenter
        self._theme = theme
        self._is_open = False
        self._colours: Mapping[tuple[str, str], int] = {}
        self.is_varying = "varying-tasks" in entry.gives
        layout = column(self, (0, 0, 0, 0), 4)
        self._head = QToolButton()
        self._head.setObjectName("small")
        self._head.setText(entry.title)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._head.setToolTip(entry.broken or entry.summary)
        self._head.setAccessibleName(_tr("Task family {}").format(entry.title))
        self._head.clicked.connect(self._toggle)
        layout.addWidget(self._head)
        self._inner = QWidget()
        self._inner.hide()
        self.rows: dict[str | None, TaskRow] = {}
        self.form: Form | None = None
        layout.addWidget(self._inner)
        if entry.broken:
            self._inner.setEnabled(False)
            layout.addWidget(label(entry.broken, "reason", wraps=True))

    @property
    def is_used(self) -> bool:
        """Whether a task of it is learned, or its tasks are being looked at."""
        family = self.entry.key
        return self._is_open or any(c.family == family for c in self._presenter.spec.tasks)

    def _fill(self) -> Form:
        """Make the rows and the form, when they are first to be seen."""
        if self.form is not None:
            return self.form
        entry = self.entry
        inner = column(self._inner, (20, 0, 0, 4), 3)
        for task in [None] if self.is_varying else list(entry.tasks):
            inner.addWidget(self._row(task))
        self.form = Form(entry.settings, self._theme, f"tasks.{entry.key}")
        self.form.setVisible(not self.form.is_empty)
        self.form.edited.connect(self._set)
        inner.addWidget(self.form)
        return self.form

    def _row(self, task: str | None) -> TaskRow:
        title = _tr("All its tasks") if task is None else task
        part = TaskRow(f"{self.entry.key}.{task or '*'}", title, has_swatch=task is not None)
        part.ticked.connect(lambda is_on: self._tick(task, is_on))
        part.weighed.connect(lambda value: self._weigh(task, value))
        part.released.connect(self._presenter.end_edit)
        self.rows[task] = part
        return part

    def _tick(self, task: str | None, is_on: bool) -> None:
        self._presenter.set_task(self.entry.key, task, is_on)
        self.asked.emit(self.entry)

    def _weigh(self, task: str | None, value: float) -> None:
        if self._presenter.is_live:
            self.live_weight.emit(self.entry.key, task, value)
        else:
            self._presenter.set_weight(self.entry.key, task, value)

    def _set(self, name: str, value: object) -> None:
        self._presenter.set_family_setting(self.entry.key, name, value)

    def _toggle(self) -> None:
        self._is_open = self._inner.isHidden()
        self.refresh(self._colours)
        self._inner.setVisible(self._is_open)
        self._draw_arrow()
        self.asked.emit(self.entry)

    def _draw_arrow(self) -> None:
        name = "chevron-down" if not self._inner.isHidden() else "chevron-right"
        self._head.setIcon(icon(name, self._theme, self._theme.muted, 12))

    def refresh(self, colours: Mapping[tuple[str, str], int]) -> None:
        """Show the setup; `colours` are the colour numbers of the tasks that are learned."""
        self._colours = colours
        spec, is_live = self._presenter.spec, self._presenter.is_live
        chosen = [choice for choice in spec.tasks if choice.family == self.entry.key]
        if chosen or self._is_open:
            form = self._fill()
            form.set_values(chosen[0].settings if chosen else {})
            form.setEnabled(bool(chosen) and not is_live)
        for task, part in self.rows.items():
            weight = weight_of(spec.tasks, self.entry.key, task)
            if task is None and chosen:
                weight = chosen[0].weight
            part.show_task(weight, is_live)
            if part.swatch and weight is not None:
                number = colours.get((self.entry.key, task or ""), 0)
                part.swatch.set_style(self._theme.task_colour(number), number)
        self._inner.setVisible(bool(chosen) or self._is_open)
        self._draw_arrow()

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        if self.form is not None:
            self.form.set_theme(theme)
        self._draw_arrow()


class TasksSection(Section):
    """The task families of the catalogue."""

    asked = Signal(object)
    live_weight = Signal(str, object, float)

    def __init__(self, number: int, presenter: Presenter, theme: Theme) -> None:
        super().__init__(number, _tr("Tasks"), _tr("what is learned"))
        self._presenter = presenter
        self._theme = theme
        self.blocks: list[FamilyBlock] = []
        self._are_others_shown = False
        self._others = QToolButton()
        self._others.setObjectName("small")
        self._others.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._others.setToolTip(_tr("Show the task families that are not used yet, or hide them"))
        self._others.clicked.connect(self._show_others)
        self.body.addWidget(self._others)

    def _show_others(self) -> None:
        self._are_others_shown = not self._are_others_shown
        self.refresh()

    def build(self) -> None:
        """Make the rows, once the catalogue is known."""
        for old in self.blocks:
            old.deleteLater()
        self.blocks = []
        for entry in by_role(self._presenter.catalogue, "tasks"):
            block = FamilyBlock(entry, self._presenter, self._theme)
            block.asked.connect(self.asked)
            block.live_weight.connect(self.live_weight)
            self.blocks.append(block)
            self.body.insertWidget(self.body.count() - 1, block)
        self.refresh()

    def refresh(self) -> None:
        """Show the setup, each task in the colour that the run will give it."""
        catalogue = self._presenter.catalogue
        tasks = tasks_of(self._presenter.spec.tasks, catalogue)
        numbers = colour_numbers(tasks, orders_of(catalogue))
        colours = dict(zip(tasks, numbers, strict=True))
        for block in self.blocks:
            block.refresh(colours)
            block.setVisible(block.is_used or self._are_others_shown)
        n_others = sum(not block.is_used for block in self.blocks)
        words = _tr("Fewer task families") if self._are_others_shown else _tr("{} more families")
        self._others.setText(words.format(n_others))
        self._others.setVisible(n_others > 0)
        name = "chevron-up" if self._are_others_shown else "chevron-down"
        self._others.setIcon(icon(name, self._theme, self._theme.muted, 12))
        self.set_live(self._presenter.is_live)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        for block in self.blocks:
            block.set_theme(theme)
        self.refresh()
