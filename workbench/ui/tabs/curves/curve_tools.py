"""CurveTools: how the curves are drawn, and whether their numbers stand below them."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QSlider, QWidget

from workbench.ui.widgets.basics import label, row
from workbench.ui.words.plain_text import set_hint

#: Lengths the smoothing slider offers, in steps: odd, for a step has as many before as after it.
WINDOWS = (1, 3, 5, 11, 21, 51, 101, 201, 501, 1001)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Curves", text)


class CurveTools(QWidget):
    """A row under the plots."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.with_table = QCheckBox(_tr("Table"))
        set_hint(self.with_table, _tr("Show loss and score in numbers: last, best and mean"))
        self.raw = QCheckBox(_tr("Raw"))
        self.raw.setChecked(True)
        set_hint(self.raw, _tr("Show every step's loss behind the smoothed curve"))
        self.log_scale = QCheckBox(_tr("Log"))
        set_hint(self.log_scale, _tr("Logarithmic loss axis"))
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setObjectName("smoothing")
        self.smoothing.setRange(0, len(WINDOWS) - 1)
        self.smoothing.setValue(WINDOWS.index(21))
        self.smoothing.setFixedWidth(84)
        self.smoothing.setAccessibleName(_tr("Smoothing of the loss"))
        self._length = label("", "hint")
        self._length.setFixedWidth(62)
        smooth = label(_tr("Smooth"), "muted")
        parts = (self.with_table, 1, self.raw, self.log_scale, smooth, self.smoothing, self._length)
        self.setLayout(row(*parts, spacing=12))
        for choice in (self.with_table, self.raw, self.log_scale):
            choice.toggled.connect(self.changed)
        self.smoothing.valueChanged.connect(self._say_length)
        self.smoothing.valueChanged.connect(self.changed)
        self._say_length()

    @property
    def window_steps(self) -> int:
        """The smoothing: each point is the mean of so many steps, itself in their middle."""
        return WINDOWS[self.smoothing.value()]

    def _say_length(self) -> None:
        n = self.window_steps
        self._length.setText(_tr("raw") if n == 1 else _tr("{} steps").format(n))
        set_hint(
            self.smoothing,
            _tr(
                "Smoothing: each point is the mean of {} steps, itself in their middle; "
                "the raw loss stays faint"
            ).format(n),
        )
