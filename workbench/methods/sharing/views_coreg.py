"""views-coreg: a trunk a view, held to agree."""

from torch import Tensor

from workbench.engine.blocks.sharing.tied_views import TiedViews
from workbench.engine.blocks.sharing.views import distance_of_views
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.report_tables import figures
from workbench.engine.roles.structure_builder import StructureBuilder, sketch_reading
from workbench.spec.event import Table
from workbench.spec.structure import Structure


class ViewsCoreg(TiedViews):
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

    def together(self, outputs: Tensor) -> Tensor:
        return outputs.mean(0)

    def tie(self, outputs: Tensor) -> Tensor:
        return distance_of_views(outputs) / outputs.shape[-1]

    def report(self, batch: Batch) -> list[Table]:
        views = self.trunks.names
        features = self.trunks(next(iter(batch.values())).inputs)
        apart = (features.unsqueeze(0) - features.unsqueeze(1)).square().mean((2, 3)).sqrt()
        return [figures("distance", views, views, apart)]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        stages = self.trunks.builder(builder)
        sketch_reading(builder, stages[-1], self.trunks.names, self.heads, self.read, "distance")
        return builder.done()
