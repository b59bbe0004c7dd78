"""RunModel: the columns of one run, fed by its events (Qt-free)."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from workbench.spec.command import intervention_of
from workbench.spec.event import (
    LAST,
    Adapted,
    Began,
    CheckpointSaved,
    Diverged,
    DriftDetected,
    Evaluated,
    Event,
    Failed,
    Finished,
    Intervened,
    Mapped,
    Plotted,
    Preparing,
    Probed,
    Replanned,
    Reported,
    StageBegan,
    StepsDone,
    Structured,
    TaskFacts,
    Written,
)
from workbench.spec.experiment import Intervention, Spec
from workbench.spec.measures import examples_of_one_head, summarise
from workbench.spec.structure import Structure
from workbench.ui.model.adaptation_record import AdaptationRecord
from workbench.ui.model.decimation import Values
from workbench.ui.model.plane_record import PlaneRecord
from workbench.ui.model.probe_record import ProbeRecord
from workbench.ui.model.report_record import ReportRecord
from workbench.ui.model.score_record import ScoreRecord
from workbench.ui.model.stage_bands import Band, bands_of
from workbench.ui.model.step_record import StepRecord
from workbench.ui.model.task_colours import Orders, colour_numbers
from workbench.ui.model.written_record import WrittenRecord


class RunModel:
    """Everything the window shows of one run. The counters tell a view whether to redraw.

    `orders` are the families' tasks in the catalogue's order, which decides their colours.
    """

    def __init__(
        self, seed: int = 0, spec: Spec | None = None, orders: Orders | None = None
    ) -> None:
        self.seed = seed
        self.spec = spec
        self.orders: Orders = orders or {}
        self.preparing: Preparing | None = None
        self.began: Began | None = None
        self.last: Event | None = None
        self.stage = -1
        self.step = 0
        self.drifts: list[DriftDetected] = []
        #: What was changed live, as a spec would have it, each change once.
        self.changes: tuple[Intervention, ...] = ()
        self.steps_version = 0
        #: Of what stands on the x-axis: stages, changes and drifts.
        self.marks_version = 0
        self.scores_version = 0
        self.matrix_version = 0
        self.probes_version = 0
        self.probes = ProbeRecord()
        #: How the model was put together from a step on.
        self.structures: list[tuple[int, Structure]] = []
        self.structures_version = 0
        self.reports_version = 0
        self.reports = ReportRecord()
        self.planes_version = 0
        self.planes = PlaneRecord()
        self.adaptation_version = 0
        self.adaptation = AdaptationRecord()
        self.written_version = 0
        self.written = WrittenRecord()
        #: The newest one that can be asked, if there is one.
        self.checkpoint: CheckpointSaved | None = None
        self.steps = StepRecord()
        self._scores = ScoreRecord()
        self._rows: dict[int, Values] = {}
        self._baseline: Values | None = None

    @classmethod
    def of(
        cls,
        events: Iterable[Event],
        seed: int = 0,
        spec: Spec | None = None,
        orders: Orders | None = None,
    ) -> "RunModel":
        """The model of a run that was recorded."""
        model = cls(seed, spec, orders)
        for event in events:
            model.feed(event)
        return model

    @property
    def tasks(self) -> tuple[TaskFacts, ...]:
        """The tasks, in the order of every array; empty before the run began."""
        return self.began.tasks if self.began else ()

    @property
    def scores_are_shares(self) -> bool:
        """Whether every task's scores are shares from 0 to 1, and so on one scale."""
        return all(task.is_share for task in self.tasks)

    @property
    def colours(self) -> tuple[int, ...]:
        """The number of each task's colour and dash."""
        tasks = [(task.family, task.own_name) for task in self.tasks]
        return tuple(colour_numbers(tasks, self.orders))

    @property
    def total_steps(self) -> int:
        """Steps of all stages together."""
        return self.began.total_steps if self.began else 0

    @property
    def is_over(self) -> bool:
        """Whether the run said its last word."""
        return self.last is not None

    def feed(self, event: Event) -> None:
        """Take one event in."""
        self.step = max(self.step, event.step)
        match event:
            case Preparing():
                self.preparing = event
            case Began():
                self._begin(event)
            case StageBegan(stage=stage):
                self.stage = stage
                self.steps_version += 1
            case StepsDone():
                self.steps.add(event)
                self.steps_version += 1
            case Evaluated():
                self._take_scores(event)
            case Intervened():
                self._note_change(event)
                self.steps_version += 1
                self.marks_version += 1
            case Replanned():
                self._replan(event)
            case DriftDetected():
                if event not in self.drifts:  # a resumed run tells again what it found
                    self.drifts.append(event)
                self.steps_version += 1
                self.marks_version += 1
            case Probed():
                self.probes.add(event)
                self.probes_version += 1
            case Structured():
                self.structures.append((event.step, event.structure))
                self.structures_version += 1
            case Plotted() | Mapped():
                self.planes.add(event)
                self.planes_version += 1
            case Adapted():
                self.adaptation.add(event)
                self.adaptation_version += 1
            case Written():
                self.written.add(event)
                self.written_version += 1
            case CheckpointSaved():
                self.checkpoint = event
            case Finished() if event.shares:
                self.written.finish(event.shares)
                self.written_version += 1
            case Reported():
                self.reports.add(event)
                self.reports_version += 1
            case _:
                pass
        if isinstance(event, LAST):
            self.last = event
            self._redraw()

    def _begin(self, event: Began) -> None:
        if self.began is None:
            self.steps = StepRecord(event.step, [task.weight for task in event.tasks])
            self.probes = ProbeRecord(len(event.tasks))
        self.began = event
        self.last = None
        self.seed = event.seed
        self._redraw()

    def _replan(self, event: Replanned) -> None:
        if self.began is not None:
            self.began = replace(self.began, stages=event.stages)
        self._note_change(event)
        self.marks_version += 1
        self._redraw()

    def _redraw(self) -> None:
        self.steps_version += 1
        self.scores_version += 1
        self.matrix_version += 1

    def _note_change(self, event: Event) -> None:
        change = intervention_of(event)
        if change is not None and change not in self.changes:  # a resumed run tells some again
            self.changes = (*self.changes, change)

    def _take_scores(self, event: Evaluated) -> None:
        scores = np.asarray(event.scores, dtype=np.float64)
        if event.split == "val":
            self._scores.add(event)
            self.scores_version += 1
        elif event.split == "test":
            if event.stage < 0:
                self._baseline = scores
            elif event.ends_stage:
                self._rows[event.stage] = scores
            self.matrix_version += 1

    @property
    def bands(self) -> list[Band]:
        """The stages on the x-axis, in order."""
        return bands_of(self.began.stages) if self.began else []

    @property
    def change_steps(self) -> list[float]:
        """The steps, in order, before which something was changed live: marks on the x-axis."""
        return sorted({float(change.step) for change in self.changes})

    def latest_losses(self, window: int) -> Values:
        """The newest loss of each task [T], each the mean of its last `window` values.

        While a run goes on only its newest steps are searched: NaN for a task long left behind.
        """
        return self.steps.latest_losses(
            window, n_searched=None if self.is_over else max(4 * window, 4000)
        )

    @property
    def scores(self) -> tuple[Values, Values]:
        """Validation scores: steps [M] and scores [M, T]."""
        return self._scores.table(len(self.tasks))

    @property
    def more_metrics(self) -> tuple[str, ...]:
        """Metrics by which tasks are scored beside their own, where there are such."""
        return self._scores.more_metrics

    def scores_by(self, metric: str) -> tuple[Values, Values]:
        """The same by one of `more_metrics`, NaN: none; by each task's own where it is empty."""
        return self._scores.by(metric, len(self.tasks)) if metric else self.scores

    @property
    def matrix(self) -> Values:
        """Test scores [S, T] after each stage that ended, in order."""
        if isinstance(self.last, Finished) and len(self.last.matrix) > len(self._rows):
            return np.asarray(self.last.matrix, dtype=np.float64)
        if not self._rows:
            return np.empty((0, len(self.tasks)))
        return np.stack([self._rows[stage] for stage in sorted(self._rows)])

    @property
    def baseline(self) -> Values:
        """Test scores [T] before training; NaN where not measured."""
        if self._baseline is not None:
            return self._baseline
        return np.full(len(self.tasks), np.nan)

    @property
    def summary(self) -> dict[str, float | None]:
        """The measures of the matrix so far."""
        if self.began is None:
            return {}
        stages = [stage.tasks for stage in self.began.stages]
        names = [task.name for task in self.tasks]
        higher = [task.higher_is_better for task in self.tasks]
        n_examples = examples_of_one_head(self.tasks)
        measures = summarise(self.matrix, self.baseline, stages, names, higher, n_examples)
        return {k: None if v is None or np.isnan(v) else v for k, v in measures.items()}

    @property
    def ending(self) -> str:
        """How the run ended, as the store words it; empty while it goes on."""
        match self.last:
            case Finished(status=status):
                return status
            case Diverged():
                return "diverged"
            case Failed():
                return "failed"
            case _:
                return ""
