"""cumulative: learn from everything seen so far."""

from collections.abc import Mapping
from typing import Any

import torch

from workbench.engine.blocks.retention.memory import part_bytes
from workbench.engine.roles.batch import Batch, joined, packed, unpacked
from workbench.engine.roles.planned_run import PlannedRun, example_bytes
from workbench.engine.roles.retention import Retention, StoredExamples
from workbench.engine.roles.task import Part
from workbench.engine.update.stage_data import StageData
from workbench.spec.cost import Holding


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
    needs = ("stages", "boundaries")
    mixes_examples = True

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.past: dict[str, Part] = {}
        self.arrived: dict[str, int] = {}

    def augment_batch(self, batch: Batch) -> Batch:
        mixed: dict[str, Part] = dict(batch)
        n = max(len(part) for part in batch.values())
        for task, part in self.past.items():
            if task not in batch:
                chosen = torch.randint(len(part), (n,), generator=self.generator)
                mixed[task] = part[chosen.to(part.target.device)]
        return mixed

    def on_stage_end(self, stage: StageData) -> None:
        for task, part in stage.train.items():
            more = stage.arrived is not None and task in self.past
            self.past[task] = joined([self.past[task], part]) if more else part
        self.arrived.update(dict.fromkeys(stage.names, stage.index))

    def capacity(self, planned: PlannedRun) -> Holding:
        parts = [task.data["train"] for task in planned.tasks.values()]
        return Holding(sum(map(len, parts)), sum(len(p) * example_bytes(p) for p in parts))

    def stored_examples(self) -> Mapping[str, StoredExamples]:
        return {
            task: StoredExamples(
                part, torch.full((len(part),), self.arrived[task]), part_bytes(part)
            )
            for task, part in self.past.items()
        }

    def state_dict(self) -> dict[str, Any]:
        return {
            **packed(self.past),
            "came": dict(self.arrived),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.past = unpacked(state)
        self.arrived = dict(state["came"])
