"""Retention: how the past is protected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch import Tensor

from workbench.engine.roles.batch import Batch
from workbench.engine.roles.method import Method
from workbench.engine.roles.sharing import Sharing
from workbench.spec.cost import Holding

if TYPE_CHECKING:
    from workbench.engine.roles.planned_run import PlannedRun
    from workbench.engine.roles.task import Part, Task
    from workbench.engine.update.stage_data import StageData
    from workbench.engine.update.step import Step


@dataclass(frozen=True, slots=True, eq=False)
class StoredExamples:
    """Examples of a task that are kept, the stage [N] in which each came, and their bytes."""

    part: "Part"
    arrived: Tensor
    n_bytes: int


class Retention(Method):
    """Contributions to each update: more examples, a penalty, a changed gradient.

    The order within an update is `augment_batch`, `penalty`, `project`, `after_step`.
    `changes_gradient` tells the loop that `project` must be asked; without it the gradient is never
    gathered. `after_step` and `answer` cost nothing where they are not overridden.
    """

    role: ClassVar[str] = "retention"
    #: Whether `project` must be asked; a method may change it from step to step.
    changes_gradient: bool = False
    #: Whether `on_stage_start` puts the model back to where it began: the optimizer then begins
    #: anew too.
    begins_from_scratch: ClassVar[bool] = False

    #: Whether `augment_batch` brings in other examples than those that were drawn.
    mixes_examples: ClassVar[bool] = False

    #: What a step multiplies the gradient by, if the optimizer is gradient descent; else 0.
    rate: float = 0.0
    #: Whether it is told where a stage ends. A method that does not need `boundaries` may find
    #: itself in a stream of which it is told nothing: `on_stage_start` is called once and
    #: `on_stage_end` never.
    knows_boundaries: bool = True
    #: Whether the examples of a stage are at hand when it begins: in a stream they are to come, and
    #: a stage of an open plan may be cut short.
    sees_stage_data_first: bool = True
    #: The stage that is on, to say later when an example came; not to learn anything from.
    stage: int = 0

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        self.settings = settings
        self.generator = generator

    def prepare(self, model: Sharing, tasks: Mapping[str, "Task"]) -> None:
        """The run is put together. Raises BadSpecError where this model or task is not for it."""
        del model, tasks

    def grow(self, model: Sharing, stage: int, tasks: Sequence[str]) -> None:
        """Stage `stage` is about to begin: parameters of the method's own are attached here.

        Called again for every stage that had begun when a run is resumed, before its parameters
        are restored: which ones it attaches may depend on nothing else.
        """
        del model, stage, tasks

    def on_stage_start(self, stage: "StageData") -> None:
        """A stage begins; nothing of it has been learned yet."""
        del stage

    def augment_batch(self, batch: Batch) -> Batch:
        """The batch to learn from in place of `batch`."""
        return batch

    def penalty(self, step: "Step") -> Tensor | None:
        """A scalar added to the loss, or None."""
        del step

    def project(self, gradient: Tensor, step: "Step") -> Tensor:
        """The gradient [P of all parameters] to use in place of `gradient`."""
        del step
        return gradient

    def after_step(self, step: "Step") -> None:
        """The update is made: the model's parameters have moved since `project`."""
        del step

    def answer(self, model: Sharing, batch: Batch) -> dict[str, Tensor]:
        """Outputs by task when the model is asked, not taught: by default the model's own."""
        return model(batch)

    def capacity(self, planned: "PlannedRun") -> Holding:
        """The most that `state_dict` will hold in the run ahead, at the end of any stage.

        Parameters that the method attaches to the model are the model's. Asked after `prepare`.
        """
        del planned
        return Holding()

    def stored_examples(self) -> Mapping[str, StoredExamples]:
        """The examples of the past that are kept, by task."""
        return {}

    def on_stage_end(self, stage: "StageData") -> None:
        """A stage ended; its data are at hand for the last time."""
        del stage
