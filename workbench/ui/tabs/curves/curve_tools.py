"""CurveTools: how the curves are drawn, and whether their numbers stand below them."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QSlider, QWidget

from workbench.spec.text import visible
from workbench.ui.plots.x_scale import XUnit
from workbench.ui.widgets.basics import WheelGuard, guard_wheel, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

#: Lengths the smoothing slider offers, in steps: odd, for a step has as many before as after it.
WINDOWS = (1, 3, 5, 11, 21, 51, 101, 201, 501, 1001)

tr = translator("Curves")


class CurveTools(QWidget):
    """A row under the plots."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.with_table = QCheckBox(tr("Table"))
        set_hint(self.with_table, tr("Show loss and score in numbers: last, best and mean"))
        self.metric_box = QComboBox()
        self.metric_box.setObjectName("curves.metric")
        words = tr("By which metric the scores are drawn")
        self.metric_box.setAccessibleName(words)
        set_hint(self.metric_box, words)
        guard_wheel(WheelGuard(self), self.metric_box)
        self.metric_box.activated.connect(self.changed)
        self.offer_metrics(())
        self.x_box = QComboBox()
        self.x_box.setObjectName("curves.x")
        words = tr("What the x-axis counts")
        self.x_box.setAccessibleName(words)
        set_hint(self.x_box, words)
        guard_wheel(WheelGuard(self), self.x_box)
        for unit, title in (
            (XUnit.STEP, tr("Steps")),
            (XUnit.EPOCH, tr("Epochs")),
            (XUnit.TIME, tr("Time")),
        ):
            self.x_box.addItem(title, unit)
        self.raw = QCheckBox(tr("Raw"))
        self.raw.setChecked(True)
        set_hint(self.raw, tr("Show every step's loss behind the smoothed curve"))
        self.log_scale = QCheckBox(tr("Log"))
        set_hint(self.log_scale, tr("Logarithmic loss axis"))
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setObjectName("smoothing")
        self.smoothing.setRange(0, len(WINDOWS) - 1)
        self.smoothing.setValue(WINDOWS.index(21))
        self.smoothing.setFixedWidth(84)
        self.smoothing.setAccessibleName(tr("Smoothing of the loss"))
        self._length = label("", "hint")
        self._length.setFixedWidth(62)
        smooth = label(tr("Smooth"), "muted")
        parts = (self.raw, self.log_scale, smooth, self.smoothing, self._length)
        self.setLayout(row(self.with_table, self.metric_box, self.x_box, 1, *parts, spacing=12))
        for choice in (self.with_table, self.raw, self.log_scale):
            choice.toggled.connect(self.changed)
        self._is_chosen = self._is_following = False
        self.smoothing.valueChanged.connect(self._say_length)
        self.smoothing.valueChanged.connect(self._choose)
        self.smoothing.valueChanged.connect(self.changed)
        self._say_length()

    def offer_metrics(self, more: Sequence[str]) -> None:
        """Scores can be drawn by these metrics too, beside each task's own."""
        if [self.metric_box.itemData(i) for i in range(self.metric_box.count())] == ["", *more]:
            return
        chosen = self.metric_box.currentData()
        with QSignalBlocker(self.metric_box):
            self.metric_box.clear()
            self.metric_box.addItem(tr("Own metric"), "")
            for key in more:
                self.metric_box.addItem(visible(key), key)
            self.metric_box.setCurrentIndex(max(self.metric_box.findData(chosen), 0))
        self.metric_box.setHidden(not more)

    def follow_stage(self, n_steps: int) -> None:
        """Smooth over a twentieth of a stage of so many steps, until a length is chosen."""
        if self._is_chosen or n_steps < 1:
            return
        fitting = [i for i, window in enumerate(WINDOWS) if window <= max(n_steps / 20, 1)]
        self._is_following = True
        self.smoothing.setValue(fitting[-1])
        self._is_following = False

    def _choose(self) -> None:
        self._is_chosen = self._is_chosen or not self._is_following

    @property
    def x_unit(self) -> XUnit:
        """What the x-axis counts."""
        return XUnit(self.x_box.currentData())

    @property
    def chosen_metric(self) -> str:
        """The metric that the scores are drawn by; empty: each task's own."""
        return self.metric_box.currentData() or ""

    @property
    def choices(self) -> tuple[str, XUnit]:
        """The metric of the scores and the unit of the x-axis."""
        return self.chosen_metric, self.x_unit

    @property
    def window_steps(self) -> int:
        """The smoothing: each point is the mean of so many steps, itself in their middle."""
        return WINDOWS[self.smoothing.value()]

    def _say_length(self) -> None:
        n = self.window_steps
        self._length.setText(tr("raw") if n == 1 else tr("{} steps").format(n))
        set_hint(
            self.smoothing,
            tr(
                "Smoothing: each point is the mean of {} steps, itself in their middle; "
                "the raw loss stays faint"
            ).format(n),
        )
