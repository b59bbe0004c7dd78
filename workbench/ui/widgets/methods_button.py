"""MethodsButton: run the setup with each of several methods, chosen from a menu."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QCheckBox, QMenu, QPushButton, QWidget, QWidgetAction

from workbench.spec.entry import by_role
from workbench.ui.model.presenter import Presenter
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint, without_mnemonic

#: Ticked at first: the plain sum, and four that settle conflicts in different ways.
USUAL = ("fixed", "gradnorm", "pcgrad", "cagrad", "nash-mtl")

tr = translator("MethodsButton")


class MethodsButton(QPushButton):
    """Its menu holds every balancing method that fits the setup, and the button that starts."""

    #: The keys of the methods to run.
    chosen = Signal(list)

    def __init__(self, usual: Sequence[str] = USUAL, parent: QWidget | None = None) -> None:
        super().__init__(tr("Run with each of…"), parent)
        set_hint(self, tr("Run this setup with several balancing methods, one after the other"))
        self.ticked = set(usual)
        self._presenter: Presenter | None = None
        self.clicked.connect(self.open)

    def join(self, presenter: Presenter) -> None:
        """Offer what fits this presenter's setup."""
        self._presenter = presenter

    @property
    def keys(self) -> list[str]:
        """The ticked methods that fit the setup, in the catalogue's order."""
        presenter = self._presenter
        if presenter is None:
            return []
        entries = by_role(presenter.catalogue, "balancing")
        fitting = [entry.key for entry in entries if not presenter.reason_against(entry)]
        return [key for key in fitting if key in self.ticked]

    def open(self) -> None:
        """Show the menu."""
        if self._presenter is None:
            return
        menu = QMenu(self)
        for entry in by_role(self._presenter.catalogue, "balancing"):
            if self._presenter.reason_against(entry):
                continue
            box = QCheckBox(without_mnemonic(entry.title))
            box.setChecked(entry.key in self.ticked)
            set_hint(box, entry.summary)
            box.setContentsMargins(10, 2, 16, 2)
            box.toggled.connect(lambda on, key=entry.key: self._tick(key, on))
            action = QWidgetAction(menu)
            action.setDefaultWidget(box)
            menu.addAction(action)
        menu.addSeparator()
        go = menu.addAction(tr("Run those that are ticked"))
        go.triggered.connect(self._go)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _tick(self, key: str, on: bool) -> None:
        (self.ticked.add if on else self.ticked.discard)(key)

    def _go(self) -> None:
        if keys := self.keys:
            self.chosen.emit(keys)
