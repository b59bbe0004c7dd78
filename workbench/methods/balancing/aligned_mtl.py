"""aligned-mtl: gradients without condition number."""

import numpy as np

from workbench.engine.numerics.solvers import Cosines
from workbench.engine.roles.balancing import CosineBalancing

#: Singular values below this part of the largest are rounding.
_SMALLEST = 1e-15


class AlignedMTL(CosineBalancing):
    """The mean of the gradients after making all singular values of the Jacobian equal.

    All become the smallest that is not 0, as in the paper's algorithm 1. What counts as 0 is
    judged on the gradients' directions, so that a task with a small gradient stays one: gradients
    are taken for dependent where an eigenvalue of their cosines is below T times the rounding of
    one number, 1.2e-7 in single precision, of the largest. The cut is that of the authors' code,
    which makes it on the gradients as they are. The user's weights p take the place of the ones
    that the mean is made with: the paper's weights of the tasks. Tasks without a gradient take no
    part.
    """

    has_ridge = False

    key = "aligned-mtl"
    title = "Aligned-MTL"
    formula = "α = √λ_min · V Λ^(−1/2) Vᵀ · (p/T),  G = V Λ Vᵀ"
    paper = "Senushkin et al., Independent component alignment for multi-task learning, CVPR 2023"
    link = "https://arxiv.org/abs/2305.19000"
    helps = "Gradients of very different sizes, or much in conflict: makes them a stable system."
    needs = ("shared-parameters",)
    gives = ("small-tasks",)
    weights_sum = "at most 1 at task weights of 1: 1 for orthogonal gradients of one size"

    def solve_cosines(self, cosines: Cosines) -> list[float]:
        share = 1 / cosines.n_tasks
        if len(cosines.alive) == 0:
            return [share] * cosines.n_tasks
        values, vectors = np.linalg.eigh(cosines.matrix)
        is_kept = values > cosines.n_tasks * cosines.rounding * values[-1]
        # The gradients themselves, in as many dimensions as they span: no inner product of two
        # large ones hides a small one.
        gradients = cosines.norms[:, None] * vectors[:, is_kept] * np.sqrt(values[is_kept])
        left, sizes, _ = np.linalg.svd(gradients, full_matrices=False)
        sizes = np.maximum(sizes, _SMALLEST * sizes[0])
        balance = (left * (sizes[-1] / sizes)) @ (cosines.preference @ left)
        return cosines.weights(share * balance * cosines.norms, idle=share)
