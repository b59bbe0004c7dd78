"""SharedFeatures: what all heads read of a batch, and the gradients of the losses in it.

With Z what the heads read, a loss's gradient in the shared parameters is (∂Z/∂θ)ᵀ ∂L/∂Z. To compare
∂L/∂Z takes one backward pass through the heads for all tasks, and ‖Σ αᵢ ∂Lᵢ/∂θ‖ is at most ‖∂Z/∂θ‖
times ‖Σ αᵢ ∂Lᵢ/∂Z‖ (Sener & Koltun, NeurIPS 2018, section 3.3).
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from workbench.engine.numerics.flat_parameters import flatten
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.sharing import Sharing
from workbench.engine.update.jacobian import Gradients, backward


class SharedFeatures:
    """The features of a batch with its graph, and the outputs [B, …] by task made from them."""

    def __init__(self, model: Sharing, batch: Batch) -> None:
        read = model.features(batch)
        #: Features that hold one input are one object: each is kept once.
        self._distinct = list({id(x): x for x in read.values()}.values())
        self._places = {name: self._place(x) for name, x in read.items()}
        # The same numbers, in a place of each task's own: one pass gives every loss's slopes apart.
        self._handed = {name: x.view_as(x) for name, x in read.items()}
        self.outputs = model.answers(self._handed)
        self._slopes = torch.empty(0)

    def _place(self, features: Tensor) -> int:
        return next(i for i, x in enumerate(self._distinct) if x is features)

    def gradients(
        self, losses: Sequence[Tensor], own: Sequence[Sequence[nn.Parameter]]
    ) -> Gradients:
        """Of the losses of all tasks, in all features in a row and in the parameters `own` by each.

        The losses are scalars, or one tensor [T]. Rows are 0 in features that a task does not read.
        """
        parameters = [p for mine in own for p in mine]
        handed = list(self._handed.values())
        ones = tuple(torch.ones_like(loss) for loss in losses)
        gradients = backward(tuple(losses), ones, (*handed, *parameters))
        pieces = zip(gradients[: len(handed)], handed, strict=True)
        slopes = [torch.zeros_like(x) if slope is None else slope for slope, x in pieces]
        self._slopes = self._side_by_side(slopes)
        rest = iter(gradients[len(handed) :])
        return Gradients(self._slopes, [[next(rest) for _ in mine] for mine in own])

    def _side_by_side(self, slopes: list[Tensor]) -> Tensor:
        """Slopes [B, …] by task as rows [T, n]."""
        if len(self._distinct) == 1:
            return torch.stack(slopes).flatten(1)
        ends = torch.tensor([x.numel() for x in self._distinct]).cumsum(0).tolist()
        rows = slopes[0].new_zeros(len(slopes), ends[-1])
        for row, slope, place in zip(rows, slopes, self._places.values(), strict=True):
            row[ends[place] - slope.numel() : ends[place]] = slope.reshape(-1)
        return rows

    def combined(
        self, weights: Tensor, losses: Sequence[Tensor], shared: Sequence[nn.Parameter]
    ) -> tuple[Tensor, tuple[int, ...]]:
        """Σ wᵢ ∂Lᵢ/∂θ [P] by the chain rule, and the places of parameters that no loss reaches.

        One backward pass through what lies below the features; `gradients` was asked before.
        """
        starts = (weights @ self._slopes).split([x.numel() for x in self._distinct])
        pairs = zip(starts, self._distinct, strict=True)
        begun = tuple(start.view_as(x) for start, x in pairs)
        pieces = list(backward(tuple(self._distinct), begun, tuple(shared)))
        above = [i for i, piece in enumerate(pieces) if piece is None]
        if above:  # a head that several tasks use
            ones = (weights,) if len(losses) < len(weights) else weights.unbind()
            gradients = backward(tuple(losses), tuple(ones), tuple(shared[i] for i in above))
            for i, piece in zip(above, gradients, strict=True):
                pieces[i] = piece
        unused = tuple(i for i, piece in enumerate(pieces) if piece is None)
        return flatten(pieces, shared), unused
