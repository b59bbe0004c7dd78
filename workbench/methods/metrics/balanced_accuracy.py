"""balanced-accuracy: accuracy where every class counts alike."""

from torch import Tensor

from workbench.engine.roles.metric import Metric, answers_of
from workbench.engine.roles.task import Classes


class BalancedAccuracy(Metric):
    """The share of right answers in each class that occurs, averaged over those classes."""

    key = "balanced-accuracy"
    title = "Balanced accuracy"
    formula = "mean over classes c of P(ŷ = c | y = c)"
    higher_is_better = True
    score_range = (0.0, 1.0)
    outputs = (Classes,)

    def score(self, output: Tensor, target: Tensor) -> float:
        n_classes = output.shape[-1]
        right = (answers_of(output) == target).double()
        correct = target.bincount(weights=right, minlength=n_classes)
        counts = target.bincount(minlength=n_classes)
        occurs = counts > 0
        return (correct[occurs] / counts[occurs]).mean().item()

    def chance(self, target: Tensor) -> float | None:
        return 1 / int((target.bincount() > 0).sum().item())
