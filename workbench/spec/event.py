"""Events: everything that a run tells, as frozen, picklable records.

Arrays are numpy. Facts that depend on the clock or the machine do not count when events are
compared, so the same spec and seed give equal events.
"""

from dataclasses import dataclass, field
from typing import Literal

from workbench.spec.facts import Event as Event
from workbench.spec.facts import Floats as Floats
from workbench.spec.facts import StageFacts as StageFacts
from workbench.spec.facts import Table as Table
from workbench.spec.facts import TaskFacts as TaskFacts
from workbench.spec.shown.adaptation import (
    AdaptationFacts,
    AdaptedClasses,
    AdaptedLine,
    AdaptedValues,
)
from workbench.spec.shown.plane import Map, Plane
from workbench.spec.shown.samples import Pictures
from workbench.spec.shown.written import AnswerShares, WrittenTexts
from workbench.spec.structure import Structure

Split = Literal["train", "val", "test"]


@dataclass(frozen=True, slots=True, eq=False)
class Preparing(Event):
    """Data are being read before the run begins: what is done, and the share of it if known.

    Told by the clock, to those who watch; it is not recorded.
    """

    text: str
    done: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Began(Event):
    """The run is about to take its first step (or, resumed, the step after `step`)."""

    seed: int
    tasks: tuple[TaskFacts, ...]
    stages: tuple[StageFacts, ...]
    parameters: int
    shared_parameters: int
    device: str = field(default="cpu", compare=False)
    threads: int = field(default=1, compare=False)
    run_id: str = field(default="", compare=False)

    @property
    def total_steps(self) -> int:
        """Steps of all stages together."""
        return sum(stage.steps for stage in self.stages)


@dataclass(frozen=True, slots=True, eq=False)
class StageBegan(Event):
    """Stage number `stage`, from 0, begins."""

    stage: int


@dataclass(frozen=True, slots=True, eq=False)
class StepsDone(Event):
    """A block of N steps, numbered `step − N` to `step − 1`.

    `losses` [N, T] are each task's own loss, unweighted, on its part of the batch, in the order
    of `Began.tasks`; NaN where a task had no part. `weights` [N, T] are the factors with which
    the update used them. `rates` [N] are the learning rates. `train_seconds` is the time spent
    in these steps.
    """

    losses: Floats
    weights: Floats
    rates: Floats
    train_seconds: float = field(default=0.0, compare=False)

    @property
    def first_step(self) -> int:
        """Number of the block's first step, from 0."""
        return self.step - len(self.losses)


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated(Event):
    """A row of scores for all tasks, `scores` [T] and `losses` [T], on one split.

    `stage` is the stage in or after which it was taken; −1: before training. `ends_stage` marks
    the rows of the [stage, task] matrix. Of tasks whose answers are texts, `more` has other scores
    [T] by metric, NaN for tasks that have no such.
    """

    stage: int
    split: Split
    scores: Floats
    losses: Floats
    ends_stage: bool
    more: dict[str, Floats] = field(default_factory=dict[str, Floats])


