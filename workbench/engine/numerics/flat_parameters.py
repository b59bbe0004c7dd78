"""Vector: parameters in one stretch of memory, and gradients laid out as they are."""

from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise
from typing import Any

import torch
from torch import Tensor, nn


class Vector:
    """Several parameters in one piece of memory; each stays what it was, at its old value.

    For an optimizer whose cost on a small model is the number of tensors, not their size: it moves
    `stretches` of them, at first one. Where a step uses some parameters of a stretch and others
    not, it is cut, with what the optimizer keeps of it, so that what has no gradient rests: its
    momentum, its Adam steps and its decay too.
    """

    def __init__(self, parameters: Sequence[nn.Parameter]) -> None:
        self.parameters = list(parameters)
        self._sizes = [parameter.numel() for parameter in parameters]
        self._memory = torch.cat([parameter.detach().reshape(-1) for parameter in parameters])
        places = self._memory.split(self._sizes)
        for parameter, place in zip(parameters, places, strict=True):
            parameter.data = place.view_as(parameter)
        #: How many parameters each stretch is of.
        self.lengths = [len(parameters)]
        self.stretches = [nn.Parameter(self._memory)]

    def holds(self, parameters: Sequence[nn.Parameter]) -> bool:
        """Whether these, in this order, are its parameters."""
        return [id(p) for p in parameters] == [id(p) for p in self.parameters]

    def clear(self) -> None:
        """Forget the gradient."""
        for stretch in self.stretches:
            stretch.grad = None

    def gather(self, optimizer: torch.optim.Optimizer) -> None:
        """Take the parameters' gradients, unless it has been given one."""
        if all(stretch.grad is None for stretch in self.stretches):
            gradients = [parameter.grad for parameter in self.parameters]
            unused = [i for i, gradient in enumerate(gradients) if gradient is None]
            self.take(flatten(gradients, self.parameters), unused, optimizer)

    def take(
        self, gradient: Tensor, unused: Sequence[int], optimizer: torch.optim.Optimizer
    ) -> None:
        """Take a gradient [P]; the parameters at the `unused` places have none."""
        if not unused and len(self.stretches) == 1:
            self.stretches[0].grad = gradient
            return
        resting = set(unused)
        rests = [i in resting for i in range(len(self.parameters))]
        self.cut(_runs(rests, self.lengths), optimizer)
        pieces: tuple[Tensor, ...] = gradient.split([len(stretch) for stretch in self.stretches])
        first = 0
        for stretch, piece, length in zip(self.stretches, pieces, self.lengths, strict=True):
            stretch.grad = None if rests[first] else piece
            first += length

    def cut(self, lengths: Sequence[int], optimizer: torch.optim.Optimizer) -> None:
        """Make stretches of so many parameters each: cuts are added, none is taken away."""
        if len(lengths) == len(self.lengths):
            return
        ends = list(accumulate(lengths))
        pieces: list[nn.Parameter] = []
        first = 0
        for stretch, last in zip(self.stretches, accumulate(self.lengths), strict=True):
            inside = [end for end in ends if first < end <= last]
            sizes = [sum(self._sizes[a:b]) for a, b in pairwise([first, *inside])]
            pieces += _cut(stretch, sizes, optimizer) if len(sizes) > 1 else [stretch]
            first = last
        self.stretches, self.lengths = pieces, list(lengths)


def _runs(rests: Sequence[bool], lengths: Sequence[int]) -> list[int]:
    """Lengths of the stretches, cut where one that rests lies beside one that does not."""
    runs: list[int] = []
    first = 0
    for length in lengths:
        runs += [len(list(run)) for _, run in groupby(rests[first : first + length])]
        first += length
    return runs


def _cut(
    stretch: nn.Parameter, sizes: Sequence[int], optimizer: torch.optim.Optimizer
) -> list[nn.Parameter]:
    """Pieces of these sizes, which the optimizer moves in the stretch's place from now on."""
    pieces = [nn.Parameter(piece) for piece in stretch.detach().split(list(sizes))]
    for group in optimizer.param_groups:
        group["params"] = [
            new for old in group["params"] for new in (pieces if old is stretch else [old])
        ]
    state: dict[str, Any] = optimizer.state.pop(stretch, {})
    for name, value in state.items():
        is_cut = isinstance(value, Tensor) and value.shape == stretch.shape
        values = value.split(list(sizes)) if is_cut else [value] * len(sizes)
        for piece, mine in zip(pieces, values, strict=True):
            # Its own: a count of steps that several share would be counted several times.
            optimizer.state[piece][name] = mine.clone() if isinstance(mine, Tensor) else mine
    return pieces


def flatten(gradients: Sequence[Tensor | None], parameters: Sequence[Tensor]) -> Tensor:
    """Gradients of the parameters as one vector [P]; a gradient that is missing counts as 0."""
    pieces = [
        p.new_zeros(p.numel()) if g is None else g.reshape(-1)
        for g, p in zip(gradients, parameters, strict=True)
    ]
    return torch.cat(pieces) if pieces else torch.empty(0)


def scatter(vector: Tensor, parameters: Sequence[nn.Parameter], unused: Sequence[int] = ()) -> None:
    """Set the parameters' gradients to views of a vector [P]; those at `unused` places to none."""
    pieces: tuple[Tensor, ...] = vector.split([p.numel() for p in parameters])
    for parameter, piece in zip(parameters, pieces, strict=True):
        parameter.grad = piece.view_as(parameter)
    for place in unused:
        parameters[place].grad = None
