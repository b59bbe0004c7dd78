"""Autoencoder: a variational one, which learns to draw examples like those it saw."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from workbench.engine.blocks.layers import dense


class Autoencoder(nn.Module):
    """A variational autoencoder of vectors [B, n] (Kingma & Welling, ICLR 2014).

    The likelihood is a Gaussian whose one variance is the best there is, the mean squared error:
    (n/2) log MSE takes the place of the reconstruction term (Rybkin et al., ICML 2021), so that
    inputs of any scale weigh alike against the divergence.
    """

    def __init__(self, n: int, hidden: int, latent: int) -> None:
        super().__init__()
        self.n, self.latent = n, latent
        self.encoder = nn.Sequential(dense(n, hidden), nn.Linear(hidden, 2 * latent))
        self.decoder = nn.Sequential(dense(latent, hidden), nn.Linear(hidden, n))

    def loss(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Negative evidence bound of vectors [B, n], a mean over examples."""
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        log_variance = log_variance.clamp(-10, 10)
        noise = torch.randn(mean.shape, generator=generator).to(mean.device)
        again = self.decoder(mean + noise * (log_variance / 2).exp())
        error = (again - x).square().mean().clamp_min(1e-6)
        divergence = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1).mean()
        return 0.5 * self.n * error.log() + divergence

    def draw(self, n: int, generator: torch.Generator) -> Tensor:
        """`n` examples [n, width] that it makes up."""
        device = next(self.parameters()).device
        noise = torch.randn(n, self.latent, generator=generator).to(device)
        with torch.no_grad():
            return self.decoder(noise)


class Packed:
    """How views [B, …] of one shape each lie in a vector [B, n], and come out of it again."""

    def __init__(self, shapes: Mapping[str, list[int]]) -> None:
        self.shapes = dict(shapes)
        self.sizes = [math.prod(shape) for shape in shapes.values()]

    @property
    def n(self) -> int:
        """Numbers of one example."""
        return sum(self.sizes)

    def pack(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """All views of each example in one row."""
        return torch.cat([inputs[view].flatten(1) for view in self.shapes], dim=1)

    def unpack(self, rows: Tensor) -> dict[str, Tensor]:
        """The views of each row."""
        pieces: Any = rows.split(self.sizes, dim=1)
        return {
            view: piece.unflatten(1, shape)
            for (view, shape), piece in zip(self.shapes.items(), pieces, strict=True)
        }
