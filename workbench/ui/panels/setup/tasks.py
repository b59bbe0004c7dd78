"""Tasks: which ones are learned, in which order, and a browser of all there are."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget

from workbench.spec.entry import by_role
from workbench.ui.look.icons import icon
from workbench.ui.look.theme import Theme
from workbench.ui.model.presenter import Presenter
from workbench.ui.model.task_colours import colour_numbers, orders_of, tasks_of
from workbench.ui.panels.setup.family import FamilyBlock
from workbench.ui.panels.setup.section import Section
from workbench.ui.widgets.basics import label
from workbench.ui.widgets.search_field import SearchField
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Tasks")


def group_titles() -> Mapping[str, str]:
    """The headings of families in the browser, in their order; others come after these."""
    return {
        "digits": tr("DIGITS"),
        "tables": tr("TABLES"),
        "synthetic": tr("SYNTHETIC"),
        "learning to learn": tr("LEARNING TO LEARN"),
        "languages": tr("LANGUAGES"),
        "scenes": tr("SCENES"),
        "your data": tr("YOUR DATA"),
        "downloads": tr("DOWNLOADS"),
        "made from others": tr("MADE FROM OTHERS"),
    }


class TasksSection(Section):
    """The families that are used, and under them a browser of the others."""

    entry_asked = Signal(object)
    looked = Signal(str, object)
    hovered = Signal(str, object, bool)
    live_weight = Signal(str, object, float)
    data_wanted = Signal()
    #: Tasks are to be made of a family's; "": of those that are chosen.
    make_wanted = Signal(str)

    def __init__(self, number: int, presenter: Presenter, theme: Theme) -> None:
        super().__init__(number, tr("Tasks"), tr("what is learned"), "methods/tasks.md")
        self._presenter = presenter
        self._theme = theme
        self.blocks: list[FamilyBlock] = []
        self._titles: dict[str, QLabel] = {}
        self._are_others_shown = False
        self.count = label("", "hint")
        self.search = SearchField(tr("Find a task or a family"))
        self.search.setObjectName("tasks.search")
        self.search.textChanged.connect(self.refresh)
        self._none = label(tr("No family or task is called so"), "muted")
        self._others = QToolButton()
        self._others.setObjectName("small")
        self._others.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_hint(self._others, tr("Show the task families that are not used yet, or hide them"))
        self._others.clicked.connect(self._show_others)
        self.data = QPushButton(tr("Bring my data…"))
        set_hint(self.data, tr("Your own table, arrays or pictures as tasks (Ctrl+D)"))
        self.data.clicked.connect(self.data_wanted)
        self.make = QPushButton(tr("Make tasks from…"))
        words = tr("Cut, turn, corrupt or join what is learned: tasks made of any data")
        set_hint(self.make, words)
        self.make.clicked.connect(lambda: self.make_wanted.emit(""))
        for part in (self.count, self.search, self._none, self._others, self.data, self.make):
            self.body.addWidget(part)

    def _show_others(self) -> None:
        self._are_others_shown = not self._are_others_shown
        self.refresh()

    def build(self) -> None:
        """Make the rows, once the catalogue is known."""
        for old in (*self.blocks, *self._titles.values()):
            old.deleteLater()
        self.blocks = []
        entries = by_role(self._presenter.catalogue, "tasks")
        for entry in entries:
            block = FamilyBlock(entry, self._presenter, self._theme)
            block.entry_asked.connect(self.entry_asked)
            block.looked.connect(self.looked)
            block.hovered.connect(self.hovered)
            block.live_weight.connect(self.live_weight)
            block.make_wanted.connect(self.make_wanted)
            self.blocks.append(block)
        known = group_titles()
        groups = dict.fromkeys([*known, *(entry.group for entry in entries)])
        used = {entry.group for entry in entries}
        self._titles = {
            group: label(known.get(group, group.upper() or tr("OTHERS")), "overline")
            for group in groups
            if group in used
        }
        self.refresh()

    def refresh(self) -> None:
        """Show the setup, each task in the colour that the run will give it."""
        catalogue = self._presenter.catalogue
        tasks = tasks_of(self._presenter.spec.tasks, catalogue)
        numbers = colour_numbers(tasks, orders_of(catalogue))
        colours = dict(zip(tasks, numbers, strict=True))
        for block in self.blocks:
            block.refresh(colours)
        self._arrange()
        n_others = sum(not block.is_used for block in self.blocks)
        words = tr("Fewer task families") if self._are_others_shown else tr("{} more families")
        self._others.setText(words.format(n_others))
        self._others.setVisible(n_others > 0 and not self.search.text().strip())
        name = "chevron-up" if self._are_others_shown else "chevron-down"
        self._others.setIcon(icon(name, self._theme, self._theme.muted, 12))
        n_all = sum(len(block.entry.tasks) for block in self.blocks)
        words = tr("{} chosen · {} tasks in {} families")
        self.count.setText(words.format(len(tasks), n_all, len(self.blocks)))
        self.count.setVisible(bool(self.blocks))  # nothing is counted before the catalogue is read
        for button in (self.data, self.make):
            button.setEnabled(not self._presenter.is_live and bool(self.blocks))
        self.set_live(self._presenter.is_live)

    def _arrange(self) -> None:
        """Families that are used first, in the order of the setup; then the browser, by group."""
        wanted = self.search.text().strip()
        families = [choice.family for choice in self._presenter.spec.tasks]
        used = [block for block in self.blocks if block.is_used]
        used.sort(key=lambda b: families.index(b.entry.key) if b.entry.key in families else 1000)
        others = [block for block in self.blocks if not block.is_used]
        shown = {
            block for block in others if (block.fits(wanted) if wanted else self._are_others_shown)
        }
        order: list[QWidget] = [self.count, *used, self.search, self._none, self._others]
        for group, title in self._titles.items():
            members = [block for block in others if block.entry.group == group]
            order += [title, *members]
            title.setVisible(any(block in shown for block in members))
        for i, part in enumerate([*order, self.data, self.make]):
            if self.body.indexOf(part) != i:
                self.body.insertWidget(i, part)
        for block in self.blocks:
            block.setVisible(block.is_used or block in shown)
        is_found = bool(shown) or any(block.fits(wanted) for block in used)
        self._none.setVisible(bool(wanted) and not is_found)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        for block in self.blocks:
            block.set_theme(theme)
        self.refresh()
