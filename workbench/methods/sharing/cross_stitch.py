"""cross-stitch: towers that exchange features after each stage."""

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.towers import Columns
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.report_tables import by_stage, figures
from workbench.engine.roles.sharing import Heads, Sharing, inputs_of
from workbench.engine.roles.structure_builder import StructureBuilder, join
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting
from workbench.spec.structure import Structure


class CrossStitch(Sharing):
    """A tower for each task; after each stage their features are mixed by learned weights.

    x̃ᵢ = Σⱼ Aᵢⱼ xⱼ, one matrix A [T, T] a stage (Misra et al. 2016), which starts with `own` on
    the diagonal and the rest spread evenly. Every tower sees the input of the task that is asked.
    """

    key = "cross-stitch"
    title = "Cross-stitch"
    formula = "x̃ᵢ = Σⱼ Aᵢⱼ xⱼ after each stage,  ŷₜ = headₜ(x̃ₜ)"
    paper = "Misra et al., Cross-stitch networks for multi-task learning, CVPR 2016"
    link = "https://arxiv.org/abs/1604.03539"
    helps = "When it is not known how much to share, or at which depth: the data decide."
    gives = ("shared-parameters", "points", "towers")

    class Settings(Settings):
        """How the stitches start, and whether they move."""

        own: float = setting(
            0.9, "Weight of a task's own tower at the start; 1: separate towers.", ge=0, le=1
        )
        learn: bool = setting(True, "Whether the stitches are learned, or stay as they start.")

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        n = len(tasks)
        self.columns = Columns(tasks, encoder, n, tasks)
        self.heads = Heads(tasks, encoder.width)
        start = torch.full((n, n), (1 - settings.own) / max(n - 1, 1)).fill_diagonal_(settings.own)
        self.stitches = nn.ParameterList(
            nn.Parameter(start.clone(), requires_grad=settings.learn)
            for _ in range(self.columns.n_stages)
        )
        self._place = {task.name: i for i, task in enumerate(tasks)}
        self.columns.tell(self.owners)
        if settings.learn:
            self.owners.share(self.stitches)
        self.heads.tell(self.owners)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        inputs = inputs_of(batch)
        stitches = list(self.stitches)
        x, rows = self.columns.first(inputs)
        x = stitch(stitches[0], x)
        for matrix, stage in zip(stitches[1:], self.columns.later, strict=True):
            x = stitch(matrix, cast("Tensor", stage(x)))
        return self.heads({task: rows.of(x[self._place[task]], task) for task in inputs})

    def report(self, batch: Batch) -> list[Table]:
        del batch
        names = list(self._place)
        return [
            figures(by_stage("stitches", number), names, names, matrix)
            for number, matrix in enumerate(self.stitches, 1)
        ]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        names = list(self._place)
        towers = self.columns.builder(builder, "tower", names, names, step=2)
        more = len(names) if self.settings.learn else 0
        for number, stage in enumerate(towers, 1):
            table = by_stage("stitches", number)
            mixed = [
                builder.node(
                    f"stitch {name} {number}", "gate", 2 * number, name, (), names, name, more
                )
                for name in names
            ]
            for key, row in zip(mixed, names, strict=True):
                for below, column in zip(stage, names, strict=True):
                    for part in below:
                        builder.edge(part, key, table, row, column)
            if number < len(towers):
                join(builder, [[key] for key in mixed], towers[number])
                continue
            heads = builder.heads(self.heads, 2 * number + 1)
            for key, name in zip(mixed, names, strict=True):
                builder.edge(key, heads[name])
        return builder.done()


def stitch(matrix: Tensor, x: Tensor) -> Tensor:
    """Features [T, …] mixed by a matrix [T, T]."""
    return (matrix @ x.flatten(1)).view_as(x)
