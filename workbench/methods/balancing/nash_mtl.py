"""nash-mtl: the Nash bargaining solution."""

from collections.abc import Sequence

import numpy as np

from workbench.engine.blocks.solvers import Cosines, inverse_power
from workbench.engine.roles.balancing import BalancingSettings, GramianBalancing
from workbench.spec.settings import setting


class NashMTL(GramianBalancing):
    """The bargain: weights with which each task's share of the step is the inverse of its weight.

    Equation 4 of the paper, solved by a few Newton steps to a relative change of 1e-6, each
    update, where the authors' code approximates it by a sequence of convex programs. That code
    also clips ‖d‖ at 1, the paper does not: `max_norm` does it if asked. Tasks without a gradient
    take no part. The step does not shrink near an optimum: let the learning rate fall.
    """

    key = "nash-mtl"
    title = "Nash-MTL"
    formula = "d = Σᵢ αᵢ gᵢ,  Gα = 1/α  (elementwise, α > 0)"
    paper = "Navon et al., Multi-task learning as a bargaining game, ICML 2022"
    link = "https://arxiv.org/abs/2202.01017"
    helps = "Tasks of different loss scales that conflict: invariant to the scale of each."
    needs = ("shared-parameters",)
    weights_sum = "no fixed number: the direction has length √T, whatever the losses' sizes"

    class Settings(BalancingSettings):
        max_norm: float = setting(
            0.0,
            "Longest direction, in units of the gradient; 0 for no limit, 1 in the authors' code.",
            ge=0.0,
            le=1000.0,
        )

    def solve(self, gramian: list[list[float]], names: Sequence[str]) -> list[float]:
        del names
        cosines = Cosines.of(gramian)
        n = len(cosines.alive)
        if n == 0:
            return [0.0] * cosines.n_tasks
        found = inverse_power(cosines.matrix, np.ones(n), 1.0)
        longest = self.settings.max_norm
        if longest and longest < np.sqrt(n):
            found *= longest / np.sqrt(n)
        return cosines.weights(found)
