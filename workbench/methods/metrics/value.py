"""value: the value of an objective."""

from torch import Tensor

from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import Objective


class Value(Metric):
    """The mean output itself, for objectives that have no right answer; lower is better."""

    key = "value"
    title = "Value of the objective"
    higher_is_better = False
    outputs = (Objective,)
    usual = (Objective,)
    has_zero = False

    def score(self, output: Tensor, target: Tensor) -> float:
        del target
        return output.double().mean().item()
