"""Spec: the frozen description of one experiment."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from workbench.spec.experiments.loss import ClassWeights as ClassWeights
from workbench.spec.experiments.loss import Loss as Loss
from workbench.spec.experiments.start import AnyStart, Freeze
from workbench.spec.experiments.start import Start as Start
from workbench.spec.experiments.start import TrunkStart as TrunkStart
from workbench.spec.experiments.training import Optimizer as Optimizer
from workbench.spec.experiments.training import Schedule as Schedule
from workbench.spec.experiments.training import Training as Training
from workbench.spec.settings import Frozen

VERSION = 1

#: The choices that are one method each, in the order of the window.
CHOICES = ("curriculum", "encoder", "sharing", "balancing", "retention", "learner")


#: The method of each choice where a preset names none.
DEFAULTS = {
    "curriculum": "joint",
    "encoder": "mlp",
    "sharing": "hard",
    "balancing": "fixed",
    "retention": "none",
    "learner": "gradient",
}


class Choice(Frozen):
    """A method by its key, with the settings that differ from its defaults."""

    model_config = ConfigDict(extra="allow")

    if TYPE_CHECKING:

        def __init__(self, *, kind: str, **settings: Any) -> None: ...

    kind: str = Field(min_length=1, description="Key of the method, as `workbench list` shows it.")

    @property
    def settings(self) -> dict[str, Any]:
        """The method's settings, unchecked: the catalogue knows what they may be."""
        return dict(self.model_extra or {})


#: Widths of layers that are put between two others.
Widths = Annotated[
    tuple[Annotated[int, Field(ge=1, le=65536)], ...], Field(strict=False, max_length=16)
]
Activation = Literal["relu", "tanh", "gelu"]


#: Keys of metrics.
Keys = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=100)], ...],
    Field(strict=False, min_length=1, max_length=20),
    AfterValidator(lambda keys: tuple(dict.fromkeys(keys))),
]


class Heads(Frozen):
    """The layers between the features and each answer: a task's own where its head is."""

    hidden: Widths = Field(
        default=(),
        description="Width of each hidden layer of a head; none: one linear layer reads the answer"
        " from the features.",
    )
    blocks: int = Field(
        default=0,
        ge=0,
        le=64,
        description="Of answers in tokens: causal blocks of a head before its layers. A head that"
        " tasks of one language share is then its decoder.",
    )
    activation: Activation = Field(
        default="relu", description="Non-linearity of the hidden layers."
    )
    norm: bool = Field(
        default=False,
        description="Bring each hidden layer of an example to mean 0 and deviation 1, before the"
        " non-linearity (layer norm).",
    )
    dropout: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Share of the hidden units left out in each training step.",
    )

    def with_hidden(self, hidden: tuple[int, ...]) -> "Heads":
        """These with other hidden layers."""
        return self.model_copy(update={"hidden": hidden})


class TaskChoice(Frozen):
    """One task of a family, or every task of it where `task` is left out."""

    model_config = ConfigDict(extra="allow")

    if TYPE_CHECKING:

        def __init__(
            self, *, family: str, task: str | None = None, weight: float = 1.0, **settings: Any
        ) -> None: ...

    family: str = Field(min_length=1, description="Key of the task family.")
    task: str | None = Field(
        default=None, description="One task of the family; all of them if left out."
    )
    weight: float = Field(
        default=1.0,
        ge=0,
        le=1e6,
        description="How much of this task is wanted: a factor on its loss, or on what a method of"
        " balancing promises to each task.",
    )
    head: Widths | None = Field(
        default=None,
        description="Hidden layers of this task's head, in place of those of `heads`; [] for none.",
    )
    loss: Loss | None = Field(
        default=None, description="What is made small; the usual loss if left out."
    )
    class_weights: ClassWeights | None = Field(
        default=None,
        description="What each class counts in the loss: balanced, so that all count alike among"
        " the training examples, or a number each, in their order. Of labels what it counts that"
        " each is there.",
    )
    metrics: Keys | None = Field(
        default=None,
        description="What it is scored in, by keys; the first leads. Those of its family if left"
        " out.",
    )

    @property
    def settings(self) -> dict[str, Any]:
        """The family's settings, unchecked."""
        return dict(self.model_extra or {})


class Probes(Frozen):
    """What is measured between the tasks while they are learned. Measuring changes nothing."""

    every: int = Field(
        default=200, ge=0, le=10_000_000, description="Steps between two probes; 0: none are taken."
    )
    layers: Annotated[
        tuple[Annotated[str, Field(min_length=1)], ...],
        Field(
            strict=False,
            max_length=1000,
            description="Layers in which gradients are compared, by their names in Interference; *"
            " stands for any text, first and last for the ends of what is shared. Left out: all.",
        ),
    ] = ()
    affinity: bool = Field(
        default=False,
        description="Also what a step on one task alone would do to each other one; T + 1 passes.",
    )
    prequential: bool = Field(
        default=False,
        description="Also the accuracy on each example at its first sight, before it is learned"
        " from, of tasks that answer with classes; one more forward pass a step.",
    )
    fading: float = Field(
        default=0.995,
        gt=0,
        le=1,
        description="Prequential: what an error counts after one more example; 1: all count alike.",
    )
    detector: Literal["none", "adwin", "page-hinkley", "ddm"] = Field(
        default="none", description="What watches the prequential errors, of all tasks, for drift."
    )
    answers: bool = Field(
        default=False,
        description="Also confusion and calibration on validation; one more pass each time.",
    )


