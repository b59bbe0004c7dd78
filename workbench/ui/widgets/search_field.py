"""SearchField: a line to type what is looked for, with a cross that clears it."""

from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from workbench.ui.words.language import translator

tr = translator("Search")


class SearchField(QLineEdit):
    """Says by `name` what it finds, and in the empty field by an example."""

    def __init__(self, name: str, example: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(example or name)
        self.setClearButtonEnabled(True)
        for button in self.findChildren(QToolButton):
            button.setAccessibleName(tr("Clear"))
