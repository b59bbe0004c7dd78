"""Figures: tensors as the named tables that methods report."""

from collections.abc import Iterable

import torch
from torch import Tensor

from workbench.spec.event import Table


def figures(
    name: str,
    rows: Iterable[str],
    columns: Iterable[str],
    values: Tensor,
    title: str = "",
    meaning: str = "",
) -> Table:
    """A table of `values` [R, C] under the names of its rows and columns."""
    plain = values.detach().to("cpu", torch.float32).numpy().copy()
    return Table(name, tuple(rows), tuple(columns), plain, title, meaning)


def numbered(name: str, n: int) -> list[str]:
    """Names of n alike: `expert 1`, `expert 2` and so on."""
    return [f"{name} {i + 1}" for i in range(n)]


def by_stage(name: str, number: int) -> str:
    """The name of a table that there is one of for each stage, from 1."""
    return f"{name} · stage {number}"


def _flat(parameters: Iterable[Tensor]) -> Tensor:
    pieces = [p.detach().reshape(-1) for p in parameters]
    return torch.cat(pieces) if pieces else torch.zeros(0)


def relative_distance(one: Iterable[Tensor], other: Iterable[Tensor]) -> Tensor:
    """‖θ − φ‖ over the mean of ‖θ‖ and ‖φ‖, of parameters in the same order: a scalar.

    Of none, as of stages that are frozen alike, it is 0.
    """
    first = _flat(one)
    second = _flat(other)
    size = (first.norm() + second.norm()) / 2
    return (first - second).norm() / size.clamp_min(torch.finfo(size.dtype).tiny)
