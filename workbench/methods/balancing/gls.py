"""gls: the geometric mean of the losses."""

import math
from typing import TYPE_CHECKING

from torch import Tensor

from workbench.engine.roles.balancing import Balancing

if TYPE_CHECKING:
    from workbench.engine.update.step import Step

#: A loss below counts as this: the mean's slope is without bound towards 0.
_SMALLEST = 1e-20


class GLS(Balancing):
    """The geometric mean of the losses, which does not mind their scales.

    The user's weights are the mean's exponents: Π Lᵢ^(pᵢ/Σp), so weights wᵢ = (pᵢ/Σp)·L/Lᵢ. It
    needs losses above 0: one below 1e-20 counts as 1e-20, and of a negative one the user is told.
    """

    key = "gls"
    title = "Geometric loss strategy"
    formula = "L = (Πᵢ Lᵢ)^(1/T)"
    paper = "Chennupati et al., MultiNet++: geometric loss strategy, CVPR workshops 2019"
    link = "https://arxiv.org/abs/1904.08492"
    helps = "Losses of different sizes, all above 0; nothing to set and costs nothing."
    gives = ("small-tasks",)
    weights_sum = "no fixed number: at least 1, and the more the losses differ in size"

    def weigh(self, step: "Step") -> Tensor:
        """Weights [T], the slopes of the geometric mean in the losses."""
        total = sum(step.priorities)
        if total == 0:
            return step.priority
        shares = [priority / total for priority in step.priorities]
        values = [max(value, _SMALLEST) for value in step.values]
        for name, value in zip(step.names, step.values, strict=True):
            if value < 0:
                self.notice(f"the loss of {name} is below 0, where a geometric mean has no sense")
        mean = math.exp(sum(a * math.log(b) for a, b in zip(shares, values, strict=True)))
        return step.tensor([a * mean / b for a, b in zip(shares, values, strict=True)])
