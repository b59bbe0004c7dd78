"""Layers that encoders and heads are built from."""

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

_ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "gelu": nn.GELU}


def hidden_layers(
    widths: Sequence[int], activation: str, *, norm: bool = False, dropout: float = 0.0
) -> list[nn.Sequential]:
    """Layers [B, widths[i]] -> [B, widths[i + 1]], each with what follows its product.

    Layer norm has no scale and shift of its own here: the weights after it can do what these do,
    and methods that protect or mask weights would have to know them.
    """
    return [
        nn.Sequential(
            nn.Linear(n_in, n_out),
            *([nn.LayerNorm(n_out, elementwise_affine=False)] if norm else []),
            _ACTIVATIONS[activation](),
            *([Dropout(dropout)] if dropout else []),
        )
        for n_in, n_out in pairwise(widths)
    ]


class Dropout(nn.Dropout):
    """nn.Dropout as one recorded operation, which `numerics/derivatives.py` has a rule for."""

    def forward(self, input: Tensor) -> Tensor:
        """Some numbers left out while training, the others larger by as much."""
        return torch.native_dropout(input, self.p, True)[0] if self.training else input


def dense(n_in: int, n_out: int) -> nn.Sequential:
    """Features [B, n_in] -> [B, n_out], not negative."""
    return nn.Sequential(nn.Linear(n_in, n_out), nn.ReLU())


def convolution(n_in: int, n_out: int, kernel: int) -> nn.Sequential:
    """Pictures [B, n_in, H, W] -> [B, n_out, ⌈H/2⌉, ⌈W/2⌉]; `kernel` is odd."""
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, kernel, padding=kernel // 2),
        nn.ReLU(),
        nn.MaxPool2d(2, ceil_mode=True),
    )


class OnGrid(nn.Module):
    """Pictures [B, c, H, W] of any size -> [B, c, n, n]: means of a large one's pieces.

    A side that is shorter than n is filled with zeros: a small picture's values, said several times
    over, would count several times in each step.
    """

    def __init__(self, n: int) -> None:
        super().__init__()
        self.n = n

    def forward(self, x: Tensor) -> Tensor:
        """The picture on the grid."""
        height, width = min(x.shape[-2], self.n), min(x.shape[-1], self.n)
        x = functional.adaptive_avg_pool2d(x, (height, width))
        return functional.pad(x, (0, self.n - width, 0, self.n - height))


def gathered(n_channels: int, grid: int, n_out: int) -> nn.Sequential:
    """Pictures [B, n_channels, H, W] of any size -> [B, n_out], by way of a grid × grid mean."""
    return nn.Sequential(
        OnGrid(grid),
        nn.Flatten(),
        nn.Linear(n_channels * grid * grid, n_out),
        nn.ReLU(),
    )


def decoder(n_in: int, n_out: int, height: int, width: int, n_channels: int = 8) -> nn.Sequential:
    """Features [B, n_in] -> pictures [B, n_out, height, width], whose sides are even."""
    half = (n_channels, height // 2, width // 2)
    return nn.Sequential(
        nn.Linear(n_in, math.prod(half)),
        nn.ReLU(),
        nn.Unflatten(1, half),
        nn.ConvTranspose2d(n_channels, n_out, 4, stride=2, padding=1),
    )


class DeepHead(nn.Sequential):
    """A head with hidden layers, of which the last gives the answer."""


def layers_of(head: nn.Module) -> list[nn.Module]:
    """The hidden layers of a head in order, and what gives its answer."""
    return list(head) if isinstance(head, DeepHead) else [head]
