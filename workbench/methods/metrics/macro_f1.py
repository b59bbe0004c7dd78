"""macro-f1: precision and recall together, every class counting alike."""

import torch
from torch import Tensor

from workbench.engine.roles.metric import Metric, answers_of
from workbench.engine.roles.task import Classes, Labels


class MacroF1(Metric):
    """F1, the harmonic mean of precision and recall, averaged over the classes seen.

    F1 of a class is 2·TP / (2·TP + FP + FN); a class counts if it is a target or an answer. Labels
    are taken for classes of which several may be right: a label is an answer from even odds on.
    """

    key = "macro-f1"
    title = "Macro F1"
    formula = "mean over classes of 2TP / (2TP + FP + FN)"
    higher_is_better = True
    score_range = (0.0, 1.0)
    outputs = (Classes, Labels)
    usual = (Labels,)

    def score(self, output: Tensor, target: Tensor) -> float:
        if target.is_floating_point():
            # What is no number is wrong, whether the label is there or not.
            answer = torch.where(output.isnan(), target == 0, output > 0)
            return _macro_f1_of_labels(answer, target)
        return _macro_f1(answers_of(output), target)

    def chance(self, target: Tensor) -> float | None:
        if target.is_floating_point():
            return _macro_f1_of_labels(torch.ones_like(target, dtype=torch.bool), target)
        return _macro_f1(target.bincount().argmax().expand_as(target), target)


def _macro_f1(answer: Tensor, target: Tensor) -> float:
    n_classes = int(max(answer.max().item(), target.max().item())) + 1
    right = target[answer == target].bincount(minlength=n_classes).double()
    answered = answer[answer >= 0]  # no answer is of no class, and misses the right one
    either = answered.bincount(minlength=n_classes) + target.bincount(minlength=n_classes)
    seen = either > 0
    return (2 * right[seen] / either[seen]).mean().item()


def _macro_f1_of_labels(answer: Tensor, target: Tensor) -> float:
    """Of answers [N, n], each there or not, at what is known of the labels."""
    is_known = ~target.isnan()
    is_there = target > 0
    right = (answer & is_there).sum(0).double()
    either = (answer & is_known).sum(0) + is_there.sum(0)
    seen = either > 0
    return (2 * right[seen] / either[seen]).mean().item()
