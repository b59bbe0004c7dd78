"""spearman: whether outputs are in the order of the targets."""

import math

import torch
from torch import Tensor

from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import Values


class Spearman(Metric):
    """The correlation of the ranks of outputs and targets, averaged over the outputs.

    1 where all are in order, whatever the distances; ties have the mean of their ranks. A target
    that never varies has no order and is left out; outputs that never vary score 0.
    """

    key = "spearman"
    title = "Spearman correlation"
    formula = "ρ = corr(rank ŷ, rank y)"
    paper = "Spearman, The proof and measurement of association between two things, 1904"
    link = "https://doi.org/10.2307/1412159"
    higher_is_better = True
    score_range = (-1.0, 1.0)
    outputs = (Values,)

    def score(self, output: Tensor, target: Tensor) -> float:
        output, target = output.detach().cpu().flatten(1), target.detach().cpu().flatten(1)
        if not output.isfinite().all():
            return math.nan
        scores = [
            _correlation(_ranks(output[:, i]), _ranks(target[:, i]))
            for i in range(target.shape[1])
            if (target[:, i] != target[0, i]).any()
        ]
        return sum(scores) / len(scores) if scores else math.nan

    def chance(self, target: Tensor) -> float | None:
        del target
        return 0.0


def _ranks(values: Tensor) -> Tensor:
    """Ranks from 1, the mean of them where several are equal, in double precision."""
    _, inverse, counts = values.unique(return_inverse=True, return_counts=True)
    return (counts.cumsum(0).double() - (counts.double() - 1) / 2)[inverse]


def _correlation(a: Tensor, b: Tensor) -> float:
    a, b = a - a.mean(), b - b.mean()
    size = torch.sqrt(a.square().sum() * b.square().sum())
    return float((a * b).sum() / size) if size > 0 else 0.0
