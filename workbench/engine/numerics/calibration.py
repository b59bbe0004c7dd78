"""Calibration: whether answers are as often right as they are sure."""

from dataclasses import dataclass

import torch
from torch import Tensor

#: Bins of equal width in which answers are put together by how sure they are.
N_BINS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """By bin [B]: the share of the examples, and of these the mean sureness and the accuracy.

    Both are NaN where a bin has no example.
    """

    share: Tensor
    confidence: Tensor
    accuracy: Tensor


def bins_of(output: Tensor, target: Tensor) -> Bins:
    """The bins of logits [N, n] and right classes [N]; what is no number is sure of nothing."""
    sureness, answer = output.double().softmax(1).max(1)
    is_right = (answer == target) & ~sureness.isnan()
    sureness = sureness.nan_to_num(0.0)
    # (a, b]: the last bin has the answers that are wholly sure.
    place = (sureness * N_BINS).ceil().long().sub(1).clamp(0, N_BINS - 1)
    counts = place.bincount(minlength=N_BINS).double()

    def mean(values: Tensor) -> Tensor:
        return place.bincount(values.double(), minlength=N_BINS) / counts

    return Bins(counts / len(target), mean(sureness), mean(is_right))


def edges() -> list[str]:
    """The bins in words, by their upper ends."""
    return [f"≤ {end:.0%}" for end in torch.arange(1, N_BINS + 1).div(N_BINS).tolist()]
