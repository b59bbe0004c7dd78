"""Asker: what a run's model answers to the user's text, again as newer checkpoints come."""

from dataclasses import dataclass
from pathlib import PurePath

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.spec.question import RefusedError, Translate
from workbench.spec.shown.written import TranslationAnswer
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.tab_context import TabContext
from workbench.ui.words.language import translator

_TOPIC = "translate"

#: After an answer a newer checkpoint waits for so long, so that training keeps the processor.
REST_MS = 3000

tr = translator("Translate")


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be answered: a text in a language, how it is searched, and at which checkpoint."""

    text: str
    source: str
    width: int = 1
    penalty: float = 1.0
    step: int | None = None


class Asker(QObject):
    """One question at a time; a newer request takes the place of an older one."""

    #: An answer came, or the reason why there is none.
    changed = Signal()

    def __init__(self, parent: QObject | None = None, rest_ms: int = REST_MS) -> None:
        super().__init__(parent)
        self._context: TabContext | None = None
        self._model = RunModel()
        self._is_watched = False
        #: What was asked last: the request, the folder, and the checkpoint that was there.
        self._request_at: object = None
        self.request: Request | None = None
        self.answer: TranslationAnswer | None = None
        #: What the answer is to.
        self.answered: Request | None = None
        #: Why there is no answer to what was asked last.
        self.reason = ""
        self.rest = QTimer(self)
        self.rest.setSingleShot(True)
        self.rest.setInterval(rest_ms)
        self.rest.timeout.connect(self.follow)

    def join(self, context: TabContext) -> None:
        """The training process can be asked from now on."""
        self._context = context

    def set_model(self, model: RunModel) -> None:
        """Another run is asked the same; what the one before answered is forgotten."""
        self._model = model
        self._drop()
        self._request_at = None
        self.reason = ""

    def watch(self, is_on: bool) -> None:
        """Newer checkpoints are asked only while somebody looks."""
        self._is_watched = is_on

    def _drop(self) -> None:
        self.answer = self.answered = None
        if self._context is not None:
            self._context.questions.cancel(_TOPIC)

    @property
    def is_asking(self) -> bool:
        """Whether an answer is still to come."""
        return self._context is not None and self._context.questions.is_busy(_TOPIC)

    @property
    def is_live(self) -> bool:
        """Whether the run goes on, and may save a newer checkpoint."""
        return not self._model.is_over and self._model.began is not None

    @property
    def folder(self) -> str:
        """Where the run is recorded; empty where that is not known, or nothing is saved yet."""
        began, saved = self._model.began, self._model.checkpoint
        if self._context is None or began is None:
            return ""
        rows = self._context.run_history.rows if self._model.is_over and began.run_id else ()
        known = (row.path for row in rows if row.run_id == began.run_id)
        return next(known, _folder_of(saved.path) if saved is not None else "")

    @property
    def why_not(self) -> str:
        """Why the run cannot be asked; empty where it can."""
        if self._model.spec is None or self._context is None:
            return tr("No run is shown that can be asked.")
        if self.folder:
            return ""
        if self.is_live:
            return tr(
                "There is no checkpoint yet. The answer comes by itself once the run has saved one."
            )
        return tr("This run is not in the history, so it cannot be asked.")

    def want(self, request: Request | None) -> None:
        """Ask this; None: nothing more is wanted."""
        if request == self.request:
            return
        before, self.request = self.request, request
        if request is None or before is None or _is_other(before, request):
            self._drop()
        self.reason = ""
        self.rest.stop()
        self._ask_if_new(replaces=True)

    def follow(self) -> None:
        """Ask again where there is a newer checkpoint and the last answer has had its time."""
        if self._is_watched and not self.rest.isActive():
            self._ask_if_new()

    def _ask_if_new(self, *, replaces: bool = False) -> None:
        request, folder, spec, saved = (
            self.request,
            self.folder,
            self._model.spec,
            self._model.checkpoint,
        )
        if request is None or self._context is None or not folder or spec is None:
            return
        newest = saved.step if saved is not None and request.step is None else None
        request_at = (request, folder, newest)
        if request_at == self._request_at or (self.is_asking and not replaces):
            return
        self._request_at = request_at
        question = Translate(
            *(spec, self._model.seed, folder, request.text, request.source),
            width=request.width,
            penalty=request.penalty,
            step=request.step,
        )

        def take(answer: TranslationAnswer) -> None:
            if request_at == self._request_at:
                self.answer, self.answered, self.reason = answer, request, ""
                self._settle()

        def refuse(error: RefusedError) -> None:
            if request_at == self._request_at:
                self.reason = error.message
                self._settle()

        self._context.questions.ask(_TOPIC, question, take, refuse)

    def _settle(self) -> None:
        self.rest.start()
        self.changed.emit()


def _is_other(before: Request, request: Request) -> bool:
    """Whether an answer to the one says nothing of the other; else it stands until the new one."""
    return (before.text, before.source, before.step) != (request.text, request.source, request.step)


def _folder_of(checkpoint: str) -> str:
    """The run's folder: a checkpoint is a folder in its folder of checkpoints."""
    parents = PurePath(checkpoint).parents
    return str(parents[1]) if len(parents) > 1 else ""
