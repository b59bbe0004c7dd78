"""micro-f1: precision and recall together, every example counting alike."""

from torch import Tensor

from workbench.engine.roles.metric import NO_ANSWER, Metric, answers_of
from workbench.engine.roles.task import Classes


class MicroF1(Metric):
    """F1 of all classes together, from the sums of their right and wrong answers.

    Of one class an example it is accuracy: a wrong answer is one too many of its class and one too
    few of another. Where outputs are no numbers there is no answer, which is only one too few.
    """

    key = "micro-f1"
    title = "Micro F1"
    formula = "2 Σ TP / (2 Σ TP + Σ FP + Σ FN)"
    higher_is_better = True
    score_range = (0.0, 1.0)
    outputs = (Classes,)

    def score(self, output: Tensor, target: Tensor) -> float:
        answer = answers_of(output)
        right = int((answer == target).sum())
        answered = int((answer != NO_ANSWER).sum())
        return 2 * right / (answered + len(target))

    def chance(self, target: Tensor) -> float | None:
        return target.bincount().max().item() / len(target)
