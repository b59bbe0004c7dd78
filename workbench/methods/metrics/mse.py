"""mse: mean squared error."""

from torch import Tensor

from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import PixelValues, Values


class MSE(Metric):
    """The mean squared distance of outputs from targets, in the targets' unit squared."""

    key = "mse"
    title = "Mean squared error"
    formula = "mean (y − ŷ)²"
    higher_is_better = False
    score_range = (0.0, None)
    has_unit = True
    outputs = (Values, PixelValues)

    def score(self, output: Tensor, target: Tensor) -> float:
        return (output.double() - target.double()).square().mean().item()

    def chance(self, target: Tensor) -> float | None:
        return target.double().var(0, correction=0).mean().item()
