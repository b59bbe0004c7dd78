"""StageData: what a retention method may see of a stage that begins or ends."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.engine.roles.batch import Batch, slices
from workbench.engine.roles.learner import LossesOf
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Part, Task, answered_parts
from workbench.engine.update.step import Step

#: Examples passed through the model at once.
_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class StageData:
    """A stage: its number from 0, the tasks learned in it, all tasks, and the model.

    `steps` is its length and `steps_per_epoch` that of a pass over its data; 0 where not known.
    Where not all examples are sure to be shown, as in a stream, or were, as in a stage that was cut
    short, `arrived` has the positions of the training examples that were, by task; a stage that
    begins has none yet.
    """

    index: int
    names: tuple[str, ...]
    tasks: Mapping[str, Task]
    model: Sharing
    steps: int = 0
    steps_per_epoch: int = 0
    arrived: Mapping[str, Tensor] | None = None
    losses_of: LossesOf | None = None

    @property
    def train(self) -> dict[str, Part]:
        """The training examples of the stage's tasks, or those of them that were shown.

        Of each task those that have an answer: `arrived` counts among all that there are.
        """
        if self.arrived is None:
            return {name: self.tasks[name].answered("train") for name in self.names}
        parts = {name: self.tasks[name].data["train"] for name in self.names}
        shown = {
            name: part[self.arrived[name].to(part.target.device)]
            for name, part in parts.items()
            if name in self.arrived
        }
        return dict(answered_parts(self.tasks, shown))

    def outputs(self) -> dict[str, Tensor]:
        """What the model says of the training examples, as when it is asked, by task."""
        pieces: dict[str, list[Tensor]] = {}
        was_training = self.model.training
        self.model.eval()
        with torch.no_grad():
            for batch in slices(self.train, _AT_ONCE):
                for name, output in self.model(batch).items():
                    pieces.setdefault(name, []).append(output)
        self.model.train(was_training)
        return {name: torch.cat(parts) for name, parts in pieces.items()}

    def step(self, batch: Batch) -> Step:
        """Facts about a batch of this stage's tasks, all weighted alike."""
        alike = dict.fromkeys(self.tasks, 1.0)
        return Step(self.model, self.tasks, batch, alike, losses_of=self.losses_of)
