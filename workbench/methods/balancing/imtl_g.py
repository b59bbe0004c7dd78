"""imtl-g: a direction impartial to all tasks."""

import numpy as np

from workbench.engine.numerics.solvers import TOLERANCE, Cosines, NotSolvedError, nearest
from workbench.engine.roles.balancing import CosineBalancing

#: Weights whose sum is this part of their sizes cancel out, in double precision.
_CANCELLED = 1e-10


class IMTLG(CosineBalancing):
    """A direction that projects alike on the direction of every task's gradient.

    In the directions uᵢ = gᵢ/‖gᵢ‖ with cosines C, α = C⁻¹1/‖g‖ scaled to sum to 1. Some α may be
    negative. With the user's weights p it is C⁻¹p/‖g‖, and projections are in proportion to them:
    the paper knows equal ones alone. Of directions that depend on each other, to which no vector
    has such projections, it is the vector with the nearest. Tasks without a gradient take no part.
    """

    key = "imtl-g"
    title = "IMTL-G"
    formula = "d = Σᵢ αᵢ gᵢ with d·gᵢ/‖gᵢ‖ ∝ pᵢ, Σα = 1"
    paper = "Liu et al., Towards impartial multi-task learning, ICLR 2021"
    link = "https://openreview.net/forum?id=IMPnRXEWpvr"
    helps = "Tasks of very different gradient sizes: each gets the same progress."
    needs = ("shared-parameters",)
    gives = ("small-tasks",)
    weights_sum = "1"

    def solve_cosines(self, cosines: Cosines) -> list[float]:
        if len(cosines.alive) == 0:
            return [0.0] * cosines.n_tasks
        cancelled = _CANCELLED if cosines.is_fine else TOLERANCE
        solution = np.linalg.solve(cosines.matrix, cosines.preference) / cosines.norms
        if abs(solution.sum()) <= cancelled * np.abs(solution).sum():
            solution = nearest(cosines.matrix, cosines.preference) / cosines.norms
        total = solution.sum()
        if abs(total) <= cancelled * np.abs(solution).sum():
            raise NotSolvedError("the weights that give equal projections sum to 0")
        return cosines.weights(solution * cosines.norms / total)
