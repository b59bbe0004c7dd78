"""r2: the share of the targets' variance that is explained."""

import torch
from torch import Tensor

from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import PixelValues, Values


class R2(Metric):
    """The share of the targets' variance that the outputs explain; 0 is guessing their mean.

    R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)², averaged over the outputs, in double precision. A target that
    never varies scores 1 if it is met exactly and 0 if not, as in scikit-learn.
    """

    key = "r2"
    title = "R²"
    formula = "R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²"
    higher_is_better = True
    score_range = (None, 1.0)
    outputs = (Values, PixelValues)
    usual = (Values,)
    has_zero = False

    def score(self, output: Tensor, target: Tensor) -> float:
        target = target.double()
        residual = (output.double() - target).square().sum(0)
        total = (target - target.mean(0)).square().sum(0)
        is_constant = total == 0
        explained = 1 - residual / total.where(~is_constant, total.new_ones(()))
        # An output that is no number meets nothing, and misses by no known amount.
        met = (residual == 0).double().where(residual.isfinite(), torch.nan)
        return explained.where(~is_constant, met).mean().item()

    def chance(self, target: Tensor) -> float | None:
        del target
        return 0.0
