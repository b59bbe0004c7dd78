"""Data sums: what the examples of each task are, in a few letters, to tell other data by."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor

from workbench.engine.roles.rows.on_demand import OnDemand
from workbench.engine.roles.rows.pooled import Pooled
from workbench.engine.roles.task import Task


def sums_of(tasks: Mapping[str, Task]) -> dict[str, str]:
    """SHA-256 of every task's examples by the task's name: values, shapes and order in each split.

    Inputs that tasks share are read once. A gigabyte takes less than a second.
    """
    read: dict[int, bytes] = {}
    return {name: _sum(task, read) for name, task in tasks.items()}


def _sum(task: Task, read: dict[int, bytes]) -> str:
    whole = hashlib.sha256()
    for split in sorted(task.data):
        part = task.data[split]
        columns = [*sorted(part.inputs.items()), ("", part.target)]
        if part.row_weights is not None:
            columns.append(("weights", part.row_weights))
        for view, values in columns:
            if id(values) not in read:
                read[id(values)] = _digest(values)
            whole.update(f"{split}\0{view}\0".encode() + read[id(values)])
    return whole.hexdigest()


def _digest(values: Tensor) -> bytes:
    made = hashlib.sha256()
    raw: Any
    for piece in _plain(values):
        made.update(f"{piece.dtype} {list(piece.shape)}\0".encode())
        for block in piece.blocks() if isinstance(piece, OnDemand) else (piece,):
            raw = block.detach().cpu().contiguous().flatten().view(torch.uint8).numpy()
            made.update(memoryview(raw))
    return made.digest()


def _plain(values: Tensor) -> Iterable[Tensor]:
    """What the values are kept as: those of a pool, and where each stands in it."""
    return (values.pool, values.positions) if isinstance(values, Pooled) else (values,)
