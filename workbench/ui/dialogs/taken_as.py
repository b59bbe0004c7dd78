"""TakenAs: what a file is taken for, where it may be several things."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from workbench.spec.user_files.file_facts import FileFacts
from workbench.ui.dialogs.data_words import family_words
from workbench.ui.words.language import translator

tr = translator("BringData")


class TakenAs(QComboBox):
    """Offers the families that would take a file; hidden where one alone does."""

    #: The family that is to take it.
    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("What the file is taken for"))
        self.activated.connect(lambda at: self.chosen.emit(str(self.itemData(at))))
        self.hide()

    def show_facts(self, facts: FileFacts) -> None:
        """Offer what a file may be."""
        self.clear()
        for family in (facts.family, *facts.others):
            self.addItem(family_words(family), family)
        self.setVisible(bool(facts.others))
