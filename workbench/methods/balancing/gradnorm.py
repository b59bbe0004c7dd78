"""gradnorm: gradients of one size, the more for slower tasks."""

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from workbench.engine.blocks.balancing.learned_scalars import Scalars
from workbench.engine.roles.balancing import FEATURES_DEMAND, Balancing, GradientSettings
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.update.step import Step


class GradNorm(Balancing):
    """Learns weights that bring all gradients to one size, larger for tasks that lag behind.

    rᵢ is Lᵢ/Lᵢ(0) over its mean. At each step w moves by Adam against the slope of the sum below,
    its target held constant, is kept above a floor, and is scaled to sum to T. The norms are of the
    gradients in all shared parameters, in the last shared layer as in the paper, or in what the
    heads read; the weights act on all: heads keep their own gradient. The user's task weights
    multiply w. Lᵢ/Lᵢ(0) says how much is left to learn only where no loss is below 0: of a task
    where one is, as of one whose first loss was 0, the ratio counts as 1, and of the former the
    user is told.
    """

    key = "gradnorm"
    title = "GradNorm"
    formula = "w ← argmin Σᵢ |‖wᵢgᵢ‖ − Ḡ·rᵢ^α|,  Σw = T"
    paper = "Chen et al., GradNorm: gradient normalization, ICML 2018"
    link = "https://arxiv.org/abs/1711.02257"
    helps = "Tasks of different gradient sizes or speeds, losses above 0, without much conflict."
    needs = ("shared-parameters",)
    weights_sum = "T"
    in_gradient_space = True
    demands_at = FEATURES_DEMAND
    judged = ("gradients_in",)

    class Settings(GradientSettings):
        alpha: float = setting(
            1.5, "How strongly tasks that lag behind are favoured; 0 not at all.", ge=0.0, le=10.0
        )
        rate: float = setting(0.025, "Learning rate of the weights.", ge=1e-6, le=1.0)
        floor: float = setting(
            1e-3,
            "Smallest weight, where the mean is 1: gradients further apart do not become equal.",
            gt=0.0,
            le=0.5,
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.learned = Scalars(settings.rate, start=1.0, low=settings.floor, high=1e6)
        self._first: dict[str, float] = {}

    def weigh(self, step: "Step") -> Tensor:
        """Weights [T] on the tasks' gradients in the shared parameters."""
        names, n = step.names, len(step.names)
        weights = self._scaled(self.learned.of(names))
        measured = step.compared(self.settings.gradients_in)
        raw_norms: list[float] = torch.linalg.vector_norm(measured, dim=1).tolist()
        norms = [weight * norm for weight, norm in zip(weights, raw_norms, strict=True)]
        mean = sum(norms) / n
        rates = [self._rate(name, value) for name, value in zip(names, step.values, strict=True)]
        average = sum(rates) / n or 1.0
        wanted = [mean * (rate / average) ** self.settings.alpha for rate in rates]
        self.learned.move(
            names,
            [
                size if norm > target else -size if norm < target else 0.0
                for size, norm, target in zip(raw_norms, norms, wanted, strict=True)
            ],
        )
        self.learned.put(names, self._scaled(self.learned.of(names)))
        return step.tensor([w * p for w, p in zip(weights, step.priorities, strict=True)])

    def _scaled(self, weights: list[float]) -> list[float]:
        factor = len(weights) / sum(weights)
        return [weight * factor for weight in weights]

    def _rate(self, name: str, value: float) -> float:
        first = self._first.setdefault(name, value)
        if min(first, value) < 0:
            self.notice(
                f"the loss of {name} is below 0, where its ratio to the first says nothing of the"
                " pace: it counts as 1"
            )
            return 1.0
        return value / first if first else 1.0

    def state_dict(self) -> dict[str, Any]:
        return {"learned": self.learned.state_dict(), "first": dict(self._first)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.learned.load_state_dict(state["learned"])
        self._first = dict(state["first"])
