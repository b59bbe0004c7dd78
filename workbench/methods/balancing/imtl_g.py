"""imtl-g: a direction impartial to all tasks."""

from collections.abc import Sequence

import numpy as np

from workbench.engine.blocks.solvers import TOLERANCE, Cosines, NotSolvedError
from workbench.engine.roles.balancing import GramianBalancing


class IMTLG(GramianBalancing):
    """A direction that projects alike on the direction of every task's gradient.

    In the directions uᵢ = gᵢ/‖gᵢ‖ with cosines C, α = C⁻¹1/‖g‖ scaled to sum to 1. Some α may be
    negative. Tasks without a gradient take no part.
    """

    key = "imtl-g"
    title = "IMTL-G"
    formula = "d = Σᵢ αᵢ gᵢ with d·gᵢ/‖gᵢ‖ the same for all i, Σα = 1"
    paper = "Liu et al., Towards impartial multi-task learning, ICLR 2021"
    link = "https://openreview.net/forum?id=IMPnRXEWpvr"
    helps = "Tasks of very different gradient sizes: each gets the same progress."
    needs = ("shared-parameters",)
    weights_sum = "1"

    def solve(self, gramian: list[list[float]], names: Sequence[str]) -> list[float]:
        del names
        cosines = Cosines.of(gramian)
        found = np.linalg.solve(cosines.matrix, np.ones(len(cosines.alive))) / cosines.norms
        total = found.sum()
        if abs(total) <= TOLERANCE * np.abs(found).sum():
            if len(found) == 0:
                return cosines.weights(found)
            raise NotSolvedError("the weights that give equal projections sum to 0")
        return cosines.weights(found * cosines.norms / total)
