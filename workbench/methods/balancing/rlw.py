"""rlw: weights drawn at random."""

from collections.abc import Sequence

import torch

from workbench.engine.numerics.softmax import softmax
from workbench.engine.roles.balancing import LossBalancing


class RLW(LossBalancing):
    """Draws new weights at each step, the softmax of normal numbers.

    A baseline: what random weights reach, a method of balancing should beat.
    """

    key = "rlw"
    title = "Random loss weighting"
    formula = "w = T · softmax(z),  z ~ N(0, I) at each step"
    paper = "Lin et al., Reasonable effectiveness of random weighting, TMLR 2022"
    link = "https://arxiv.org/abs/2111.10603"
    helps = "As a baseline. The noise alone sometimes helps to leave a bad optimum."
    gives = ("small-tasks",)
    weights_sum = "T"

    def weights_of(self, values: Sequence[float], names: Sequence[str]) -> list[float]:
        del values
        drawn: list[float] = torch.randn(len(names), generator=self.generator).tolist()
        return [len(names) * share for share in softmax(drawn)]
