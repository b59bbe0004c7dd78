"""excess-mtl: weight where there is most left to learn."""

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from workbench.engine.numerics.softmax import softmax
from workbench.engine.roles.balancing import Balancing, BalancingSettings
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.update.step import Step

#: The sums start here, not at 0, so that one can divide by their roots.
_TINY = 1e-30


class ExcessMTL(Balancing):
    """Moves weight to the tasks whose loss is farthest above what they could reach.

    The excess of a task is gᵀH⁻¹g with H the root of its summed squared gradients (equations 6 and
    7), divided by the excess at the task's first step; log w rises by η times it and w is put back
    on the simplex (equation 9). The first step only measures. The paper measures the first excess
    over three epochs; here, as in the authors' code, at once. The user's task weights multiply w.
    """

    key = "excess-mtl"
    title = "ExcessMTL"
    formula = "w ∝ w · exp(η Êᵢ/Êᵢ(0)),  Êᵢ = gᵢᵀ diag(Σ g²)^(−1/2) gᵢ,  Σw = 1"
    paper = "He et al., Robust multi-task learning with excess risks, ICML 2024"
    link = "https://arxiv.org/abs/2402.02009"
    helps = "Tasks with noisy labels, whose loss stays high without anything left to learn."
    needs = ("shared-parameters",)
    weights_sum = "1"
    in_gradient_space = True

    class Settings(BalancingSettings):
        rate: float = setting(1.0, "η: how fast the weights move.", ge=1e-6, le=100.0)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        #: Summed squared gradients: of the last step's tasks as one matrix, of others by name.
        self._rows: tuple[str, ...] = ()
        self._sums = torch.zeros(0, 0)
        self._squares: dict[str, Tensor] = {}
        self._first: dict[str, float] = {}
        #: Logarithms of the weights, up to a constant.
        self._logs: dict[str, float] = {}

    def weigh(self, step: "Step") -> Tensor:
        """Weights [T] on the tasks' gradients in the shared parameters."""
        names = step.names
        squares = step.jacobian.square()
        sums = self._summed(names, squares)
        excess: list[float] = torch.linalg.vecdot(squares, sums.rsqrt()).tolist()
        for name, value in zip(names, excess, strict=True):
            if name in self._first:
                first = self._first[name]
                gain = value / first if first else 0.0
                self._logs[name] = self._logs.get(name, 0.0) + self.settings.rate * gain
            else:
                self._first[name] = value
        highest = max(self._logs.values(), default=0.0)
        self._logs = {name: self._logs.get(name, 0.0) - highest for name in self._first}
        shares = softmax([self._logs[name] for name in names])
        return step.tensor([w * p for w, p in zip(shares, step.priorities, strict=True)])

    def _summed(self, names: tuple[str, ...], squares: Tensor) -> Tensor:
        """The tasks' squared gradients [T, P] summed over all steps, this one included."""
        if names != self._rows or self._sums.shape != squares.shape:
            # Other tasks than at the step before, or a model that grew and so starts anew.
            self._squares.update(zip(self._rows, self._sums, strict=True))
            fresh = torch.full_like(squares[0], _TINY)
            sums = [self._squares.get(name, fresh) for name in names]
            rows = [row if row.shape == fresh.shape else fresh for row in sums]
            self._rows, self._sums = names, torch.stack(rows)
        return self._sums.add_(squares)

    def state_dict(self) -> dict[str, Any]:
        squares = {**self._squares, **dict(zip(self._rows, self._sums, strict=True))}
        return {
            "squares": {name: row.clone() for name, row in squares.items()},
            "first": dict(self._first),
            "logs": dict(self._logs),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._squares = dict(state["squares"])
        self._first = dict(state["first"])
        self._logs = dict(state["logs"])
