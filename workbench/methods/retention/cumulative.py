"""cumulative: learn from everything seen so far."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false

from typing import Any

import torch

from workbench.engine.past import StageData
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.sharing import Batch
from workbench.engine.roles.task import Part


class Cumulative(Retention):
    """Keeps everything and learns from all of it: the upper bound of lifelong learning.

    Each batch is joined by as many examples of every past task, and their losses add up, as they
    do when all tasks are learned jointly. So a pass over a stage's data moves as far as one over
    all data so far, at the cost of that, and of keeping everything.
    """

    key = "cumulative"
    title = "Cumulative"
    formula = "L = Σ Lₜ over every task seen so far"
    helps = "The upper bound: what could be had if nothing had to be forgotten."
    needs = ("stages",)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.past: dict[str, Part] = {}

    def mix(self, batch: Batch) -> Batch:
        mixed: dict[str, Part] = dict(batch)
        n = max(len(part) for part in batch.values())
        for task, part in self.past.items():
            if task not in batch:
                chosen = torch.randint(len(part), (n,), generator=self.generator)
                mixed[task] = part[chosen.to(part.target.device)]
        return mixed

    def end(self, stage: StageData) -> None:
        self.past.update(stage.train)

    def state_dict(self) -> dict[str, Any]:
        return {
            "inputs": {task: dict(part.inputs) for task, part in self.past.items()},
            "targets": {task: part.target for task, part in self.past.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        targets = state["targets"]
        self.past = {task: Part(views, targets[task]) for task, views in state["inputs"].items()}
