"""film: one trunk, scaled and shifted for each task."""

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.stage_shapes import channels_of, per_channel
from workbench.engine.blocks.sharing.towers import Parallel, pile
from workbench.engine.blocks.sharing.trunk import Trunk, through
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.report_tables import figures, numbered
from workbench.engine.roles.sharing import Heads, Sharing, inputs_of
from workbench.engine.roles.structure_builder import StructureBuilder, join
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.structure import Structure


class FiLM(Sharing):
    """One trunk, whose features each task scales and shifts, channel by channel.

    h̃ = γₜ ⊙ h + βₜ after each stage (Perez et al. 2018), with γ and β learned for each task
    rather than computed from a question. They start at 1 and 0, where this is hard sharing.
    """

    key = "film"
    title = "FiLM"
    formula = "h̃ = γₜ ⊙ h + βₜ after each stage"
    paper = "Perez et al., FiLM: visual reasoning with a general conditioning layer, AAAI 2018"
    link = "https://arxiv.org/abs/1709.07871"
    helps = "Many related tasks: almost the parameters of hard sharing, with a say for each task."
    gives = ("shared-parameters",)

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        self.trunk = Trunk(tasks, encoder)
        self.heads = Heads(tasks, encoder.width)
        widths = [channels_of(shape) for shape in self.trunk.shapes()]
        self.modulations = nn.ModuleList(
            nn.ParameterList(_identity(width) for width in widths) for _ in tasks
        )
        self._place = {task.name: i for i, task in enumerate(tasks)}
        self.trunk.tell(self.owners)
        for task, modulation in zip(tasks, self.modulations, strict=True):
            self.owners.give(task.name, modulation)
        self.heads.tell(self.owners)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        inputs = inputs_of(batch)
        mine = [list(self.modulations[self._place[task]].parameters()) for task in inputs]
        by_stage = [torch.stack(by_task) for by_task in zip(*mine, strict=True)]
        x = modulate(by_stage[0], pile(list(self.trunk.first(inputs).values())))
        for values, stage in zip(by_stage[1:], self.trunk.later, strict=True):
            x = modulate(values, through(stage, x))
        return self.heads(dict(zip(inputs, x, strict=True)))

    def report(self, batch: Batch) -> list[Table]:
        del batch
        by_task = [[values.detach() for values in own.parameters()] for own in self.modulations]
        scales = torch.stack([torch.stack([_root_mean(v[0] - 1) for v in own]) for own in by_task])
        shifts = torch.stack([torch.stack([_root_mean(v[1]) for v in own]) for own in by_task])
        stages = numbered("stage", scales.shape[1])
        return [
            figures("scale, away from 1", self._place, stages, scales),
            figures("shift", self._place, stages, shifts),
        ]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        own = [list(modulation.parameters()) for modulation in self.modulations]
        trunk = self.trunk.builder(builder, step=2)
        for number, stage in enumerate(trunk, 1):
            keys: list[str] = []
            for name, values in zip(self._place, own, strict=True):
                key = f"scale {name} {number}"
                builder.node(key, "adapter", 2 * number, name, [values[number - 1]], (name,))
                for part in self.trunk.seen(stage, name):
                    builder.edge(part, key, "scale, away from 1", name, f"stage {number}")
                keys.append(key)
            if number < len(trunk):
                join(builder, [keys], [trunk[number]])
                continue
            heads = builder.heads(self.heads, 2 * number + 1)
            for key, name in zip(keys, self._place, strict=True):
                builder.edge(key, heads[name])
        return builder.done()


def _root_mean(values: Tensor) -> Tensor:
    """The root of the mean square."""
    return values.square().mean().sqrt()


def _identity(width: int) -> nn.Parameter:
    """γ = 1 and β = 0, [2, width]: one parameter, for there are many and each costs time."""
    return nn.Parameter(torch.stack([torch.ones(width), torch.zeros(width)]))


def modulate(values: Tensor, x: Parallel) -> Parallel:
    """γ ⊙ x + β of streams [A, B, …], with γ and β [A, 2, C]."""
    if isinstance(x, Tensor):
        scale, shift = (per_channel(part, x) for part in values.unbind(1))
        return torch.addcmul(shift, scale, x)
    alone = [one.unsqueeze(0) for one in x]
    return [cast("Tensor", modulate(v, y))[0] for v, y in zip(values.split(1), alone, strict=True)]
