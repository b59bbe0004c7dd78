"""TextList: examples that are texts, each over its right answer."""

from PySide6.QtWidgets import QWidget

from workbench.spec.shown.samples import Texts
from workbench.ui.widgets.basics import column, label
from workbench.ui.words.direction import direction_of
from workbench.ui.words.language import translator

#: Texts shown at most.
_MOST = 6

tr = translator("SampleViews")


class TextList(QWidget):
    """Texts one under the other, the right answer to each below it, as either is written."""

    def __init__(self, samples: Texts) -> None:
        super().__init__()
        self.setAccessibleName(tr("Texts of the data"))
        layout = column(self, (0, 0, 0, 0), 2)
        pairs = list(zip(samples.texts, samples.answers, strict=True))[:_MOST]
        for i, (text, answer) in enumerate(pairs):
            if i:
                layout.addSpacing(6)
            for words, style in ((text, "hint"), (answer, "")):
                line = label(words, style, wraps=True)
                line.setLayoutDirection(direction_of(words))
                layout.addWidget(line)
