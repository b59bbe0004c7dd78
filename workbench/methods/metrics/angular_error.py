"""angular-error: the mean angle between directions."""

import math

from torch import Tensor
from torch.nn import functional

from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import PixelDirections


class AngularError(Metric):
    """The mean angle between outputs and true directions, in degrees; lengths do not count."""

    key = "angular-error"
    title = "Mean angular error (°)"
    formula = "mean arccos(ŷ·y / ‖ŷ‖‖y‖)"
    higher_is_better = False
    score_range = (0.0, 180.0)
    outputs = (PixelDirections,)
    usual = (PixelDirections,)

    def score(self, output: Tensor, target: Tensor) -> float:
        a, b = (functional.normalize(values.double(), dim=1) for values in (output, target))
        # The half angle's tangent keeps its precision where the cosine is near 1.
        half = ((a - b).norm(dim=1)).atan2((a + b).norm(dim=1))
        return math.degrees(2 * half.mean().item())

    def chance(self, target: Tensor) -> float | None:
        mean = target.double().transpose(0, 1).flatten(1).mean(1)
        return self.score(mean.view(1, -1, *[1] * (target.dim() - 2)).expand_as(target), target)
