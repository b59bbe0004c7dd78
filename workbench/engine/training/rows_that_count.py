"""Rows that count: the training examples from which a task learns anything."""

from collections.abc import Sequence

import torch
from torch import Tensor

from workbench.engine.numerics.missing import answered_rows
from workbench.engine.roles.task import Part, Task


def that_count(task: Task, part: Part) -> Tensor | None:
    """Which training examples [N] have an answer and a weight, on the CPU; None: all."""
    counts = torch.ones(len(part), dtype=torch.bool)
    if task.lacks_answers:
        counts &= answered_rows(part.target).cpu()
    if part.row_weights is not None:
        counts &= part.row_weights.cpu() > 0
    return None if counts.all() else counts


def any_of(counts: Sequence[Tensor | None]) -> Tensor | None:
    """Positions of the examples that count for one of the tasks at least; None: all do."""
    known = [each for each in counts if each is not None]
    if len(known) < len(counts):
        return None
    is_any = torch.stack(known).any(0)
    return None if is_any.all() else is_any.nonzero().squeeze(1)
