"""sdmgrad: MGDA near the mean, with an unbiased step of its weights."""

import math
from itertools import chain
from operator import mul
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from workbench.engine.numerics.solvers import onto_simplex
from workbench.engine.roles.balancing import Balancing, BalancingSettings
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.update.step import Step

#: How fast the mean length of the gradients follows that of a batch.
_PACE = 0.1


class SDMGrad(Balancing):
    """Steps that no task pays for and that stay near the mean, made for noisy gradients.

    The weights on the simplex move by projected gradient steps with momentum on ½‖Jᵀ(w + λ/T)‖²,
    whose slope is estimated as J J'ᵀ(w + λ/T) with J and J' the gradients on two independent
    samples, so that noise does not bias it (equation 6 of the paper). The paper draws three
    batches a step: two for the weights, then one for the direction. Here one batch does for all,
    at a third of the cost: its halves are the two samples, and the direction, over the whole of
    it, takes the weights as they were before they saw it. So the direction is not biased either,
    but its weights are one step old. J J'ᵀ and J'Jᵀ are averaged, and divided by T times the
    squared mean length of the gradients, so that a step size of 1 does not overshoot; the
    authors' code leaves out T and takes 10, at which the weights jump between corners. That
    length is a moving average over the batches before: taken from the same products, it would be
    short where noise makes them negative, and bias the steps. The user's weights p make the mean a
    weighted one, which is the paper's preferred direction: so at λ = 0 they are of no account.
    """

    key = "sdmgrad"
    title = "SDMGrad"
    formula = (
        "d = Σᵢ (wᵢ + λpᵢ/T) gᵢ / (1 + λ),  w = argmin over the simplex ½‖Σᵢ (wᵢ + λpᵢ/T) gᵢ‖²"
    )
    paper = "Xiao, Ban & Ji, Direction-oriented multi-objective learning, NeurIPS 2023"
    link = "https://arxiv.org/abs/2305.18409"
    helps = "Small batches, where MGDA's weights follow the noise."
    # Halves of what a named task adapts to and is asked are other tasks: their sum is no gradient.
    needs = ("shared-parameters", "single-update")
    weights_sum = "1 at task weights of 1"
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
        self._length = 0.0

    def weigh(self, step: "Step") -> Tensor:
        """Weights [T] on the tasks' gradients in the shared parameters."""
        first, second = step.halves()
        rows: list[list[float]] = (first @ second.T).tolist()
        part = [i for i, priority in enumerate(step.priorities) if priority != 0]
        products = [[0.5 * (rows[i][j] + rows[j][i]) for j in part] for i in part]
        if not all(map(math.isfinite, chain.from_iterable(rows))):
            sick = [not math.isfinite(row[i]) for i, row in enumerate(rows)]
            return step.tensor([math.nan if is_sick else 1.0 for is_sick in sick])
        scattered = [0.0] * len(rows)
        if part:
            names = [step.names[i] for i in part]
            preference = [step.priorities[i] for i in part]
            for i, weight in zip(part, self._weights_for(products, names, preference), strict=True):
                scattered[i] = weight
        return step.tensor(scattered)

    def _weights_for(
        self, products: list[list[float]], names: list[str], preference: list[float]
    ) -> list[float]:
        """Weights [T] by what was known before, which the products [T, T] then move."""
        weights = onto_simplex([self._weights.get(name, 0.0) for name in names])
        strength, n = self.settings.strength, len(names)
        # All alike are a size of the step, not a preference.
        size = preference[0] if min(preference) == max(preference) else 1.0
        mean = [strength * p / size / n for p in preference]
        length = sum(math.sqrt(abs(row[i])) for i, row in enumerate(products)) / n
        self._length = self._length or length
        moved = self._moved(products, weights, mean)
        self._length += _PACE * (length - self._length)
        self._weights.update(zip(names, moved, strict=True))
        return [size * (w + m) / (1 + strength) for w, m in zip(weights, mean, strict=True)]

    def _moved(
        self, products: list[list[float]], weights: list[float], mean: list[float]
    ) -> list[float]:
        """The weights [T] after their steps, by slopes from the products [T, T]."""
        # Plain numbers: for the few tasks there are, an array costs more than what is done to it.
        momentum, n = self.settings.momentum, len(products)
        gain = self.settings.rate / (self._length**2 * n or 1.0)
        scaled = [[value * gain for value in row] for row in products]
        move = [0.0] * n
        for _ in range(self.settings.steps):
            point = [w + m for w, m in zip(weights, mean, strict=True)]
            move = [
                momentum * m + sum(map(mul, row, point))
                for m, row in zip(move, scaled, strict=True)
            ]
            weights = onto_simplex([w - m for w, m in zip(weights, move, strict=True)])
        return weights

    def state_dict(self) -> dict[str, Any]:
        return {"weights": dict(self._weights), "length": self._length}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._weights = dict(state["weights"])
        self._length = float(state.get("length", 0.0))  # an earlier version kept none
