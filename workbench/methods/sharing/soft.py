"""soft: a trunk a task, held close to each other."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Sequence
from typing import Any, Literal

import torch
from torch import Tensor, nn

from workbench.engine.blocks.towers import Bank, pile
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.sharing import Batch, Heads, Sharing, inputs_of
from workbench.engine.roles.task import Task
from workbench.spec.settings import Settings, setting


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

    class Settings(Settings):
        """What ties the trunks, and how hard."""

        penalty: Literal["distance", "trace-norm"] = setting(
            "distance", "Squared distance of every two trunks, or trace norm of all of them."
        )
        strength: float = setting(0.01, "λ: how hard the trunks are tied.", ge=0, le=1e9)

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        towers = [[encoder.stem(task.input), *encoder.body()] for task in tasks]
        self.stages = nn.ModuleList(Bank(copies) for copies in zip(*towers, strict=True))
        self.heads = Heads(tasks, encoder.width)
        self._place = {task.name: i for i, task in enumerate(tasks)}
        for task, tower in zip(tasks, towers, strict=True):
            for stage in tower:
                self.owners.give(task.name, stage)
        self.heads.tell(self.owners)
        kinds = [task.input for task in tasks]
        alike = [[i for i, kind in enumerate(kinds) if kind == one] for one in dict.fromkeys(kinds)]
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
        kept = values > least
        total.append(torch.where(kept, values, 1.0).sqrt().where(kept, values.new_zeros(())).sum())
    return torch.stack(total).sum()
