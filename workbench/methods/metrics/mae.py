"""mae: mean absolute error."""

from torch import Tensor

from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import PixelValues, Values


class MAE(Metric):
    """The mean distance of outputs from targets, in the targets' unit.

    The best constant answer is the median, not the mean.
    """

    key = "mae"
    title = "Mean absolute error"
    formula = "mean |y − ŷ|"
    higher_is_better = False
    score_range = (0.0, None)
    has_unit = True
    outputs = (Values, PixelValues)
    usual = (PixelValues,)

    def score(self, output: Tensor, target: Tensor) -> float:
        return (output.double() - target.double()).abs().mean().item()

    def chance(self, target: Tensor) -> float | None:
        target = target.double()
        return (target - target.median(0).values).abs().mean().item()
