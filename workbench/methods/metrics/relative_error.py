"""relative-error: mean error as a share of the true value."""

from torch import Tensor

from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import PixelValues, Values


class RelativeError(Metric):
    """The mean distance of outputs from targets, over the targets, which are above zero."""

    key = "relative-error"
    title = "Mean relative error"
    formula = "mean |y − ŷ| / y"
    higher_is_better = False
    score_range = (0.0, None)
    has_unit = True
    outputs = (Values, PixelValues)

    def score(self, output: Tensor, target: Tensor) -> float:
        target = target.double()
        return ((output.double() - target).abs() / target).mean().item()
