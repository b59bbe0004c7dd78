"""mgda: the shortest vector in the hull of the gradients."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import Tensor

from workbench.engine.numerics.solvers import Cosines, shortest_in_hull
from workbench.engine.roles.balancing import CosineBalancing, Direction, GradientSettings
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.update.step import Step


class MGDA(CosineBalancing):
    """The shortest vector in the convex hull of the gradients: no task gets worse.

    d · gᵢ ≥ ‖d‖² for every task; d is 0 exactly where the point is Pareto stationary. Solved
    exactly, by an active set, not by the 2018 paper's Frank-Wolfe steps. The hull is that of the
    gᵢ/(pᵢnᵢ), p the user's weights and n what that paper's code normalises by, nothing unless
    asked: so the step gains for each task at least in proportion to pᵢnᵢ. Its length is such that
    the weights on the gradients sum to 1. (That code puts the weights found on the normalised
    gradients on the plain ones, which can lead uphill, and scales by p the other way round, which
    gives the favoured task less.) A task whose gradient is 0 is at its optimum, so nothing moves:
    all weight is on such tasks. Set the weight of a finished task to 0 to go on without it. With
    gradients in the representation it is the 2018 paper's MGDA-UB: of the vectors there the
    shortest is found, whose length bounds that of the direction.
    """

    key = "mgda"
    title = "MGDA"
    formula = "α = argmin ‖Σᵢ αᵢgᵢ/(pᵢnᵢ)‖² over α ≥ 0, Σα = 1;  d ∝ Σᵢ αᵢgᵢ/(pᵢnᵢ)"
    paper = (
        "Désidéri, Multiple-gradient descent algorithm (MGDA), 2012; Sener & Koltun, NeurIPS 2018"
    )
    link = "https://arxiv.org/abs/1810.04650"
    helps = "Steps that no task pays for. Follows the task with the smallest gradient."
    needs = ("shared-parameters",)
    gives = ("small-tasks",)
    weights_sum = "1"

    class Settings(GradientSettings):
        normalisation: Literal["none", "l2", "loss", "loss+"] = setting(
            "none",
            "What each gradient is divided by first: nothing, its length (l2), its loss, or both"
            " (loss+).",
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self._losses: dict[str, float] = {}

    def weigh(self, step: "Step") -> Tensor | Direction:
        """Weights [T] on the tasks' gradients in the shared parameters."""
        if self.settings.normalisation in ("loss", "loss+"):
            self._losses = dict(zip(step.names, step.values, strict=True))
            for name, value in self._losses.items():
                if value < 0:
                    self.notice(f"the loss of {name} is below 0; its size is what divides")
        return super().weigh(step)

    def solve_preferred(
        self,
        gramian: list[list[float]],
        names: Sequence[str],
        preference: Sequence[float],
        precision: torch.dtype,
    ) -> list[float]:
        if self._losses:
            preference = [
                p * (abs(self._losses[name]) or 1.0)
                for p, name in zip(preference or [1.0] * len(names), names, strict=True)
            ]
        return super().solve_preferred(gramian, names, preference, precision)

    def solve_cosines(self, cosines: Cosines) -> list[float]:
        is_unit = self.settings.normalisation in ("l2", "loss+")
        n_still = cosines.n_tasks - len(cosines.alive)
        if n_still:
            alive = set(cosines.alive)
            return [0.0 if i in alive else 1 / n_still for i in range(cosines.n_tasks)]
        if not (is_unit or cosines.has_preference):
            return shortest_in_hull(cosines).tolist()
        sizes = cosines.preference * (cosines.norms if is_unit else 1.0)
        solution = shortest_in_hull(cosines, cosines.norms / sizes) / sizes
        return (solution / solution.sum()).tolist()
