"""pcgrad: gradient surgery."""

from collections.abc import Sequence

import torch

from workbench.engine.numerics.solvers import applied
from workbench.engine.roles.balancing import GramianBalancing


class PCGrad(GramianBalancing):
    """Projects each task's gradient off those it conflicts with, and adds up.

    For each i, in a random order of the others: if gᵢ·gⱼ < 0, gᵢ ← gᵢ − (gᵢ·gⱼ/‖gⱼ‖²) gⱼ, where
    gⱼ is the original gradient (Yu et al., NeurIPS 2020, algorithm 1). The directions are sums of
    the gradients, as in the paper's text, not means. The user's weights p multiply the projected
    gradients, which is what multiplying the losses comes to; one that the projections have turned
    against its own task counts once. Computed on the inner products alone, so the cost beyond the
    backward passes does not depend on the number of parameters.
    """

    key = "pcgrad"
    title = "PCGrad"
    formula = "gᵢ ← gᵢ − (gᵢ·gⱼ / ‖gⱼ‖²) gⱼ  wherever gᵢ·gⱼ < 0;  d = Σᵢ pᵢ gᵢ"
    paper = "Yu et al., Gradient surgery for multi-task learning, NeurIPS 2020"
    link = "https://arxiv.org/abs/2001.06782"
    helps = "Tasks whose gradients often point against each other."
    needs = ("shared-parameters",)
    gives = ("small-tasks",)
    weights_sum = "at least T at task weights of 1: T without conflict, more with it"

    def solve_preferred(
        self,
        gramian: list[list[float]],
        names: Sequence[str],
        preference: Sequence[float],
        precision: torch.dtype,
    ) -> list[float]:
        # Plain numbers: for the few tasks there are, a tensor operation costs more than the
        # whole projection. `products[j]` are the inner products of i's projected gradient with
        # every original one, `mine` and `total` the combinations of originals that it and the sum
        # are.
        del names, precision
        n = len(gramian)
        total = [0.0] * n
        keys: list[list[float]] = torch.rand(n, n, generator=self.generator).tolist()
        for i, order in enumerate(keys):
            products, mine = gramian[i], [0.0] * n
            mine[i] = 1.0
            for j in sorted(range(n), key=order.__getitem__):
                # A square that underflowed to 0 belongs to no direction one could project off.
                if j != i and products[j] < 0 < gramian[j][j]:
                    part = products[j] / gramian[j][j]
                    mine[j] -= part
                    products = [a - part * b for a, b in zip(products, gramian[j], strict=True)]
            factor = applied(preference, i, products[i])
            total = [a + factor * b for a, b in zip(total, mine, strict=True)]
        return total
