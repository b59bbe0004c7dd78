"""views-dcca: a trunk a view, made to correlate."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Literal, cast

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.towers import Bank
from workbench.engine.blocks.sharing.views import (
    ViewTrunks,
    canonical_correlations,
    common_views,
    correlation_of_views,
    refuse_missing,
    same_inputs,
)
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.report_tables import figures
from workbench.engine.roles.sharing import Heads, Sharing
from workbench.engine.roles.structure_builder import StructureBuilder, join, sketch_reading
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting
from workbench.spec.structure import Structure


class ViewsDCCA(Sharing):
    """A trunk for each view, with projections whose correlation across views is maximised.

    − λ Σ over every two views of the singular values of Σ₁₁^{−½} Σ₁₂ Σ₂₂^{−½}, the canonical
    correlations of the views' outputs zᵥ in the batch (Andrew et al. 2013). Heads read all views'
    outputs side by side, or each task reads one view of its own and learns from the others through
    the correlation alone. Every view of every example must be there.
    """

    key = "views-dcca"
    title = "Views: deep CCA"
    formula = "ŷₜ = headₜ([z₁; …; z_V]),  zᵥ = Pᵥ fᵥ(xᵥ),  − λ Σ σ(Σ₁₁^{−½} Σ₁₂ Σ₂₂^{−½})"
    paper = "Andrew et al., Deep canonical correlation analysis, ICML 2013"
    link = "https://proceedings.mlr.press/v28/andrew13.html"
    helps = "Views that share a cause but not a scale: only what correlates is tied."
    needs = ("views",)
    gives = ("several-views", "shared-parameters")

    class Settings(Settings):
        """What ties the views, and who reads them."""

        strength: float = setting(
            0.01, "λ: how hard the views are made to correlate.", ge=0, le=1e6
        )
        components: int = setting(
            16, "Outputs of each view; well below the batch size.", ge=1, le=512
        )
        ridge: float = setting(
            0.1, "Added to the variances, as a share of their mean.", gt=0, le=10
        )
        reads: Literal["all", "own"] = setting(
            "all", "Whether a task reads all views, or one of its own: the first the first."
        )

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        self.trunks = ViewTrunks(common_views(tasks), encoder)
        refuse_missing(tasks)
        n_views = len(self.trunks.names)
        n_read = 1 if settings.reads == "own" else n_views
        self.projections = Bank(
            nn.Linear(encoder.width, settings.components) for _ in range(n_views)
        )
        self.heads = Heads(tasks, n_read * settings.components)
        self._tie: Tensor | None = None
        self._view_of = {task.name: i % n_views for i, task in enumerate(tasks)}
        for view in range(n_views):
            readers = [task for task, own in self._view_of.items() if own == view]
            for part in [*self.trunks.parts(view), self.projections.copies[view]]:
                self.owners.divide(part, readers if settings.reads == "own" else [])
        self.heads.tell(self.owners)

    def __getstate__(self) -> dict[str, Any]:
        # A copy of the model cannot take a graph along.
        return {**self.__dict__, "_tie": None}

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        ties: list[Tensor] = []
        for group in same_inputs(batch):
            features = self.trunks(batch[group[0]].inputs)
            outputs = cast("Tensor", self.projections(features))
            side_by_side = outputs.movedim(0, 1).flatten(1)
            for task in group:
                is_own = self.settings.reads == "own"
                found[task] = outputs[self._view_of[task]] if is_own else side_by_side
            if self.training:
                ties.append(correlation_of_views(outputs, self.settings.ridge))
        # The correlation is that of the batch that is learned from: kept until it is asked for.
        self._tie = torch.stack(ties).sum() if ties else None
        return self.heads({task: found[task] for task in batch})

    def report(self, batch: Batch) -> list[Table]:
        views = self.trunks.names
        outputs = cast("Tensor", self.projections(self.trunks(next(iter(batch.values())).inputs)))
        found = torch.full((len(views), len(views)), torch.nan)
        for i, j in combinations(range(len(views)), 2):
            mean = canonical_correlations(outputs[i], outputs[j], self.settings.ridge).mean()
            found[i, j] = found[j, i] = mean.cpu()
        return [figures("correlation", views, views, found)]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        stages = self.trunks.builder(builder)
        views = self.trunks.names
        outputs = [
            builder.node(f"projection {view}", "adapter", len(stages) + 1, view, [part])
            for view, part in zip(views, self.projections.copies, strict=True)
        ]
        join(builder, [[key] for key in stages[-1]], [[key] for key in outputs])
        sketch_reading(builder, outputs, views, self.heads, self._read, "correlation")
        return builder.done()

    @property
    def _read(self) -> dict[str, int] | None:
        """The view that each task reads, by its number; None where every task reads all."""
        return self._view_of if self.settings.reads == "own" else None

    def regulariser(self) -> Tensor | None:
        tie, self._tie = self._tie, None
        return None if tie is None else -self.settings.strength * tie
