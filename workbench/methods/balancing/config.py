"""config: conflict-free inverse gradients."""

import numpy as np

from workbench.engine.numerics.solvers import Cosines
from workbench.engine.roles.balancing import CosineBalancing


class ConFIG(CosineBalancing):
    """A direction that projects alike on every task's, as long as all gradients together are on it.

    The direction is IMTL-G's, the length is not. The user's weights p are the authors' direction
    weights: what each task's projection is in proportion to. Tasks without a gradient take no part.
    The weights found may be negative.
    """

    key = "config"
    title = "ConFIG"
    formula = "d = (Σᵢ gᵢ·û) û,  û the direction with û·gᵢ/‖gᵢ‖ ∝ pᵢ"
    paper = "Liu, Chu & Thuerey, ConFIG: towards conflict-free training of PINNs, ICLR 2025"
    link = "https://arxiv.org/abs/2408.11104"
    helps = "Losses of very different sizes that must all fall, as in physics-informed networks."
    needs = ("shared-parameters",)
    gives = ("small-tasks",)
    weights_sum = (
        "no fixed number: the direction is as long as the gradients' projections on it together"
    )

    def solve_cosines(self, cosines: Cosines) -> list[float]:
        preference = cosines.preference
        solution = np.linalg.solve(cosines.matrix, preference)
        # û = Σ solution·uᵢ / √total, and û·uᵢ = pᵢ / √total for every task.
        total = solution @ preference
        length = cosines.norms @ preference
        return cosines.weights(solution * length / total if len(solution) else solution)
