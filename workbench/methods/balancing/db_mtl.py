"""db-mtl: log losses, and gradients of one size."""

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from workbench.engine.roles.balancing import Balancing, BalancingSettings, Direction
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.update.step import Step


class DBMTL(Balancing):
    """Takes the logarithm of each loss, and scales its smoothed gradient to the longest.

    ĝᵢ is the moving average of ∇ log Lᵢ = gᵢ/Lᵢ from 0 on, as in the paper, so that the first step
    is 1 − β of a gradient; it forgets by β/k^σ at step k, as in the authors' code. Heads keep the
    gradient of the plain loss, and the user's task weights multiply each task's part. A loss below
    0 has no logarithm: its gradient is divided by its size, and the user is told. A loss of 0
    leaves its gradient.
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
        # The averages of the tasks of the last step, rows of one piece of memory: it is renewed
        # in place, which for a small model is most of what the method costs.
        self._names: tuple[str, ...] = ()
        self._rows = torch.empty(0, 0)
        self._n_steps = 0

    def weigh(self, step: "Step") -> Direction:
        """The direction [P], and the factors on the tasks' gradients."""
        for name, value in zip(step.names, step.values, strict=True):
            if value < 0:
                self.notice(
                    f"the loss of {name} is below 0, where it has no logarithm: its gradient is"
                    " divided by its size"
                )
        sizes = [abs(value) or 1.0 for value in step.values]
        smoothed = self._smoothed(step, sizes)
        norms: list[float] = torch.linalg.vector_norm(smoothed, dim=1).tolist()
        longest = max(norms)
        factors = [
            longest / (norm or 1.0) * priority
            for norm, priority in zip(norms, step.priorities, strict=True)
        ]
        shown = [factor / size for factor, size in zip(factors, sizes, strict=True)]
        return Direction(step.tensor(factors) @ smoothed, step.tensor(shown))

    def _smoothed(self, step: "Step", sizes: list[float]) -> Tensor:
        """The averages [T, P] with this step's gradients, of losses of these sizes [T]."""
        self._n_steps += 1
        decay = self.settings.beta / self._n_steps**self.settings.sigma
        jacobian = step.jacobian
        if step.names != self._names or jacobian.shape != self._rows.shape:
            self._lay_out(step.names, jacobian)
        factors = step.tensor([(1 - decay) / size for size in sizes])
        self._rows *= decay
        return self._rows.addcmul_(jacobian, factors.unsqueeze(1))

    def _lay_out(self, names: tuple[str, ...], jacobian: Tensor) -> None:
        """Gather these tasks' averages in rows as the Jacobian's."""
        self._names, self._rows = names, torch.zeros_like(jacobian)
        for name, row in zip(names, self._rows, strict=True):
            old = self._averages.get(name)
            if old is not None and old.shape == row.shape:  # a model that grew has none
                row.copy_(old)
            self._averages[name] = row

    def state_dict(self) -> dict[str, Any]:
        averages = {name: row.clone() for name, row in self._averages.items()}
        return {"averages": averages, "n_steps": self._n_steps}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._averages = dict(state["averages"])
        self._names = ()
        self._n_steps = state["n_steps"]
