"""QuestionQueue: questions to the training process, in the background, the newest of each topic."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from workbench.spec.question import CancelledError, Question, RefusedError
from workbench.ui.services.worker import Calls, Runner
from workbench.ui.words.texts import said

Then = Callable[[Any], object]
Refused = Callable[[RefusedError], object]


@dataclass(frozen=True, slots=True)
class _Pending:
    topic: str
    question: Question
    then: Then
    refused: Refused


class QuestionQueue(QObject):
    """Asks one question at a time.

    A newer question of a topic takes the place of an older one: what was asked before and is not
    answered yet is forgotten, whatever comes of it.
    """

    #: How far the answer to a topic has come: topic, share done (None: unknown), of what.
    progressed = Signal(str, object, str)

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._calls = Calls(self._broke, self)
        self._waiting: dict[str, _Pending] = {}
        self._current: _Pending | None = None
        self._is_wanted = False

    def ask(self, topic: str, question: Question, then: Then, refused: Refused) -> None:
        """Ask; `then` gets the answer, `refused` the reason why there is none."""
        self._waiting[topic] = _Pending(topic, question, then, refused)
        if self._current is not None and self._current.topic == topic:
            self._is_wanted = False
        self._ask_next()

    def cancel(self, topic: str) -> None:
        """The answer to this topic is no longer wanted; neither callback is called."""
        self._waiting.pop(topic, None)
        if self._current is not None and self._current.topic == topic and self._is_wanted:
            self._is_wanted = False
            self._runner.cancel()

    def is_busy(self, topic: str) -> bool:
        """Whether an answer to this topic is still to come."""
        current = self._current
        is_current = current is not None and current.topic == topic and self._is_wanted
        return is_current or topic in self._waiting

    def _ask_next(self) -> None:
        if self._current is not None or not self._waiting:
            return
        pending = self._waiting.pop(next(iter(self._waiting)))
        self._current, self._is_wanted = pending, True
        self._calls.make(lambda: self._answer(pending), self._take)

    def _answer(self, pending: _Pending) -> object:
        """The answer, or the error in its place. This happens in a thread of its own."""

        def tell(done: float | None, text: str) -> None:
            self.progressed.emit(pending.topic, done, said(text))

        try:
            return self._runner.ask(pending.question, tell)
        except (RefusedError, CancelledError) as error:
            return error

    def _take(self, answer: object) -> None:
        pending, is_wanted = self._current, self._is_wanted
        self._current = None
        if pending is not None and is_wanted:
            if isinstance(answer, RefusedError):
                pending.refused(RefusedError(said(answer.message), answer.field))
            elif not isinstance(answer, CancelledError):
                pending.then(answer)
        self._ask_next()

    def _broke(self, message: str) -> None:
        self._take(RefusedError(message))

    def wait(self, milliseconds: int) -> bool:
        """Wait at shutdown for the question under way; whether it ended."""
        self._waiting.clear()
        self._is_wanted = False
        if self._current is not None:
            self._runner.cancel()
        return self._calls.wait(milliseconds)
