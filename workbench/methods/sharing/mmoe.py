"""mmoe: experts for all, and a gate a task."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from workbench.engine.blocks.sharing.gates import Gates, mixed
from workbench.engine.blocks.sharing.towers import Columns
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.report_tables import figures, numbered
from workbench.engine.roles.sharing import Heads, Sharing, inputs_of
from workbench.engine.roles.structure_builder import StructureBuilder, sketch_mixture
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting
from workbench.spec.structure import Structure


class MMoE(Sharing):
    """Experts that all tasks share, mixed for each task by a gate that looks at the input.

    ŷₜ = headₜ(Σₑ softmax(Wₜx)ₑ fₑ(x)) (Ma et al. 2018); an expert is a whole encoder. Gates start
    even. On tokens, Wₜx is the mean over the tokens of a learned vector each.
    """

    key = "mmoe"
    title = "MMoE"
    formula = "ŷₜ = headₜ(Σₑ gₜ(x)ₑ fₑ(x)),  gₜ(x) = softmax(Wₜ x)"
    paper = "Ma et al., Modeling task relationships with multi-gate mixture-of-experts, KDD 2018"
    link = "https://doi.org/10.1145/3219819.3220007"
    helps = "Tasks that are less related than hard sharing can bear."
    gives = ("shared-parameters",)

    class Settings(Settings):
        """How many experts."""

        experts: int = setting(4, "Number of experts.", ge=1, le=256)

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        self.experts = Columns(tasks, encoder, settings.experts)
        self.heads = Heads(tasks, encoder.width)
        self.gates = Gates(tasks, settings.experts)
        self.experts.tell(self.owners)
        for task in tasks:
            self.owners.give(task.name, self.gates.of(task.name))
        self.heads.tell(self.owners)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        inputs = inputs_of(batch)
        features, rows = self.experts(inputs)
        return self.heads(mixed(self.gates(inputs), features, rows))

    def report(self, batch: Batch) -> list[Table]:
        gates = self.gates(inputs_of(batch))
        weights = {task: values.flatten(0, -2).mean(0) for task, values in gates.items()}
        experts = numbered("expert", self.settings.experts)
        return [figures("gates", weights, experts, torch.stack(list(weights.values())))]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        names = numbered("expert", self.settings.experts)
        gates = {task: [self.gates.of(task)] for task in builder.tasks}
        stages = self.experts.builder(builder, "expert", names)
        sketch_mixture(builder, stages, names, gates, self.heads, reads_input=True)
        return builder.done()
