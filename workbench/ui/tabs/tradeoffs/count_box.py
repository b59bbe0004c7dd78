"""CountBox: how many proportions of the weights a sweep tries."""

from PySide6.QtWidgets import QSpinBox

from workbench.ui.words.language import translator

tr = translator("TradeOffs")


class CountBox(QSpinBox):
    """Between 2 points and 100."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(2, 100)
        self.setValue(5)
        self.setSuffix(" " + tr("points"))
        self.setFixedWidth(98)
        self.setAccessibleName(tr("How many weightings to try"))
