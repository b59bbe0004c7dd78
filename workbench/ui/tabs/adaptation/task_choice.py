"""TaskChoice: which distribution is looked at, and which of its held-out small tasks is drawn."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from workbench.ui.widgets.basics import WheelGuard, guard_wheel, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import offer, set_hint

tr = translator("Adaptation")


class TaskChoice(QWidget):
    """Two boxes side by side; the last small task is the user's own, where there are points."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        #: The one that was chosen before the user's own.
        self._told = 0
        self.task = self._combo("task", tr("The task whose adaptation is shown"))
        self.small_task = self._combo("small_task", tr("Which held-out small task is drawn"))
        line = row(self.task, self.small_task, spacing=6)
        line.setStretch(0, 3)
        line.setStretch(1, 2)
        self.setLayout(line)

    def _combo(self, name: str, words: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(f"adaptation.{name}")
        combo.setAccessibleName(words)
        set_hint(combo, words)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(5)
        guard_wheel(WheelGuard(self), combo)
        combo.activated.connect(self.chosen)
        return combo

    @property
    def name(self) -> str:
        """The task."""
        return self.task.currentData() or ""

    @property
    def index(self) -> int:
        """Which small task is chosen; the first where it is the user's own."""
        return self.small_task.currentData() or 0

    @property
    def is_own(self) -> bool:
        """Whether the user's own points are chosen."""
        return self.small_task.count() > 0 and self.small_task.currentData() is None

    def offer_tasks(self, names: Sequence[str]) -> None:
        """Have these tasks to choose from."""
        now = self.task.currentData()
        if offer(self.task, names):
            self.task.setCurrentIndex(max(self.task.findData(now), 0))

    def offer_small_tasks(self, n: int, *, has_own: bool) -> None:
        """Have `n` small tasks to choose from (0: as many as before), and the user's own."""
        combo = self.small_task
        had_own = combo.findData(None) >= 0
        n_before = combo.count() - had_own
        n = n or n_before
        if (n, has_own) == (n_before, had_own):
            return
        if not self.is_own:
            self._told = max(combo.currentIndex(), 0)
        combo.clear()
        for i in range(n):
            combo.addItem(tr("Small task {}").format(i + 1), i)
        if has_own:
            combo.addItem(tr("My points"), None)
        combo.setCurrentIndex(n if has_own else min(self._told, n - 1))
