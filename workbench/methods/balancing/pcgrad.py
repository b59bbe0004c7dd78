"""pcgrad: gradient surgery."""

import numpy as np
import torch
from torch import Tensor

from workbench.engine.roles.balancing import GramianBalancing


class PCGrad(GramianBalancing):
    """Projects each task's gradient off those it conflicts with, and adds up.

    For each i, in a random order of the others: if gᵢ·gⱼ < 0, gᵢ ← gᵢ − (gᵢ·gⱼ/‖gⱼ‖²) gⱼ, where
    gⱼ is the original gradient (Yu et al., NeurIPS 2020, algorithm 1). The directions are sums of
    the gradients, as in the paper's text, not means. Computed on the inner products alone, so the
    cost beyond the backward passes does not depend on the number of parameters.
    """

    key = "pcgrad"
    title = "PCGrad"
    formula = "gᵢ ← gᵢ − (gᵢ·gⱼ / ‖gⱼ‖²) gⱼ  wherever gᵢ·gⱼ < 0;  d = Σᵢ gᵢ"
    paper = "Yu et al., Gradient surgery for multi-task learning, NeurIPS 2020"
    link = "https://arxiv.org/abs/2001.06782"
    helps = "Tasks whose gradients often point against each other."
    needs = ("shared-parameters",)
    weights_sum = "at least T: T without conflict, more with it"

    def weights_of(self, gramian: Tensor) -> Tensor:
        n = len(gramian)
        products = gramian.double().cpu().numpy()
        # Row i holds task i's projected gradient as a combination of the original ones. All rows
        # meet their next opponent at the same time; each has an order of its own.
        projected = np.eye(n)
        keys = torch.rand(n, n, generator=self.generator).numpy()
        np.fill_diagonal(keys, 2.0)
        order = keys.argsort(axis=1)[:, : n - 1]
        rows = np.arange(n)
        squares = products.diagonal()
        for opponents in order.T:
            dots = np.einsum("ij,ij->i", projected, products[opponents])
            conflicts = dots < 0
            if conflicts.any():
                hit = opponents[conflicts]
                projected[rows[conflicts], hit] -= dots[conflicts] / squares[hit]
        weights = torch.from_numpy(projected.sum(axis=0))
        return weights.to(gramian.device, gramian.dtype)
