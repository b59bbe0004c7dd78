"""Batch normalisation whose running statistics move once a step, and by nothing else.

In one step a model may be asked several times: for the batch, for the gradients of past tasks, for
a fresh batch, for what an update did, for what a task adapts to. Only the pass from which the step
learns, as `moving` marks it, moves what evaluation will use. So to look is never to learn:

- In training every pass normalises by the rows that go through a layer together. Tasks of one trunk
  go through it together, whether they share an input or not, and so do replayed rows: the
  statistics are those of the mixture that is learned from.
- In evaluation, which probes, Fisher passes, snapshots and distillation's old network are too, a
  row is normalised by the running statistics: its answer depends on no other row.
- A learner with an inner loop normalises support and queries by the support (`by_first`): not
  transductive, so a query's answer does not depend on which others are asked (MetaBN in Bronskill
  et al., TaskNorm, ICML 2020). Running statistics have no part in it.
- A layer that is held, as frozen ones are, normalises by its running statistics, which stay.
"""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

_IS_MOVING: ContextVar[bool] = ContextVar("moving", default=False)
_N_FIRST: ContextVar[int] = ContextVar("n_first", default=0)


class BatchNorm(nn.Module):
    """(x − m)/√(v + ε) γ + β of each channel of [B, C, …], Ioffe & Szegedy, ICML 2015.

    Parameters and buffers are named as those of torch's layers, so that their values fit.
    """

    def __init__(
        self, n_channels: int, *, eps: float = 1e-5, momentum: float = 0.1, affine: bool = True
    ) -> None:
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(n_channels)) if affine else None
        self.bias = nn.Parameter(torch.zeros(n_channels)) if affine else None
        self.running_mean: Tensor
        self.running_var: Tensor
        self.register_buffer("running_mean", torch.zeros(n_channels))
        self.register_buffer("running_var", torch.ones(n_channels))
        #: Whether its running statistics stay, in training too.
        self.is_held = False

    def forward(self, x: Tensor) -> Tensor:
        """The rows [B, C, …], each channel normalised."""
        n_first = _N_FIRST.get()
        if n_first:
            return self._by_first(x, n_first)
        # Of one value a channel there is no deviation: it is normalised as when it is asked.
        if not self.training or self.is_held or x.numel() == x.shape[1]:
            return self.normalised(x, self.running_mean, self.running_var)
        if _IS_MOVING.get():
            return self.normalised(x, self.running_mean, self.running_var, by_batch=True)
        return self.normalised(x, None, None, by_batch=True)

    def normalised(
        self, x: Tensor, mean: Tensor | None, var: Tensor | None, *, by_batch: bool = False
    ) -> Tensor:
        """The rows by this mean and variance, or by their own, which then move those if given."""
        return functional.batch_norm(
            x, mean, var, self.weight, self.bias, by_batch, self.momentum, self.eps
        )

    def _by_first(self, x: Tensor, n: int) -> Tensor:
        """All rows by the mean and variance of the first `n`; may be differentiated twice."""
        axes = [0, *range(2, x.dim())]
        seen = x[:n]
        mean = seen.mean(axes, keepdim=True)
        var = (seen - mean).square().mean(axes, keepdim=True)
        x = (x - mean) * torch.rsqrt(var + self.eps)
        if self.weight is None or self.bias is None:
            return x
        shape = [-1, *[1] * (x.dim() - 2)]
        return x * self.weight.view(shape) + self.bias.view(shape)

    def extra_repr(self) -> str:
        """Its size and constants, for a print of the model."""
        return f"{len(self.running_mean)}, eps={self.eps}, momentum={self.momentum}"


@contextmanager
def moving() -> Generator[None]:
    """A pass that is learned from: running statistics move by its batch."""
    token = _IS_MOVING.set(True)
    try:
        yield
    finally:
        _IS_MOVING.reset(token)


@contextmanager
def by_first(n: int) -> Generator[None]:
    """Passes of which the first `n` rows give the statistics for all; nothing moves."""
    token = _N_FIRST.set(n)
    try:
        yield
    finally:
        _N_FIRST.reset(token)


def layers_of(model: nn.Module) -> list[BatchNorm]:
    """The batch norms of a model."""
    return [layer for layer in model.modules() if isinstance(layer, BatchNorm)]


def has_statistics(parts: Iterable[nn.Module] | nn.Module) -> bool:
    """Whether something in it normalises by its batch."""
    parts = (parts,) if isinstance(parts, nn.Module) else parts
    return any(layers_of(part) for part in parts)


def adopted(module: nn.Module) -> nn.Module:
    """The module with torch's own batch norms replaced: theirs move whenever they are asked.

    Raises ValueError for one whose statistics are a mean over all batches, which cannot be resumed
    without counting them.
    """
    if isinstance(module, nn.modules.batchnorm._BatchNorm):  # pyright: ignore[reportPrivateUsage]  # no public base class
        return _ours(module)
    for name, child in module.named_children():
        setattr(module, name, adopted(child))
    return module


def _ours(theirs: Any) -> nn.Module:
    if not theirs.track_running_stats:
        return theirs  # it normalises by its batch alone, and keeps nothing
    if theirs.momentum is None:
        raise ValueError("batch norm needs a momentum; found None, a mean over all batches")
    ours = BatchNorm(
        theirs.num_features, eps=theirs.eps, momentum=theirs.momentum, affine=theirs.affine
    )
    ours.weight, ours.bias = theirs.weight, theirs.bias
    ours.register_buffer("running_mean", theirs.running_mean)
    ours.register_buffer("running_var", theirs.running_var)
    return ours
