"""Task: what is learned. A family makes the tasks of one source of data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from torch import Tensor

from workbench.engine.numerics.missing import known
from workbench.engine.numerics.scaling import Scaling
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.batch import Part as Part
from workbench.engine.roles.batch import divided as divided
from workbench.engine.roles.batch import parts as parts
from workbench.engine.roles.batch import split_indices as split_indices
from workbench.engine.roles.kinds import (
    NOT_ASKED as NOT_ASKED,
)
from workbench.engine.roles.kinds import (
    PADDING as PADDING,
)
from workbench.engine.roles.kinds import Augmentation
from workbench.engine.roles.kinds import (
    Classes as Classes,
)
from workbench.engine.roles.kinds import (
    Image as Image,
)
from workbench.engine.roles.kinds import (
    InputKind as InputKind,
)
from workbench.engine.roles.kinds import (
    Labels as Labels,
)
from workbench.engine.roles.kinds import (
    Objective as Objective,
)
from workbench.engine.roles.kinds import (
    OutputKind as OutputKind,
)
from workbench.engine.roles.kinds import (
    PixelClasses as PixelClasses,
)
from workbench.engine.roles.kinds import (
    PixelDirections as PixelDirections,
)
from workbench.engine.roles.kinds import (
    PixelKind as PixelKind,
)
from workbench.engine.roles.kinds import (
    PixelValues as PixelValues,
)
from workbench.engine.roles.kinds import (
    Point as Point,
)
from workbench.engine.roles.kinds import (
    Tokens as Tokens,
)
from workbench.engine.roles.kinds import (
    TokensOut as TokensOut,
)
from workbench.engine.roles.kinds import (
    Values as Values,
)
from workbench.engine.roles.kinds import (
    Vector as Vector,
)
from workbench.engine.roles.kinds import (
    weight_of as weight_of,
)
from workbench.engine.roles.loading import Loading
from workbench.engine.roles.losses import LossFunction, Measured, TaskLoss, WeightedMean, usual_loss
from workbench.engine.roles.method import BadSpecError, Method, require_rules
from workbench.engine.roles.texts.text import Text
from workbench.spec.experiment import Heads
from workbench.spec.trained.preparation import Preparation

SPLITS = ("train", "val", "test")


@dataclass(frozen=True, slots=True)
class Episodes:
    """Each example of a distribution is a small task of its own: so many rows of each.

    Inputs are then [N, support + query, …] and targets [N, support + query, …] for N tasks: the
    first `support` rows are what a learner adapts to, the others what it is asked.
    """

    support: int
    query: int

    @property
    def n(self) -> int:
        """Rows of one task."""
        return self.support + self.query


@dataclass(slots=True, eq=False)
class Task:
    """A task: kinds of its inputs and output, its data by split, and the name of its head.

    Tasks that name the same head share it. Tasks whose parts hold the same input tensor object
    share their inputs: a batch then holds one tensor for them, encoded once. `classes` are the
    values of the target that occur in this task, where not all of `output`'s do. `metric` is the
    primary metric, the one that curves and matrices show, the usual one of its kind of output where
    none is named; `more_metrics` are told at the end, and `live_metrics`, some of them, with each
    evaluation, as all are of texts. `chosen_at` is the field of the spec that chose the task,
    `scored_at` that which chose its metrics, where one did, `entry` the place of its entry, and
    `own_name` what its family calls the task.
    `head_layers` are the hidden layers of its head; tasks that share a head agree on them.
    `scaling` is how targets that are values were scaled, so that errors are told in their unit.
    `notices` are sentences that the user should read before what is learned.

    `identity` and `source` name the task and its inputs for streams of random numbers: they are
    the same whichever other tasks an experiment has, and depend on no setting.

    A distribution of tasks is one task with `episodes`: its examples are whole small tasks, and
    those of `val` and `test` occur nowhere in `train`. Kinds of inputs and output are those of the
    rows. A learner that does not adapt is given the rows, as `as_rows` makes them. `drawn_from` are
    by split the classes or groups that its tasks are made of, where the same make several tasks.

    Of an example that lacks an answer the target says so (`numerics/missing.py`): it stays among
    those of the tasks that it has answers for, and this one neither learns nor is scored on it;
    `lacks_answers` says that there are such. The splits' parts may have `row_weights`.

    A task that is not `is_taught` has no training examples: it is asked as the others are, and no
    stage learns it.

    `preparation` says how what is in a file became its inputs, so that its model can be asked about
    other files; None where its family makes them itself.

    `rows` are by split the places of its examples in the file, or in the data, that they come from,
    which say what came first; empty where that is not known.

    `augmentation` is what each step does to the pictures that it learns from.

    The rest says how to show examples: `picture` is the height and width of a vector that is a
    flattened picture, `columns` are the names of a vector's numbers, `answers` those of classes;
    `text` says what tokens mean.
    """

    name: str
    inputs: Mapping[str, InputKind]
    output: OutputKind
    data: Mapping[str, Part]
    metric: str = ""
    more_metrics: tuple[str, ...] = ()
    head: str = ""
    family: str = ""
    chosen_at: str = "tasks"
    entry: int = -1
    own_name: str = ""
    weight: float = 1.0
    classes: tuple[int, ...] = ()
    picture: tuple[int, int] | None = None
    columns: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    text: Text | None = None
    scaling: Scaling | None = None
    head_layers: Heads = field(default_factory=Heads)
    episodes: Episodes | None = None
    is_taught: bool = True
    drawn_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    notices: tuple[str, ...] = ()
    identity: str = ""
    source: str = ""
    live_metrics: tuple[str, ...] = ()
    scored_at: str = ""
    preparation: Preparation | None = None
    rows: Mapping[str, Tensor] = field(default_factory=dict[str, Tensor])
    augmentation: Augmentation | None = None
    loss: TaskLoss = field(init=False)
    has_usual_loss: bool = field(default=True, init=False)
    lacks_answers: bool = field(default=False, init=False)
    _answered: dict[str, tuple[Part, Part]] = field(
        default_factory=dict[str, tuple[Part, Part]], init=False, repr=False
    )

    def __post_init__(self) -> None:
        self.head = self.head or self.name
        self.identity = self.identity or self.name
        self.source = self.source or self.identity
        # Answers that are texts mark the places that are not asked, and their loss knows it.
        if not isinstance(self.output, TokensOut | Objective):
            self.lacks_answers = any(not known(p.target).all() for p in self.data.values())
        self._set_loss(usual_loss(self.output))

    def right_answers(self, split: str) -> Tensor:
        """The targets [M, …] of what is answered of a split: of episodes, those of the queries."""
        target = self.answered(split).target
        return target if self.episodes is None else target[:, self.episodes.support :].flatten(0, 1)

    def answered(self, split: str) -> Part:
        """The examples of a split that have an answer: the split's own part where all have."""
        part = self.data[split]
        if not self.lacks_answers:
            return part
        whole, answered = self._answered.get(split, (None, part))
        if whole is not part:
            answered = part.answered()
            self._answered[split] = part, answered
        return answered

    def make_small(
        self, loss: Measured | LossFunction, class_weights: Tensor | None = None
    ) -> None:
        """Learn with this loss of outputs and targets in place of the usual one.

        With weights [n] of the classes or labels. A loss that is not told of each answer alone
        takes examples without an answer, or with weights, as they are.
        """
        self.has_usual_loss = False
        self._set_loss(loss, class_weights)

    def _set_loss(self, loss: Measured | LossFunction, weights: Tensor | None = None) -> None:
        has_row_weights = any(part.row_weights is not None for part in self.data.values())
        is_plain = weights is None and not (self.lacks_answers or has_row_weights)
        if isinstance(loss, Measured) and is_plain:
            self.loss = cast("TaskLoss", loss.mean)
        elif isinstance(loss, Measured):
            self.loss = WeightedMean(loss, weights)
        else:
            self.loss = cast("TaskLoss", loss)

    @property
    def head_identity(self) -> str:
        """The name of its head for streams of random numbers."""
        return self.identity if self.head == self.name else f"{self.family} head {self.head}"

    @property
    def input(self) -> InputKind:
        """The kind of the only view. Raises BadSpecError where there are several."""
        if len(self.inputs) != 1:
            views = ", ".join(self.inputs)
            message = f"takes one view of an input; {self.name} has several: {views}"
            raise BadSpecError("sharing.kind", message)
        (kind,) = self.inputs.values()
        return kind


