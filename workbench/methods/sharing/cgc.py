"""cgc: experts for all and experts of one's own."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from workbench.engine.blocks.sharing.expert_layers import Extraction
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.sharing import Heads, Sharing, inputs_of
from workbench.engine.roles.structure_builder import StructureBuilder
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting
from workbench.spec.structure import Structure


class CGC(Sharing):
    """Shared experts and experts of each task's own, mixed by a gate a task.

    Customized gate control, the one-level form of PLE (Tang et al. 2020); an expert is a whole
    encoder, and gates read the input. Gates start even.
    """

    key = "cgc"
    title = "CGC"
    formula = "ŷₜ = headₜ(Σₑ gₜ(x)ₑ fₑ(x)),  e over the shared experts and task t's own"
    paper = "Tang et al., Progressive layered extraction (PLE), RecSys 2020"
    link = "https://doi.org/10.1145/3383313.3412236"
    helps = "Tasks that share some of what they need, and disturb each other in the rest."
    gives = ("shared-parameters", "towers")
    judged = ("shared_experts",)

    class Settings(Settings):
        """How many experts."""

        shared_experts: int = setting(
            1, "Experts that every task uses; 0: the tasks are separate.", ge=0, le=64
        )
        own_experts: int = setting(1, "Experts of each task's own.", ge=1, le=64)

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        self.experts = Extraction(tasks, encoder, 1, settings.shared_experts, settings.own_experts)
        self.heads = Heads(tasks, encoder.width)
        self.experts.tell(self.owners)
        self.heads.tell(self.owners)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        return self.heads(self.experts(inputs_of(batch)))

    def report(self, batch: Batch) -> list[Table]:
        return self.experts.report(inputs_of(batch))

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        self.experts.builder(builder, self.heads)
        return builder.done()
