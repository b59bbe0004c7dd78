"""sdmgrad: MGDA near the mean, with an unbiased step of its weights."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from workbench.engine.blocks.solvers import Array, onto_simplex
from workbench.engine.roles.balancing import Balancing, BalancingSettings
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.step import Step


class SDMGrad(Balancing):
    """Steps that no task pays for and that stay near the mean, made for noisy gradients.

    The weights on the simplex move by projected gradient steps with momentum on ½‖Jᵀ(w + λ/T)‖²,
    whose slope is estimated as J J'ᵀ(w + λ/T) with J' the gradients on a second, independent
    batch, so that noise does not bias it (equation 6 of the paper). J is that of the batch that is
    learned from, where the paper draws a third. The matrix is first divided by T times the squared
    mean length of the gradients, so that a step size of 1 does not overshoot; the authors' code
    leaves out T and takes 10, at which the weights jump between corners. The second batch doubles
    a step's cost. The user's task weights scale the gradients first.
    """

    key = "sdmgrad"
    title = "SDMGrad"
    formula = "d = Σᵢ (wᵢ + λ/T) gᵢ / (1 + λ),  w = argmin over the simplex ½‖Σᵢ (wᵢ + λ/T) gᵢ‖²"
    paper = "Xiao, Ban & Ji, Direction-oriented multi-objective learning, NeurIPS 2023"
    link = "https://arxiv.org/abs/2305.18409"
    helps = "Small batches, where MGDA's weights follow the noise."
    needs = ("shared-parameters",)
    weights_sum = "1"
    in_gradient_space = True

    class Settings(BalancingSettings):
        strength: float = setting(
            0.3, "λ: how near the mean; 0 is MGDA, large the mean.", ge=0.0, le=1000.0
        )
        rate: float = setting(
            1.0, "Step size of the weights; above 2 they overshoot.", ge=1e-6, le=1000.0
        )
        momentum: float = setting(0.5, "Momentum of the weights' steps.", ge=0.0, lt=1.0)
        steps: int = setting(20, "Steps of the weights at each update.", ge=1, le=1000)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self._weights: dict[str, float] = {}

    def weigh(self, step: "Step") -> Tensor:
        """Weights [T] on the tasks' gradients in the shared parameters."""
        names, priority = step.names, step.priority
        other = step.fresh()
        again = dict(zip(other.names, other.jacobian, strict=True))
        rows = [again.get(name, row) for name, row in zip(names, step.jacobian, strict=True)]
        products = (step.jacobian @ torch.stack(rows).T) * torch.outer(priority, priority)
        mean = self.settings.strength / len(names)
        weights = self._moved(np.array(products.tolist()), names, mean)
        self._weights.update(zip(names, weights.tolist(), strict=True))
        return step.tensor(((weights + mean) / (1 + self.settings.strength)).tolist()) * priority

    def _moved(self, products: Array, names: Sequence[str], mean: float) -> Array:
        """The weights after their steps; where the products are not finite, NaN."""
        settings = self.settings
        weights = onto_simplex(np.array([self._weights.get(name, 0.0) for name in names]))
        if not np.isfinite(products).all():
            return np.where(np.isfinite(products.diagonal()), weights, np.nan)
        size = np.sqrt(np.maximum(products.diagonal(), 0)).mean() ** 2 * len(names) or 1.0
        velocity = np.zeros(len(names))
        for _ in range(settings.steps):
            velocity = settings.momentum * velocity + products @ (weights + mean) / size
            weights = onto_simplex(weights - settings.rate * velocity)
        return weights

    def state_dict(self) -> dict[str, Any]:
        return {"weights": dict(self._weights)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._weights = dict(state["weights"])
