"""Losses: of each task on its part of a batch; of tasks that are alike all at once."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from workbench.engine.numerics.missing import known
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.losses import WeightedMean, filled
from workbench.engine.roles.task import (
    Classes,
    Labels,
    Part,
    Task,
    Values,
    weight_of,
)

#: From so many tasks on, losses that can be had together are: a call costs more than its rows.
_MANY = 3


def loss_of(task: Task, output: Tensor, part: Part) -> Tensor:
    """The loss of a task's outputs [B, …] on its part, chosen among the classes it may be."""
    if part.class_mask is not None:
        output = output.masked_fill(~part.class_mask, -torch.inf)
    if part.blended is not None:
        own = _loss(task, output, part.target, part.row_weights)
        other = _loss(task, output, part.blended[0], part.row_weights)
        return torch.lerp(other, own, part.blended[1])
    return _loss(task, output, part.target, part.row_weights)


def _loss(task: Task, output: Tensor, target: Tensor, weights: Tensor | None) -> Tensor:
    return task.loss(output, target) if weights is None else task.loss(output, target, weights)


def are_alike(tasks: Mapping[str, Task], batch: Batch) -> bool:
    """Whether many tasks have one kind of answer and the usual loss of it, all rows alike.

    They choose among the same classes, each among all of them; or, where answers are missing, they
    are values or labels too: what it takes to leave gaps out is then done once for all tasks.
    """
    if len(batch) < _MANY:
        return False
    kinds = {tasks[name].output for name in batch}
    if len(kinds) > 1 or not isinstance(next(iter(kinds)), Classes | Values | Labels):
        return False
    if not all(map(_is_plain, batch.values())):
        return False
    if not all(tasks[name].has_usual_loss for name in batch):
        return False
    return isinstance(next(iter(kinds)), Classes) or _has_gaps(tasks, batch)


def _is_plain(part: Part) -> bool:
    """Whether nothing but outputs and targets makes a part's loss."""
    return part.class_mask is None and part.blended is None and part.row_weights is None


def _has_gaps(tasks: Mapping[str, Task], batch: Batch) -> bool:
    return any(tasks[name].lacks_answers for name in batch)


def alike_losses(tasks: Mapping[str, Task], batch: Batch, together: Tensor) -> Tensor:
    """The losses [T] of tasks that are alike: the means over each one's rows of all rows'.

    `together` are their outputs [B, n], one task's after the other's.
    """
    kind = tasks[next(iter(batch))].output
    assert isinstance(kind, Classes | Values | Labels)
    target = torch.cat([part.target for part in batch.values()])
    lengths = [len(part) for part in batch.values()]
    if not _has_gaps(tasks, batch):
        sizes = torch.tensor(lengths, device=target.device)
        rows = kind.row_losses(together, target)
        return torch.segment_reduce(rows, "mean", lengths=sizes, axis=0)
    is_known = known(target)
    n_known = _summed(is_known, lengths).clamp_min(1)
    if isinstance(kind, Values) and min(lengths) == max(lengths):
        # As below, in half the calls: of small tasks these are what a step costs.
        errors = torch.where(is_known, together - target, 0.0).view(len(lengths), -1)
        return torch.linalg.vecdot(errors, errors) / n_known
    losses = kind.row_losses(together, filled(target, is_known))
    if not isinstance(kind, Classes):  # of classes a gap's loss is 0 already
        losses = losses.where(is_known, 0.0)
    return _summed(losses, lengths) / n_known


def _summed(values: Tensor, lengths: list[int]) -> Tensor:
    """Values [B, …] summed over each task's rows, [T]."""
    if min(lengths) == max(lengths):
        return values.view(len(lengths), -1).sum(1)
    return torch.stack([piece.sum() for piece in values.split(lengths)])


def losses_of_halves(
    tasks: Mapping[str, Task], batch: Batch, loss: Callable[[str, slice | None], Tensor]
) -> tuple[list[Tensor], list[float]]:
    """Losses [2T] of every other example of each part in turn, and the first halves' shares [T].

    `loss` gives a task's loss on some of its examples, or on all. One example is both halves. A
    half's share is that of what its loss is a mean of: answers, which of texts are tokens, or what
    their rows weigh. A half that has none of it counts nothing.
    """
    losses: list[Tensor] = []
    shares: list[float] = []
    for name, part in batch.items():
        n = len(part)
        halves = (slice(0, None, 2), slice(1, None, 2)) if n > 1 else (None, None)
        share = _share(tasks[name], part) if n > 1 else 0.5
        # Of a half without answers the loss is no number, and nobody's: the other is all there is.
        if share in (0.0, 1.0):
            halves = (halves[1 - int(share)],) * 2
        losses += [loss(name, half) for half in halves]
        shares.append(share)
    return losses, shares


def _share(task: Task, part: Part) -> float:
    """What the loss of every other example, from the first on, counts in that of all."""
    whole = _weight(task, part)
    return _weight(task, part[::2]) / whole if whole else 0.5


def _weight(task: Task, part: Part) -> float:
    if isinstance(task.loss, WeightedMean):
        return float(task.loss.weights(part.target, part.row_weights).sum())
    return weight_of(task.output, part.target)
