"""dualproj: the mean gradient, made to conflict with no task."""

from workbench.engine.numerics.solvers import Cosines, onto_dual_cone
from workbench.engine.roles.balancing import CosineBalancing


class DualProj(CosineBalancing):
    """The mean of the gradients, projected so as to conflict with no task.

    Named so in TorchJD; the projection is GEM's. Solved by an active
    set, exactly but for T·1e-6 added to the cosines' diagonal (TorchJD adds 1e-4). The user's
    weights p make the mean a weighted one.
    """

    key = "dualproj"
    title = "DualProj"
    formula = "d = π((1/T) Σᵢ pᵢgᵢ),  π(g) the nearest vector with π(g)·gⱼ ≥ 0 for all j"
    paper = "Lopez-Paz & Ranzato, Gradient episodic memory, NIPS 2017, equation 11"
    link = "https://arxiv.org/abs/1706.08840"
    helps = "The plain mean, changed as little as possible, and only where a task would get worse."
    needs = ("shared-parameters",)
    gives = ("small-tasks",)
    weights_sum = "at least 1: 1 at task weights of 1 where the mean hurts no task"

    def solve_cosines(self, cosines: Cosines) -> list[float]:
        share = 1 / cosines.n_tasks
        mean = share * cosines.norms * cosines.preference
        (projected,) = onto_dual_cone(cosines, mean[None])
        return cosines.weights(projected, idle=share)
