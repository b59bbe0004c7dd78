"""Trials: what a recorded run answers where the user turns steps and rate, or gives points."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.spec.question import Adapt, RefusedError
from workbench.spec.shown.adaptation import AdaptationAnswer
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.tab_context import TabContext

_TOPIC = "adaptation"

#: A slider that moves asks when it has rested for so long.
_SETTLED_MS = 60

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be tried: a small task, or points of one's own, and steps and rate."""

    task: str
    index: int = 0
    points: Points = ()
    steps: int | None = None
    rate: float | None = None


class Trials(QObject):
    """Asks the training process; a newer wish takes the place of an older one.

    Only a run that is over can be asked, for its newest checkpoint is what answers.
    """

    #: An answer came, or the reason why there is none.
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context: TabContext | None = None
        self._model = RunModel()
        self.request: Request | None = None
        self.answer: AdaptationAnswer | None = None
        self.answered: Request | None = None
        #: The rate that the run trained with, None where it cannot be chosen, and whether steps
        #: can; None while that is not known.
        self.terms: tuple[float | None, bool] | None = None
        #: Why there was no answer.
        self.reason = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLED_MS)
        self._timer.timeout.connect(self._ask)

    def join(self, context: TabContext) -> None:
        """The training process can be asked from now on."""
        self._context = context

    def set_model(self, model: RunModel) -> None:
        """Another run is asked; what was tried with the one before is forgotten."""
        self._model = model
        self.want(None)
        self.answer = self.answered = self.terms = None
        self.reason = ""

    @property
    def is_live(self) -> bool:
        """Whether the run goes on."""
        return self._context is not None and self._context.session.is_active

    @property
    def folder(self) -> str:
        """Where the run is recorded; empty where it is not, or goes on."""
        began = self._model.began
        if self._context is None or began is None or self.is_live or not began.run_id:
            return ""
        rows = (row for row in self._context.run_history.rows if row.run_id == began.run_id)
        return next((row.path for row in rows), "")

    @property
    def can_ask(self) -> bool:
        """Whether the run on the screen can be asked."""
        return self._model.spec is not None and bool(self.folder)

    def want(self, request: Request | None) -> None:
        """Ask, once no newer wish comes; None: nothing is to be tried."""
        if request == self.request:
            return
        self.request = request
        if self.terms is not None:
            self.reason = ""
        if request is not None:
            self._timer.start()
            return
        self._timer.stop()
        if self._context is not None:
            self._context.questions.cancel(_TOPIC)

    def _ask(self) -> None:
        request, folder, spec = self.request, self.folder, self._model.spec
        if request is None or self._context is None or not folder or spec is None:
            return
        of = (request.task, request.index, request.points, request.steps, request.rate)
        question = Adapt(spec, self._model.seed, folder, *of)

        def take(answer: AdaptationAnswer) -> None:
            if request == self.request:
                self.answer, self.answered, self.reason = answer, request, ""
                if self.terms is None:
                    self.terms = (answer.rate, answer.adapts_by_steps)
                self.changed.emit()

        def refuse(error: RefusedError) -> None:
            if request == self.request:
                self.reason = error.message
                self.changed.emit()

        self._context.questions.ask(_TOPIC, question, take, refuse)
