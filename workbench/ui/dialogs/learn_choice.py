"""LearnChoice: whether a file is learned as it is, or as many small tasks to adapt to."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from workbench.spec.entry import Catalogue
from workbench.spec.text import visible
from workbench.ui.dialogs.data_choice import CLASSES, DataChoice
from workbench.ui.dialogs.data_tasks import BY_COLUMN
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("BringData")


class LearnChoice(QComboBox):
    """Offers groups where a column or the classes may make them; hidden where none may."""

    #: The column of which each value is a task, or the classes, and how; empty: none.
    grouped = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("data.learn")
        words = tr("Learn it as it is, or learn to adapt to small tasks")
        self.setAccessibleName(words)
        set_hint(self, words)
        self._offered: list[tuple[str, str]] = []
        self.activated.connect(lambda at: self.grouped.emit(*self._offered[at]))

    def offer(self, choice: DataChoice, catalogue: Catalogue) -> None:
        """What this file may be learned as, and what is chosen."""
        family = {"table": "few-shot-table", "pictures": "few-shot-pictures"}
        is_known = ("tasks", family.get(choice.facts.family, "")) in catalogue
        few_shot = [(name, "few-shot") for name in (choice.groups if is_known else ())]
        groups = [*few_shot, *((name, BY_COLUMN) for name in choice.sites)]
        offered = [("", ""), *groups]
        if offered != self._offered:
            self._offered = offered
            self.clear()
            for name, group_as in offered:
                self.addItem(_words(name, group_as, has_columns=choice.has_columns), name)
        chosen = (choice.group, choice.group_as)
        self.setCurrentIndex(offered.index(chosen) if chosen in offered else 0)
        self.setVisible(bool(groups))


def _words(name: str, group_as: str, *, has_columns: bool) -> str:
    if not group_as:
        return tr("Learn it as it is")
    if group_as == BY_COLUMN:
        return tr("Each {} is a task of its own").format(visible(name))
    if name == CLASSES and not has_columns:
        return tr("Few-shot: a few of the classes are a small task")
    return tr("Few-shot: each {} is a small task").format(visible(name))
