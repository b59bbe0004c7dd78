"""Controls: the number of inner steps, the inner rate, and points of the user's own."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QPushButton, QSlider, QWidget

from workbench.ui.tabs.adaptation.point_field import PointField
from workbench.ui.tabs.adaptation.trials import Points, Request
from workbench.ui.widgets.basics import column, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

#: Inner steps that can be tried at most.
MOST_STEPS = 50

#: Places of the rate's slider from the trained one to a tenth of it, or ten times it.
_DECADE = 20

tr = translator("Adaptation")


class Controls(QWidget):
    """What is turned: during a run which of the told steps is drawn, and after it everything."""

    #: Another number of steps, another rate or other points are wanted.
    changed = Signal()
    #: A point was given by its numbers: x and y.
    pointed = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.points: Points = ()
        self._told: tuple[int, ...] = ()
        self._trained_rate: float | None = None
        self._can_try = False
        self.steps = self._slider("steps", tr("Inner steps after which the task is drawn"))
        self.rate = self._slider("rate", tr("The inner learning rate to try"))
        self.rate.setRange(-2 * _DECADE, 2 * _DECADE)
        self._steps_words, self._rate_words = label("", "muted"), label("", "muted")
        self.hint = label("", "hint", wraps=True)
        self.field = PointField()
        self.clear = QPushButton(tr("Clear points"))
        set_hint(self.clear, tr("Take your own points away"))
        self.reset = QPushButton(tr("As trained"))
        set_hint(self.reset, tr("The steps, the rate and the small tasks of the run itself"))
        self._steps_line = self._line(tr("Inner steps"), self.steps, self._steps_words)
        self._rate_line = self._line(tr("Inner rate"), self.rate, self._rate_words)
        layout = column(self, (0, 0, 0, 0), 2)
        layout.addWidget(self._steps_line)
        layout.addWidget(self._rate_line)
        layout.addWidget(self.hint)
        layout.addLayout(row(self.field, 1, self.clear, self.reset, spacing=6))
        self.field.submitted.connect(self.pointed)
        self.field.refused.connect(self.say)
        self.clear.clicked.connect(self.clear_points)
        self.reset.clicked.connect(self.as_trained)
        self.steps.valueChanged.connect(self._turned)
        self.rate.valueChanged.connect(self._turned)
        self.hint.hide()
        self._settle()

    def _slider(self, name: str, words: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setObjectName(f"adaptation.{name}")
        slider.setAccessibleName(words)
        slider.setRange(0, 0)
        set_hint(slider, words)
        return slider

    @staticmethod
    def _line(title: str, slider: QSlider, words: QWidget) -> QWidget:
        line = QWidget()
        name = label(title, "muted")
        name.setMinimumWidth(74)
        words.setMinimumWidth(46)
        layout = row(name, slider, words)
        layout.setStretch(1, 1)
        line.setLayout(layout)
        return line

    # what is asked for

    @property
    def n_steps(self) -> int:
        """The number of inner steps that is looked at."""
        return self.steps.value()

    @property
    def chosen_rate(self) -> float | None:
        """The inner rate to try; None for the trained one."""
        if self._trained_rate is None or self.rate.value() == 0:
            return None
        return float(f"{self._trained_rate * 10 ** (self.rate.value() / _DECADE):.3g}")

    def request(self, task: str, index: int) -> Request | None:
        """What is to be asked; None where the run has told it already."""
        last = max(self._told, default=0)
        if not self._can_try:
            return None
        if not self.points and self.chosen_rate is None and self.n_steps <= last:
            return None
        steps = max(self.n_steps, last) if len(self._told) > 1 else None
        return Request(task, index, self.points, steps, self.chosen_rate)

    # what there is to choose from

    def set_told(self, steps: tuple[int, ...]) -> None:
        """The run told of these numbers of steps."""
        if steps != self._told:
            was_last = self.n_steps == max(self._told, default=0)
            self._told = steps
            self._settle()
            if was_last:
                with QSignalBlocker(self.steps):
                    self.steps.setValue(max(steps, default=0))
                self._say_values()

    def set_can_try(self, can_try: bool, trained_rate: float | None, *, more_steps: bool) -> None:
        """Whether the run can be asked, with which rate it trained, and whether steps are."""
        known = (can_try, trained_rate)
        most = max(self._told, default=0)
        if more_steps and can_try:
            most = max(most, MOST_STEPS)
        if known != (self._can_try, self._trained_rate) or most != self.steps.maximum():
            self._can_try, self._trained_rate = known
            self._settle(most)

    def set_takes_points(self, takes_points: bool) -> None:
        """Whether points of one's own can be given, where the run can be asked: to a line."""
        self.field.setVisible(takes_points and self._can_try)

    def _settle(self, most: int | None = None) -> None:
        last = max(self._told, default=0)
        with QSignalBlocker(self.steps):
            self.steps.setRange(0, last if most is None else most)
        self._steps_line.setVisible(len(self._told) > 1)
        self._rate_line.setVisible(self._can_try and self._trained_rate is not None)
        can_turn = self._trained_rate is not None or len(self._told) > 1
        self.reset.setVisible(self._can_try and can_turn)
        self._say_values()

    def _say_values(self) -> None:
        rate = self.chosen_rate or self._trained_rate
        self._steps_words.setText(str(self.n_steps))
        self._rate_words.setText("" if rate is None else f"{rate:.3g}")
        self.clear.setVisible(bool(self.points))
        last = max(self._told, default=0)
        is_other = bool(self.points) or self.chosen_rate is not None or self.n_steps > last
        self.reset.setEnabled(is_other)

    def say(self, words: str) -> None:
        """Say what can be done, or why it cannot."""
        if words != self.hint.text():
            self.hint.setText(words)
            self.hint.setVisible(bool(words))

    # what the user does

    def _turned(self) -> None:
        self._say_values()
        self.changed.emit()

    def add_point(self, x: float, y: float) -> None:
        """One more point of the user's own; the first begins a new small task."""
        if self._can_try:
            self.points = (*self.points, (x, y))
            self._turned()

    def clear_points(self) -> None:
        """Take the points away."""
        if self.points:
            self.points = ()
            self._turned()

    def as_trained(self) -> None:
        """Steps, rate and small tasks as the run had them."""
        self.points = ()
        with QSignalBlocker(self.rate), QSignalBlocker(self.steps):
            self.rate.setValue(0)
            self.steps.setValue(min(self.n_steps, max(self._told, default=0)))
        self._turned()
