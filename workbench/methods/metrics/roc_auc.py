"""roc-auc: how well each class is ranked above the others, at every threshold at once."""

import math

import torch
from torch import Tensor

from workbench.engine.numerics.ranking import each_label, one_against_the_rest, shares_of_labels
from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import Classes, Labels


class RocAuc(Metric):
    """The chance that an example of a class is given more of it than an example of another class.

    A tie counts half. Of more than two classes it is the mean over those that occur and are not
    all there is, each against the rest (Fawcett, 2006); of two classes that of either, of labels
    the mean over the labels. It asks for no threshold, and is not moved by how rare a class is.
    """

    key = "roc-auc"
    title = "ROC AUC"
    formula = "mean over classes c of P(p_c(x) > p_c(x′) | y = c, y′ ≠ c)"
    paper = "Fawcett, An introduction to ROC analysis, Pattern Recognition Letters 2006"
    link = "https://doi.org/10.1016/j.patrec.2005.10.010"
    higher_is_better = True
    score_range = (0.0, 1.0)
    outputs = (Classes, Labels)
    has_zero = False

    def score(self, output: Tensor, target: Tensor) -> float:
        if target.is_floating_point():
            return each_label(output, target, _area)
        return one_against_the_rest(output, target, _area)

    def chance(self, target: Tensor) -> float | None:
        if target.is_floating_point():
            shares = shares_of_labels(target)
            return 0.5 if ((shares > 0) & (shares < 1)).any() else math.nan
        return 0.5 if len(target.unique()) > 1 else math.nan


def _area(scores: Tensor, is_own: Tensor) -> float:
    """Mann and Whitney's U as a share of all pairs, by ranks in double precision."""
    _, inverse, counts = scores.unique(return_inverse=True, return_counts=True)
    last = counts.cumsum(0).double()
    ranks = (last - (counts.double() - 1) / 2)[inverse]
    n_own, n = int(is_own.sum()), len(scores)
    above = ranks[is_own].sum() - n_own * (n_own + 1) / 2
    return float(above / torch.tensor(n_own * (n - n_own), dtype=torch.float64))
