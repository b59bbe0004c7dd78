"""LearnChoice: whether a file is learned as it is, or as many small tasks to adapt to."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from workbench.spec.entry import Catalogue
from workbench.spec.text import visible
from workbench.ui.dialogs.data_choice import CLASSES, DataChoice
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("BringData")


class LearnChoice(QComboBox):
    """Offers small tasks where a column or the classes may make them; hidden where none may."""

    #: The column of which each value is a small task, or the classes; empty: none.
    grouped = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("data.learn")
        words = tr("Learn it as it is, or learn to adapt to small tasks")
        self.setAccessibleName(words)
        set_hint(self, words)
        self.activated.connect(lambda _: self.grouped.emit(self.currentData()))

    def offer(self, choice: DataChoice, catalogue: Catalogue) -> None:
        """What this file may be learned as, and what is chosen."""
        family = {"table": "few-shot-table", "pictures": "few-shot-pictures"}
        is_known = ("tasks", family.get(choice.facts.family, "")) in catalogue
        groups = choice.groups if is_known else ()
        self.clear()
        self.addItem(tr("Learn it as it is"), "")
        for name in groups:
            if name == CLASSES and not choice.has_columns:
                words = tr("Few-shot: a few of the classes are a small task")
            else:
                words = tr("Few-shot: each {} is a small task").format(visible(name))
            self.addItem(words, name)
        self.setCurrentIndex(max(self.findData(choice.group), 0))
        self.setVisible(bool(groups))