@dataclass(frozen=True, slots=True, eq=False)
class Written(Event):
    """What was written for the first few held-out texts of the tasks whose answers are texts.

    `stage`, `split` and `ends_stage` are those of the evaluation in which it was. `shares` are over
    all answers that were written in it.
    """

    stage: int
    split: Split
    ends_stage: bool
    texts: tuple[WrittenTexts, ...]
    shares: tuple[AnswerShares, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Probed(Event):
    """How the tasks' gradients in the shared parameters stand to each other after a step.

    `cosines` [L, T, T] and `norms` [L, T] are of all shared parameters first, then of each of
    their `layers` [L]; NaN where a task had no part in the batch, or no gradient. `affinity`
    [T, T], where it was asked for, is (Lⱼ − Lⱼ(after a step on i alone))/|Lⱼ| (Fifty 2021); else it
    is empty, [0, 0].
    """

    layers: tuple[str, ...]
    cosines: Floats
    norms: Floats
    affinity: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Reported(Event):
    """What the method of a role shows of its inside: gates, importances, what a memory holds.

    `source` is the role, or "representation": how alike each layer is to what it was at the end
    of past stages. A table of one name keeps its rows and columns unless something grew.
    `pictures` are some of the examples that a memory holds, by task, told when a stage ends.
    """

    source: str
    tables: tuple[Table, ...]
    pictures: tuple[Pictures, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class DriftDetected(Event):
    """The errors of the stream became more, by its `detector`, in examples of `task`.

    They were asked after `step` steps, before the next step learned from them.
    """

    task: str
    detector: str


@dataclass(frozen=True, slots=True, eq=False)
class Structured(Event):
    """How the model is put together from here on: told as it starts, and where it has grown."""

    structure: Structure


@dataclass(frozen=True, slots=True, eq=False)
class Plotted(Event):
    """The tasks of the run whose inputs are points in a plane, told once, before training."""

    planes: tuple[Plane, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Mapped(Event):
    """What the model answers everywhere on the planes, after `step` steps.

    `stage` is the stage in or after which it was asked; −1: before training. Where neither a stage
    ended nor training began, the clock decided when (`is_timed`): such maps are not kept.
    """

    stage: int
    maps: tuple[Map, ...]
    is_timed: bool


@dataclass(frozen=True, slots=True, eq=False)
class Adapted(Event):
    """How held-out small tasks of `task` are answered after ever more inner steps.

    They are validation tasks, the same each time. `losses` [K, N] are those on the queries of each
    of N after K numbers of inner steps, NaN where there is none; `scores` [K] the metric over those
    with finite answers. `references` are scores of ways that learn nothing, by name. The first few
    are shown: as `lines`, `classes` or `values`; that is kept only of those that end a stage.
    `stage` is that in or after which it was asked; −1: before training.
    """

    task: str
    stage: int
    ends_stage: bool
    inner_steps: tuple[int, ...]
    losses: Floats
    scores: Floats
    references: tuple[tuple[str, float], ...] = ()
    lines: tuple[AdaptedLine, ...] = ()
    classes: tuple[AdaptedClasses, ...] = ()
    values: tuple[AdaptedValues, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class CheckpointSaved(Event):
    """The run can be resumed from `step`. When one is saved depends on the clock."""

    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Intervened(Event):
    """A live change took effect before step `step`: a task's weight, or the learning rate."""

    task: str | None
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Replanned(Event):
    """What is learned from here on is another: asked for, or because a `detector` found a drift.

    `stages` are all of them, past ones with the steps they took. Number `first`, from 0, is what
    is learned from here on: the stage that was on, or the next.
    """

    stages: tuple[StageFacts, ...]
    first: int
    detector: str = ""

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The tasks of the stages from here on, as an Intervention names them."""
        return tuple(stage.tasks for stage in self.stages[self.first :])


@dataclass(frozen=True, slots=True, eq=False)
class Noticed(Event):
    """Something the user should know that does not end the run, such as a solver giving up."""

    source: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Diverged(Event):
    """A loss of `task` stopped being a finite number; parameters were left as they were."""

    task: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Failed(Event):
    """The run ended in an error. `details` is the traceback, for the log.

    `place` is the field of the spec that is wrong, where that is the reason.
    """

    message: str
    details: str = field(default="", compare=False)
    place: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Finished(Event):
    """The run ended: `done` after its last step, `stopped` by the user before.

    `matrix` [stages ended, T] and `baseline` [T] are scores on the test split; `scores` are the
    final ones by task and metric; `summary` holds the measures of `workbench.spec.measures`.
    `adaptation`, by task, is of the small tasks of the test split, where the learner adapts;
    `shares` are of what was written for test texts, where answers are texts, and `copied` are the
    scores by task and metric of saying each text again, which a translation must beat.
    """

    status: Literal["done", "stopped"]
    matrix: Floats
    baseline: Floats
    scores: dict[str, dict[str, float | None]]
    summary: dict[str, float | None]
    seconds: float = field(default=0.0, compare=False)
    train_seconds: float = field(default=0.0, compare=False)
    adaptation: dict[str, AdaptationFacts] = field(default_factory=dict[str, AdaptationFacts])
    shares: tuple[AnswerShares, ...] = ()
    copied: dict[str, dict[str, float | None]] = field(
        default_factory=dict[str, dict[str, float | None]]
    )


#: Events after which a run says nothing more.
LAST = (Diverged, Failed, Finished)
