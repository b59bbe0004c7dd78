"""gdumb: keep a balanced memory, and learn from it alone, from scratch."""

from collections.abc import Mapping
from typing import Any

import torch

from workbench.engine.blocks.retention.memory import Memory
from workbench.engine.blocks.retention.rehearsal import MemorySettings
from workbench.engine.numerics.parameter_layout import Layout
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Retention, StoredExamples
from workbench.engine.update.stage_data import StageData
from workbench.spec.cost import Holding

Named = dict[str, torch.Tensor]


class GDumb(Retention):
    """Greedily keeps as many examples of each class, and trains on those alone, from scratch.

    At the beginning of a stage its examples compete for the memory, network and optimizer are put
    back to where they began, and every batch is drawn from the memory (Prabhu et al., ECCV 2020).
    The paper trains when it is asked; here that is once a stage, with the stage's steps and
    optimizer, so each batch is as large as the stage's own. In a stream examples compete as they
    come; where nobody says when to begin anew, the network goes on from where it is. A baseline
    that shows what a method adds to its memory.
    """

    key = "gdumb"
    title = "GDumb"
    formula = "θ ← θ₀, then L = L(sample of balanced memory)"
    paper = "Prabhu et al., GDumb: a simple approach that questions our progress, ECCV 2020"
    link = "https://www.robots.ox.ac.uk/~tvg/publications/2020/gdumb.pdf"
    helps = "The baseline for every method with a memory."
    needs = ("stages",)
    begins_from_scratch = True
    mixes_examples = True

    Settings = MemorySettings

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.memory = Memory(settings.memory, generator, "balanced")
        self.initial: Named = {}
        #: Tasks of whose examples some have no answer: there is nothing to keep of those.
        self.with_gaps: list[str] = []

    def on_stage_start(self, stage: StageData) -> None:
        self.with_gaps = [name for name, task in stage.tasks.items() if task.lacks_answers]
        if self.sees_stage_data_first:
            self.memory.add(stage.train, stage.index)
        with torch.no_grad():
            counted = stage.model.named_buffers()
            for name, values in (*Layout(stage.model).parameters.items(), *counted):
                known = self.initial.setdefault(name, values.detach().clone())
                values.copy_(known)

    def augment_batch(self, batch: Batch) -> Batch:
        if self.with_gaps:
            parts = {n: p.answered() if n in self.with_gaps else p for n, p in batch.items()}
            batch = {name: part for name, part in parts.items() if len(part)}
        if not self.sees_stage_data_first:
            self.memory.add(batch, self.stage)
        drawn = self.memory.draw(sum(len(part) for part in batch.values()))
        n = sum(len(part) for part in drawn.values())
        return {task: part.changed(loss_scale=len(part) / n) for task, part in drawn.items()}

    def capacity(self, planned: PlannedRun) -> Holding:
        return self.memory.capacity(planned.tasks) + Holding(0, planned.values)

    def stored_examples(self) -> Mapping[str, StoredExamples]:
        return self.memory.stored_examples()

    def state_dict(self) -> dict[str, Any]:
        return {
            "memory": self.memory.state_dict(),
            "initial": self.initial,
            "with_gaps": list(self.with_gaps),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.memory.load_state_dict(state["memory"])
        self.initial = dict(state["initial"])
        self.with_gaps = list(state.get("with_gaps", ()))  # an earlier version knew of none
