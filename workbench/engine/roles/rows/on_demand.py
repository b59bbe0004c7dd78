"""On demand: examples that are put together when they are asked for, batch by batch.

Data larger than memory lie in a file; data made of others need not be made whole.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import torch
from torch import Tensor
from torch.utils import _pytree as pytree

from workbench.engine.numerics.row_file import RowFile

_aten = torch.ops.aten

#: Bytes up to which a part of them is put together at once; a larger one is on demand again.
AT_ONCE = 32 * 2**20
#: Bytes of a block where all are passed through.
_BLOCK = 8 * 2**20


@dataclass(frozen=True, slots=True, eq=False)
class FileRows:
    """Rows of a file at `positions` [N], which are on the CPU; they are given on `device`."""

    file: RowFile
    positions: Tensor
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of rows, and what each is: [N, …]."""
        return (len(self.positions), *self.file.shape)

    @property
    def dtype(self) -> torch.dtype:
        """Type of the numbers."""
        return torch.float32

    @property
    def reads_files(self) -> bool:
        """That rows come from a file, so that it is worth reading them ahead."""
        return True

    def at(self, positions: Tensor) -> Tensor:
        """The rows at these positions [n], as a plain tensor."""
        rows = self.positions.numpy()[positions.cpu().numpy()]
        return torch.from_numpy(self.file.at(rows)).to(self.device)

    def chosen(self, positions: Tensor) -> "Rows":
        """The rows at these positions [n], on demand."""
        return replace(self, positions=self.positions[positions.cpu()])

    def on(self, device: torch.device) -> "Rows":
        """The same rows, given on another device."""
        return replace(self, device=device)


@dataclass(frozen=True, slots=True, eq=False)
class ChangedRows:
    """Rows of other values [M, …], each changed alike, into rows of the same shape.

    `positions` [N] are those in the values; None: all.
    """

    values: Tensor
    change: Callable[[Tensor], Tensor]
    positions: Tensor | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of rows, and what each is: [N, …]."""
        n = len(self.values if self.positions is None else self.positions)
        return (n, *self.values.shape[1:])

    @property
    def dtype(self) -> torch.dtype:
        """Type of the numbers."""
        return self.values.dtype

    @property
    def device(self) -> torch.device:
        """Where the rows are."""
        return self.values.device

    @property
    def reads_files(self) -> bool:
        """Whether the values come from a file."""
        return reads_files(self.values)

    def at(self, positions: Tensor) -> Tensor:
        """The rows at these positions [n], as a plain tensor."""
        return self.change(rows_at(self.values, self._of_values(positions)))

    def chosen(self, positions: Tensor) -> "Rows":
        """The rows at these positions [n], on demand."""
        return replace(self, positions=self._of_values(positions))

    def on(self, device: torch.device) -> "Rows":
        """The same rows on another device."""
        positions = None if self.positions is None else self.positions.to(device)
        return replace(self, values=self.values.to(device), positions=positions)

    def _of_values(self, positions: Tensor) -> Tensor:
        positions = positions.to(self.device)
        return positions if self.positions is None else self.positions[positions]


Rows = FileRows | ChangedRows


class OnDemand(Tensor):
    """A tensor [N, …] whose rows are put together when they are used.

    Choosing rows along the first axis gives a plain tensor, or, of more than `AT_ONCE` bytes,
    one that is on demand again. So does a device. Every other computation puts all together. It
    is data: it takes no gradient and is not written into.
    """

    rows: Rows

    @staticmethod
    def __new__(cls: type["OnDemand"], rows: Rows) -> "OnDemand":
        """The rows as a tensor."""
        made = Tensor._make_wrapper_subclass(cls, rows.shape, dtype=rows.dtype, device=rows.device)
        made.rows = rows
        return made

    def at(self, positions: Tensor) -> Tensor:
        """The rows at these positions [n], as a plain tensor however many there are."""
        return self.rows.at(positions)

    def blocks(self) -> Iterator[Tensor]:
        """All rows in plain pieces, in their order."""
        n_rows = max(1, _BLOCK // max(self._row_bytes, 1))
        for start in range(0, len(self), n_rows):
            yield self.at(torch.arange(start, min(start + n_rows, len(self))))

    def plain(self) -> Tensor:
        """All its values as a plain tensor."""
        return self.at(torch.arange(len(self)))

    def numpy(self, *, force: bool = False) -> Any:
        """All its values as an array."""
        return self.plain().numpy(force=force)

    def tolist(self) -> Any:
        """All its values as lists."""
        return self.plain().tolist()

    @property
    def _row_bytes(self) -> int:
        return prod(self.shape[1:]) * self.element_size()

    def chosen(self, positions: Tensor) -> Tensor:
        """The rows at these positions [n], plain where they are few."""
        if len(positions) * self._row_bytes <= AT_ONCE:
            return self.at(positions)
        return OnDemand(self.rows.chosen(positions))

    def __reduce_ex__(self, proto: Any) -> Any:
        return OnDemand, (self.rows,)

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        return f"OnDemand({list(self.shape)})"

    @classmethod
    def __torch_dispatch__(
        cls,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Choose rows where that is all that is asked, else put all together."""
        del types
        if func.is_view and torch.is_inference_mode_enabled():
            # Where inference looks at what was there before it, torch asks for a tensor like that.
            with torch.inference_mode(mode=False), torch.no_grad():
                return _done(func, args, kwargs or {})
        return _done(func, args, kwargs or {})


