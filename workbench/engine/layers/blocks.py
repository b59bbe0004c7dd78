"""Block: a stage with a way around its layers, which somebody may add to layer by layer."""

from collections.abc import Callable

from torch import Tensor, nn

#: Applies one of a block's layers to its input.
Apply = Callable[[nn.Module, Tensor], Tensor]


class Block(nn.Module):
    """Layers that do not follow each other in a row, because what came in is added again.

    A method that corrects layers, as low-rank adapters do, asks for them and runs the block.
    """

    @property
    def weighted(self) -> tuple[nn.Linear | nn.Conv2d, ...]:
        """Its linear layers and convolutions, in the order in which they are applied."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The features one block further."""
        return self.run(x, _plainly)

    def run(self, x: Tensor, apply: Apply) -> Tensor:
        """As `forward`, with `weighted` layers applied by somebody who adds to them."""
        raise NotImplementedError


def _plainly(layer: nn.Module, x: Tensor) -> Tensor:
    return layer(x)
