"""subset-accuracy: the share of examples with every label right."""

import math

import torch
from torch import Tensor

from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import Labels


class SubsetAccuracy(Metric):
    """The share of examples whose labels are all as they should be, also called exact match.

    A label is taken to be there from even odds on; of an example of which some labels are not
    known, the others count.
    """

    key = "subset-accuracy"
    title = "Subset accuracy"
    formula = "mean [ŷ = y] over examples, y all labels of one"
    higher_is_better = True
    score_range = (0.0, 1.0)
    outputs = (Labels,)

    def score(self, output: Tensor, target: Tensor) -> float:
        is_right = (output > 0) == (target > 0)
        is_right = (is_right & ~output.isnan()) | target.isnan()
        return is_right.all(1).float().mean().item()

    def chance(self, target: Tensor) -> float | None:
        whole = target[~target.isnan().any(1)]
        if not len(whole):
            return math.nan
        counts = torch.unique(whole, dim=0, return_counts=True)[1]
        return (counts.max() / len(whole)).item()
