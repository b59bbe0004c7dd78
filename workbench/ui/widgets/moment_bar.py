"""MomentBar: a slider through the moments of a run, with steps from one stage end to the next."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSlider, QToolButton, QWidget

from workbench.ui.look.icons import icon
from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import ElidedLabel, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("MomentBar")


class MomentBar(QWidget):
    """The slider, what is shown in words, and a button that follows the run."""

    #: The moment at this place was asked for.
    scrubbed = Signal(int)
    #: The newest moment is to be shown, now and as the run goes on.
    followed = Signal()

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        """`name` is the object name of the slider."""
        super().__init__(parent)
        self._theme = theme
        self._stops: list[int] = []
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(name)
        self.slider.setAccessibleName(tr("The moment of the run that is shown"))
        set_hint(self.slider, tr("Back through the stages, and what was seen in between"))
        self.slider.valueChanged.connect(self.scrubbed)
        self.before = self._step_button("chevron-left", tr("To the stage end before"), -1)
        self.after = self._step_button("chevron-right", tr("To the next stage end"), 1)
        self.newest = QPushButton(tr("Newest"))
        set_hint(self.newest, tr("Follow the run"))
        self.newest.clicked.connect(self.followed)
        self.words = ElidedLabel()
        self.words.setObjectName("muted")
        self.words.setMinimumWidth(150)
        line = row(self.before, self.slider, self.after, self.words, self.newest)
        line.setContentsMargins(14, 6, 14, 10)
        line.setStretch(1, 3)
        line.setStretch(3, 2)
        self.setLayout(line)

    def _step_button(self, drawing: str, words: str, by: int) -> QToolButton:
        button = QToolButton()
        button.setObjectName("small")
        button.setIcon(icon(drawing, self._theme, self._theme.muted, 16))
        set_hint(button, words)
        button.setAccessibleName(words)
        button.clicked.connect(lambda: self._jump(by))
        return button

    def set_moments(self, n: int, at: int, stops: Sequence[int]) -> None:
        """There are `n` moments, of which the one at `at` is shown; `stops` are stage ends."""
        self._stops = list(stops)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(n - 1, 0))
        self.slider.setValue(at)
        self.slider.blockSignals(False)

    def tell(self, words: str, *, is_newest: bool) -> None:
        """Say which moment is shown."""
        if words != self.words.text():
            self.words.setText(words)
            set_hint(self.words, words)
        self.newest.setEnabled(not is_newest)
        self.before.setEnabled(self.slider.value() > 0)
        self.after.setEnabled(self.slider.value() < self.slider.maximum())

    def _jump(self, by: int) -> None:
        """To the stage end before or after what is shown."""
        at = self.slider.value()
        passed = [stop for stop in self._stops if (stop > at if by > 0 else stop < at)]
        if passed:
            self.slider.setValue(passed[0] if by > 0 else passed[-1])

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self.before.setIcon(icon("chevron-left", theme, theme.muted, 16))
        self.after.setIcon(icon("chevron-right", theme, theme.muted, 16))
