"""AskLine: the text that is asked, its language, and how an answer is searched."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from workbench.spec.text import visible
from workbench.ui.tabs.translate.asker import Request
from workbench.ui.tabs.translate.languages import code_and_name, likely_source
from workbench.ui.widgets.basics import WheelGuard, column, guard_wheel, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

#: A text that is typed or pasted may have so many letters.
MOST_LETTERS = 2000

_WIDEST_BEAM, _HIGHEST_PENALTY = 8, 3.0

tr = translator("Translate")


class AskLine(QWidget):
    """A line to type in, and the choices beside it."""

    #: What stands here is to be answered.
    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._known: Mapping[str, Sequence[str]] = {}
        self.text = QLineEdit()
        self.text.setObjectName("translate.text")
        self.text.setMaxLength(MOST_LETTERS)
        self.text.setPlaceholderText(tr("Text or number"))
        self.text.setAccessibleName(tr("The text that every language is asked for"))
        self.source = self._combo("source", tr("The language of the text"))
        self.ask = QPushButton(tr("Translate"))
        self.ask.setProperty("primary", True)
        set_hint(self.ask, tr("Ask the model for every language (Enter)"))
        self.checkpoint = self._combo("checkpoint", tr("Which checkpoint of the run answers"))
        self.width_ = QSpinBox()
        self.penalty = QDoubleSpinBox()
        self._build()

    def _combo(self, name: str, words: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(f"translate.{name}")
        combo.setAccessibleName(words)
        set_hint(combo, words)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(6)
        guard_wheel(WheelGuard(self), combo)
        return combo

    def _build(self) -> None:
        beam = tr("Beam: so many answers are kept side by side; 1 takes the likeliest token")
        length = tr("Length penalty: the higher it is, the more longer answers are preferred")
        for box, name, words in ((self.width_, "beam", beam), (self.penalty, "penalty", length)):
            box.setObjectName(f"translate.{name}")
            box.setAccessibleName(words)
            box.setKeyboardTracking(False)
            set_hint(box, words)
            guard_wheel(WheelGuard(self), box)
        self.width_.setRange(1, _WIDEST_BEAM)
        self.width_.setSpecialValueText(tr("Greedy"))
        self.width_.setPrefix(tr("Beam") + " ")
        self.penalty.setRange(0.0, _HIGHEST_PENALTY)
        self.penalty.setSingleStep(0.1)
        self.penalty.setDecimals(1)
        self.penalty.setPrefix(tr("Length") + " ")
        self.penalty.setValue(1.0)
        self.penalty.setEnabled(False)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = column(self, (0, 0, 0, 0), 6)
        first = row(self.source, self.text, self.ask, spacing=6)
        first.setStretch(1, 1)
        layout.addLayout(first)
        layout.addLayout(row(self.checkpoint, self.width_, self.penalty, 1, spacing=6))
        self.text.returnPressed.connect(self.submitted)
        self.ask.clicked.connect(self.submitted)
        self.text.textChanged.connect(self._name_found)
        self.source.activated.connect(self._again)
        self.checkpoint.activated.connect(self._again)
        self.width_.valueChanged.connect(self._widened)
        self.penalty.valueChanged.connect(self._again)
        self.offer_checkpoints(())
        self.offer_sources({})

    def _widened(self, width: int) -> None:
        self.penalty.setEnabled(width > 1)
        self._again()

    def _again(self, *_: object) -> None:
        if self.text.text().strip():
            self.submitted.emit()

    @property
    def language(self) -> str:
        """The language of the text, as chosen or found; empty where none is known."""
        chosen = self.source.currentData()
        return chosen or likely_source(self.text.text(), self._known)

    @property
    def request(self) -> Request | None:
        """What stands here; None where nothing does."""
        text = self.text.text().strip()
        if not text:
            return None
        penalty = round(self.penalty.value(), 1) if self.width_.value() > 1 else 1.0
        step = self.checkpoint.currentData()
        return Request(text, self.language, self.width_.value(), penalty, step)

    def offer_sources(self, known: Mapping[str, Sequence[str]]) -> None:
        """These languages are read; of each some texts are known."""
        is_same = list(known) == list(self._known)
        self._known = known
        if not is_same or not self.source.count():
            chosen = self.source.currentData()
            with QSignalBlocker(self.source):
                self.source.clear()
                if len(known) != 1:
                    self.source.addItem("", "")
                for code in known:
                    self.source.addItem(visible(code_and_name(code)), code)
                self.source.setCurrentIndex(max(self.source.findData(chosen), 0))
        self._name_found()

    def _name_found(self, *_: object) -> None:
        """Say which language is taken where none was chosen."""
        if self.source.count() and not self.source.itemData(0):
            has_text = bool(self.text.text().strip())
            likely = likely_source(self.text.text(), self._known) if has_text else ""
            words = tr("Auto: {}").format(likely) if likely else tr("Auto")
            self.source.setItemText(0, visible(words))

    def offer_checkpoints(self, steps: Sequence[int]) -> None:
        """The run can be asked at these steps; the one that was chosen stays where it is there."""
        wanted = [None, *sorted(steps, reverse=True)]
        if [self.checkpoint.itemData(i) for i in range(self.checkpoint.count())] == wanted:
            return
        chosen = self.checkpoint.currentData()
        with QSignalBlocker(self.checkpoint):
            self.checkpoint.clear()
            self.checkpoint.addItem(tr("Newest"), None)
            for step in wanted[1:]:
                self.checkpoint.addItem(tr("Step {}").format(f"{step:,}"), step)
            at = self.checkpoint.findData(chosen) if chosen is not None else 0
            self.checkpoint.setCurrentIndex(max(at, 0))
