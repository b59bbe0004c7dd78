"""dualproj: the mean gradient, made to conflict with no task."""

from collections.abc import Sequence

from workbench.engine.blocks.solvers import Cosines, onto_dual_cone
from workbench.engine.roles.balancing import GramianBalancing


class DualProj(GramianBalancing):
    """The mean of the gradients, projected so as to conflict with no task.

    Named so in TorchJD; the projection is GEM's. Solved by an active
    set, exactly but for T·1e-6 added to the cosines' diagonal (TorchJD adds 1e-4).
    """

    key = "dualproj"
    title = "DualProj"
    formula = "d = π((1/T) Σᵢ gᵢ),  π(g) the nearest vector with π(g)·gⱼ ≥ 0 for all j"
    paper = "Lopez-Paz & Ranzato, Gradient episodic memory, NIPS 2017, equation 11"
    link = "https://arxiv.org/abs/1706.08840"
    helps = "The plain mean, changed as little as possible, and only where a task would get worse."
    needs = ("shared-parameters",)
    weights_sum = "at least 1: 1 where the mean hurts no task, more elsewhere"

    def solve(self, gramian: list[list[float]], names: Sequence[str]) -> list[float]:
        del names
        cosines = Cosines.of(gramian)
        share = 1 / cosines.n_tasks
        return cosines.weights(onto_dual_cone(cosines, share * cosines.norms[None])[0], idle=share)
