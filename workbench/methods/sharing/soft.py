"""soft: a trunk a task, held close to each other."""

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Any, Literal, cast

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.towers import Bank, pile
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.report_tables import by_stage, figures, relative_distance
from workbench.engine.roles.sharing import Heads, Sharing, inputs_of, make_tower
from workbench.engine.roles.structure_builder import StructureBuilder, join
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting
from workbench.spec.structure import Structure


class Soft(Sharing):
    """A trunk for each task, and a penalty on how far their parameters are apart.

    distance: (λ/2) Σᵢ<ⱼ ‖θᵢ − θⱼ‖² over all trunk parameters (Duong et al. 2015). trace-norm:
    λ Σ ‖[θ₁ … θ_T]‖_* over each parameter of the trunk, flattened, a column a task (Yang &
    Hospedales 2017, the flattening of the last axis), which asks for trunks that are combinations
    of a few. First stages are tied among tasks with the same kind of input. No task's loss reaches
    another's trunk: gradients cannot conflict there.
    """

    key = "soft"
    title = "Soft sharing"
    formula = "ŷₜ = headₜ(trunkₜ(x)),  + (λ/2) Σᵢ<ⱼ ‖θᵢ − θⱼ‖²  or  + λ Σ ‖[θ₁ … θ_T]‖_*"
    paper = (
        "Duong et al., Low resource dependency parsing: cross-lingual parameter sharing, ACL 2015;"
        " Yang & Hospedales, Trace norm regularised deep multi-task learning, 2017"
    )
    link = "https://arxiv.org/abs/1606.04038"
    helps = "Tasks that are alike but not the same; λ moves from separate networks to one trunk."
    gives = ("points", "towers")

    class Settings(Settings):
        """What ties the trunks, and how hard."""

        penalty: Literal["distance", "trace-norm"] = setting(
            "distance", "Squared distance of every two trunks, or trace norm of all of them."
        )
        strength: float = setting(0.01, "λ: how hard the trunks are tied.", ge=0, le=1e9)

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        towers = [make_tower(task, encoder) for task in tasks]
        self.stages = nn.ModuleList(Bank(copies) for copies in zip(*towers, strict=True))
        self.heads = Heads(tasks, encoder.width)
        self._place = {task.name: i for i, task in enumerate(tasks)}
        for task, tower in zip(tasks, towers, strict=True):
            for stage in tower:
                self.owners.give(task.name, stage)
        self.heads.tell(self.owners)
        kinds = [task.input for task in tasks]
        alike = [[i for i, kind in enumerate(kinds) if kind == one] for one in dict.fromkeys(kinds)]
        #: Places of the trunks whose first stages take the same kind of input.
        self._groups = alike
        self._tied = [
            [[list(tower[0].parameters()) for tower in _chosen(towers, group)] for group in alike],
            [[[p for s in tower[1:] for p in s.parameters()] for tower in towers]],
        ]

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        inputs = inputs_of(batch)
        chosen = [self._place[task] for task in inputs]
        x = pile(list(inputs.values()))
        for stage in self.stages:
            x = stage(x, chosen)
        return self.heads(dict(zip(inputs, x, strict=True)))

    def report(self, batch: Batch) -> list[Table]:
        del batch
        names = list(self._place)
        return [
            figures(by_stage("distance", number), names, names, self._apart(number - 1))
            for number in range(1, len(self.stages) + 1)
        ]

    def _apart(self, stage: int) -> Tensor:
        """How far every two trunks are apart in a stage, [T, T]; NaN where they are not tied."""
        groups = self._groups if stage == 0 else [range(len(self._place))]
        copies = cast("Bank", self.stages[stage]).copies
        distances = torch.full((len(self._place), len(self._place)), torch.nan)
        for group in groups:
            for i in group:
                for j in group:
                    distances[i, j] = relative_distance(
                        copies[i].parameters(), copies[j].parameters()
                    )
        return distances

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        names = list(self._place)
        rows: list[list[str]] = []
        for level, bank in enumerate(self.stages, 1):
            pairs = zip(names, cast("Bank", bank).copies, strict=True)
            rows.append(
                [
                    builder.node(f"tower {name} stage {level}", "tower", level, name, [part])
                    for name, part in pairs
                ]
            )
            for group in self._groups if level == 1 else [range(len(names))]:
                for i, j in combinations(group, 2):
                    table = by_stage("distance", level)
                    builder.tie(rows[-1][i], rows[-1][j], table, names[i], names[j])
        for part in rows[0]:
            builder.feed(part)
        for lower, upper in pairwise(rows):
            join(builder, [[key] for key in lower], [[key] for key in upper])
        heads = builder.heads(self.heads, len(rows) + 1)
        for part, name in zip(rows[-1], names, strict=True):
            builder.edge(part, heads[name])
        return builder.done()

    def regulariser(self) -> Tensor | None:
        if self.settings.strength == 0:
            return None
        is_distance = self.settings.penalty == "distance"
        terms: list[Tensor] = []
        for groups in self._tied:
            for towers in groups:
                if len(towers) > 1 and towers[0]:
                    terms.append(distance(towers) if is_distance else trace_norm(towers))
        return self.settings.strength * torch.stack(terms).sum() if terms else None


def _chosen(towers: list[list[nn.Module]], places: list[int]) -> list[list[nn.Module]]:
    return [towers[i] for i in places]


def distance(towers: Sequence[Sequence[Tensor]]) -> Tensor:
    """½ Σᵢ<ⱼ ‖θᵢ − θⱼ‖² of towers' parameters, which equals (T/2) Σᵢ ‖θᵢ − mean θ‖²."""
    pieces = [p.reshape(-1) for tower in towers for p in tower]
    stacked = torch.cat(pieces).view(len(towers), -1)
    apart = stacked - stacked.mean(0)
    return apart.square().sum() * (len(towers) / 2)


def trace_norm(towers: Sequence[Sequence[Tensor]]) -> Tensor:
    """Sum over parameters of the trace norm of the matrix with a row a tower.

    By the eigenvalues of the T × T product, at a fraction of the cost of singular values. Those
    that are 0 to working precision have no gradient: 0 is a subgradient there.
    """
    total: list[Tensor] = []
    for copies in zip(*towers, strict=True):
        matrix = torch.stack([p.reshape(-1) for p in copies])
        values: Tensor = torch.linalg.eigvalsh(matrix @ matrix.T)
        least = values[-1].detach() * 4 * torch.finfo(values.dtype).eps
        mask = values > least
        total.append(torch.where(mask, values, 1.0).sqrt().where(mask, values.new_zeros(())).sum())
    return torch.stack(total).sum()
