"""imtl-l: all losses scaled to one size, learned."""

import math
from collections.abc import Sequence
from typing import Any

import torch

from workbench.engine.blocks.balancing.learned_scalars import Scalars
from workbench.engine.roles.balancing import BalancingSettings, LossBalancing
from workbench.spec.settings import setting


class IMTLL(LossBalancing):
    """Learns a scale for each loss that makes them all the same size.

    s starts at 0 and is learned on Σ e^s L − s with the model; each s is moved by an Adam of its
    own at the rate set here, within ±50. Its optimum is e^s L = 1. It needs losses that are not
    below 0, where s has no optimum: while one is, its s rests and the user is told. The user's
    weights multiply the losses, and what is learned does not undo them. The other half of the
    paper's method is `imtl-g`.
    """

    key = "imtl-l"
    title = "IMTL-L"
    formula = "L = Σᵢ e^(sᵢ) Lᵢ − sᵢ,  s learned"
    paper = "Liu et al., Towards impartial multi-task learning, ICLR 2021"
    link = "https://openreview.net/forum?id=IMPnRXEWpvr"
    helps = "Losses of different sizes or units, none below 0; costs no gradient a task."
    weights_sum = "T at the start; Σ 1/Lᵢ in the long run"

    class Settings(BalancingSettings):
        rate: float = setting(0.01, "Learning rate of the logarithms s.", ge=1e-6, le=1.0)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.logs = Scalars(settings.rate)

    def weights_of(self, values: Sequence[float], names: Sequence[str]) -> list[float]:
        weights = [math.exp(s) for s in self.logs.of(names)]
        # Below 0 the sum has no minimum: s would run away.
        fit = [i for i, value in enumerate(values) if value >= 0]
        for i in set(range(len(values))).difference(fit):
            self.notice(
                f"the loss of {names[i]} is below 0, of which no scale can be learned: its "
                "weight stays as it is meanwhile"
            )
        self.logs.move([names[i] for i in fit], [weights[i] * values[i] - 1 for i in fit])
        return weights

    def state_dict(self) -> dict[str, Any]:
        return {"logs": self.logs.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.logs.load_state_dict(state["logs"])
