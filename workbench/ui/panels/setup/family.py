"""FamilyBlock: a task family of the setup, its tasks and its settings."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from workbench.spec.entry import Entry
from workbench.spec.experiment import TaskChoice
from workbench.spec.experiments.nested import OF, is_maker
from workbench.ui.look.icons import icon
from workbench.ui.look.theme import Theme
from workbench.ui.model.presenter import Presenter
from workbench.ui.model.task_edits import choice_of, weight_of
from workbench.ui.panels.setup.drag_handle import DragHandle
from workbench.ui.panels.setup.task_row import TaskRow
from workbench.ui.panels.setup.weight import MOST
from workbench.ui.widgets.basics import column, label, row
from workbench.ui.widgets.form import Form, refusal_of
from workbench.ui.widgets.source_editor import SourcesEditor, sources_for
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint, without_mnemonic

tr = translator("Tasks")


class FamilyBlock(QWidget):
    """A task family: its tasks and its settings."""

    entry_asked = Signal(object)
    #: A task of it (None: the family) was chosen; the pointer is on one, or has gone from it.
    looked = Signal(str, object)
    hovered = Signal(str, object, bool)
    live_weight = Signal(str, object, float)
    #: Tasks are to be made of this family's.
    make_wanted = Signal(str)

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
        self._head.setText(without_mnemonic(entry.title))
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_hint(self._head, entry.broken or entry.summary)
        self._head.setAccessibleName(tr("Task family {}").format(entry.title))
        self._head.clicked.connect(self._toggle)
        self._count = label("", "hint")
        self.grip = DragHandle(entry.title)
        self.grip.moved.connect(self._move)
        self.grip.released.connect(presenter.end_edit)
        self.grip.set_theme(theme)
        self.grip.listen(self._head)
        head = row(self._head, self._count, 1, self.grip, spacing=4)
        layout.addLayout(head)
        self._inner = QWidget()
        self._inner.hide()
        self.rows: dict[str | None, TaskRow] = {}
        self.form: Form | None = None
        self.sources: SourcesEditor | None = None
        self.make: QPushButton | None = None
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
        inner = column(self._inner, (4, 0, 0, 4), 3)
        holder = QWidget()
        self._rows = column(holder, (0, 0, 0, 0), 3)
        for task in [None] if self.is_varying else list(entry.tasks):
            self._rows.addWidget(self._row(task))
        inner.addWidget(holder)
        self.form = Form(entry.settings, self._theme, f"tasks.{entry.key}")
        self.form.setVisible(not self.form.is_empty)
        self.form.edited.connect(self._set)
        self.form.refused.connect(self._presenter.refuse_entry)
        indented = QWidget()
        parts = column(indented, (20, 0, 0, 0), 4)
        parts.addWidget(self.form)
        if is_maker(entry):
            catalogue = self._presenter.catalogue
            self.sources = sources_for(entry, catalogue, self._theme, f"tasks.{entry.key}")
            self.sources.edited.connect(lambda value: self._set(OF, value))
            self.sources.refused.connect(self._presenter.refuse_entry)
            parts.addWidget(self.sources)
        if not {"episodes", "no-input"} & {*entry.gives}:
            self.make = QPushButton(tr("Make tasks from these…"))
            self.make.clicked.connect(lambda: self.make_wanted.emit(entry.key))
            parts.addWidget(self.make)
        inner.addWidget(indented)
        return self.form

    def _row(self, task: str | None) -> TaskRow:
        title = tr("All its tasks") if task is None else task
        part = TaskRow(f"{self.entry.key}.{task or '*'}", title, task is not None, self._theme)
        part.ticked.connect(lambda is_on: self._tick(task, is_on))
        part.weighed.connect(lambda value: self._weigh(task, value))
        part.weight.refused.connect(self._refuse)
        part.released.connect(self._presenter.end_edit)
        part.moved.connect(lambda by: self._presenter.move_task(self.entry.key, task, by))
        part.hovered.connect(lambda is_on: self.hovered.emit(self.entry.key, task, is_on))
        part.opened.connect(lambda: self._show_own(task))
        part.changed.connect(
            lambda field, value: self._presenter.set_own(self.entry.key, task, field, value)
        )
        part.refused.connect(self._presenter.refuse_entry)
        self.rows[task] = part
        return part

    def _tick(self, task: str | None, is_on: bool) -> None:
        self._presenter.set_task(self.entry.key, task, is_on)
        self.entry_asked.emit(self.entry)
        self.looked.emit(self.entry.key, task)

    def _move(self, by: int) -> None:
        self._presenter.move_family(self.entry.key, by)

    def _weigh(self, task: str | None, value: float) -> None:
        if self._presenter.is_live:
            self._presenter.accept_entry(f"weight.{self.entry.key}.{task or '*'}")
            self.live_weight.emit(self.entry.key, task, value)
        else:
            self._presenter.set_weight(self.entry.key, task, value)

    def _refuse(self, field: str, text: str) -> None:
        rule = {"type": "number", "minimum": 0, "maximum": MOST}
        self._presenter.refuse_entry(field, text, refusal_of(text, rule))

    def _set(self, name: str, value: object) -> None:
        self._presenter.set_family_setting(self.entry.key, name, value)

    def _toggle(self) -> None:
        self._is_open = self._inner.isHidden()
        self.refresh(self._colours)
        self._inner.setVisible(self._is_open)
        self._draw_arrow()
        self.entry_asked.emit(self.entry)
        self.looked.emit(self.entry.key, None)

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
            form.setEnabled(bool(chosen) and not is_live)
            if self.make is not None:
                self.make.setEnabled(not is_live)
            form.set_values(chosen[0].settings if chosen else {}, self._presenter.refused)
            if self.sources is not None:
                self.sources.setEnabled(bool(chosen) and not is_live)
                values = self.entry.values(chosen[0].settings if chosen else {})
                self.sources.set_value(values[OF], self._presenter.refused)
        if self.is_varying and self.form is not None:
            self._list_named(chosen)
        places = self._places(chosen)
        for task, part in self.rows.items():
            weight = weight_of(spec.tasks, self.entry.key, task)
            if task is None and chosen and chosen[0].task is None:
                weight = chosen[0].weight
            part.show_task(weight, is_live, places.get(task, 0) if len(places) > 1 else 0)
            part.weight.show_refused(self._presenter.refused)
            self._show_own(task)
            if part.swatch and weight is not None:
                number = colours.get((self.entry.key, task or ""), 0)
                part.swatch.set_style(self._theme.task_colour(number), number)
        self._order(places)
        self._show_count(len(places))
        n_families = len({choice.family for choice in spec.tasks})
        self.grip.show_place(1 if chosen and n_families > 1 else 0, is_live)
        self._inner.setVisible(bool(chosen) or self._is_open)
        self._draw_arrow()

    def _list_named(self, chosen: list[TaskChoice]) -> None:
        """Of a family whose tasks depend on its settings: a row for each entry that there is."""
        wanted = [choice.task for choice in chosen] or [None]
        for task in wanted:
            if task not in self.rows:
                self._rows.addWidget(self._row(task))
        for task, part in self.rows.items():
            part.setVisible(task in wanted)

    def _show_own(self, task: str | None) -> None:
        """Show the head and the loss of a task, where it is learned."""
        presenter = self._presenter
        choice = choice_of(presenter.spec.tasks, self.entry.key, task)
        self.rows[task].show_own(choice, presenter.refused, presenter.is_live)

    def _places(self, chosen: list[TaskChoice]) -> dict[str | None, int]:
        """The place, from 1, of each task that is learned among those of the family."""
        names: list[str | None] = []
        for choice in chosen:
            is_whole = choice.task is None and not self.is_varying
            names += list(self.entry.tasks) if is_whole else [choice.task]
        return {name: i + 1 for i, name in enumerate(names)}

    def _order(self, places: Mapping[str | None, int]) -> None:
        """Rows of tasks that are learned first, in their order; the others as in the catalogue."""
        if len(self.rows) < 2 or self.form is None:
            return
        wanted = sorted(self.rows, key=lambda task: places.get(task, len(self.rows) + 1))
        for i, task in enumerate(wanted):
            if self._rows.indexOf(self.rows[task]) != i:
                self._rows.insertWidget(i, self.rows[task])
        parts: list[QWidget] = [self.rows[task].tick for task in wanted]
        for before, after in pairwise(parts):
            QWidget.setTabOrder(before, after)

    def _show_count(self, n_chosen: int) -> None:
        n = len(self.entry.tasks)
        if self.is_varying:
            self._count.setText("")
        elif n_chosen:
            self._count.setText(tr("{} of {}").format(n_chosen, n))
        else:
            self._count.setText(str(n))

    def fits(self, wanted: str) -> bool:
        """Whether the family, or a task of it, is what `wanted` looks for."""
        entry = self.entry
        words = (entry.title, entry.key, entry.summary, entry.helps, *entry.tasks, *_kinds(entry))
        return all(any(part in text.lower() for text in words) for part in wanted.lower().split())

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self.grip.set_theme(theme)
        for part in self.rows.values():
            part.set_theme(theme)
        if self.form is not None:
            self.form.set_theme(theme)
        if self.sources is not None:
            self.sources.set_theme(theme)
        self._draw_arrow()


def _kinds(entry: Entry) -> Iterator[str]:
    """The words between which settings of a family choose: its shapes, say."""
    for schema in entry.settings.get("properties", {}).values():
        yield from (str(kind) for kind in schema.get("enum", ()))
