"""FileLook: looking into a file, and the line that says what it is or how far that has come."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from workbench.spec.question import RefusedError
from workbench.spec.user_files.file_facts import FileFacts
from workbench.ui.dialogs.data_files import question_of
from workbench.ui.services.question_queue import QuestionQueue
from workbench.ui.widgets.basics import label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

_TOPIC = "columns"

tr = translator("BringData")

Take = Callable[[FileFacts], object]


class FileLook(QWidget):
    """Looks at the first rows of a file, which takes no second, and then at all of it.

    A newer look takes the place of an older one.
    """

    #: More of a file is known.
    seen = Signal(object)
    #: Reading began, ended, was stopped or refused.
    turned = Signal()

    def __init__(self, questions: QuestionQueue) -> None:
        super().__init__()
        self._questions = questions
        self._family = ""
        #: Why the file cannot be read; empty where it can.
        self.failure = ""
        self.words = label("", "muted", wraps=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far the file is read"))
        self.stop = QPushButton(tr("Stop reading"))
        self.stop.clicked.connect(self._stop)
        line = row(self.words, self.bar, self.stop)
        line.setStretch(0, 1)
        self.setLayout(line)
        self.bar.hide()
        self.stop.hide()
        questions.progressed.connect(self._progress)

    @property
    def is_busy(self) -> bool:
        """Whether something of a file is still to be read."""
        return self._questions.is_busy(_TOPIC)

    def look(self, path: str, settings: Mapping[str, object], family: str = "") -> None:
        """Look into a file that is read with these settings; `seen` tells of it, twice."""
        self._family = family

        def first(facts: FileFacts) -> None:
            self.seen.emit(facts)
            if not (facts.sha256 or facts.problem):
                self._ask(path, settings, self.seen.emit, is_quick=False)

        self._ask(path, settings, first, is_quick=True)

    def look_at_all(self, path: str, then: Take) -> None:
        """Look at all of another file, which `then` gets."""
        self.say(tr("Reading…"))
        self._ask(path, {}, then, is_quick=False)

    def cancel(self) -> None:
        """What is still to be read is not wanted any more."""
        self._questions.cancel(_TOPIC)

    def say(self, words: str, name: str = "muted") -> None:
        """Say what a file is, or, by the name `reason`, what is wrong with it."""
        self.words.setObjectName(name)
        self.words.style().polish(self.words)
        self.words.setText(words)

    def _ask(
        self, path: str, settings: Mapping[str, object], then: Take, *, is_quick: bool
    ) -> None:
        self.failure = ""
        question = question_of(path, settings, is_quick=is_quick, family=self._family)
        self._questions.ask(_TOPIC, question, lambda facts: self._take(facts, then), self._refuse)
        self._turn(is_busy=True)

    def _take(self, facts: FileFacts, then: Take) -> None:
        self._turn(is_busy=False)
        then(facts)

    def _refuse(self, error: RefusedError) -> None:
        self.failure = error.message
        self.say(error.message, "reason")
        self._turn(is_busy=False)

    def _stop(self) -> None:
        self.cancel()
        self._turn(is_busy=False)

    def _turn(self, *, is_busy: bool) -> None:
        self.bar.setVisible(is_busy)
        self.stop.setVisible(is_busy)
        self.bar.setRange(0, 0)
        self.turned.emit()

    def _progress(self, topic: str, done: float | None, text: str) -> None:
        if topic == _TOPIC and not self.bar.isHidden():
            self.bar.setRange(0, 0 if done is None else 1000)
            self.bar.setValue(round(1000 * (done or 0)))
            set_hint(self.bar, text[:1].upper() + text[1:])
