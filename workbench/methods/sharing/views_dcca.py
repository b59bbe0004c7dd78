"""views-dcca: a trunk a view, made to correlate."""

from collections.abc import Sequence
from itertools import combinations
from typing import cast

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.tied_views import TiedViews, TiedViewsSettings
from workbench.engine.blocks.sharing.towers import Bank
from workbench.engine.blocks.sharing.views import canonical_correlations, correlation_of_views
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.report_tables import figures
from workbench.engine.roles.sharing import Heads
from workbench.engine.roles.structure_builder import StructureBuilder, join, sketch_reading
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.settings import setting
from workbench.spec.structure import Structure


class ViewsDCCA(TiedViews):
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

    class Settings(TiedViewsSettings):
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

    def make_heads(self, tasks: Sequence[Task], encoder: Encoder) -> Heads:
        n_views, n_outputs = len(self.trunks.names), self.settings.components
        self.projections = Bank(nn.Linear(encoder.width, n_outputs) for _ in range(n_views))
        return Heads(tasks, n_outputs * (1 if self.settings.reads == "own" else n_views))

    def parts_of(self, view: int) -> list[nn.Module]:
        return [*self.trunks.parts(view), self.projections.copies[view]]

    def outputs(self, batch: Batch, task: str) -> Tensor:
        return cast("Tensor", self.projections(super().outputs(batch, task)))

    def together(self, outputs: Tensor) -> Tensor:
        return outputs.movedim(0, 1).flatten(1)

    def tie(self, outputs: Tensor) -> Tensor:
        return -correlation_of_views(outputs, self.settings.ridge)

    def report(self, batch: Batch) -> list[Table]:
        views = self.trunks.names
        outputs = self.outputs(batch, next(iter(batch)))
        correlations = torch.full((len(views), len(views)), torch.nan)
        for i, j in combinations(range(len(views)), 2):
            mean = canonical_correlations(outputs[i], outputs[j], self.settings.ridge).mean()
            correlations[i, j] = correlations[j, i] = mean.cpu()
        return [figures("correlation", views, views, correlations)]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        stages = self.trunks.builder(builder)
        views = self.trunks.names
        outputs = [
            builder.node(f"projection {view}", "adapter", len(stages) + 1, view, [part])
            for view, part in zip(views, self.projections.copies, strict=True)
        ]
        join(builder, [[key] for key in stages[-1]], [[key] for key in outputs])
        sketch_reading(builder, outputs, views, self.heads, self.read, "correlation")
        return builder.done()
