"""Frozen: a network that is not learned, whose features of a picture are computed once."""

from typing import Any

import torch
from torch import Tensor, nn

from workbench.engine.layers.batch_norm import BatchNorm

#: Rows that go through the network together, always: so what a row becomes does not depend on how
#: many others are new beside it, and a resumed run has the same features to the last bit.
_AT_ONCE = 32

#: Bytes of features that are kept at most.
_KEPT_BYTES = 2**30


def freeze(module: nn.Module, but: nn.Module | None = None) -> None:
    """Make buffers of parameters, so that nobody trains them; batch norms stay as they are.

    All of it, `but` one part that is learned.
    """
    trained = set() if but is None else set(map(id, but.modules()))
    for part in module.modules():
        if id(part) in trained:
            continue
        for name, parameter in list(part.named_parameters(recurse=False)):
            delattr(part, name)
            part.register_buffer(name, parameter.detach())
        if isinstance(part, BatchNorm):
            part.is_held = True


class Features:
    """Features by the rows that they are of. Copies of a model share them."""

    def __init__(self) -> None:
        self.rows: dict[int, Tensor] = {}
        self.n_bytes = 0

    def __deepcopy__(self, memo: dict[int, Any]) -> "Features":
        return self

    def keep(self, key: int, row: Tensor) -> None:
        """Remember a row's features [n], while there is room."""
        if self.n_bytes < _KEPT_BYTES:
            self.rows[key] = row
            self.n_bytes += row.nbytes


class Frozen(nn.Module):
    """A network [B, …] -> [B, n] that is frozen; it answers as when it is asked, in training too.

    A row is known again by a sum of its bits times fixed random numbers, modulo 2⁶⁴.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        freeze(network)
        self.network = network.eval()
        self.known = Features()
        self._factors = torch.empty(0, dtype=torch.int64)

    def train(self, mode: bool = True) -> "Frozen":
        """Stays in evaluation mode."""
        del mode
        return super().train(False)

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        """The features, of rows that were seen before without computing them again."""
        if x.is_meta:
            return self.network(x)
        keys: list[int] = self._keys(x).tolist()
        new = {key: i for i, key in enumerate(keys) if key not in self.known.rows}
        found: dict[int, Tensor] = {}
        places = list(new.items())
        for start in range(0, len(places), _AT_ONCE):
            some = places[start : start + _AT_ONCE]
            rows = x[[i for _, i in some]]
            filled = rows.new_zeros(_AT_ONCE, *rows.shape[1:])
            filled[: len(rows)] = rows
            for (key, _), row in zip(some, self.network(filled), strict=False):
                found[key] = row.clone()
                self.known.keep(key, found[key])
        known = self.known.rows
        return torch.stack([found[key] if key in found else known[key] for key in keys])

    def _keys(self, x: Tensor) -> Tensor:
        bits = x.detach().flatten(1).contiguous().float().view(torch.int32).long()
        if len(self._factors) != bits.shape[1] or self._factors.device != bits.device:
            generator = torch.Generator().manual_seed(0)
            factors = torch.randint(-(2**63), 2**63 - 1, bits.shape[1:], generator=generator)
            self._factors = factors.to(bits.device)
        return (bits * self._factors).sum(1)


def last_block(network: nn.Module) -> nn.Module:
    """The last part of a network that has weights; of a row of parts, the last of these."""
    while True:
        parts = [part for part in network.children() if _has_weights(part)]
        if not parts:
            return network
        last = parts[-1]
        if isinstance(last, nn.Sequential):
            return [part for part in last.children() if _has_weights(part)][-1]
        if len(parts) > 1:
            return last
        network = last


def _has_weights(part: nn.Module) -> bool:
    return any(parameter.dim() > 1 for parameter in part.parameters())
