"""stch: the smooth maximum of the losses."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from torch import Tensor

from workbench.engine.blocks.softmax import log_sum_exp
from workbench.engine.roles.balancing import Balancing, BalancingSettings
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.step import Step


class STCH(Balancing):
    """The smooth maximum of the weighted losses: works on the worst task first.

    Smooth Tchebycheff scalarisation; w are the user's task weights, as they stand (the paper has
    them sum to 1), and one ideal value z serves all tasks.
    """

    key = "stch"
    title = "Smooth Tchebycheff"
    formula = "L = μ · log Σᵢ exp(wᵢ(Lᵢ − z)/μ)"
    paper = "Lin et al., Smooth Tchebycheff scalarization, ICML 2024"
    link = "https://arxiv.org/abs/2402.19078"
    helps = "When no task may be left behind; finds every Pareto point as the weights change."
    weights_sum = "1 at task weights of 1"

    class Settings(BalancingSettings):
        mu: float = setting(
            1.0, "Smoothness: towards 0 only the worst task counts.", ge=1e-6, le=1e6
        )
        ideal: float = setting(0.0, "z: the loss to aim at.", ge=-1e12, le=1e12)

    def weigh(self, step: "Step") -> Tensor:
        """Weights [T], the slopes of the smooth maximum in the losses."""
        terms = self._terms(step.values, step.priorities)
        top = log_sum_exp(terms)
        shares = [math.exp(term - top) for term in terms]
        return step.tensor([a * b for a, b in zip(step.priorities, shares, strict=True)])

    def value(self, values: Sequence[float], priorities: Sequence[float]) -> float:
        """The smooth maximum itself of losses [T] with weights [T]."""
        return self.settings.mu * log_sum_exp(self._terms(values, priorities))

    def _terms(self, values: Sequence[float], priorities: Sequence[float]) -> list[float]:
        mu, ideal = self.settings.mu, self.settings.ideal
        return [w * (value - ideal) / mu for w, value in zip(priorities, values, strict=True)]
