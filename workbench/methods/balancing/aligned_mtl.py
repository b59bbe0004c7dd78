"""aligned-mtl: gradients without condition number."""

from collections.abc import Sequence

import numpy as np

from workbench.engine.blocks.solvers import Cosines
from workbench.engine.roles.balancing import GramianBalancing

#: Eigenvalues of cosines below this are rounding.
_PARALLEL = 1e-5
#: Singular values below this part of the largest are rounding.
_SMALLEST = 1e-15


class AlignedMTL(GramianBalancing):
    """The mean of the gradients after making all singular values of the Jacobian equal.

    All become the smallest that is not 0, as in the paper's algorithm 1. What counts as 0 is
    judged on the gradients' directions, so that a task with a small gradient stays one: gradients
    are taken for dependent where an eigenvalue of their cosines is below 1e-5. Tasks without a
    gradient take no part.
    """

    key = "aligned-mtl"
    title = "Aligned-MTL"
    formula = "α = √λ_min · V Λ^(−1/2) Vᵀ · (1/T),  G = V Λ Vᵀ"
    paper = "Senushkin et al., Independent component alignment for multi-task learning, CVPR 2023"
    link = "https://arxiv.org/abs/2305.19000"
    helps = "Gradients of very different sizes, or much in conflict: makes them a stable system."
    needs = ("shared-parameters",)
    weights_sum = "at most 1: 1 for orthogonal gradients of one size"

    def solve(self, gramian: list[list[float]], names: Sequence[str]) -> list[float]:
        del names
        cosines = Cosines.of(gramian, ridge=0.0)
        share = 1 / cosines.n_tasks
        if len(cosines.alive) == 0:
            return [share] * cosines.n_tasks
        values, vectors = np.linalg.eigh(cosines.matrix)
        kept = values > _PARALLEL
        # The gradients themselves, in as many dimensions as they span: no inner product of two
        # large ones hides a small one.
        gradients = cosines.norms[:, None] * vectors[:, kept] * np.sqrt(values[kept])
        left, sizes, _ = np.linalg.svd(gradients, full_matrices=False)
        sizes = np.maximum(sizes, _SMALLEST * sizes[0])
        balance = (left * (sizes[-1] / sizes)) @ left.sum(0)
        return cosines.weights(share * balance * cosines.norms, idle=share)
