"""StudyRuns: the runs that a question needs, found in the history or made one after the other."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Spec
from workbench.spec.question import ListTasks, RefusedError
from workbench.spec.score import Score
from workbench.study.transfer import Planned
from workbench.ui.services.run_session import Job
from workbench.ui.services.tab_context import TabContext
from workbench.ui.services.worker import Calls

#: Scores in the history by run; None where it has no such run.
Known = Mapping[tuple[str, int], Sequence[Score] | None]
#: From the facts of the setup's tasks to the runs. Raises ValueError with a reason.
Plan = Callable[[Sequence[TaskFacts]], Sequence[Planned]]


class StudyRuns(QObject):
    """Looks each run up, starts those that are missing, and tells as results come in.

    The experiment itself is run last: it is what the other tabs show when all is done.
    """

    #: Another result is there, or all that can be are.
    changed = Signal()
    #: Why the question cannot be asked of this setup.
    refused = Signal(str)

    def __init__(self, context: TabContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._calls = Calls(self._broke, self)
        self._spec: Spec | None = None
        self._is_asking = self._is_looking = self._is_stale = False
        self._is_mine = False
        self.planned: list[Planned] = []
        self.results: dict[tuple[str, int], Sequence[Score]] = {}
        self.n_found = 0
        session = context.session
        session.seed_ended.connect(self._ended_one)
        session.ended.connect(self._ended)

    @property
    def is_busy(self) -> bool:
        """Whether results are still to come."""
        return self._is_asking or self._is_looking or self._is_mine

    @property
    def n_done(self) -> int:
        """How many of the runs are there."""
        return sum(run.key in self.results for run in self.planned)

    def start(self, topic: str, spec: Spec, plan: Plan) -> None:
        """Ask for the tasks of `spec`, under this topic, and find or make every run of `plan`."""
        if self.is_busy or self._context.session.is_active:
            return
        self._spec = spec
        self.planned, self.results, self.n_found = [], {}, 0
        self._is_asking = True

        def take(facts: Sequence[TaskFacts]) -> None:
            self._is_asking = False
            try:
                self.planned = list(plan(facts))
            except ValueError as error:
                self._refuse(str(error))
                return
            self._look(self.planned, self._take_known)

        self._context.questions.ask(topic, ListTasks(spec), take, self._take_refusal)

    def wait(self, milliseconds: int) -> bool:
        """Wait at shutdown for what is being looked up."""
        return self._calls.wait(milliseconds)

    def _look(self, runs: Sequence[Planned], then: Callable[[Known], object]) -> None:
        history = self._context.history
        self._is_looking = True
        self._calls.make(
            lambda: {run.key: history.scores(run.spec, run.seed) for run in runs}, then
        )

    def _take(self, known: Known) -> None:
        self._is_looking = False
        self.results.update({key: scores for key, scores in known.items() if scores is not None})

    def _take_known(self, known: Known) -> None:
        self._take(known)
        self.n_found = self.n_done
        missing = [run for run in self.planned if run.key not in self.results]
        missing.sort(key=lambda run: run.spec is self._spec)
        self._launch(missing)
        self.changed.emit()

    def _launch(self, runs: Sequence[Planned]) -> None:
        session = self._context.session
        if not runs or session.is_active:
            return
        self._is_mine = True
        session.start_jobs([Job(run.spec, run.seed, run.label) for run in runs])

    def _ended_one(self, *_: object) -> None:
        if self._is_mine and self.planned:
            self._look_again()

    def _ended(self) -> None:
        if not self._is_mine:
            return
        self._is_mine = False
        self._look_again()

    def _look_again(self) -> None:
        if self._is_looking:
            self._is_stale = True
            return
        missing = [run for run in self.planned if run.key not in self.results]
        self._look(missing, self._take_more)

    def _take_more(self, known: Known) -> None:
        self._take(known)
        if self._is_stale:
            self._is_stale = False
            self._look_again()
        self.changed.emit()

    def _take_refusal(self, error: RefusedError) -> None:
        self._is_asking = False
        self._refuse(str(error))

    def _refuse(self, reason: str) -> None:
        self.planned = []
        self.refused.emit(reason)

    def _broke(self, message: str) -> None:
        self._is_looking = False
        self._context.presenter.notice("runs", message)
        self.changed.emit()
