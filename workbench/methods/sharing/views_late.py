"""views-late: a network a view, whose answers are put together."""

from collections.abc import Sequence
from typing import Any, Literal, cast

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.views import same_inputs, trunks_of
from workbench.engine.numerics.random_streams import starting
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.report_tables import figures
from workbench.engine.roles.sharing import Heads, Sharing
from workbench.engine.roles.structure_builder import StructureBuilder
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting
from workbench.spec.structure import Structure


class ViewsLate(Sharing):
    """A trunk and heads for each view; the answers of the views that are there are averaged.

    average: the mean of the answers. product: the product of Gaussian experts, μ = (Σ μᵥ/σᵥ²) /
    (Σ 1/σᵥ²), with 1/σᵥ² learned from the view's features through the loss of the mean, for each
    example. Of classes the answers are logits. A view that is missing has no say.
    """

    key = "views-late"
    title = "Views: late fusion"
    formula = "ŷₜ = Σᵥ ŷₜᵥ/V  or  (Σᵥ ŷₜᵥ/σᵥ²) / (Σᵥ 1/σᵥ²)"
    paper = "Hinton, Training products of experts by minimizing contrastive divergence, 2002"
    link = "https://doi.org/10.1162/089976602760128018"
    helps = "Views that each suffice alone, some of them missing at times."
    needs = ("views",)
    gives = ("several-views", "shared-parameters", "missing-views")

    class Settings(Settings):
        """How the answers are put together."""

        fusion: Literal["average", "product"] = setting(
            "average", "Plain mean of the views' answers, or weighted by a learned precision."
        )

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        self.trunks = trunks_of(tasks, encoder)
        n_views = len(self.trunks.names)
        self.heads = nn.ModuleList(_heads(tasks, encoder, view) for view in self.trunks.names)
        n_precisions = n_views if settings.fusion == "product" else 0
        self.precisions = nn.ModuleList(_precision(encoder.width) for _ in range(n_precisions))
        self.owners.share(self.trunks)
        self.owners.share(self.precisions)
        for heads in self.heads:
            cast("Heads", heads).tell(self.owners)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        outputs: dict[str, Tensor] = {}
        for group in same_inputs(batch):
            inputs = batch[group[0]].inputs
            features = self.trunks(inputs)
            weights = self._weights(features, self.trunks.seen(inputs))
            answers = [
                heads(dict.fromkeys(group, values))
                for heads, values in zip(self.heads, features.unbind(), strict=True)
            ]
            for task in group:
                stacked = torch.stack([answer[task] for answer in answers])
                outputs[task] = torch.einsum("vb,vb...->b...", weights, stacked)
        return {task: outputs[task] for task in batch}

    def report(self, batch: Batch) -> list[Table]:
        rows: dict[str, Tensor] = {}
        for task, part in batch.items():
            weights = self._weights(self.trunks(part.inputs), self.trunks.seen(part.inputs))
            rows[task] = weights.mean(1)
        return [figures("say", rows, self.trunks.names, torch.stack(list(rows.values())))]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        stages = self.trunks.builder(builder)
        level = len(stages) + 1
        tasks = builder.tasks
        weighed = stages[-1]
        if len(self.precisions):
            weighed = [
                builder.node(f"precision {view}", "gate", level, "precision", [part])
                for view, part in zip(self.trunks.names, self.precisions, strict=True)
            ]
            for below, above in zip(stages[-1], weighed, strict=True):
                builder.edge(below, above)
        heads_of = {
            view: builder.heads(cast("Heads", heads), level + 1, f" of {view}")
            for view, heads in zip(self.trunks.names, self.heads, strict=True)
        }
        answers = [
            builder.answer_of(head) for heads in heads_of.values() for head in heads.values()
        ]
        top = max(map(builder.level_of, answers)) + 1
        fused = {
            task: builder.node(f"fusion {task}", "fusion", top, task, (), (task,)) for task in tasks
        }
        for (view, heads), below in zip(heads_of.items(), weighed, strict=True):
            for head in dict.fromkeys(heads.values()):
                builder.edge(below, head)
            for task in tasks:
                builder.edge(builder.answer_of(heads[task]), fused[task], "say", task, view)
        return builder.done()

    def _weights(self, features: Tensor, seen: Tensor) -> Tensor:
        """Weight [V, B] of each view of each example; they sum to 1 where there is any."""
        weights = seen.to(features.dtype)
        if len(self.precisions):
            learned = [
                part(values).squeeze(-1)
                for part, values in zip(self.precisions, features.unbind(), strict=True)
            ]
            weights = weights * torch.stack(learned)
        return weights / weights.sum(0).clamp_min(torch.finfo(weights.dtype).tiny)


def _precision(width: int) -> nn.Sequential:
    """1/σ² of a view, [B, width] -> [B, 1]; starts alike for all views."""
    linear = nn.Linear(width, 1)
    nn.init.zeros_(linear.weight)
    nn.init.zeros_(linear.bias)
    return nn.Sequential(linear, nn.Softplus())


def _heads(tasks: Sequence[Task], encoder: Encoder, view: str) -> Heads:
    with starting("view", view):
        return Heads(tasks, encoder.width)
