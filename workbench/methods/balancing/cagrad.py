"""cagrad: the best step for the worst-off task, near the mean."""

from collections.abc import Sequence

from workbench.engine.blocks.solvers import Cosines, worst_off_in_ball
from workbench.engine.roles.balancing import BalancingSettings, GramianBalancing
from workbench.spec.settings import setting


class CAGrad(GramianBalancing):
    """The direction near the mean gradient on which the worst-off task gains most.

    Problem 1 of the paper, with g₀ the mean; solved exactly, by active sets. Of the two scalings
    in use it is the paper's algorithm: d itself (TorchJD's too), not d/(1+c²). Where no direction
    improves all tasks, weights that cancel out may become large. Tasks without a gradient count in
    the mean, not among the worst-off.
    """

    key = "cagrad"
    title = "CAGrad"
    formula = "d = argmax_d minᵢ gᵢ·d  where ‖d − g₀‖ ≤ c‖g₀‖,  g₀ = (1/T) Σᵢ gᵢ"
    paper = "Liu et al., Conflict-averse gradient descent for multi-task learning, NeurIPS 2021"
    link = "https://arxiv.org/abs/2110.14048"
    helps = "Conflict, where the optimum of the mean loss should stay the goal."
    needs = ("shared-parameters",)
    weights_sum = "at least 1: 1 at c = 0"

    class Settings(BalancingSettings):
        c: float = setting(
            0.5,
            "How far from the mean the step may be, as a part of the mean's length; 0 is the mean.",
            ge=0.0,
            lt=1.0,
        )

    def solve(self, gramian: list[list[float]], names: Sequence[str]) -> list[float]:
        del names
        cosines = Cosines.of(gramian)
        share = 1 / cosines.n_tasks
        mean = share * cosines.norms
        return cosines.weights(mean + worst_off_in_ball(cosines, mean, self.settings.c), idle=share)
