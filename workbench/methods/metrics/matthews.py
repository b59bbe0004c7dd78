"""matthews: correlation of answers and targets, where every cell of the confusion counts."""

from torch import Tensor

from workbench.engine.roles.metric import Metric, answers_of
from workbench.engine.roles.task import Classes


class Matthews(Metric):
    """Matthews' correlation of answers and targets, as Gorodkin writes it for several classes.

    1 where all answers are right, 0 for guessing, −1 (of two classes) where all are wrong. Unlike
    accuracy it cannot be had by naming the most frequent class: that is 0.
    """

    key = "matthews"
    title = "Matthews correlation"
    formula = "(c·n − Σ pₖ tₖ) / √((n² − Σ pₖ²)(n² − Σ tₖ²))"
    paper = "Gorodkin, Comparing two K-category assignments by a K-category correlation, 2004"
    link = "https://doi.org/10.1016/j.compbiolchem.2004.09.006"
    higher_is_better = True
    score_range = (-1.0, 1.0)
    outputs = (Classes,)

    def score(self, output: Tensor, target: Tensor) -> float:
        n_classes = output.shape[-1]
        # no answer is a class of its own, which no target is of
        answer = answers_of(output) + 1
        answers = answer.bincount(minlength=n_classes + 1).double()
        targets = (target + 1).bincount(minlength=n_classes + 1).double()
        n, n_right = len(target), int((answer == target + 1).sum())
        spread = (n**2 - answers.square().sum()) * (n**2 - targets.square().sum())
        if spread <= 0:
            return 0.0
        return ((n_right * n - answers @ targets) / spread.sqrt()).item()

    def chance(self, target: Tensor) -> float | None:
        del target
        return 0.0
