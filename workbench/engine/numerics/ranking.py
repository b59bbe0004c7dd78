"""Ranking: scores of classes that depend on the order of the outputs alone."""

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
