"""rmse: root of the mean squared error."""

import math

from torch import Tensor

from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import PixelValues, Values


class RMSE(Metric):
    """The root of the mean squared distance of outputs from targets, in the targets' unit."""

    key = "rmse"
    title = "Root mean squared error"
    formula = "√ mean (y − ŷ)²"
    higher_is_better = False
    score_range = (0.0, None)
    has_unit = True
    outputs = (Values, PixelValues)

    def score(self, output: Tensor, target: Tensor) -> float:
        return math.sqrt((output.double() - target.double()).square().mean().item())

    def chance(self, target: Tensor) -> float | None:
        return math.sqrt(target.double().var(0, correction=0).mean().item())
