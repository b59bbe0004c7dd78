"""accuracy: the share of right answers."""

from torch import Tensor

from workbench.engine.roles.metric import Metric, answers_of
from workbench.engine.roles.task import Classes


class Accuracy(Metric):
    """The share of examples whose largest output is the right class."""

    key = "accuracy"
    title = "Accuracy"
    higher_is_better = True
    score_range = (0.0, 1.0)
    outputs = (Classes,)
    usual = (Classes,)

    def score(self, output: Tensor, target: Tensor) -> float:
        return (answers_of(output) == target).float().mean().item()

    def chance(self, target: Tensor) -> float | None:
        return target.bincount().max().item() / len(target)
