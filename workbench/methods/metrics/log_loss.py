"""log-loss: how much the right class was doubted."""

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import Classes


class LogLoss(Metric):
    """The mean of −log p of the right class: cross-entropy, whatever loss is learned.

    Sure and wrong costs most. A constant answer scores the entropy of the classes at best.
    """

    key = "log-loss"
    title = "Log loss"
    formula = "−mean log p(y)"
    higher_is_better = False
    score_range = (0.0, None)
    outputs = (Classes,)

    def score(self, output: Tensor, target: Tensor) -> float:
        return functional.cross_entropy(output.double(), target).item()

    def chance(self, target: Tensor) -> float | None:
        shares = target.bincount().double() / len(target)
        return float(-torch.special.xlogy(shares, shares).sum())
