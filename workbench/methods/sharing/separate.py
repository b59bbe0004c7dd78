"""separate: one network a task."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from torch import Tensor, nn

from workbench.engine.layers.stages import layers_of
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.sharing import Sharing, make_head, make_tower, module_name
from workbench.engine.roles.structure_builder import StructureBuilder
from workbench.engine.roles.task import Task
from workbench.spec.structure import Structure


class Separate(Sharing):
    """One network for each task: nothing is shared, nothing can interfere.

    The single-task baseline that interference is measured against. A task has its own head here
    even where its family shares one, so the task is known when the model is asked.
    """

    key = "separate"
    title = "Separate networks"
    formula = "ŷₜ = headₜ(trunkₜ(x))"
    helps = "The baseline: what each task reaches alone, at T times the parameters."
    gives = ("points", "towers")

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        self.networks = nn.ModuleDict(
            {
                module_name(task.name): nn.Sequential(
                    *make_tower(task, encoder), make_head(task, encoder.width)
                )
                for task in tasks
            }
        )
        for task in tasks:
            self.owners.give(task.name, self.networks[module_name(task.name)])

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        return {
            name: self.networks[module_name(name)](next(iter(part.inputs.values())))
            for name, part in batch.items()
        }

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        for task in builder.tasks:
            *stages, head = self.networks[module_name(task)].children()
            parts = [
                builder.node(f"tower {task} stage {level}", "tower", level, task, [stage])
                for level, stage in enumerate(stages, 1)
            ]
            place = len(parts) + 1
            parts.append(builder.head(f"head {task}", place, task, layers_of(head), (task,)))
            builder.feed(parts[0])
            for lower, upper in pairwise(parts):
                builder.edge(lower, upper)
        return builder.done()

    def shared_parameters(self) -> list[nn.Parameter]:
        return []

    def task_parameters(self, task: str) -> list[nn.Parameter]:
        return list(self.networks[module_name(task)].parameters())
