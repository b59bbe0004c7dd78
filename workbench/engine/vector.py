"""Vector: parameters in one stretch of memory, which an optimizer moves in one go."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Sequence

import torch
from torch import nn

from workbench.engine.step import flatten


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
