"""StudyRuns: the runs that a question needs, found in the history or made one after the other."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from workbench.spec.experiment import Spec
from workbench.spec.score import Score
from workbench.study.plan import UnnamedTasksError
from workbench.study.transfer import Planned
from workbench.ui.services.run_session import Job
from workbench.ui.services.tab_context import TabContext
from workbench.ui.services.worker import Calls

#: From the names of the tasks (None: not known yet) to the runs. Raises ValueError with a reason.
Plan = Callable[[Sequence[str] | None], Sequence[Planned]]


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
        self._plan: Plan | None = None
        self._spec: Spec | None = None
        self._is_looking = self._is_stale = False
        self._is_mine = False
        self.names: tuple[str, ...] | None = None
        self.planned: list[Planned] = []
        self.results: dict[tuple[str, int], Sequence[Score]] = {}
        self.n_found = 0
        session = context.session
        session.seed_ended.connect(self._ended_one)
        session.ended.connect(self._ended)

    @property
    def is_busy(self) -> bool:
        """Whether results are still to come."""
        return self._is_looking or self._is_mine

    @property
    def n_done(self) -> int:
        """How many of the runs are there."""
        return sum(run.key in self.results for run in self.planned)

    def start(self, spec: Spec, plan: Plan) -> None:
        """Find or make every run that `plan` names."""
        if self.is_busy or self._context.session.is_active:
            return
        self._spec, self._plan = spec, plan
        self.names, self.planned, self.results, self.n_found = None, [], {}, 0
        self._look([Planned(spec, seed, "") for seed in spec.seeds], self._take_experiment)

    def wait(self, milliseconds: int) -> bool:
        """Wait at shutdown for what is being looked up."""
        return self._calls.wait(milliseconds)

    def _look(self, runs: Sequence[Planned], then: Callable[[object], object]) -> None:
        history = self._context.history
        self._is_looking = True
        self._calls.make(
            lambda: {run.key: history.scores(run.spec, run.seed) for run in runs}, then
        )

    def _take(self, found: object) -> None:
        self._is_looking = False
        known: dict[tuple[str, int], Sequence[Score] | None] = found  # pyright: ignore[reportAssignmentType]
        self.results.update({key: scores for key, scores in known.items() if scores is not None})

    def _take_experiment(self, found: object) -> None:
        """The experiment's own runs, if there are any, name its tasks."""
        self._take(found)
        own = next(iter(self.results.values()), None)
        self.names = tuple(score.task for score in own) if own is not None else None
        if self._plan is None or self._spec is None:
            return
        try:
            self.planned = list(self._plan(self.names))
        except ValueError as error:
            can_be_named = isinstance(error, UnnamedTasksError) and self.names is None
            if not can_be_named or self._context.session.is_active:
                self._refuse(str(error))
                return
            # only a run can name the tasks: make one, and plan when it is there
            self._launch([Planned(self._spec, self._spec.seeds[0], "")])
            return
        self._look(self.planned, self._take_known)

    def _take_known(self, found: object) -> None:
        self._take(found)
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
        if not self.planned and self._spec is not None:
            spec = self._spec
            runs = [Planned(spec, seed, "") for seed in spec.seeds]
            self._look(runs, self._take_first_run)
            return
        self._look_again()

    def _take_first_run(self, found: object) -> None:
        known: dict[tuple[str, int], Sequence[Score] | None] = found  # pyright: ignore[reportAssignmentType]
        if any(scores is not None for scores in known.values()):
            self._take_experiment(found)
        else:
            self._is_looking = False
            self.changed.emit()

    def _look_again(self) -> None:
        if self._is_looking:
            self._is_stale = True
            return
        missing = [run for run in self.planned if run.key not in self.results]
        self._look(missing, self._take_more)

    def _take_more(self, found: object) -> None:
        self._take(found)
        if self._is_stale:
            self._is_stale = False
            self._look_again()
        self.changed.emit()

    def _refuse(self, reason: str) -> None:
        self.planned = []
        self.refused.emit(reason)

    def _broke(self, message: str) -> None:
        self._is_looking = False
        self._context.presenter.notice("runs", message)
        self.changed.emit()
