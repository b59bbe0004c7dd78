"""mtan: one trunk, from which each task picks by attention."""

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.blocks.sharing.stage_shapes import channels_of
from workbench.engine.blocks.sharing.towers import Bank, pile
from workbench.engine.blocks.sharing.trunk import Trunk
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.report_tables import figures, numbered
from workbench.engine.roles.sharing import Heads, Sharing, encode_once, inputs_of
from workbench.engine.roles.structure_builder import StructureBuilder, join
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.structure import Structure


class MTAN(Sharing):
    """One trunk, and for each task a soft mask on its features at every stage.

    aⱼ = σ(W″ relu(W′[pⱼ; âⱼ₋₁])), âⱼ = aⱼ ⊙ pⱼ, with pⱼ the shared features after stage j (Liu
    et al. 2019); the head reads the last â. The paper's attention sees two layers of a block; here
    a stage is a block, and the mask looks at what comes out of it and at the task's features so
    far, averaged to its size. On maps W is a 1 × 1 convolution.
    """

    key = "mtan"
    title = "MTAN"
    formula = "âₜʲ = σ(gₜʲ([pʲ; âₜʲ⁻¹])) ⊙ pʲ"
    paper = "Liu et al., End-to-end multi-task learning with attention, CVPR 2019"
    link = "https://arxiv.org/abs/1803.10704"
    helps = "Tasks that need different parts of the same features, above all in pictures."
    gives = ("shared-parameters",)

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        self.trunk = Trunk(tasks, encoder)
        self.heads = Heads(tasks, encoder.width)
        widths = [channels_of(shape) for shape in self.trunk.shapes()]
        before = [0, *widths]
        self.attention = nn.ModuleList(
            Bank(_mask(width + seen, width) for _ in tasks)
            for width, seen in zip(widths, before, strict=False)
        )
        self._place = {task.name: i for i, task in enumerate(tasks)}
        self.trunk.tell(self.owners)
        for bank in self.attention:
            for task, mask in zip(tasks, cast("Bank", bank).copies, strict=True):
                self.owners.give(task.name, mask)
        self.heads.tell(self.owners)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        inputs = inputs_of(batch)
        stages = [self.trunk.first(inputs)]
        for stage in self.trunk.later:
            stages.append(encode_once(stage, stages[-1]))
        chosen = [self._place[task] for task in inputs]
        piles = [pile([features[task] for task in inputs]) for features in stages]
        if isinstance(piles[0], Tensor):
            attended = self._attended(cast("list[Tensor]", piles), chosen).unbind()
            return self.heads(dict(zip(inputs, attended, strict=True)))
        alone = [
            self._attended([features[task].unsqueeze(0) for features in stages], [place])[0]
            for task, place in zip(inputs, chosen, strict=True)
        ]
        return self.heads(dict(zip(inputs, alone, strict=True)))

    def report(self, batch: Batch) -> list[Table]:
        inputs = inputs_of(batch)
        rows = [torch.stack(self._openness(task, values)) for task, values in inputs.items()]
        stages = numbered("stage", len(self.attention))
        return [figures("attention", inputs, stages, torch.stack(rows))]

    def _openness(self, task: str, values: Tensor) -> list[Tensor]:
        """How far a task's mask is open at each stage, the mean over examples and channels."""
        features = [self.trunk.first({task: values})[task]]
        for stage in self.trunk.later:
            features.append(stage(features[-1]))
        masks: list[Tensor] = []
        self._attended([x.unsqueeze(0) for x in features], [self._place[task]], masks)
        return [mask.mean() for mask in masks]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        names = list(self._place)
        trunk = self.trunk.builder(builder, step=2)
        before: dict[str, str] = {}
        for number, (stage, bank) in enumerate(zip(trunk, self.attention, strict=True), 1):
            for name, mask in zip(names, cast("Bank", bank).copies, strict=True):
                key = builder.node(f"mask {name} {number}", "gate", 2 * number, name, [mask])
                for part in self.trunk.seen(stage, name):
                    builder.edge(part, key, "attention", name, f"stage {number}")
                if name in before:
                    builder.edge(before[name], key)
                before[name] = key
            if number < len(trunk):
                join(builder, [stage], [trunk[number]])
        for name, head in builder.heads(self.heads, 2 * len(trunk) + 1).items():
            builder.edge(before[name], head)
        return builder.done()

    def _attended(
        self, stages: list[Tensor], chosen: list[int], masks: list[Tensor] | None = None
    ) -> Tensor:
        """The last attended features [A, B, width] from shared ones [A, B, …] after each stage.

        The masks of each stage are added to `masks`, where it is given.
        """
        attended: Tensor | None = None
        for shared, bank in zip(stages, self.attention, strict=True):
            x = _channels_last(shared)
            seen = x if attended is None else torch.cat([x, _fitted(attended, shared)], dim=-1)
            mask = _as_before(cast("Tensor", bank(seen, chosen)), shared)
            attended = mask * shared
            if masks is not None:
                masks.append(mask)
        return cast("Tensor", attended)


def _mask(n_in: int, n_out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(n_in, n_out), nn.ReLU(), nn.Linear(n_out, n_out), nn.Sigmoid())


def _channels_last(x: Tensor) -> Tensor:
    """Maps [A, B, C, H, W] as [A, B, H, W, C]; others as they are."""
    return x.movedim(2, -1) if x.dim() == 5 else x


def _as_before(x: Tensor, like: Tensor) -> Tensor:
    return x.movedim(-1, 2) if like.dim() == 5 else x


def _fitted(previous: Tensor, like: Tensor) -> Tensor:
    """A stage's features averaged to the places of the next stage's, channels last."""
    if previous.dim() == 5 and like.dim() == 5:
        h, w = like.shape[3:]
        if previous.shape[3:] != (h, w):
            flat = functional.adaptive_avg_pool2d(previous.flatten(0, 1), (h, w))
            previous = flat.unflatten(0, previous.shape[:2])
        return previous.movedim(2, -1)
    if previous.dim() > like.dim():
        return previous.flatten(3).mean(-1) if previous.dim() == 5 else previous.mean(2)
    return previous
