"""progressive: a new column a task, old ones frozen."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, cast

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.stage_shapes import channels_of, shapes
from workbench.engine.layers.stages import layers_of
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.report_tables import figures
from workbench.engine.roles.sharing import Sharing, inputs_of, make_head, make_tower, module_name
from workbench.engine.roles.structure_builder import StructureBuilder
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.structure import Structure


class Progressive(Sharing):
    """A column for each task, which reads the columns of earlier stages; those are frozen.

    Before each stage of a column, and before its head, a learned linear map (1 × 1 on maps) of the
    frozen columns' features is added to its own (Rusu et al. 2016; the paper adds it within the
    stage, which is the same up to a factor, and puts a non-linearity in it). The map starts at 0.
    When its stage is over a column does not move any more, even if its task is seen again. A task
    has its own head, so the task is known when the model is asked. Tasks of one stage do not read
    each other, nor can a column be read whose kind of input is another.
    """

    key = "progressive"
    title = "Progressive networks"
    formula = "hₜˡ = fₜˡ(hₜˡ⁻¹ + Vₜˡ [h_jˡ⁻¹]),  j over the tasks of earlier stages"
    paper = "Rusu et al., Progressive neural networks, 2016"
    link = "https://arxiv.org/abs/1606.04671"
    helps = "Lifelong learning without any forgetting, at a network more for each task."
    needs = ("stages", "boundaries")
    gives = ("towers",)

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        columns = [make_tower(task, encoder) for task in tasks]
        heads = [make_head(task, encoder.width) for task in tasks]
        self.columns = nn.ModuleDict()
        for task, stages, head in zip(tasks, columns, heads, strict=True):
            stage_shapes = shapes(stages, task.input)
            column = Column(task, stages, head, [channels_of(shape) for shape in stage_shapes])
            self.columns[module_name(task.name)] = column
            self.owners.give(task.name, column)
        self._direct = {task.name: self._column(task.name) for task in tasks}
        self._begun: list[str] = []

    def _column(self, task: str) -> "Column":
        return cast("Column", self.columns[module_name(task)])

    def begin(self, stage: int, tasks: Sequence[str]) -> None:
        earlier = [self._direct[task] for task in self._begun]
        for column in earlier:
            column.freeze()
            self.owners.own[column.task] = []
        for task in tasks:
            if task not in self._begun:
                for lateral in self._direct[task].read(earlier):
                    self.owners.give(task, lateral)
                self._begun.append(task)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        inputs = inputs_of(batch)
        return {task: self._answer(task, values) for task, values in inputs.items()}

    def report(self, batch: Batch) -> list[Table]:
        del batch
        names = list(self._direct)
        sizes = torch.full((len(names), len(names)), torch.nan)
        for i, name in enumerate(names):
            for source, size in self._direct[name].reading().items():
                sizes[i, names.index(source)] = size.cpu()
        return [figures("laterals", names, names, sizes)]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        made: dict[str, list[str]] = {}
        for name, column in self._direct.items():
            made[name] = []
            for level, stage in enumerate(column.stages, 1):
                key = f"column {name} stage {level}"
                # The map into a stage from the columns below it is counted with that stage.
                parts = [stage, *list(column.laterals)[level - 1 : level]]
                made[name].append(builder.node(key, "tower", level, name, parts, (name,)))
            place, layers = len(made[name]) + 1, layers_of(column.head)
            made[name].append(builder.head(f"head {name}", place, name, layers, (name,)))
        for name, column in self._direct.items():
            builder.feed(made[name][0])
            for source in column.sources:
                for below, above in pairwise(zip(made[source], made[name], strict=True)):
                    builder.edge(below[0], above[1], "laterals", name, source)
            for below, above in pairwise(made[name]):
                builder.edge(below, above)
        return builder.done()

    def _answer(self, task: str, values: Tensor) -> Tensor:
        """The output of a task's column, each column that it reads computed once."""
        column = self._direct[task]
        order = [*(self._direct[name] for name in column.sources), column]
        features: dict[str, list[Tensor]] = {}
        for one in order:
            features[one.task] = one.features(values, features)
        return column.head(features[task][-1])


class Column(nn.Module):
    """One task's stages and head, and the maps from the columns it reads.

    `widths` are the numbers of channels after each stage.
    """

    def __init__(
        self, task: Task, stages: list[nn.Module], head: nn.Module, widths: list[int]
    ) -> None:
        super().__init__()
        self.task = task.name
        self.kind = task.input
        self.widths = widths
        self.stages = nn.ModuleList(stages)
        self.head = head
        self.laterals = nn.ModuleList()
        self.sources: list[str] = []

    def read(self, columns: Sequence["Column"]) -> list[nn.Module]:
        """Read these columns from now on, where they take the same input; the maps it needs."""
        self.sources = [column.task for column in columns if column.kind == self.kind]
        if not self.sources:
            return []
        device = next(self.head.parameters()).device  # the stages may be frozen as a whole
        for width in self.widths:
            lateral = nn.Linear(len(self.sources) * width, width, bias=False, device=device)
            nn.init.zeros_(lateral.weight)
            self.laterals.append(lateral)
        return list(self.laterals)

    def reading(self) -> dict[str, Tensor]:
        """Size ‖V‖ of the maps from each column that is read, over all stages: scalars."""
        if not self.sources:
            return {}
        blocks = [
            cast("Tensor", lateral.weight).unflatten(1, (len(self.sources), -1)).norm(dim=(0, 2))
            for lateral in self.laterals
        ]
        return dict(zip(self.sources, torch.stack(blocks).norm(dim=0), strict=True))

    def freeze(self) -> None:
        """Nothing here moves any more, whatever reaches it."""
        for parameter in self.parameters():
            parameter.requires_grad_(False)
            # A gradient left behind would be applied again and again.
            parameter.grad = None
        self.eval()

    def train(self, mode: bool = True) -> "Column":
        """Set the mode; a frozen column stays as it is when evaluated."""
        is_frozen = not next(self.head.parameters()).requires_grad
        return super().train(mode and not is_frozen)

    def features(self, values: Tensor, read: dict[str, list[Tensor]]) -> list[Tensor]:
        """Features after each stage of an input [B, …], the laterals added."""
        by_stage: list[Tensor] = []
        x = values
        for i, stage in enumerate(self.stages):
            x = stage(x)
            if self.sources:
                seen = torch.cat([read[source][i] for source in self.sources], _axis(x))
                x = x + _mapped(cast("nn.Linear", self.laterals[i]), seen)
            by_stage.append(x)
        return by_stage


def _axis(x: Tensor) -> int:
    return 1 if x.dim() == 4 else -1


def _mapped(lateral: nn.Linear, x: Tensor) -> Tensor:
    if x.dim() == 4:
        return lateral(x.movedim(1, -1)).movedim(-1, 1)
    return lateral(x)
