"""RunGroup: the runs of one launch, which of them is looked at, and how far they are (Qt-free)."""

from collections.abc import Sequence

from workbench.spec.event import Began, Event
from workbench.spec.experiments.job import Job
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.task_colours import Orders


class RunGroup:
    """The models of jobs that train side by side or one after the other, by their number.

    Those of one setup are its seeds, and are shown together. Where one alone can be shown it is
    the seed that was picked, else the first that goes on, or of all that ended the first.
    """

    def __init__(self, jobs: Sequence[Job] = (), orders: Orders | None = None) -> None:
        self.jobs = tuple(jobs)
        self.picked: int | None = None
        self._orders = orders
        self._models: dict[int, RunModel] = {}
        self._ended: list[int] = []
        self._first_steps: dict[int, int] = {}
        self._current = 0
        self._nothing = RunModel()

    @classmethod
    def of(cls, models: Sequence[RunModel]) -> "RunGroup":
        """Runs that were made before, of one setup."""
        group = cls()
        group.take_in(models, are_over=True)
        return group

    def take_in(self, models: Sequence[RunModel], *, are_over: bool) -> None:
        """Models of the first jobs: of runs that ended before, or that are to go on."""
        self._models = dict(enumerate(models))
        self._ended = list(self._models) if are_over else []

    def open(self, number: int) -> RunModel:
        """The model of a run, made when it is first asked for."""
        if number not in self._models:
            job = self.jobs[number]
            self._models[number] = RunModel(job.seed, job.spec, self._orders)
            if len(self._models) == 1 or self._current in self._ended:
                self._current = number
        return self._models[number]

    def feed(self, number: int, event: Event) -> RunModel:
        """Take in what a run told."""
        model = self.open(number)
        model.feed(event)
        if isinstance(event, Began):
            self._first_steps[number] = event.step
        return model

    def end(self, number: int) -> None:
        """A run said its last word: another one is looked at, where one goes on."""
        self._ended.append(number)
        if number == self._current:
            self._current = min(self._going, default=self._first_of(number))

    @property
    def _going(self) -> list[int]:
        return [number for number in self._models if number not in self._ended]

    def _first_of(self, number: int) -> int:
        return min(self._numbers_like(number), default=number)

    def _numbers_like(self, number: int) -> list[int]:
        """The runs of the setup of one, in the order in which they were asked for."""
        if number >= len(self.jobs):
            return sorted(self._models)
        spec = self.jobs[number].spec
        return [n for n in sorted(self._models) if self.jobs[n].spec is spec]

    @property
    def model(self) -> RunModel:
        """The one run that is shown where one alone can be."""
        picked = [model for model in self.models if model.seed == self.picked]
        if picked:
            return picked[0]
        if self._current in self._models:
            return self._models[self._current]
        return self.open(self._current) if self.jobs else self._nothing

    @property
    def models(self) -> list[RunModel]:
        """The runs that began, of the setup that is looked at, in the order of the jobs."""
        return [self._models[number] for number in self._numbers_like(self._current)]

    @property
    def shown(self) -> list[RunModel]:
        """Those of them that are shown: all, or the seed that was picked."""
        models = self.models
        picked = [model for model in models if model.seed == self.picked]
        return picked or models

    @property
    def finished(self) -> list[RunModel]:
        """Those of them that are over."""
        numbers = self._numbers_like(self._current)
        return [self._models[number] for number in numbers if number in self._ended]

    @property
    def seeds(self) -> list[int]:
        """The seeds that there are or will be, of the setup that is looked at."""
        if self._current >= len(self.jobs):
            return [model.seed for model in self.models]
        spec = self.jobs[self._current].spec
        return [job.seed for job in self.jobs if job.spec is spec]

    @property
    def job(self) -> Job | None:
        """What the run that is looked at is for."""
        return self.jobs[self._current] if self._current < len(self.jobs) else None

    @property
    def n_ended(self) -> int:
        """How many runs of the launch are over."""
        return len(self._ended)

    @property
    def going(self) -> dict[int, RunModel]:
        """The runs that go on now, by their number."""
        return {number: self._models[number] for number in sorted(self._going)}

    @property
    def n_jobs(self) -> int:
        """How many runs the launch has."""
        return max(len(self.jobs), 1)

    @property
    def share(self) -> float | None:
        """How much of the whole launch is done, from 0 to 1; None before the first run began."""
        done, left = self._work()
        return done / (done + left) if done + left else None

    def _work(self) -> tuple[float, float]:
        """Steps that were taken and steps that are to come, those of runs to begin guessed."""
        begun = [model for model in self._models.values() if model.total_steps]
        if not begun:
            return 0.0, 0.0
        done = sum(min(model.step, model.total_steps) for model in begun)
        left = sum(model.total_steps - model.step for model in begun if not model.is_over)
        mean = sum(model.total_steps for model in begun) / len(begun)
        n_waiting = self.n_jobs - len({*self._ended, *self._models})
        return float(done), max(left, 0) + max(n_waiting, 0) * mean

    def seconds_left(self, seconds: float) -> float | None:
        """Time to the end at the pace of the `seconds` since the first run began."""
        resumed = sum(self._first_steps.values())
        done, left = self._work()
        return left * seconds / (done - resumed) if done - resumed >= 1 else None
