"""cagrad: the best step for the worst-off task, near the mean."""

from typing import Literal

from workbench.engine.numerics.smallest_gain import worst_off_by_pull, worst_off_in_ball
from workbench.engine.numerics.solvers import Cosines
from workbench.engine.roles.balancing import CosineBalancing, GradientSettings
from workbench.spec.settings import setting


class CAGrad(CosineBalancing):
    """The direction near the mean gradient on which the worst-off task gains most.

    Problem 1 of the paper, with g₀ the mean; solved exactly, by active sets. Unless asked the step
    is the paper's algorithm, d itself (TorchJD's too). Where no direction improves all tasks,
    weights that cancel out may become large. Tasks without a gradient count in the mean, not among
    the worst-off.

    The user's weights p make g₀ the weighted mean, (1/T) Σᵢ pᵢgᵢ: the loss that this method brings
    to its minimum. d is then g₀ + λg_w, with λ, how hard the ball lets the worst-off pull, that of
    equal weights. With the ball around the weighted mean itself, a task would at times gain less
    for its larger weight, because the ball turns to those that its pull harms.
    """

    key = "cagrad"
    title = "CAGrad"
    formula = "d = argmax_d minᵢ gᵢ·d  where ‖d − g₀‖ ≤ c‖g₀‖,  g₀ = (1/T) Σᵢ gᵢ"
    paper = "Liu et al., Conflict-averse gradient descent for multi-task learning, NeurIPS 2021"
    link = "https://arxiv.org/abs/2110.14048"
    helps = "Conflict, where the optimum of the mean loss should stay the goal."
    needs = ("shared-parameters",)
    gives = ("small-tasks",)
    weights_sum = "at least 1: 1 at c = 0 and task weights of 1"

    class Settings(GradientSettings):
        c: float = setting(
            0.5,
            "How far from the mean the step may be, as a part of the mean's length; 0 is the mean.",
            ge=0.0,
            lt=1.0,
        )
        rescale: Literal["none", "1+c", "1+c2"] = setting(
            "none",
            "What the step is divided by: nothing as in the paper's algorithm, 1 + c, or 1 + c² as"
            " in the authors' code.",
        )

    def solve_cosines(self, cosines: Cosines) -> list[float]:
        c, share = self.settings.c, 1 / cosines.n_tasks
        if len(cosines.alive) == 0:
            return [share] * cosines.n_tasks
        mean = share * cosines.norms
        pull = worst_off_in_ball(cosines, mean, c)
        mean *= cosines.preference
        if cosines.has_preference:
            pull = worst_off_by_pull(cosines, mean, float((pull / cosines.norms).sum()))
        else:
            pull *= cosines.preference
        divisor = {"none": 1.0, "1+c": 1 + c, "1+c2": 1 + c * c}[self.settings.rescale]
        return cosines.weights((mean + pull) / divisor, idle=share)
