"""reptile: move the start towards where tasks end up."""

import torch
from torch import Tensor

from workbench.engine.blocks.learners.adaptive import Adaptive, InnerSettings
from workbench.engine.blocks.learners.episodes import Group
from workbench.engine.roles.sharing import Sharing
from workbench.spec.settings import setting


class Reptile(Adaptive):
    """Moves the start towards where a few steps on each task lead.

    θ ← θ + ε (mean φᵢ − θ), where φᵢ is θ after inner steps on all rows of task i, support and
    query. It is told to the optimizer as a loss whose value is that on the rows after the steps
    and whose gradient is θ − φᵢ: so it can be balanced, projected and replayed as any other.
    """

    key = "reptile"
    title = "Reptile"
    formula = "θ ← θ + ε (φᵢ − θ)"
    paper = "Nichol, Achiam & Schulman, On first-order meta-learning algorithms, 2018"
    link = "https://arxiv.org/abs/1803.02999"
    helps = "The simplest and cheapest; wants several inner steps."

    class Settings(InnerSettings):
        """Settings of the inner loop."""

        inner_steps: int = setting(
            5, "Steps on all rows of a task in training.", ge=1, le=100, title="Inner steps"
        )

    @property
    def is_first_order(self) -> bool:
        return True

    def query_losses(self, model: Sharing, group: Group) -> Tensor:
        adapted = self.adapted(model, group.task, first_order=True)
        names = list(adapted.start)
        whole = Group(group.names, group.rows, group.rows)
        with torch.no_grad():
            ends, values = adapted.ends(whole, self.settings.inner_steps, self.over)
        moved = torch.zeros_like(values)
        for name in names:
            start = adapted.start[name]
            apart = (start.detach() - ends[name]).flatten(1)
            moved = moved + apart @ start.flatten()
        return values + moved - moved.detach()
