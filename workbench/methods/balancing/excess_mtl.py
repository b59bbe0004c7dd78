"""excess-mtl: weight where there is most left to learn."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from workbench.engine.roles.balancing import Balancing, BalancingSettings
from workbench.engine.softmax import softmax
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.step import Step


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
        self._squares: dict[str, Tensor] = {}
        self._first: dict[str, float] = {}
        #: Logarithms of the weights, up to a constant.
        self._logs: dict[str, float] = {}

    def weigh(self, step: "Step") -> Tensor:
        """Weights [T] on the tasks' gradients in the shared parameters."""
        names = step.names
        squares = step.jacobian.square()
        sums = torch.stack(
            [self._summed(name, row) for name, row in zip(names, squares, strict=True)]
        )
        self._squares.update(zip(names, sums, strict=True))
        excess: list[float] = (squares / torch.where(sums > 0, sums, 1.0).sqrt()).sum(1).tolist()
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

    def _summed(self, name: str, squares: Tensor) -> Tensor:
        before = self._squares.get(name)
        return squares if before is None or before.shape != squares.shape else before + squares

    def state_dict(self) -> dict[str, Any]:
        return {
            "squares": dict(self._squares),
            "first": dict(self._first),
            "logs": dict(self._logs),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._squares = dict(state["squares"])
        self._first = dict(state["first"])
        self._logs = dict(state["logs"])
