"""config: conflict-free inverse gradients."""

from collections.abc import Sequence

import numpy as np

from workbench.engine.blocks.solvers import Cosines
from workbench.engine.roles.balancing import GramianBalancing


class ConFIG(GramianBalancing):
    """A direction that projects alike on every task's, as long as all gradients together are on it.

    The direction is IMTL-G's, the length is not. Tasks without a gradient take no part. The
    weights may be negative.
    """

    key = "config"
    title = "ConFIG"
    formula = "d = (Σᵢ gᵢ·û) û,  û the direction with û·gᵢ/‖gᵢ‖ the same for all i"
    paper = "Liu, Chu & Thuerey, ConFIG: towards conflict-free training of PINNs, ICLR 2025"
    link = "https://arxiv.org/abs/2408.11104"
    helps = "Losses of very different sizes that must all fall, as in physics-informed networks."
    needs = ("shared-parameters",)
    weights_sum = (
        "no fixed number: the direction is as long as the gradients' projections on it together"
    )

    def solve(self, gramian: list[list[float]], names: Sequence[str]) -> list[float]:
        del names
        cosines = Cosines.of(gramian)
        found = np.linalg.solve(cosines.matrix, np.ones(len(cosines.alive)))
        # û = Σ found·uᵢ / √total, and û·uᵢ = 1 / √total for every task.
        total = found.sum()
        return cosines.weights(found * cosines.norms.sum() / total if len(found) else found)
