"""Vector: parameters in one stretch of memory, and gradients laid out as they are."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class Vector:
    """Several parameters seen as one, `whole` [P]; each stays what it was, at its old value.

    For an optimizer whose cost on a small model is the number of tensors, not their size.
    """

    def __init__(self, parameters: Sequence[nn.Parameter]) -> None:
        self.parameters = list(parameters)
        pieces = [parameter.detach().reshape(-1) for parameter in parameters]
        self.whole = nn.Parameter(torch.cat(pieces))
        places = self.whole.detach().split([len(piece) for piece in pieces])
        for parameter, place in zip(parameters, places, strict=True):
            parameter.data = place.view_as(parameter)

    def holds(self, parameters: Sequence[nn.Parameter]) -> bool:
        """Whether these, in this order, are its parameters."""
        return [id(p) for p in parameters] == [id(p) for p in self.parameters]

    def gather(self) -> None:
        """Take the parameters' gradients as the whole's, unless it has been given one."""
        if self.whole.grad is None:
            found = [parameter.grad for parameter in self.parameters]
            self.whole.grad = flatten(found, self.parameters)


def flatten(gradients: Sequence[Tensor | None], parameters: Sequence[Tensor]) -> Tensor:
    """Gradients of the parameters as one vector [P]; a gradient that is missing counts as 0."""
    pieces = [
        p.new_zeros(p.numel()) if g is None else g.reshape(-1)
        for g, p in zip(gradients, parameters, strict=True)
    ]
    return torch.cat(pieces) if pieces else torch.empty(0)


def scatter(vector: Tensor, parameters: Sequence[nn.Parameter]) -> None:
    """Set the parameters' gradients to views of a vector [P]."""
    pieces: tuple[Tensor, ...] = vector.split([p.numel() for p in parameters])
    for parameter, piece in zip(parameters, pieces, strict=True):
        parameter.grad = piece.view_as(parameter)
