"""views-gated: learned gates over views, which may be missing."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.views import same_inputs, trunks_of
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.report_tables import figures
from workbench.engine.roles.sharing import Heads, Sharing
from workbench.engine.roles.structure_builder import StructureBuilder
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting
from workbench.spec.structure import Structure


class ViewsGated(Sharing):
    """A trunk for each view, mixed for each task and example by a gate over the views there are.

    gₜ = softmaxᵥ(uₜᵥ·fᵥ + cₜᵥ) over the views that are there; gates start even. In training whole
    views of an example are left out at random, at least one stays, so that the model learns to do
    without (modality dropout, Neverova et al. 2016).
    """

    key = "views-gated"
    title = "Views: gated"
    formula = "ŷₜ = headₜ(Σᵥ gₜᵥ fᵥ(xᵥ)),  gₜ = softmaxᵥ(uₜᵥ·fᵥ + cₜᵥ)"
    paper = "Neverova et al., ModDrop: adaptive multi-modal gesture recognition, TPAMI 2016"
    link = "https://arxiv.org/abs/1501.00102"
    helps = "Views of different worth from example to example, or missing when it counts."
    needs = ("views",)
    gives = ("several-views", "shared-parameters", "missing-views")

    class Settings(Settings):
        """How often a view is left out."""

        dropout: float = setting(
            0.2, "Chance that a view of an example is left out in training.", ge=0, le=0.95
        )

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        self.trunks = trunks_of(tasks, encoder)
        self.heads = Heads(tasks, encoder.width)
        n_views = len(self.trunks.names)
        self.scores = nn.ParameterList(
            nn.Parameter(torch.zeros(n_views, encoder.width)) for _ in tasks
        )
        self.offsets = nn.ParameterList(nn.Parameter(torch.zeros(n_views)) for _ in tasks)
        self._place = {task.name: i for i, task in enumerate(tasks)}
        self.owners.share(self.trunks)
        for task, score, offset in zip(tasks, self.scores, self.offsets, strict=True):
            self.owners.give(task.name, score)
            self.owners.give(task.name, offset)
        self.heads.tell(self.owners)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        by_task: dict[str, Tensor] = {}
        for group in same_inputs(batch):
            inputs = batch[group[0]].inputs
            features, seen = self.trunks(inputs), self.trunks.seen(inputs)
            if self.training and self.settings.dropout > 0:
                seen = self._dropped(seen)
            gates = self._gates([self._place[task] for task in group], features, seen)
            fused = torch.einsum("tvb,vbw->tbw", gates, features)
            by_task.update(zip(group, fused.unbind(), strict=True))
        return self.heads({task: by_task[task] for task in batch})

    def report(self, batch: Batch) -> list[Table]:
        rows: dict[str, Tensor] = {}
        for task, part in batch.items():
            features, seen = self.trunks(part.inputs), self.trunks.seen(part.inputs)
            rows[task] = self._gates([self._place[task]], features, seen)[0].mean(1)
        return [figures("gates", rows, self.trunks.names, torch.stack(list(rows.values())))]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        stages = self.trunks.builder(builder)
        level = len(stages) + 1
        heads = builder.heads(self.heads, level + 1)
        for task, place in self._place.items():
            parts = [self.scores[place], self.offsets[place]]
            key = builder.node(f"gate {task}", "gate", level, task, parts, (task,))
            for view, source in zip(self.trunks.names, stages[-1], strict=True):
                builder.edge(source, key, "gates", task, view)
            builder.edge(key, heads[task])
        return builder.done()

    def _gates(self, places: list[int], features: Tensor, seen: Tensor) -> Tensor:
        """Weights [A, V, B] of the views for the tasks at these places."""
        scores = torch.stack([self.scores[place] for place in places])
        offsets = torch.stack([self.offsets[place] for place in places])
        logits = torch.einsum("tvw,vbw->tvb", scores, features) + offsets.unsqueeze(-1)
        # Finite, so that an example of which nothing is there has an answer too.
        return logits.masked_fill(~seen, -1e9).softmax(1)

    def _dropped(self, seen: Tensor) -> Tensor:
        """The views [V, B] that stay, of those that are there."""
        drawn = torch.rand(seen.shape, device=seen.device).masked_fill(~seen, -1.0)
        # The view with the largest draw stays, so that there is always something to see.
        return seen & ((drawn >= self.settings.dropout) | (drawn == drawn.amax(0)))
