"""Towers: copies of encoder stages side by side, computed together where their shapes allow."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.stage_shapes import shapes
from workbench.engine.numerics.random_streams import Purpose, starting
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.owners import Owners
from workbench.engine.roles.sharing import make_body, make_stem
from workbench.engine.roles.structure_builder import StructureBuilder, sketch_columns
from workbench.engine.roles.task import InputKind, Task
from workbench.spec.structure import Kind

#: Values of parallel towers: [n, B, …] as one tensor, or one [B, …] each where sizes differ.
Parallel = Tensor | list[Tensor]

_ELEMENTWISE = (nn.ReLU, nn.Tanh, nn.GELU, nn.Sigmoid, nn.Identity, nn.Dropout)


def pile(values: Sequence[Tensor]) -> Parallel:
    """Values [B, …] of towers side by side: not copied where all are one tensor object."""
    first = values[0]
    if all(value is first for value in values):
        return first.expand(len(values), *first.shape)
    if all(value.shape == first.shape for value in values):
        return torch.stack(list(values))
    return list(values)


class Bank(nn.Module):
    """Copies of one stage, each applied to its own input.

    Stages of linear layers and pointwise functions run as one batched product; others, and inputs
    of different sizes, run one after the other. Each copy keeps its own parameters.
    """

    def __init__(self, copies: Iterable[nn.Module]) -> None:
        super().__init__()
        self.copies = nn.ModuleList(copies)
        # Looked up once a step: a plain list is several times faster than ModuleList.
        self._direct = list(self.copies)
        self._operations = _plan(self._direct)

    def forward(self, x: Parallel, chosen: Sequence[int] | None = None) -> Parallel:
        """Outputs of the chosen copies (all, if None), in that order, from their inputs."""
        which = range(len(self._direct)) if chosen is None else chosen
        if isinstance(x, Tensor):
            if self._operations is None:
                return torch.stack([self._direct[i](x[k]) for k, i in enumerate(which)])
            for operation in self._operations:
                x = operation(which, x)
            return x
        return [self._direct[i](value) for i, value in zip(which, x, strict=True)]

    def fan(self, x: Tensor, chosen: Sequence[int] | None = None) -> Tensor:
        """Outputs [n, B, …] of the chosen copies (all, if None) from one input [B, …]."""
        n = len(self._direct) if chosen is None else len(chosen)
        return cast("Tensor", self(x.expand(n, *x.shape), chosen))


def leaves(stage: nn.Module) -> Iterator[nn.Module]:
    """The layers of a stage in the order in which they run; only nn.Sequential is opened."""
    if isinstance(stage, nn.Sequential):
        for layer in stage:
            yield from leaves(layer)
    else:
        yield stage


@dataclass(slots=True)
class _Linear:
    """Linear layers side by side: one batched product."""

    layers: list[nn.Linear]
    has_bias: bool

    def __call__(self, chosen: Sequence[int], x: Tensor) -> Tensor:
        used = [self.layers[i] for i in chosen]
        weight = torch.stack([layer.weight for layer in used]).transpose(1, 2)
        flat = x if x.dim() == 3 else x.flatten(1, -2)
        if self.has_bias:
            bias = torch.stack([layer.bias for layer in used]).unsqueeze(1)
            result = torch.baddbmm(bias, flat, weight)
        else:
            result = torch.bmm(flat, weight)
        return result if x.dim() == 3 else result.unflatten(1, x.shape[1:-1])


@dataclass(slots=True)
class _Same:
    """A function that treats towers side by side as it treats one."""

    function: nn.Module

    def __call__(self, chosen: Sequence[int], x: Tensor) -> Tensor:
        del chosen
        return self.function(x)


# Objects, not closures: a copy of a model must hold the copy's layers.
def _plan(copies: Sequence[nn.Module]) -> list[_Linear | _Same] | None:
    """The batched operations that do what the copies do; None where there are none."""
    operations: list[_Linear | _Same] = []
    unrolled = [list(leaves(copy)) for copy in copies]
    if len({len(layers) for layers in unrolled}) > 1:
        return None
    for layers in zip(*unrolled, strict=True):
        first = layers[0]
        if any(type(layer) is not type(first) for layer in layers):
            return None
        if isinstance(first, nn.Linear):
            linear = cast("list[nn.Linear]", list(layers))
            if len({layer.weight.shape for layer in linear}) > 1:
                return None
            operations.append(_Linear(linear, cast("Any", first.bias) is not None))
        elif isinstance(first, _ELEMENTWISE):
            operations.append(_Same(first))
        elif isinstance(first, nn.Flatten) and (first.start_dim, first.end_dim) == (1, -1):
            operations.append(_Same(nn.Flatten(2)))
        elif (isinstance(first, nn.LayerNorm) and _is_plain_norm(first)) or (
            isinstance(first, nn.Softmax) and first.dim == -1
        ):
            operations.append(_Same(first))
        else:
            return None
    return operations


def _is_plain_norm(layer: nn.LayerNorm) -> bool:
    """Whether it works on one axis, with nothing in it that is learned."""
    return len(layer.normalized_shape) == 1 and not layer.elementwise_affine


class Rows:
    """Which rows of features, computed once for every distinct input, are a task's."""

    def __init__(self, inputs: Mapping[str, Tensor], order: Mapping[int, slice] | None) -> None:
        self._inputs = inputs
        self._order = order

    @property
    def is_one(self) -> bool:
        """Whether every task reads the same rows."""
        return self._order is None

    def of(self, values: Tensor, task: str, axis: int = 0) -> Tensor:
        """The task's rows of values [N, …], along an axis."""
        if self._order is None:
            return values
        chosen = self._order[id(self._inputs[task])]
        return values.narrow(axis, chosen.start, chosen.stop - chosen.start)


