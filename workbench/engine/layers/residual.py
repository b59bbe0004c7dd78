"""Residual blocks: convolutions around which what came in is added again."""

import math
from typing import Literal

from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.layers.batch_norm import BatchNorm
from workbench.engine.layers.blocks import Apply, Block

Norm = Literal["batch", "group", "none"]

#: Channels that one group of a group norm has, where their number can be cut so.
_PER_GROUP = 16


def norm_of(norm: Norm, n_channels: int) -> nn.Module:
    """The norm of pictures [B, n_channels, H, W].

    Groups are of 16 channels (Wu & He, Group normalization, ECCV 2018, table 3), or of the largest
    part of 16 that divides their number.
    """
    match norm:
        case "batch":
            return BatchNorm(n_channels)
        case "group":
            return nn.GroupNorm(n_channels // math.gcd(n_channels, _PER_GROUP), n_channels)
        case "none":
            return nn.Identity()


def convolved(n_in: int, n_out: int, kernel: int, norm: Norm, stride: int = 1) -> nn.Conv2d:
    """A convolution that a norm follows: with a bias where there is none.

    Its weights start so that a ReLU after it keeps the size of what goes back (He et al., 2015).
    """
    layer = nn.Conv2d(n_in, n_out, kernel, stride, kernel // 2, bias=norm == "none")
    nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


class ResidualBlock(Block):
    """relu(x + F(x)) with two 3 × 3 convolutions in F: [B, n_in, H, W] -> [B, n_out, H/s, W/s].

    The basic block of He et al., Deep residual learning for image recognition, CVPR 2016. Where
    size or channels change, what came in goes through a 1 × 1 convolution of stride s with a norm
    (their option B). Without norms the last convolution of F starts at 0: else what is added up
    would grow with each block (Zhang et al., Fixup initialization, ICLR 2019).
    """

    def __init__(self, n_in: int, n_out: int, norm: Norm, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = convolved(n_in, n_out, 3, norm, stride)
        self.bn1 = norm_of(norm, n_out)
        self.conv2 = convolved(n_out, n_out, 3, norm)
        self.bn2 = norm_of(norm, n_out)
        if norm == "none":
            nn.init.zeros_(self.conv2.weight)
        self.downsample = None
        if stride > 1 or n_in != n_out:
            way = convolved(n_in, n_out, 1, norm, stride)
            self.downsample = nn.Sequential(way, norm_of(norm, n_out))

    @property
    def weighted(self) -> tuple[nn.Linear | nn.Conv2d, ...]:
        """Its weighted layers, in the order in which they are applied."""
        around = [] if self.downsample is None else [self.downsample[0]]
        return self.conv1, self.conv2, *(c for c in around if isinstance(c, nn.Conv2d))

    def run(self, x: Tensor, apply: Apply) -> Tensor:
        """The features one block further, with `weighted` layers applied by somebody."""
        inner = functional.relu(self.bn1(apply(self.conv1, x)), inplace=True)
        inner = self.bn2(apply(self.conv2, inner))
        if self.downsample is not None:
            x = self.downsample[1](apply(self.downsample[0], x))
        return functional.relu(x + inner)
