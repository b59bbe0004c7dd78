"""db-mtl: log losses, and gradients of one size."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from workbench.engine.roles.balancing import Balancing, BalancingSettings, Direction
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.step import Step


class DBMTL(Balancing):
    """Takes the logarithm of each loss, and scales its smoothed gradient to the longest.

    ĝᵢ is the moving average of ∇ log Lᵢ = gᵢ/Lᵢ with the forgetting of the authors' code, β/k^σ at
    step k. Heads keep the gradient of the plain loss, and the user's task weights multiply each
    task's part. The size of a loss is taken without its sign; a loss of 0 leaves its gradient.
    """

    key = "db-mtl"
    title = "Dual-balancing"
    formula = "d = maxⱼ‖ĝⱼ‖ · Σᵢ ĝᵢ/‖ĝᵢ‖,  ĝᵢ = EMA of ∇ log Lᵢ"
    paper = "Lin et al., Dual-balancing for multi-task learning, 2023"
    link = "https://arxiv.org/abs/2308.12029"
    helps = "Losses and gradients both of different sizes."
    needs = ("shared-parameters",)
    weights_sum = "no fixed number: of the log losses at least T"
    in_gradient_space = True

    class Settings(BalancingSettings):
        beta: float = setting(
            0.9, "Part of the average kept at the first step; 0 for no average.", ge=0.0, lt=1.0
        )
        sigma: float = setting(
            0.5, "How that part falls with the number of steps k: β/k^σ.", ge=0.0, le=2.0
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self._averages: dict[str, Tensor] = {}
        self._n_steps = 0

    def weigh(self, step: "Step") -> Direction:
        """The direction [P], and the factors on the tasks' gradients."""
        self._n_steps += 1
        kept = self.settings.beta / self._n_steps**self.settings.sigma
        sizes = step.tensor([abs(value) or 1.0 for value in step.values])
        current = step.jacobian / sizes.unsqueeze(1)
        # The averages' rows are those of this step's shared parameters; a model that grew has none.
        rows = [
            row + kept * (old - row)
            if (old := self._averages.get(name)) is not None and old.shape == row.shape
            else row
            for name, row in zip(step.names, current, strict=True)
        ]
        self._averages.update(zip(step.names, rows, strict=True))
        smoothed = torch.stack(rows)
        norms = torch.linalg.vector_norm(smoothed, dim=1)
        factors = norms.max() / torch.where(norms > 0, norms, 1.0) * step.priority
        return Direction(factors @ smoothed, factors / sizes)

    def state_dict(self) -> dict[str, Any]:
        return {"averages": dict(self._averages), "n_steps": self._n_steps}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._averages = dict(state["averages"])
        self._n_steps = state["n_steps"]
