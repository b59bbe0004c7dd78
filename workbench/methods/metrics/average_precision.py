"""average-precision: how pure the front of each class's ranking is."""

import torch
from torch import Tensor

from workbench.engine.numerics.ranking import each_label, one_against_the_rest, shares_of_labels
from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import Classes, Labels


class AveragePrecision(Metric):
    """Precision at each example of a class, from the surest on, averaged: the area under its curve.

    AP = Σ (Rₙ − Rₙ₋₁) Pₙ over the thresholds, without interpolation, averaged over the classes that
    occur and are not all there is, each against the rest; of labels over the labels. A rare class
    is harder than a frequent one: guessing scores its share.
    """

    key = "average-precision"
    title = "Average precision"
    formula = "mean over classes of Σ (Rₙ − Rₙ₋₁) Pₙ"
    paper = "Davis & Goadrich, The relationship between precision-recall and ROC curves, ICML 2006"
    link = "https://doi.org/10.1145/1143844.1143874"
    higher_is_better = True
    score_range = (0.0, 1.0)
    outputs = (Classes, Labels)

    def score(self, output: Tensor, target: Tensor) -> float:
        if target.is_floating_point():
            return each_label(output, target, _precision)
        return one_against_the_rest(output, target, _precision, is_symmetric=False)

    def chance(self, target: Tensor) -> float | None:
        is_labels = target.is_floating_point()
        shares = shares_of_labels(target) if is_labels else target.bincount().double() / len(target)
        return shares[(shares > 0) & (shares < 1)].mean().item()


def _precision(scores: Tensor, is_own: Tensor) -> float:
    order = scores.argsort(descending=True)
    sorted_scores, is_own = scores[order], is_own[order].double()
    # examples of one score come together: they are beyond a threshold or not
    ends = torch.cat([sorted_scores[1:] != sorted_scores[:-1], torch.ones(1, dtype=torch.bool)])
    right = is_own.cumsum(0)[ends]
    precision = right / (ends.nonzero()[:, 0] + 1)
    recall = right / is_own.sum()
    gained = torch.diff(recall, prepend=torch.zeros(1, dtype=torch.float64))
    return float((gained * precision).sum())
