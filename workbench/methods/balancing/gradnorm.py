"""gradnorm: gradients of one size, the more for slower tasks."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from workbench.engine.blocks.scalars import Scalars
from workbench.engine.roles.balancing import Balancing, BalancingSettings
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.step import Step

#: Learned weights stay above this part of the mean one.
_LOWEST = 1e-3


class GradNorm(Balancing):
    """Learns weights that bring all gradients to one size, larger for tasks that lag behind.

    rᵢ is Lᵢ/Lᵢ(0) over its mean. At each step w moves by Adam against the slope of the sum below,
    its target held constant, is kept above 0.001, and is scaled to sum to T. The norms are of the
    gradients in all shared parameters (the paper takes the last shared layer), and the weights act
    there: heads keep their own gradient. The user's task weights multiply w. A task that had a
    loss of 0 when it was first seen counts as rᵢ ∝ 1.
    """

    key = "gradnorm"
    title = "GradNorm"
    formula = "w ← argmin Σᵢ |‖wᵢgᵢ‖ − Ḡ·rᵢ^α|,  Σw = T"
    paper = "Chen et al., GradNorm: gradient normalization, ICML 2018"
    link = "https://arxiv.org/abs/1711.02257"
    helps = "Tasks of different gradient sizes or speeds, without much conflict."
    needs = ("shared-parameters",)
    weights_sum = "T"
    in_gradient_space = True

    class Settings(BalancingSettings):
        alpha: float = setting(
            1.5, "How strongly tasks that lag behind are favoured; 0 not at all.", ge=0.0, le=10.0
        )
        rate: float = setting(0.025, "Learning rate of the weights.", ge=1e-6, le=1.0)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.learned = Scalars(settings.rate, start=1.0, low=_LOWEST, high=1e6)
        self._first: dict[str, float] = {}

    def weigh(self, step: "Step") -> Tensor:
        """Weights [T] on the tasks' gradients in the shared parameters."""
        names, n = step.names, len(step.names)
        weights = self._scaled(self.learned.of(names))
        found: list[float] = torch.linalg.vector_norm(step.jacobian, dim=1).tolist()
        norms = [weight * norm for weight, norm in zip(weights, found, strict=True)]
        mean = sum(norms) / n
        rates = [self._rate(name, value) for name, value in zip(names, step.values, strict=True)]
        average = sum(rates) / n or 1.0
        wanted = [mean * (rate / average) ** self.settings.alpha for rate in rates]
        self.learned.move(
            names,
            [
                size if norm > target else -size if norm < target else 0.0
                for size, norm, target in zip(found, norms, wanted, strict=True)
            ],
        )
        self.learned.put(names, self._scaled(self.learned.of(names)))
        return step.tensor([w * p for w, p in zip(weights, step.priorities, strict=True)])

    def _scaled(self, weights: list[float]) -> list[float]:
        factor = len(weights) / sum(weights)
        return [weight * factor for weight in weights]

    def _rate(self, name: str, value: float) -> float:
        first = self._first.setdefault(name, value)
        return max(value / first, 0.0) if first else 1.0

    def state_dict(self) -> dict[str, Any]:
        return {"learned": self.learned.state_dict(), "first": dict(self._first)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.learned.load_state_dict(state["learned"])
        self._first = dict(state["first"])
