"""ExtractionModel: the model of methods that extract by shared and own experts, level by level."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from workbench.engine.blocks.sharing.expert_layers import Extraction
from workbench.engine.blocks.sharing.stage_shapes import require_one_pass
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.sharing import Heads, Sharing, inputs_of
from workbench.engine.roles.structure_builder import StructureBuilder
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.structure import Structure


class ExtractionModel(Sharing):
    """Heads on `n_levels` of experts; the settings say how many are shared and how many one's own.

    Their names are `shared_experts` and `own_experts`.
    """

    gives = ("shared-parameters", "towers")
    judged = ("shared_experts",)

    def __init__(
        self, settings: Any, tasks: Sequence[Task], encoder: Encoder, n_levels: int = 1
    ) -> None:
        super().__init__(settings, tasks, encoder)
        self.experts = Extraction(
            tasks, encoder, n_levels, settings.shared_experts, settings.own_experts
        )
        require_one_pass(self.experts, tasks, "its experts")
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
