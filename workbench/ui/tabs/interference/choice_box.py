"""choice_box: one of the boxes that say what the matrix shows."""

from PySide6.QtWidgets import QComboBox, QWidget

from workbench.ui.widgets.basics import WheelGuard, guard_wheel
from workbench.ui.words.plain_text import set_hint


def choice_box(parent: QWidget, name: str, title: str, n_letters: int = 9) -> QComboBox:
    """A box no wider than it must be, which the wheel does not change in passing."""
    combo = QComboBox()
    combo.setObjectName(f"interference.{name}")
    combo.setAccessibleName(title)
    set_hint(combo, title)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(n_letters)
    guard_wheel(WheelGuard(parent), combo)
    return combo
