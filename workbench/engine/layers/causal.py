"""Causal blocks: layers for texts in which each place sees itself and the places before it."""

from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.layers import caching, watching
from workbench.engine.layers.attention import AttentionBlock

#: Channels of one attention head where only the width is known.
_PER_HEAD = 24

#: The longest wave of a rotary position, as in the paper.
_BASE = 10_000.0


def heads_for(width: int) -> int:
    """Attention heads that suit a width: of about 24 channels each, an even number of them."""
    fitting = (n for n in range(max(1, width // _PER_HEAD), 0, -1) if width % (2 * n) == 0)
    return next(fitting, 1)


class CausalBlock(AttentionBlock):
    """Attention to what came before, then two dense layers: [B, L, width] -> [B, L, width].

    Attention is causal, so nothing that comes later, padding included, changes an answer; places
    are told apart by turning queries and keys (rotary, Su et al. 2021), by their distance alone.
    `width` is a multiple of 2 · heads.
    """

    def __init__(self, width: int, heads: int, dropout: float = 0.0) -> None:
        if width % (2 * heads):
            raise ValueError(f"a width of {width} cannot be cut into {heads} heads of even size")
        super().__init__(width, heads, dropout)

    def attended(self, projected: Tensor) -> Tensor:
        """What each place takes from those before it, [B, L, width]."""
        n, length, _ = projected.shape
        # One cut in three has one backward pass, where three selections would have three.
        query, key, value = projected.view(n, length, 3, self.heads, -1).unbind(2)
        cache = caching.slot()
        start = 0 if cache is None else cache.length
        query = turned(query, start).transpose(1, 2)
        key, value = turned(key, start).transpose(1, 2), value.transpose(1, 2)
        if cache is not None:
            key, value = cache.extended(key, value)
        watching.tell(query, key)
        if start == 0:
            mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        else:
            mask = None if length == 1 else _seen(length, start, query.device)
            mixed = functional.scaled_dot_product_attention(query, key, value, mask)
        return mixed.transpose(1, 2).reshape(n, length, -1)


def causal_blocks(n: int, width: int, heads: int, dropout: float = 0.0) -> list[nn.Module]:
    """`n` blocks, of which the last ends in a norm: what was added up is brought to one size."""
    blocks: list[nn.Module] = [CausalBlock(width, heads, dropout) for _ in range(n)]
    if blocks:
        norm = nn.LayerNorm(width, elementwise_affine=False)
        blocks[-1] = nn.Sequential(blocks[-1], norm)
    return blocks


def turned(x: Tensor, start: int = 0) -> Tensor:
    """Queries or keys [B, L, heads, n] turned by their places, of which the first is `start`.

    Each two channels that are neighbours are the two sides of a plane.
    """
    length, n = x.shape[1], x.shape[3]
    end = start + length
    turns = _turns(1 << end.bit_length(), n, x.device, x.dtype)[start:end, None]
    # As complex numbers: one product, and one to go back.
    planes = torch.view_as_complex(x.unflatten(-1, (-1, 2)))
    return torch.view_as_real(planes * turns).flatten(-2)


@lru_cache(maxsize=64)
def _turns(length: int, n: int, device: torch.device, dtype: torch.dtype) -> Tensor:
    """The turn of each plane at each place, complex [length, n / 2]."""
    with torch.inference_mode(mode=False):
        places = torch.arange(length, device=device, dtype=torch.float64)
        waves = _BASE ** (-torch.arange(0, n, 2, device=device, dtype=torch.float64) / n)
        angles = torch.outer(places, waves)
        return torch.polar(torch.ones_like(angles), angles).to(dtype.to_complex())


def _seen(length: int, start: int, device: torch.device) -> Tensor:
    """Which of start + length places each of the last `length` sees, [length, start + length]."""
    places = torch.arange(start + length, device=device)
    return places <= places[start:, None]
