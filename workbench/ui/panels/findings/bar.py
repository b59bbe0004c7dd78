"""FindingBar: what a run shows, in a sentence, and what to try next."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from workbench.study.findings.finding import Finding, Remedy
from workbench.ui.look.theme import Theme
from workbench.ui.widgets.basics import ElidedLabel, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint, without_mnemonic

tr = translator("FindingBar")


class FindingBar(QWidget):
    """One line above the tabs, always of the same height: nothing below it moves as it speaks.

    The first finding has its sentence and its button here, the others are in a menu.
    """

    #: A remedy is to be tried.
    wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        del theme
        self.setObjectName("findingBar")
        self._findings: tuple[Finding, ...] = ()
        self._text = ElidedLabel()
        self._text.setObjectName("finding")
        self._button = QPushButton()
        self._button.setObjectName("tryFinding")
        self._button.clicked.connect(self._try_first)
        self._more = QToolButton()
        self._more.setObjectName("moreFindings")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._menu = QMenu(self)
        self._more.setMenu(self._menu)
        for part in (self._button, self._more):  # their room is kept while they are not there
            policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            policy.setRetainSizeWhenHidden(True)
            part.setSizePolicy(policy)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        layout = row(self._text, self._button, self._more, spacing=10)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_findings((), is_over=False)

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._text.text()

    @property
    def button(self) -> QPushButton:
        """What tries the first finding's remedy."""
        return self._button

    @property
    def menu(self) -> QMenu:
        """The other findings, each with its remedy."""
        return self._menu

    def show_findings(self, findings: Sequence[Finding], *, is_over: bool) -> None:
        """Say these, the most important first; before the run is over, that it will be said."""
        self._findings = tuple(findings)
        first = self._findings[0] if self._findings else None
        hint = tr("What the run shows is said here when it ends.")
        if is_over:
            hint = tr("Nothing stands out.")
        text = first.text if first is not None else hint
        self._text.setText(text)
        self._text.setEnabled(first is not None)
        self._text.setAccessibleName(tr("What the run shows: {}").format(text))
        set_hint(self._text, text)
        remedy = first.remedy if first is not None else None
        self._button.setText(without_mnemonic(remedy.title) if remedy is not None else "")
        name = remedy.title if remedy is not None else tr("Try what may help")
        self._button.setAccessibleName(name)
        set_hint(self._button, remedy.why if remedy is not None else "")
        self._button.setVisible(remedy is not None)
        self._fill_menu(self._findings[1:])

    def _fill_menu(self, others: Sequence[Finding]) -> None:
        self._menu.clear()
        for finding in others:
            action = self._menu.addAction(without_mnemonic(finding.text))
            action.setEnabled(False)
            if finding.remedy is not None:
                action = self._menu.addAction(without_mnemonic(f"→ {finding.remedy.title}"))
                action.triggered.connect(
                    lambda _=False, remedy=finding.remedy: self.wanted.emit(remedy)
                )
        self._more.setText(tr("{} more").format(len(others)))
        set_hint(self._more, tr("What else it shows"))
        self._more.setVisible(bool(others))

    def _try_first(self) -> None:
        remedy: Remedy | None = self._findings[0].remedy if self._findings else None
        if remedy is not None:
            self.wanted.emit(remedy)

    def set_theme(self, theme: Theme) -> None:
        """Its parts follow the window's style."""
