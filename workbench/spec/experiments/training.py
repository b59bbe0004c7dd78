"""How long an experiment trains, and by which optimizer and schedule."""

from typing import Annotated, Literal

from pydantic import Field

from workbench.spec.settings import Frozen


class Schedule(Frozen):
    """How the learning rate moves within each stage, as a factor on `lr`."""

    kind: Literal["constant", "step", "cosine", "one-cycle"] = Field(
        default="constant", description="Shape of the learning rate over each stage."
    )
    factor: float = Field(
        default=0.1, gt=0, le=1, description="Step: the rate is multiplied by this."
    )
    every: float = Field(
        default=0.3,
        gt=0,
        le=1,
        description="Step: the share of the stage after which it drops again.",
    )
    warmup: float = Field(
        default=0.3,
        ge=0,
        lt=1,
        description="One-cycle: the share of the stage in which the rate rises.",
    )


class Optimizer(Frozen):
    """The optimizer of every parameter."""

    kind: Literal["sgd", "adam", "adamw"] = Field(default="adam", description="Update rule.")
    lr: float = Field(default=0.001, gt=0, le=100, description="Learning rate.")
    weight_decay: float = Field(
        default=0.0, ge=0, le=10, description="L2 penalty (decoupled in AdamW)."
    )
    momentum: float = Field(default=0.0, ge=0, lt=1, description="Momentum; SGD only.")
    reset: Literal["from-scratch", "stages"] = Field(
        default="from-scratch",
        description="When momentum and the like begin anew: only where a method learns from"
        " scratch, or at every stage.",
    )
    schedule: Schedule = Schedule()


class Stopping(Frozen):
    """When a stage ends before its time, and which of its models is kept: by validation alone.

    What is looked at are the tasks of the stage, each time they are validated.
    """

    patience: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="Validations in a row that bring nothing better, after which the stage ends; 0:"
        " it is as long as it is planned.",
    )
    least_change: float = Field(
        default=0.0,
        ge=0,
        le=1e9,
        description="What is better by no more than this counts as no better.",
    )
    of: Literal["loss", "score"] = Field(
        default="loss",
        description="The validation loss, or the primary score. A mean of losses is weighted as the"
        " tasks are; a mean of scores wants tasks whose scores are of one kind.",
    )
    on: str = Field(
        default="",
        max_length=1000,
        description="The task that decides; empty: the mean over the tasks of the stage.",
    )
    keep_best: bool = Field(
        default=False,
        description="A stage that ends goes back to the parameters at its best validation.",
    )

    @property
    def is_on(self) -> bool:
        """Whether validations decide anything."""
        return self.patience > 0 or self.keep_best


class Training(Frozen):
    """Length and size of the training."""

    epochs: int = Field(
        default=20, ge=1, le=100_000, description="Passes over the data in each stage."
    )
    steps: int = Field(
        default=0,
        ge=0,
        le=1_000_000_000,
        description="Updates in each stage, in place of epochs; 0: epochs decide. A stream, whose"
        " tasks give way to each other by chance, is as long as its epochs.",
    )
    batch_size: int = Field(
        default=64, ge=1, le=1_000_000, description="Examples of each task per step."
    )
    evaluate_every: int = Field(
        default=50,
        ge=0,
        le=10_000_000,
        description="Steps between validations; 0: only at stage ends.",
    )
    clip: float = Field(
        default=0.0,
        ge=0,
        le=1e9,
        description="Largest gradient norm; 0: gradients are not clipped.",
    )
    threads: Annotated[int, Field(ge=1, le=1024)] | Literal["auto"] = Field(
        default="auto",
        description="Processor threads; auto times a few steps and keeps the fastest.",
    )
    stopping: Stopping = Stopping()