class Budget(Frozen):
    """How large the model is, whatever the tasks share, so that strategies compare fairly."""

    match_parameters: Literal["off", "hard", "number"] = Field(
        default="off",
        description="Scale the encoder's widths until the model has as many parameters as hard"
        " sharing has at the widths given, or a given number; off: the widths are as given.",
    )
    parameters: int = Field(
        default=100_000, ge=1, le=10**12, description="Number: parameters of the model in all."
    )
    tolerance: float = Field(
        default=0.02,
        gt=0,
        le=1,
        description="How far the total may be off, as a share; a run that is further is refused.",
    )


_Name = Annotated[str, Field(min_length=1)]
_Group = Annotated[tuple[_Name, ...], Field(strict=False, min_length=1, max_length=1000)]


class Intervention(Frozen):
    """A change made while training ran, before step `step`: a task's weight, the rate, the plan.

    `stages` are the tasks of the stage that is on from then, and of those that follow. Where the
    first are what is being learned, that stage goes on; else it ends, and a new one begins.
    """

    step: int = Field(ge=0, description="The step before which the change is made.")
    task: str | None = Field(default=None, description="The task whose weight changes.")
    weight: float | None = Field(default=None, ge=0, le=1e6, description="The task's new weight.")
    lr: float | None = Field(default=None, gt=0, le=100, description="The new learning rate.")
    stages: (
        Annotated[tuple[_Group, ...], Field(strict=False, min_length=1, max_length=10_000)] | None
    ) = Field(default=None, description="The tasks to learn from then on, a list for each stage.")

    @model_validator(mode="after")
    def _one_change(self) -> "Intervention":
        has_half = (self.task is None) != (self.weight is None)
        if has_half or sum(x is not None for x in (self.task, self.lr, self.stages)) != 1:
            raise ValueError("an intervention has either task and weight, or lr, or stages")
        for group in self.stages or ():
            if len(set(group)) < len(group):
                raise ValueError("a stage names a task twice")
        return self


def _choice(role: str, description: str) -> Any:
    return Field(default_factory=lambda: Choice(kind=DEFAULTS[role]), description=description)


class Spec(Frozen):
    """One experiment: six choices, a model, an optimizer, a length, seeds."""

    version: Literal[1] = Field(default=VERSION, description="Version of this format.")
    name: str = Field(
        default="Untitled", min_length=1, max_length=200, description="Name of the preset."
    )
    about: str = Field(default="", max_length=10_000, description="One line on what to watch for.")
    tasks: Annotated[tuple[TaskChoice, ...], Field(strict=False, min_length=1, max_length=1000)]
    curriculum: Choice = _choice("curriculum", "When each task is seen.")
    encoder: Choice = _choice("encoder", "What turns an input into features.")
    sharing: Choice = _choice("sharing", "Which parameters the tasks share.")
    heads: Heads = Heads()
    budget: Budget = Budget()
    balancing: Choice = _choice("balancing", "How task losses or gradients are combined.")
    retention: Choice = _choice("retention", "How what was learned is protected.")
    learner: Choice = _choice("learner", "How one update is made.")
    optimizer: Optimizer = Optimizer()
    training: Training = Training()
    probes: Probes = Probes()
    seeds: Annotated[
        tuple[Annotated[int, Field(ge=0, lt=2**31)], ...],
        Field(strict=False, min_length=1, max_length=1000, description="One run for each seed."),
        AfterValidator(lambda seeds: tuple(dict.fromkeys(seeds))),
    ] = (0,)
    device: str = Field(
        default="cpu",
        pattern=r"^(auto|cpu|cuda(:\d+)?|mps)$",
        description="auto, cpu, cuda or mps.",
    )
    interventions: Annotated[tuple[Intervention, ...], Field(strict=False)] = Field(
        default=(), description="Changes made while training ran, replayed at their steps."
    )
    start: AnyStart | None = Field(
        default=None,
        description="A checkpoint of another run to go on from, or the trunk of its model; left"
        " out: it begins from nothing.",
    )

    @property
    def freeze(self) -> Freeze:
        """What of each trunk stays as it is."""
        return self.start.freeze if self.start is not None else "none"

    def choice(self, role: str) -> Choice:
        """The choice made for `role`, one of `CHOICES`."""
        return getattr(self, role)
