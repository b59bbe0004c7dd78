"""upgrad: the mean of gradients that conflict with none."""

from collections.abc import Sequence

import numpy as np

from workbench.engine.blocks.solvers import Cosines, onto_dual_cone
from workbench.engine.roles.balancing import GramianBalancing


class UPGrad(GramianBalancing):
    """The mean of the gradients, each first projected so as to conflict with none.

    The result conflicts with no task. Solved by an active set, exactly but for T·1e-6 added to the
    cosines' diagonal (TorchJD adds 1e-4).
    """

    key = "upgrad"
    title = "UPGrad"
    formula = "d = (1/T) Σᵢ π(gᵢ),  π(g) the nearest vector with π(g)·gⱼ ≥ 0 for all j"
    paper = "Quinton & Rey, Jacobian descent for multi-objective optimization, 2024"
    link = "https://arxiv.org/abs/2406.16232"
    helps = "Conflict with many tasks: like PCGrad, but without conflict left and without chance."
    needs = ("shared-parameters",)
    weights_sum = "at least 1: 1 without conflict, more with it"

    def solve(self, gramian: list[list[float]], names: Sequence[str]) -> list[float]:
        del names
        cosines = Cosines.of(gramian)
        projected = onto_dual_cone(cosines, np.eye(len(cosines.alive)))
        share = 1 / cosines.n_tasks
        return cosines.weights(share * cosines.norms @ projected, idle=share)
