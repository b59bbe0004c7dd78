"""cumulative: learn from everything seen so far."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false

from typing import Any

import torch

from workbench.engine.memory import joined
from workbench.engine.past import StageData
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.sharing import Batch
from workbench.engine.roles.task import Part


class Cumulative(Retention):
    """Keeps everything and learns from all of it: the upper bound of lifelong learning.

    Each batch is joined by as many examples of every past task, and a task's mean loss counts by
    its share of all examples seen, so that a step follows the mean loss over everything so far, at
    the length of a step of fine-tuning. It costs what joint training costs, and all the memory.
    """

    key = "cumulative"
    title = "Cumulative"
    formula = "L = mean of L over everything seen so far"
    helps = "The upper bound: what could be had if nothing had to be forgotten."
    needs = ("stages",)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.past: dict[str, Part] = {}
        self.sizes: dict[str, int] = {}

    def begin(self, stage: StageData) -> None:
        self.sizes = {task: len(part) for task, part in {**self.past, **stage.train}.items()}

    def mix(self, batch: Batch) -> Batch:
        if not self.past:
            return batch
        mixed: dict[str, Part] = dict(batch)
        n = max(len(part) for part in batch.values())
        for task, part in self.past.items():
            if task not in batch:
                chosen = torch.randint(len(part), (n,), generator=self.generator)
                mixed[task] = part[chosen.to(part.target.device)]
        scale = len(batch) / sum(self.sizes[task] for task in mixed)
        return {
            task: Part(part.inputs, part.target, part.share * scale * self.sizes[task], part.among)
            for task, part in mixed.items()
        }

    def end(self, stage: StageData) -> None:
        for task, part in stage.train.items():
            known = self.past.get(task)
            if known is None:
                self.past[task] = part
            elif known.target is not part.target and not torch.equal(known.target, part.target):
                self.past[task] = joined(known, part)

    def state_dict(self) -> dict[str, Any]:
        return {
            "inputs": {task: dict(part.inputs) for task, part in self.past.items()},
            "targets": {task: part.target for task, part in self.past.items()},
            "sizes": self.sizes,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        targets = state["targets"]
        self.past = {task: Part(views, targets[task]) for task, views in state["inputs"].items()}
        self.sizes = dict(state["sizes"])