class Columns(nn.Module):
    """n copies of the encoder side by side, each of which reads every input.

    Each has a stem for every kind of input; `stages` are the banks after it. The first starts as
    the trunk of hard sharing does. Where `homes` are given, the tasks whose own the first columns
    are, these start as those tasks' separate networks do; several of a task's differ.
    """

    def __init__(
        self, tasks: Sequence[Task], encoder: Encoder, n: int, homes: Sequence[Task] = ()
    ) -> None:
        super().__init__()
        kinds = list(dict.fromkeys(task.input for task in tasks))
        made: list[tuple[list[nn.Module], list[nn.Module]]] = []
        for purpose in _purposes(n, homes):
            with starting(*purpose) if purpose else nullcontext():
                made.append(([make_stem(kind, encoder) for kind in kinds], make_body(encoder)))
        self.stems = nn.ModuleList(Bank(stems[k] for stems, _ in made) for k in range(len(kinds)))
        bodies = zip(*(body for _, body in made), strict=True)
        self.stages = nn.ModuleList(Bank(copies) for copies in bodies)
        self._kind_of = {task.name: kinds.index(task.input) for task in tasks}
        self.stem_banks = [cast("Bank", stem) for stem in self.stems]
        self.later = [cast("Bank", stage) for stage in self.stages]

    def stem(self, kind: int) -> Bank:
        """The stems for a kind of input, by its number."""
        return self.stem_banks[kind]

    def shapes(self, kind: InputKind) -> list[torch.Size]:
        """Shapes of one example's features after each stage; the first stems take `kind`."""
        return shapes([bank.copies[0] for bank in (self.stem_banks[0], *self.later)], kind)

    @property
    def n_stages(self) -> int:
        """Number of stages, the stem counted."""
        return 1 + len(self.later)

    def tell(self, owners: Owners) -> None:
        """Enter every parameter: a stem is its users', the rest is every task's."""
        for stem, readers in zip(self.stems, self.readers, strict=True):
            owners.divide(stem, readers)
        owners.share(self.stages)

    @property
    def readers(self) -> list[list[str]]:
        """The tasks that use each kind's stems."""
        kinds = range(len(self.stem_banks))
        return [[task for task, kind in self._kind_of.items() if kind == k] for k in kinds]

    def builder(
        self,
        builder: StructureBuilder,
        kind: Kind,
        names: Sequence[str],
        homes: Sequence[str] = (),
        step: int = 1,
    ) -> list[list[list[str]]]:
        """Add the columns under these names; the keys of each stage's parts, by column.

        `homes` are the tasks whose columns they are, if they are; stages are `step` levels apart.
        """
        stems = [list(bank.copies) for bank in self.stem_banks]
        stages = [list(bank.copies) for bank in self.later]
        return sketch_columns(builder, stems, self.readers, stages, kind, names, homes, step)

    def first(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, Rows]:
        """Features [n, N, …] of all distinct inputs after the stems, and whose rows are whose."""
        distinct: dict[int, tuple[int, Tensor]] = {
            id(values): (self._kind_of[task], values) for task, values in inputs.items()
        }
        if len(distinct) == 1:
            ((kind, values),) = distinct.values()
            return self.stem_banks[kind].fan(values), Rows(inputs, None)
        order: dict[int, slice] = {}
        pieces: list[Tensor] = []
        start = 0
        for k, stem in enumerate(self.stem_banks):
            mine = {key: values for key, (kind, values) in distinct.items() if kind == k}
            for key, values in mine.items():
                order[key] = slice(start, start + len(values))
                start += len(values)
            if mine:
                pieces.append(stem.fan(torch.cat(list(mine.values()))))
        return pieces[0] if len(pieces) == 1 else torch.cat(pieces, dim=1), Rows(inputs, order)

    def forward(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, Rows]:
        """Features [n, N, width] of all distinct inputs, and whose rows are whose."""
        x, rows = self.first(inputs)
        for stage in self.later:
            x = cast("Tensor", stage(x))
        return x, rows


def _purposes(n: int, homes: Sequence[Task]) -> list[tuple[Purpose, ...]]:
    """What each of n columns is for, all different; that of the trunk of hard sharing is ()."""
    distinct: list[tuple[Purpose, ...]] = []
    for number in range(n):
        home = homes[number].identity if number < len(homes) else None
        at = number - len(homes)
        purpose = ("tower", home) if home is not None else ("expert", at) if at else ()
        copies = sum(other[: len(purpose)] == purpose for other in distinct) if purpose else 0
        distinct.append((*purpose, copies) if copies else purpose)
    return distinct
