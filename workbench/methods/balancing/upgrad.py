"""upgrad: the mean of gradients that conflict with none."""

import numpy as np

from workbench.engine.numerics.solvers import Cosines, onto_dual_cone
from workbench.engine.roles.balancing import CosineBalancing


class UPGrad(CosineBalancing):
    """The mean of the gradients, each first projected so as to conflict with none.

    The result conflicts with no task. Solved by an active set, exactly but for T·1e-6 added to the
    cosines' diagonal (TorchJD adds 1e-4). The user's weights p are the paper's preference vector:
    how much of each projected gradient is taken.
    """

    key = "upgrad"
    title = "UPGrad"
    formula = "d = (1/T) Σᵢ pᵢ π(gᵢ),  π(g) the nearest vector with π(g)·gⱼ ≥ 0 for all j"
    paper = "Quinton & Rey, Jacobian descent for multi-objective optimization, 2024"
    link = "https://arxiv.org/abs/2406.16232"
    helps = "Conflict with many tasks: like PCGrad, but without conflict left and without chance."
    needs = ("shared-parameters",)
    gives = ("small-tasks",)
    weights_sum = "at least 1 at task weights of 1: 1 without conflict, more with it"

    def solve_cosines(self, cosines: Cosines) -> list[float]:
        projected = onto_dual_cone(cosines, np.eye(len(cosines.alive)))
        share = 1 / cosines.n_tasks
        lengths = cosines.norms * cosines.preference
        return cosines.weights(share * lengths @ projected, idle=share)
