"""StageData: what a retention method may see of a stage that begins or ends."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.engine.roles.sharing import Batch, Sharing
from workbench.engine.roles.task import Part, Task
from workbench.engine.step import Step


@dataclass(frozen=True, slots=True)
class StageData:
    """A stage: its number from 0, the tasks learned in it, all tasks, and the model."""

    index: int
    names: tuple[str, ...]
    tasks: Mapping[str, Task]
    model: Sharing

    @property
    def train(self) -> dict[str, Part]:
        """The training examples of the stage's tasks."""
        return {name: self.tasks[name].data["train"] for name in self.names}

    def step(self, batch: Batch) -> Step:
        """Facts about a batch of this stage's tasks, all weighted alike."""
        return Step(self.model, self.tasks, batch, dict.fromkeys(self.tasks, 1.0))
