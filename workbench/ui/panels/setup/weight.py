"""WeightEditor: a slider with fine steps near zero, and the exact number beside it."""

from collections.abc import Mapping
from math import log

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from workbench.ui.model.problem_list import RefusedEntry
from workbench.ui.widgets.basics import WheelGuard, guard_wheel
from workbench.ui.widgets.number_box import NumberBox
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("WeightEditor")

#: The largest weight that can be typed.
MOST = 1e6

_STEPS = 200
_LARGEST = 10.0
_SMALLEST = 0.01
#: The middle of the slider is 1, the weight that changes nothing.
_POWER = log(1 / _LARGEST) / log(0.5)


def weight_at(position: int) -> float:
    """The weight at a slider position from 0 to 200, rounded to what a hand can aim at.

    Two digits, and no finer than hundredths, which the box beside it can show; 0 at the end alone.
    """
    value = _LARGEST * (position / _STEPS) ** _POWER
    return max(round(float(f"{value:.2g}"), 2), _SMALLEST) if position else 0.0


def position_of(weight: float) -> int:
    """The slider position nearest to a weight; weights over 10 stand at the end."""
    return round(_STEPS * (min(weight, _LARGEST) / _LARGEST) ** (1 / _POWER))


class WeightEditor(QWidget):
    """A weight from 0 to 10 by slider, or any by number; `released` ends a gesture."""

    edited = Signal(float)
    released = Signal()
    #: The name of this editor, and what was typed into it that is no weight.
    refused = Signal(str, str)

    def __init__(self, task: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        name = tr("Weight of {}").format(task)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(20)
        self.slider.setMinimumWidth(56)
        self.box = NumberBox()
        self.box.setRange(0, MOST)
        self.box.setFixedWidth(64)
        guard = WheelGuard(self)
        for part in (self.slider, self.box):
            part.setAccessibleName(name)
            set_hint(
                part,
                tr("How much {} counts: more weight, more of this task").format(task),
            )
            guard_wheel(guard, part)
            layout.addWidget(part)
        layout.setStretch(0, 1)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self.released)
        self.box.valueChanged.connect(self._typed)
        self.box.accepted.connect(lambda: self.edited.emit(self.box.value()))
        self.box.refused.connect(lambda text: self.refused.emit(self.objectName(), text))
        self.box.editingFinished.connect(self.released)

    def value(self) -> float:
        """The weight shown."""
        return self.box.value()

    def set_value(self, weight: float) -> None:
        """Show `weight` without telling anybody."""
        self.box.show_number(weight)
        if weight != weight_at(self.slider.value()):
            self.slider.blockSignals(True)
            self.slider.setValue(position_of(weight))
            self.slider.blockSignals(False)

    def show_refused(self, refused: Mapping[str, RefusedEntry]) -> None:
        """Show again what was typed here and refused."""
        entry = refused.get(self.objectName())
        if entry is not None:
            self.box.show_refused(entry.text)

    def _slid(self, position: int) -> None:
        weight = weight_at(position)
        self.box.show_number(weight)
        self.edited.emit(weight)

    def _typed(self, weight: float) -> None:
        self.set_value(weight)
        self.edited.emit(float(f"{weight:.6g}"))
