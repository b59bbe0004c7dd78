"""famo: equal rates of progress, at the cost of one look back."""

import math
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from workbench.engine.blocks.scalars import Scalars
from workbench.engine.blocks.softmax import softmax
from workbench.engine.roles.balancing import Balancing, BalancingSettings
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.step import Step

#: Added to losses before the logarithm, as in the authors' code.
_EPSILON = 1e-8


class FAMO(Balancing):
    """Makes all losses fall at an equal rate, from their change after each step.

    Algorithm 1 of the paper: the weights are the slopes of c·Σ zᵢ log(Lᵢ − b), c such that they
    sum to 1, times the user's. After the step one more forward pass on the same batch tells how
    each log loss changed, and ξ moves by Adam. A loss is taken for b + 1e-8 at least.
    """

    key = "famo"
    title = "FAMO"
    formula = "L = c · Σᵢ zᵢ log(Lᵢ − b),  z = softmax(ξ),  ξ learned"
    paper = "Liu et al., FAMO: fast adaptive multitask optimization, NeurIPS 2023"
    link = "https://arxiv.org/abs/2306.03792"
    helps = "Many tasks, losses of different sizes: nearly MGDA's aim without a gradient a task."
    weights_sum = "1"

    class Settings(BalancingSettings):
        rate: float = setting(0.025, "Learning rate of ξ.", ge=1e-6, le=1.0)
        decay: float = setting(0.001, "Pull of ξ towards 0, equal weights.", ge=0.0, le=1.0)
        lowest: float = setting(0.0, "b: a bound below all losses.", ge=-1e12, le=1e12)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.logits = Scalars(settings.rate, decay=settings.decay)

    def flow(self, step: "Step") -> "Generator[Tensor, Step, None]":
        names = step.names
        before = self._above(step)
        shares = softmax(self.logits.of(names))
        slopes = [z / value for z, value in zip(shares, before, strict=True)]
        total = sum(slopes)
        weights = [slope / total for slope in slopes]
        after = yield step.tensor([w * p for w, p in zip(weights, step.priorities, strict=True)])
        with torch.no_grad():
            reached = self._above(after)
        falls = [math.log(a / b) for a, b in zip(before, reached, strict=True)]
        mean = sum(z * fall for z, fall in zip(shares, falls, strict=True))
        self.logits.move(names, [z * (f - mean) for z, f in zip(shares, falls, strict=True)])

    def _above(self, step: "Step") -> list[float]:
        """How far each loss is above the bound, more than 0."""
        lowest = self.settings.lowest
        return [max(value - lowest, 0.0) + _EPSILON for value in step.values]

    def state_dict(self) -> dict[str, Any]:
        return {"logits": self.logits.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.logits.load_state_dict(state["logits"])
