"""uncertainty: each task weighed by a learned noise."""

import math
from collections.abc import Sequence
from typing import Any

import torch

from workbench.engine.blocks.balancing.learned_scalars import Scalars
from workbench.engine.roles.balancing import BalancingSettings, LossBalancing
from workbench.spec.settings import setting


class Uncertainty(LossBalancing):
    """Learns a noise for each task, and weighs noisy tasks less.

    s = log σ² starts at 0 and is learned on Σ ½e^(−s)L + ½s with the model, without weight decay;
    the factor ½ is kept for every kind of loss. Each s is moved by an Adam of its own at the rate
    set here, within ±50. Its optimum is s = log L: weights ½/L, whatever the losses' sizes. It
    needs losses that are not below 0, where s has no optimum: while one is, its s rests and the
    user is told. The user's weights multiply the losses, and what is learned does not undo them.
    """

    key = "uncertainty"
    title = "Uncertainty weighting"
    formula = "L = Σᵢ ½e^(−sᵢ) Lᵢ + ½sᵢ,  s learned"
    paper = "Kendall, Gal & Cipolla, Multi-task learning using uncertainty, CVPR 2018"
    link = "https://arxiv.org/abs/1705.07115"
    helps = "Losses of different sizes or units, none below 0; costs no gradient a task."
    weights_sum = "T/2 at the start; Σ ½/Lᵢ in the long run"

    class Settings(BalancingSettings):
        rate: float = setting(0.01, "Learning rate of the logarithms s.", ge=1e-6, le=1.0)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.logs = Scalars(settings.rate)

    def weights_of(self, values: Sequence[float], names: Sequence[str]) -> list[float]:
        weights = [0.5 * math.exp(-s) for s in self.logs.of(names)]
        # Below 0 the sum has no minimum: s would run away.
        fit = [i for i, value in enumerate(values) if value >= 0]
        for i in set(range(len(values))).difference(fit):
            self.notice(
                f"the loss of {names[i]} is below 0, of which no noise can be learned: its "
                "weight stays as it is meanwhile"
            )
        self.logs.move([names[i] for i in fit], [0.5 - weights[i] * values[i] for i in fit])
        return weights

    def state_dict(self) -> dict[str, Any]:
        return {"logs": self.logs.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.logs.load_state_dict(state["logs"])
