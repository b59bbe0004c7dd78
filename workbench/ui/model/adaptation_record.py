"""AdaptationRecord: how held-out small tasks were answered after inner steps (Qt-free)."""

from dataclasses import dataclass, field, fields, replace

import numpy as np

from workbench.spec.event import Adapted
from workbench.spec.facts import Floats
from workbench.spec.shown.adaptation import AdaptedClasses, AdaptedTask
from workbench.ui.model.decimation import Values

#: Room for small tasks that are shown. When they take more, every second moment lets go of its
#: own, those of stage ends apart.
MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, eq=False)
class StepCurve:
    """The loss after each of K numbers of inner steps, over N held-out small tasks.

    `mean` and `sd` [K] are of the `n_finite` [K] losses that are finite, NaN where there are none
    and where a single one has no spread; `scores` [K] are the metric's.
    """

    steps: tuple[int, ...]
    mean: Values
    sd: Values
    n_finite: Values
    n_tasks: int
    scores: Values

    @classmethod
    def of(cls, steps: tuple[int, ...], losses: Floats, scores: Floats) -> "StepCurve":
        """The curve of losses [K, N] and scores [K]."""
        rows = np.asarray(losses, dtype=np.float64).reshape(len(steps), -1)
        known = np.isfinite(rows)
        n = known.sum(axis=1).astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            mean = np.where(known, rows, 0.0).sum(axis=1) / n
            squares = np.where(known, rows - mean[:, None], 0.0) ** 2
            sd = np.sqrt(squares.sum(axis=1) / (n - 1))
        sd[n < 2] = np.nan
        return cls(steps, mean, sd, n, rows.shape[1], np.asarray(scores, dtype=np.float64))

    @property
    def band(self) -> tuple[Values, Values]:
        """Both ends [K] of the 95 % interval of the mean; NaN where there is none."""
        from scipy.special import stdtrit

        with np.errstate(invalid="ignore", over="ignore"):
            half = stdtrit(np.maximum(self.n_finite - 1, 1), 0.975) * self.sd
            half = half / np.sqrt(np.maximum(self.n_finite, 1))
            return self.mean - half, self.mean + half

    @property
    def n_left_out(self) -> tuple[int, ...]:
        """How many small tasks had no finite loss, [K]."""
        return tuple(int(self.n_tasks - n) for n in self.n_finite)


@dataclass(frozen=True, slots=True, eq=False)
class TaskMoment:
    """What one task's small tasks showed at a moment; `shown` is empty where it was let go.

    `n_bytes` are what its arrays take beyond those of the moment before.
    """

    curve: StepCurve
    references: tuple[tuple[str, float], ...]
    shown: tuple[AdaptedTask, ...]
    n_bytes: int


@dataclass(frozen=True, slots=True, eq=False)
class AdaptedMoment:
    """What was told after `step` steps, in or after `stage` (−1: before training), by task."""

    step: int
    stage: int
    ends_stage: bool
    tasks: dict[str, TaskMoment] = field(default_factory=dict[str, TaskMoment])

    @property
    def has_shown(self) -> bool:
        """Whether there are small tasks to draw."""
        return any(task_moment.shown for task_moment in self.tasks.values())


class AdaptationRecord:
    """Moments in the order of steps: their curves are all kept, what was shown while it fits."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.moments: list[AdaptedMoment] = []
        #: The tasks that were told of, in the order in which each first was.
        self.tasks: list[str] = []
        self._most_bytes = most_bytes
        self._n_bytes = 0

    def add(self, event: Adapted) -> None:
        """Take in what was told; a resumed run tells again what came after its checkpoint."""
        moments = self.moments
        while moments and self._is_told_again(moments[-1], event):
            self._n_bytes -= _bytes_of(moments.pop())
        if event.task not in self.tasks:
            self.tasks.append(event.task)
        if not moments or moments[-1].step < event.step:
            moments.append(AdaptedMoment(event.step, event.stage, event.ends_stage))
        curve = StepCurve.of(event.inner_steps, event.losses, event.scores)
        shown, n_bytes = self._shared(event)
        moments[-1].tasks[event.task] = TaskMoment(curve, event.references, shown, n_bytes)
        self._n_bytes += n_bytes
        self._thin()

    @staticmethod
    def _is_told_again(moment: AdaptedMoment, event: Adapted) -> bool:
        if moment.step != event.step:
            return moment.step > event.step
        is_other = (moment.stage, moment.ends_stage) != (event.stage, event.ends_stage)
        return is_other or event.task in moment.tasks

    def _shared(self, event: Adapted) -> tuple[tuple[AdaptedTask, ...], int]:
        """The small tasks, and what they take: their pictures are the same each time."""
        known = {one.index: one for one in self.newest_shown(event.task)}
        shown: list[AdaptedTask] = []
        n_bytes = 0
        for one in (*event.lines, *event.classes, *event.values):
            n_bytes += _bytes(one)
            before = known.get(one.index)
            if (
                isinstance(one, AdaptedClasses)
                and isinstance(before, AdaptedClasses)
                and np.array_equal(one.pictures, before.pictures)
            ):
                one = replace(one, pictures=before.pictures)
                n_bytes -= one.pictures.nbytes
            shown.append(one)
        return tuple(shown), n_bytes

    def newest_shown(self, task: str) -> tuple[AdaptedTask, ...]:
        """The small tasks of a task that were told last."""
        task_moment = (moment.tasks.get(task) for moment in reversed(self.moments))
        return next((one.shown for one in task_moment if one is not None and one.shown), ())

    def _thin(self) -> None:
        while self._n_bytes > self._most_bytes:
            loose = [m for m in self.moments[:-1] if m.has_shown and not m.ends_stage]
            if not loose:
                return
            for moment in loose[::2]:
                self._n_bytes -= _bytes_of(moment)
                for task, task_moment in moment.tasks.items():
                    moment.tasks[task] = replace(task_moment, shown=(), n_bytes=0)


def _bytes_of(moment: AdaptedMoment) -> int:
    return sum(task_moment.n_bytes for task_moment in moment.tasks.values())


def _bytes(one: AdaptedTask) -> int:
    arrays = (getattr(one, f.name) for f in fields(one))
    return sum(values.nbytes for values in arrays if isinstance(values, np.ndarray))
