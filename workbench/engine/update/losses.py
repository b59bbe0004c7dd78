"""Losses: of each task on its part of a batch; of tasks that are alike all at once."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from workbench.engine.roles.batch import Batch
from workbench.engine.roles.task import Classes, OutputKind, Part, Task, weight_of

#: From so many tasks on, losses that can be had together are: a call costs more than its rows.
_MANY = 3


def loss_of(task: Task, output: Tensor, part: Part) -> Tensor:
    """The loss of a task's outputs [B, …] on its part, chosen among the classes it may be."""
    if part.class_mask is not None:
        output = output.masked_fill(~part.class_mask, -torch.inf)
    if part.blended is not None:
        own, other = task.loss(output, part.target), task.loss(output, part.blended[0])
        return torch.lerp(other, own, part.blended[1])
    return task.loss(output, part.target)


def are_alike(tasks: Mapping[str, Task], batch: Batch) -> bool:
    """Whether many tasks choose among the same classes, each among all of them."""
    if len(batch) < _MANY:
        return False
    kinds = {tasks[name].output for name in batch}
    is_one = len(kinds) == 1 and isinstance(next(iter(kinds)), Classes)
    is_masked = any(
        part.class_mask is not None or part.blended is not None for part in batch.values()
    )
    return is_one and not is_masked and all(tasks[name].has_usual_loss for name in batch)


def alike_losses(tasks: Mapping[str, Task], batch: Batch, together: Tensor) -> Tensor:
    """The losses [T] of tasks that are alike: the means over each one's rows of all rows'.

    `together` are their outputs [B, n], one task's after the other's.
    """
    kind = tasks[next(iter(batch))].output
    assert isinstance(kind, Classes)
    target = torch.cat([part.target for part in batch.values()])
    sizes = torch.tensor([len(part) for part in batch.values()], device=target.device)
    return torch.segment_reduce(kind.row_losses(together, target), "mean", lengths=sizes, axis=0)


def losses_of_halves(
    tasks: Mapping[str, Task], batch: Batch, loss: Callable[[str, slice | None], Tensor]
) -> tuple[list[Tensor], list[float]]:
    """Losses [2T] of every other example of each part in turn, and the first halves' shares [T].

    `loss` gives a task's loss on some of its examples, or on all. One example is both halves. A
    half's share is that of what its loss is a mean of, which is tokens where answers are texts.
    """
    losses: list[Tensor] = []
    shares: list[float] = []
    for name, part in batch.items():
        n = len(part)
        halves = (slice(0, None, 2), slice(1, None, 2)) if n > 1 else (None, None)
        losses += [loss(name, half) for half in halves]
        shares.append(_share(tasks[name].output, part.target) if n > 1 else 0.5)
    return losses, shares


def _share(kind: OutputKind, target: Tensor) -> float:
    """What the loss of every other example, from the first on, counts in that of all."""
    whole = weight_of(kind, target)
    return weight_of(kind, target[::2]) / whole if whole else 0.5
