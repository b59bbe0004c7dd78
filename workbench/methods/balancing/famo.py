"""famo: equal rates of progress, at the cost of one look back."""

import math
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from workbench.engine.blocks.balancing.learned_scalars import Scalars
from workbench.engine.numerics.softmax import softmax
from workbench.engine.roles.balancing import Balancing, BalancingSettings
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.update.step import Step

#: Added to losses before the logarithm, as in the authors' code.
_EPSILON = 1e-8


class FAMO(Balancing):
    """Makes all losses fall at an equal rate, from their change after each step.

    Algorithm 1 of the paper: the weights are the slopes of c·Σ zᵢ log(Lᵢ − b), c such that they
    sum to 1. After the step one more forward pass on the same batch tells how each log loss
    changed, and ξ moves by Adam. The user's weights p are what the rates are to be in proportion
    to: of log(Lᵢ − b)/pᵢ, with z ∝ p² e^ξ, so that without a ξ learned yet they multiply the
    weights. (Multiplying afterwards, they would be undone by what ξ learns.) A loss is taken for
    b + 1e-8 at least, and of one that is below b the user is told.
    """

    key = "famo"
    title = "FAMO"
    formula = "L = c · Σᵢ zᵢ/pᵢ · log(Lᵢ − b),  z = softmax(ξ + 2 log p),  ξ learned"
    paper = "Liu et al., FAMO: fast adaptive multitask optimization, NeurIPS 2023"
    link = "https://arxiv.org/abs/2306.03792"
    helps = "Many tasks, losses of different sizes: nearly MGDA's aim without a gradient a task."
    weights_sum = "1"

    class Settings(BalancingSettings):
        rate: float = setting(0.025, "Learning rate of ξ.", ge=1e-6, le=1.0)
        decay: float = setting(0.001, "Pull of ξ towards 0, equal weights.", ge=0.0, le=1.0)
        lowest: float = setting(
            0.0, "b: a bound below all losses; 0 where none is negative.", ge=-1e12, le=1e12
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.logits = Scalars(settings.rate, decay=settings.decay)

    def weigh_with_lookback(self, step: "Step") -> "Generator[Tensor, Step, None]":
        part = [i for i, priority in enumerate(step.priorities) if priority != 0]
        if not part:
            yield step.priority
            return
        names = [step.names[i] for i in part]
        preference = [step.priorities[i] for i in part]
        before = self._above(step, part)
        logits = self.logits.of(names)
        shares = softmax([x + 2 * math.log(p) for x, p in zip(logits, preference, strict=True)])
        slopes = [z / p / v for z, p, v in zip(shares, preference, before, strict=True)]
        total = sum(slopes)
        weights = [0.0] * len(step.names)
        for i, slope in zip(part, slopes, strict=True):
            weights[i] = slope / total
        after = yield step.tensor(weights)
        with torch.no_grad():
            reached = self._above(after, part)
        if not all(map(math.isfinite, reached)):
            return  # the next step tells that the run has diverged, and in which task
        falls = [math.log(a / b) / p for a, b, p in zip(before, reached, preference, strict=True)]
        mean = sum(z * fall for z, fall in zip(shares, falls, strict=True))
        self.logits.move(names, [z * (f - mean) for z, f in zip(shares, falls, strict=True)])

    def _above(self, step: "Step", part: Sequence[int]) -> list[float]:
        """How far each of these losses is above the bound, more than 0."""
        lowest = self.settings.lowest
        for i in part:
            if step.values[i] < lowest:
                self.notice(
                    f"the loss of {step.names[i]} is below the bound of {lowest:g}, and is taken"
                    " for that: set a bound, lowest, that all losses stay above"
                )
        return [max(step.values[i] - lowest, 0.0) + _EPSILON for i in part]

    def state_dict(self) -> dict[str, Any]:
        return {"logits": self.logits.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.logits.load_state_dict(state["logits"])
