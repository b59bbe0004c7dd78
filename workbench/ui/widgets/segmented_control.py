"""SegmentedControl: a few views of one thing, of which one is shown."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton

from workbench.ui.widgets.basics import row
from workbench.ui.words.plain_text import set_hint, without_mnemonic


class SegmentedControl(QFrame):
    """Buttons side by side; exactly one is down."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str, str]]) -> None:
        """`choices` are key, text and tooltip."""
        super().__init__()
        self.setObjectName("segments")
        self.setAccessibleName(name)
        self.buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        for key, text, hint in choices:
            button = QPushButton(without_mnemonic(text))
            button.setObjectName("segment")
            button.setCheckable(True)
            set_hint(button, hint)
            self._group.addButton(button)
            self.buttons[key] = button
            button.clicked.connect(self._clicked)
        layout = row(*self.buttons.values(), spacing=2)
        layout.setContentsMargins(2, 2, 2, 2)
        self.setLayout(layout)
        next(iter(self.buttons.values())).setChecked(True)

    @property
    def current(self) -> str:
        """The key of the view that is shown."""
        return next(key for key, button in self.buttons.items() if button.isChecked())

    def choose(self, key: str) -> None:
        """Show a view."""
        if not self.buttons[key].isChecked():
            self.buttons[key].setChecked(True)
            self.chosen.emit(key)

    def _clicked(self) -> None:
        self.chosen.emit(self.current)