def rows_at(values: Tensor, positions: Tensor) -> Tensor:
    """Rows of a tensor, plain or on demand, as a plain tensor, on its device."""
    if isinstance(values, OnDemand):
        return values.at(positions)
    return values.index_select(0, positions.to(values.device))


def moved(values: Tensor, device: torch.device, known: dict[int, Tensor]) -> Tensor:
    """Values on a device; what several are made of is moved once, as `known` by its id says."""
    if id(values) not in known:
        rows = values.rows if isinstance(values, OnDemand) else None
        if isinstance(rows, ChangedRows):
            positions = None if rows.positions is None else rows.positions.to(device)
            base = moved(rows.values, device, known)
            known[id(values)] = OnDemand(ChangedRows(base, rows.change, positions))
        else:
            known[id(values)] = values.to(device)
    return known[id(values)]


def reads_files(values: Tensor) -> bool:
    """Whether the rows of a tensor come from a file."""
    return isinstance(values, OnDemand) and values.rows.reads_files


def _done(func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    short = _SHORT.get(func)
    if short is not None and isinstance(args[0], OnDemand):
        result = short(*args, **kwargs)
        if result is not None:
            return result
    # In inference what torch puts together of other operations comes here whole.
    result = func.decompose(*args, **kwargs)
    if result is not NotImplemented:
        return result
    plain_args, plain_kwargs = pytree.tree_map_only(OnDemand, OnDemand.plain, (args, kwargs))
    return func(*plain_args, **plain_kwargs)


def _same(values: OnDemand, **_how: Any) -> OnDemand:
    return OnDemand(values.rows)


def _moved(values: OnDemand, **how: Any) -> OnDemand | None:
    """On another device; of another type it is plain."""
    if how.get("dtype") not in (None, values.dtype):
        return None
    device = how.get("device")
    return OnDemand(values.rows if device is None else values.rows.on(torch.device(device)))


def _cut(
    values: OnDemand, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Tensor | None:
    """As `slice`, of the first axis."""
    if dim % values.dim():
        return None
    bounds = slice(start, end, step).indices(len(values))
    return values.chosen(torch.arange(*bounds))


def _chosen(values: OnDemand, dim: int, index: Tensor) -> Tensor | None:
    """As `index_select`, of the first axis."""
    return None if dim % values.dim() else values.chosen(index.flatten())


def _one(values: OnDemand, dim: int, index: int) -> Tensor | None:
    """As `select`, of the first axis."""
    if dim % values.dim():
        return None
    return values.at(torch.tensor([index % len(values)]))[0]


def _indexed(values: OnDemand, indices: list[Tensor | None]) -> Tensor | None:
    """As `values[index]`, for one index of the first axis."""
    (index, *others) = indices
    if others or index is None or index.dim() != 1:
        return None
    if index.dtype == torch.bool:
        index = index.nonzero().squeeze(1)
    return values.chosen(torch.where(index < 0, index + len(values), index))


#: What needs no values, or only some: the operation, and how it is done; None: not this way.
_SHORT: Mapping[Any, Callable[..., Tensor | None]] = {
    _aten.detach.default: _same,
    _aten.alias.default: _same,
    _aten.clone.default: _same,
    _aten._to_copy.default: _moved,
    _aten.slice.Tensor: _cut,
    _aten.select.int: _one,
    _aten.index_select.default: _chosen,
    _aten.index.Tensor: _indexed,
}
