"""calibration-error: how far sureness is from being right."""

import math

from torch import Tensor

from workbench.engine.numerics.calibration import bins_of
from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import Classes


class CalibrationError(Metric):
    """In 10 bins of how sure the answers are, how far the share of right ones is from that.

    This is the expected calibration error; each bin counts by its examples. 0: of answers that are
    80 % sure 80 % are right. It says nothing of how often they are: a constant answer that knows
    its share is calibrated.
    """

    key = "calibration-error"
    title = "Calibration error"
    formula = "Σ_b n_b/N · |accuracy_b − confidence_b|"
    paper = "Guo et al., On calibration of modern neural networks, ICML 2017"
    link = "https://arxiv.org/abs/1706.04599"
    higher_is_better = False
    score_range = (0.0, 1.0)
    outputs = (Classes,)

    def score(self, output: Tensor, target: Tensor) -> float:
        if output.isnan().any():  # nobody knows how sure that is
            return math.nan
        bins = bins_of(output, target)
        return float((bins.share * (bins.accuracy - bins.confidence).abs()).nansum())
