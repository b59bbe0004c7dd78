"""Ranking: scores of classes and labels that depend on the order of the outputs alone."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

#: The score of a class by its outputs [N] and which examples are its own [N].
OfClass = Callable[[Tensor, Tensor], float]


def one_against_the_rest(
    output: Tensor, target: Tensor, of_class: OfClass, *, is_symmetric: bool = True
) -> float:
    """The mean over classes of a score of each against the rest, by log-probabilities.

    `output` [N, C] are scores before the softmax, `target` [N] classes. Classes that do not occur,
    or that all examples are of, have none; NaN where none has, and where an output is no number.
    Where a score `is_symmetric`, either of two classes has the same, and one is worked out.
    """
    output, target = output.detach().cpu(), target.detach().cpu()
    if not output.isfinite().all():
        return math.nan
    log_shares = torch.log_softmax(output.double(), -1)
    n_classes = output.shape[-1]
    if n_classes == 2:  # the odds: shares near 1 differ by less than they can tell
        odds = output[:, 1].double() - output[:, 0].double()
        log_shares = torch.stack([-odds, odds], 1)
    chosen = range(1, 2) if n_classes == 2 and is_symmetric else range(n_classes)
    scores: list[float] = []
    for c in chosen:
        is_own = target == c
        if 0 < int(is_own.sum()) < len(target):
            scores.append(of_class(log_shares[:, c], is_own))
    return sum(scores) / len(scores) if scores else math.nan


def each_label(output: Tensor, target: Tensor, of_class: OfClass) -> float:
    """The mean over labels of a score of each, by its own logits, among the rows that know it.

    `output` and `target` are [N, n]. Labels that are never there, or always, have none; NaN where
    none has, and where an output is no number.
    """
    output, target = output.detach().cpu(), target.detach().cpu()
    if not output.isfinite().all():
        return math.nan
    scores: list[float] = []
    for own_output, own_target in zip(output.double().unbind(1), target.unbind(1), strict=True):
        is_known = ~own_target.isnan()
        is_there = own_target[is_known] > 0
        if 0 < int(is_there.sum()) < len(is_there):
            scores.append(of_class(own_output[is_known], is_there))
    return sum(scores) / len(scores) if scores else math.nan


def shares_of_labels(target: Tensor) -> Tensor:
    """How often each label of targets [N, n] is there, [n], of the rows that know it."""
    is_known = ~target.isnan()
    return (target > 0).sum(0).double() / is_known.sum(0)
