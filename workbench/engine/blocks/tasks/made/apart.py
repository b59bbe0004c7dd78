"""Apart: training rows that no other task is asked about."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.engine.blocks.tasks.made.picked import Picked
from workbench.engine.blocks.tasks.splits import row_keys
from workbench.engine.roles.task import Part, Task

_ASKED = ("val", "test")


def without_asked(tasks: Sequence[Task]) -> list[Task]:
    """The tasks without the training rows that one of them validates or tests on.

    Rows are equal where their inputs are, number by number. A task whose rows are left out says so.
    """
    known: dict[tuple[int, ...], NDArray[np.uint64]] = {}

    def keys(part: Part) -> NDArray[np.uint64]:
        key = tuple(id(values) for values in part.inputs.values())
        if key not in known:
            known[key] = _keys(list(part.inputs.values()))
        return known[key]

    asked = np.unique(np.concatenate([keys(task.data[s]) for task in tasks for s in _ASKED]))
    picked = Picked()
    made: list[Task] = []
    for task in tasks:
        part = task.data["train"]
        is_asked = np.isin(keys(part), asked) if len(part) else np.zeros(0, dtype=bool)
        if not is_asked.any():
            made.append(task)
            continue
        kept = torch.from_numpy(np.flatnonzero(~is_asked))
        one = picked.of(task, "apart", {"train": kept})
        n = int(is_asked.sum())
        notice = f"{task.name}: {n:,} training rows are left out: another source asks them"
        one.notices = (*task.notices, notice)
        one.family = task.family
        made.append(one)
    return made


def _keys(views: list[Tensor]) -> NDArray[np.uint64]:
    flat = [values.reshape(len(values), -1) for values in views]
    columns = (column for values in flat for column in values.T.numpy())
    return row_keys(columns, len(flat[0]))
