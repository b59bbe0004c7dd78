"""imtl-l: all losses scaled to one size, learned."""

import math
from collections.abc import Sequence
from typing import Any

import torch

from workbench.engine.blocks.scalars import Scalars
from workbench.engine.roles.balancing import BalancingSettings, LossBalancing
from workbench.spec.settings import setting


class IMTLL(LossBalancing):
    """Learns a scale for each loss that makes them all the same size.

    s starts at 0 and is learned on Σ e^s L − s with the model; each s is moved by an Adam of its
    own at the rate set here, within ±50. Its optimum is e^s L = 1. The other half of the paper's
    method is `imtl-g`.
    """

    key = "imtl-l"
    title = "IMTL-L"
    formula = "L = Σᵢ e^(sᵢ) Lᵢ − sᵢ,  s learned"
    paper = "Liu et al., Towards impartial multi-task learning, ICLR 2021"
    link = "https://openreview.net/forum?id=IMPnRXEWpvr"
    helps = "Losses of different sizes or units; no gradients a task, so it costs nothing."
    weights_sum = "T at the start; Σ 1/Lᵢ in the long run"

    class Settings(BalancingSettings):
        rate: float = setting(0.01, "Learning rate of the logarithms s.", ge=1e-6, le=1.0)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.logs = Scalars(settings.rate)

    def weights_of(self, values: Sequence[float], names: Sequence[str]) -> list[float]:
        weights = [math.exp(s) for s in self.logs.of(names)]
        self.logs.move(names, [w * v - 1 for w, v in zip(weights, values, strict=True)])
        return weights

    def state_dict(self) -> dict[str, Any]:
        return {"logs": self.logs.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.logs.load_state_dict(state["logs"])
