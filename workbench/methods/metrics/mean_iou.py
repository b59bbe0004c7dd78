"""mean-iou: how well the areas of classes overlap."""

import torch
from torch import Tensor

from workbench.engine.roles.metric import Metric, answers_of
from workbench.engine.roles.task import PixelClasses


class MeanIoU(Metric):
    """Overlap of found and true areas over their union, averaged over the classes seen.

    Pixels of all pictures count together; a class counts if it is a target or an answer.
    """

    key = "mean-iou"
    title = "Mean intersection over union"
    formula = "mean over classes of TP / (TP + FP + FN)"
    higher_is_better = True
    score_range = (0.0, 1.0)
    outputs = (PixelClasses,)
    usual = (PixelClasses,)

    def score(self, output: Tensor, target: Tensor) -> float:
        return _mean_iou(answers_of(output, 1).flatten(), target.flatten())

    def chance(self, target: Tensor) -> float | None:
        flat = target.flatten()
        return _mean_iou(torch.full_like(flat, int(flat.bincount().argmax())), flat)


def _mean_iou(answer: Tensor, target: Tensor) -> float:
    n_classes = int(max(answer.max().item(), target.max().item())) + 1
    right = target[answer == target].bincount(minlength=n_classes).double()
    answered = answer[answer >= 0]  # no answer is of no class, and misses the right one
    either = answered.bincount(minlength=n_classes) + target.bincount(minlength=n_classes) - right
    seen = either > 0
    return (right[seen] / either[seen]).mean().item()
