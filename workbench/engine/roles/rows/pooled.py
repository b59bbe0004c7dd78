"""Pooled: rows of many episodes that lie once in a pool, and are put together when they are used.

Episodes draw the same pictures over and over: written out, five thousand of them are hundreds of
megabytes; their pictures, each once and in bytes, are five.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.utils import _pytree as pytree

_aten = torch.ops.aten


class Pooled(Tensor):
    """A tensor [*positions, …] whose rows are those of a pool [P, …] at `positions` [N, n].

    Drawing rows along the first axis, and every computation, gives a plain tensor with the values;
    a device, a copy, a cut of the axis of an episode's rows, or rows in a row instead of by
    episode, is pooled again. A pool of bytes is of pictures: its values are from 0 to 1 in single
    precision. It is data: it takes no gradient and is not written into.
    """

    pool: Tensor
    positions: Tensor

    @staticmethod
    def __new__(cls: type["Pooled"], pool: Tensor, positions: Tensor) -> "Pooled":
        """Rows of a pool at `positions` of any shape, which are its rows' numbers from 0."""
        made = Tensor._make_wrapper_subclass(
            cls,
            (*positions.shape, *pool.shape[1:]),
            dtype=torch.float32 if pool.dtype == torch.uint8 else pool.dtype,
            device=pool.device,
        )
        made.pool, made.positions = pool, positions
        return made

    @property
    def n_bytes(self) -> int:
        """Bytes of the pool and of the positions."""
        return self.pool.nbytes + self.positions.nbytes

    def at(self, positions: Tensor) -> Tensor:
        """The values [*positions, …] of the pool's rows at these positions."""
        rows = self.pool.index_select(0, positions.flatten())
        values = rows.float() / 255 if rows.dtype == torch.uint8 else rows
        return values.view(*positions.shape, *self.pool.shape[1:])

    def plain(self) -> Tensor:
        """All its values as a plain tensor."""
        return self.at(self.positions)

    def numpy(self, *, force: bool = False) -> Any:
        """All its values as an array."""
        return self.plain().numpy(force=force)

    def tolist(self) -> Any:
        """All its values as lists."""
        return self.plain().tolist()

    def __reduce_ex__(self, proto: Any) -> Any:
        return Pooled, (self.pool, self.positions)

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        return f"Pooled({list(self.shape)} of {list(self.pool.shape)})"

    @classmethod
    def __torch_dispatch__(
        cls,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Do what is asked on pool and positions where that is enough, else on the values."""
        del types
        if func.is_view and torch.is_inference_mode_enabled():
            # Where inference looks at what was there before it, torch asks for a tensor like that.
            with torch.inference_mode(mode=False), torch.no_grad():
                return _done(func, args, kwargs or {})
        return _done(func, args, kwargs or {})


def _done(func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    short = _SHORT.get(func)
    if short is not None and isinstance(args[0], Pooled):
        result = short(*args, **kwargs)
        if result is not None:
            return result
    # In inference what torch puts together of other operations comes here whole.
    result = func.decompose(*args, **kwargs)
    if result is not NotImplemented:
        return result
    plain_args, plain_kwargs = pytree.tree_map_only(Pooled, Pooled.plain, (args, kwargs))
    return func(*plain_args, **plain_kwargs)


def _same(values: Pooled, **_how: Any) -> Pooled:
    return Pooled(values.pool, values.positions)


def _copied(values: Pooled, **_how: Any) -> Pooled:
    return Pooled(values.pool.clone(), values.positions.clone())


def _moved(values: Pooled, **how: Any) -> Pooled | None:
    """On another device; of another type it is plain."""
    if how.get("dtype") not in (None, values.dtype):
        return None
    device = how.get("device")
    return Pooled(values.pool.to(device), values.positions.to(device))


def _shaped(values: Pooled, shape: list[int]) -> Pooled | None:
    """As `view`, where rows stay whole."""
    n_own = values.pool.dim() - 1
    lead, own = shape[: len(shape) - n_own], shape[len(shape) - n_own :]
    if not lead or list(own) != list(values.pool.shape[1:]):
        return None
    return Pooled(values.pool, values.positions.reshape(lead))


def _cut(
    values: Pooled, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Tensor | None:
    """As `slice`: of the first axis values, of the others pooled, and of a row's own plain."""
    dim %= values.dim()
    if dim >= values.positions.dim():
        return None
    positions = _aten.slice.Tensor(values.positions, dim, start, end, step)
    return values.at(positions) if dim == 0 else Pooled(values.pool, positions.contiguous())


def _chosen(values: Pooled, dim: int, index: Tensor) -> Tensor | None:
    """As `index_select`."""
    dim %= values.dim()
    if dim >= values.positions.dim():
        return None
    return values.at(values.positions.index_select(dim, index))


def _one(values: Pooled, dim: int, index: int) -> Tensor | None:
    """As `select`."""
    dim %= values.dim()
    if dim >= values.positions.dim():
        return None
    return values.at(values.positions.select(dim, index))


def _indexed(values: Pooled, indices: list[Tensor | None]) -> Tensor | None:
    """As `values[index]`, for indices of the axes that are positions."""
    if len(indices) > values.positions.dim() or any(i is None for i in indices):
        return None
    return values.at(values.positions[tuple(i for i in indices if i is not None)])


#: What needs no values, or only some: the operation, and how it is done; None: not this way.
_SHORT: Mapping[Any, Callable[..., Tensor | None]] = {
    _aten.detach.default: _same,
    _aten.alias.default: _same,
    _aten.clone.default: _copied,
    _aten._to_copy.default: _moved,
    _aten.view.default: _shaped,
    _aten._unsafe_view.default: _shaped,
    _aten._reshape_alias.default: lambda values, shape, *_strides: _shaped(values, shape),
    _aten.slice.Tensor: _cut,
    _aten.select.int: _one,
    _aten.index_select.default: _chosen,
    _aten.index.Tensor: _indexed,
}