def answered_parts(tasks: Mapping[str, Task], batch: Batch) -> Batch:
    """A batch with the examples alone that have an answer, without tasks that have none in it."""
    if not any(tasks[name].lacks_answers for name in batch):
        return batch
    answered = {
        name: part.answered() if tasks[name].lacks_answers else part for name, part in batch.items()
    }
    return {name: part for name, part in answered.items() if len(part)}


def taught(tasks: Mapping[str, Task]) -> list[str]:
    """The names of the tasks that are learned; the others are asked alone."""
    return [name for name, task in tasks.items() if task.is_taught]


class Family(Method):
    """A source of related tasks. Its data depend on its settings alone, not on the run's seed.

    Settings that cannot be met together raise BadSpecError with the setting's name as the field.
    """

    role: ClassVar[str] = "tasks"
    #: What its tasks ask for, such as a metric, shows in the tasks alone. A family whose tasks can
    #: be run at all its settings may say False: `check` then does without them, in no time.
    is_judged_built: ClassVar[bool] = True

    def __init__(self, settings: Any) -> None:
        if self.Settings.rules:
            require_rules(settings)
        self.settings = settings

    def tasks(self) -> list[Task]:
        """Every task of the family, with data on the CPU; inputs shared where they are equal."""
        raise NotImplementedError

    def loading(self) -> Loading:
        """As `tasks`, by steps that say how far they are: for families that read files."""
        yield from ()
        return self.tasks()

    @property
    def n_bytes(self) -> int:
        """Bytes of the data that it will make, about; 0 where they are few, or read from files."""
        return 0
