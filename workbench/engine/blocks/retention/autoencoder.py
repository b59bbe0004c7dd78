"""Autoencoder: a variational one, which learns to draw examples like those it saw."""

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.layers.stages import dense
from workbench.engine.roles.planned_run import n_bytes


class Autoencoder(nn.Module):
    """A variational autoencoder of vectors [B, n] (Kingma & Welling, ICLR 2014).

    The likelihood is a Gaussian whose one variance is the mean squared error, so that inputs of any
    scale weigh alike against the divergence (Rybkin et al., ICML 2021), but `variance` at least.
    Without a least one it falls with the error, until the divergence counts for nothing: then codes
    drawn from the prior lie where no example's code does, and a generator that learns from its own
    drawings drifts away, the further the longer it learns.

    Without a `variance` it is Bernoulli's, one number a value from 0 to 1, as the paper has it for
    black and white pictures; what is drawn are then the chances, not black and white.
    """

    def __init__(self, n: int, hidden: int, latent: int, variance: float | None) -> None:
        super().__init__()
        self.n, self.latent, self.variance = n, latent, variance
        self.encoder = nn.Sequential(dense(n, hidden), nn.Linear(hidden, 2 * latent))
        self.decoder = nn.Sequential(dense(latent, hidden), nn.Linear(hidden, n))

    def loss(self, x: Tensor, generator: torch.Generator, weights: Tensor | None = None) -> Tensor:
        """Negative evidence bound of vectors [B, n], a mean over examples or a weighted sum."""
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        log_variance = log_variance.clamp(-10, 10)
        noise = torch.randn(mean.shape, generator=generator).to(mean.device)
        again = self.decoder(mean + noise * (log_variance / 2).exp())
        divergence = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1)
        if weights is None:
            weights = x.new_full((len(x),), 1 / len(x))
        if self.variance is None:
            rows = functional.binary_cross_entropy_with_logits(again, x, reduction="none").sum(1)
            return (rows + divergence) @ weights
        distance = (again - x).square().sum(1) @ weights
        # Above the least the variance moves with the error: the gradient is that of ½ n log MSE.
        variance = max(distance.item() / self.n, self.variance)
        return distance / (2 * variance) + divergence @ weights

    def draw(self, n: int, generator: torch.Generator) -> Tensor:
        """`n` examples [n, width] that it makes up."""
        device = next(self.parameters()).device
        noise = torch.randn(n, self.latent, generator=generator).to(device)
        with torch.no_grad():
            output = self.decoder(noise)
        return output.sigmoid() if self.variance is None else output


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


@dataclass(frozen=True, slots=True)
class Size:
    """Widths of a generator, and the learning rate of its optimizer."""

    hidden: int
    latent: int
    lr: float

    @classmethod
    def of(cls, saved: Mapping[str, Any]) -> "Size":
        """That of a generator whose values were saved; the rate is saved with its optimizer."""
        hidden, latent = saved["decoder.0.0.weight"].shape
        return cls(hidden, latent, 0.001)


class Maker:
    """A generator that learns, and the one that it was when the last stage ended."""

    def __init__(
        self,
        shapes: Mapping[str, list[int]],
        size: Size,
        device: torch.device,
        variance: float | None,
    ) -> None:
        self.packed = Packed(shapes)
        self.model = Autoencoder(self.packed.n, size.hidden, size.latent, variance).to(device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=size.lr)
        self.old = copy.deepcopy(self.model)

    @classmethod
    def bytes_of(cls, shapes: Mapping[str, list[int]], size: Size) -> int:
        """Bytes of what `state_dict` gives: both generators, and two moments and a count."""
        with torch.device("meta"):
            model = cls(shapes, size, torch.device("meta"), 1.0).model
        return 4 * n_bytes(model.parameters()) + 4 * len(list(model.parameters()))

    def learn(
        self, new: Tensor, made: Tensor | None, share: float, generator: torch.Generator
    ) -> None:
        """One step on examples [B, n], the new of which weigh `share`, those made up the rest."""
        rows, weights = new, None
        if made is not None:
            rows = torch.cat([new, made])
            weights = rows.new_full((len(rows),), share / len(new))
            weights[len(new) :] = (1 - share) / len(made)
        self.optimizer.zero_grad()
        self.model.loss(rows, generator, weights).backward()
        self.optimizer.step()

    def made(self, n: int, generator: torch.Generator) -> Tensor:
        """`n` examples that the old generator makes up."""
        return self.old.draw(n, generator)

    def keep(self) -> None:
        """From now on the past is what it makes up now."""
        self.old.load_state_dict(self.model.state_dict())

    def state_dict(self) -> dict[str, Any]:
        """Both generators, and the optimizer of the one that learns."""
        return {
            "shapes": dict(self.packed.shapes),
            "variance": self.model.variance,
            "model": dict(self.model.state_dict()),
            "old": dict(self.old.state_dict()),
            "optimizer": self.optimizer.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.model.load_state_dict(state["model"])
        self.old.load_state_dict(state["old"])
        self.optimizer.load_state_dict(state["optimizer"])
