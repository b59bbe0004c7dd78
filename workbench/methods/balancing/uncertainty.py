"""uncertainty: each task weighed by a learned noise."""

import math
from collections.abc import Sequence
from typing import Any

import torch

from workbench.engine.blocks.scalars import Scalars
from workbench.engine.roles.balancing import BalancingSettings, LossBalancing
from workbench.spec.settings import setting


class Uncertainty(LossBalancing):
    """Learns a noise for each task, and weighs noisy tasks less.

    s = log σ² starts at 0 and is learned on Σ ½e^(−s)L + ½s with the model, without weight decay;
    the factor ½ is kept for every kind of loss. Each s is moved by an Adam of its own at the rate
    set here, within ±50. Its optimum is s = log L: weights ½/L, whatever the losses' sizes.
    """

    key = "uncertainty"
    title = "Uncertainty weighting"
    formula = "L = Σᵢ ½e^(−sᵢ) Lᵢ + ½sᵢ,  s learned"
    paper = "Kendall, Gal & Cipolla, Multi-task learning using uncertainty, CVPR 2018"
    link = "https://arxiv.org/abs/1705.07115"
    helps = "Losses of different sizes or units; no gradients a task, so it costs nothing."
    weights_sum = "T/2 at the start; Σ ½/Lᵢ in the long run"

    class Settings(BalancingSettings):
        rate: float = setting(0.01, "Learning rate of the logarithms s.", ge=1e-6, le=1.0)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.logs = Scalars(settings.rate)

    def weights_of(self, values: Sequence[float], names: Sequence[str]) -> list[float]:
        weights = [0.5 * math.exp(-s) for s in self.logs.of(names)]
        self.logs.move(names, [0.5 - w * v for w, v in zip(weights, values, strict=True)])
        return weights

    def state_dict(self) -> dict[str, Any]:
        return {"logs": self.logs.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.logs.load_state_dict(state["logs"])
