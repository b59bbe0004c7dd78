"""Layout: where each parameter lies in a vector of all of them."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn


class Layout:
    """The trainable parameters of a model, in the order of the gradients that retention gets."""

    def __init__(self, model: nn.Module) -> None:
        self.parameters = {name: p for name, p in model.named_parameters() if p.requires_grad}
        self.sizes = [p.numel() for p in self.parameters.values()]

    def values(self) -> Tensor:
        """The parameters' values now, [P]."""
        return _joined([p.detach().reshape(-1) for p in self.parameters.values()])

    def gather(self, named: Mapping[str, Tensor]) -> Tensor:
        """What is known by name as one vector [P]; 0 where there is nothing."""
        return _joined(
            [
                named[name].reshape(-1) if name in named else p.new_zeros(p.numel())
                for name, p in self.parameters.items()
            ]
        )

    def named(self, vector: Tensor) -> dict[str, Tensor]:
        """The pieces of a vector [P] by name, in the parameters' shapes; they share its memory."""
        pieces: tuple[Tensor, ...] = vector.split(self.sizes)
        return {
            name: piece.view_as(p)
            for (name, p), piece in zip(self.parameters.items(), pieces, strict=True)
        }


def _joined(pieces: list[Tensor]) -> Tensor:
    """The pieces as one vector; empty where all of a model is frozen by now."""
    return torch.cat(pieces) if pieces else torch.empty(0)
