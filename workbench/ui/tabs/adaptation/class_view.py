"""ClassView: a small task with classes: its pictures, its confusion, its embedding."""

from PySide6.QtWidgets import QWidget

from workbench.spec.shown.adaptation import AdaptedClasses
from workbench.ui.look.theme import Theme
from workbench.ui.tabs.adaptation.class_answers import ClassAnswers
from workbench.ui.tabs.adaptation.confusion import Confusion
from workbench.ui.tabs.adaptation.embedding import Embedding
from workbench.ui.tabs.adaptation.picture_rows import PictureRows, has_pictures
from workbench.ui.widgets.basics import column, row, scrolling


class ClassView(QWidget):
    """The pictures over the confusion and, where rows have places, their embedding."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.pictures = PictureRows(theme)
        self.confusion = Confusion(theme)
        self.embedding = Embedding(theme)
        self.answers: ClassAnswers | None = None
        self._area = scrolling(self.pictures)
        layout = column(self, (0, 0, 0, 0), 8)
        layout.addWidget(self._area, 1)
        line = row(self.confusion, self.embedding, spacing=10)
        line.setStretch(0, 2)
        line.setStretch(1, 3)
        layout.addLayout(line, 1)

    def show_classes(self, shown: AdaptedClasses, k: int) -> None:
        """Show a small task with the answers after step number `k` of those told."""
        self.answers = answers = ClassAnswers(shown, k)
        self._area.setVisible(has_pictures(shown))
        self.embedding.setVisible(len(shown.places) > 0)
        self.pictures.show_answers(answers)
        self.confusion.show_answers(answers)
        self.embedding.show_answers(answers)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        for part in (self.pictures, self.confusion, self.embedding):
            part.set_theme(theme)
