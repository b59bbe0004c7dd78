"""views-coreg: a trunk a view, held to agree."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from typing import Any, Literal

import torch
from torch import Tensor

from workbench.engine.blocks.sharing.views import (
    ViewTrunks,
    common_views,
    distance_of_views,
    refuse_missing,
    same_inputs,
)
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.report_tables import figures
from workbench.engine.roles.sharing import Heads, Sharing
from workbench.engine.roles.structure_builder import StructureBuilder, sketch_reading
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting
from workbench.spec.structure import Structure


class ViewsCoreg(Sharing):
    """A trunk for each view, whose features of one example are pulled together.

    + λ Σ over every two views of the batch mean of ‖f_v − f_u‖²/width (Sindhwani et al. 2005, on
    features in place of answers). Heads read the mean of the views' features, or each task reads
    one view of its own and learns from the others through the agreement alone. Every view of every
    example must be there.
    """

    key = "views-coreg"
    title = "Views: co-regularised"
    formula = "ŷₜ = headₜ(mean fᵥ(xᵥ)),  + λ Σ ‖f_v − f_u‖²"
    paper = "Sindhwani et al., A co-regularization approach to semi-supervised learning, 2005"
    link = "https://vikas.sindhwani.org/coreg.pdf"
    helps = "Views that say the same in different ways, with noise of their own."
    needs = ("views",)
    gives = ("several-views", "shared-parameters")

    class Settings(Settings):
        """What ties the views, and who reads them."""

        strength: float = setting(0.1, "λ: how hard the views are pulled together.", ge=0, le=1e6)
        reads: Literal["all", "own"] = setting(
            "all", "Whether a task reads all views, or one of its own: the first the first."
        )

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        self.trunks = ViewTrunks(common_views(tasks), encoder)
        refuse_missing(tasks)
        self.heads = Heads(tasks, encoder.width)
        self._tie: Tensor | None = None
        n_views = len(self.trunks.names)
        self._view_of = {task.name: i % n_views for i, task in enumerate(tasks)}
        for view in range(n_views):
            readers = [task for task, own in self._view_of.items() if own == view]
            for part in self.trunks.parts(view):
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
            fused = features.mean(0)
            for task in group:
                is_own = self.settings.reads == "own"
                found[task] = features[self._view_of[task]] if is_own else fused
            if self.training:
                ties.append(distance_of_views(features) / features.shape[-1])
        # The agreement is of the batch that is learned from, so it is kept until it is asked for.
        self._tie = torch.stack(ties).sum() if ties else None
        return self.heads({task: found[task] for task in batch})

    def report(self, batch: Batch) -> list[Table]:
        views = self.trunks.names
        features = self.trunks(next(iter(batch.values())).inputs)
        apart = (features.unsqueeze(0) - features.unsqueeze(1)).square().mean((2, 3)).sqrt()
        return [figures("distance", views, views, apart)]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        stages = self.trunks.builder(builder)
        sketch_reading(builder, stages[-1], self.trunks.names, self.heads, self._read, "distance")
        return builder.done()

    @property
    def _read(self) -> dict[str, int] | None:
        """The view that each task reads, by its number; None where every task reads all."""
        return self._view_of if self.settings.reads == "own" else None

    def regulariser(self) -> Tensor | None:
        tie, self._tie = self._tie, None
        return None if tie is None else self.settings.strength * tie
