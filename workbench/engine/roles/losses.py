"""Losses: what can be made small for a task, beside what is usual for its kind of output."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.numerics.missing import known
from workbench.engine.roles.kinds import (
    Classes,
    Labels,
    Objective,
    OutputKind,
    PixelClasses,
    PixelValues,
    TokensOut,
    Values,
)
from workbench.spec.experiment import Loss

#: Outputs and targets of a batch -> their mean loss.
LossFunction = Callable[[Tensor, Tensor], Tensor]

#: The least that focal loss takes an answer to be off by: below, (1 − p)^γ may have no slope.
_LEAST = 1e-8

#: Less than any sum of weights above 0: what is divided by it is 0.
_TINY = 1e-30


class TaskLoss(Protocol):
    """The mean loss of a task's outputs and targets; rows [B] may weigh differently."""

    def __call__(
        self, output: Tensor, target: Tensor, row_weights: Tensor | None = None, /
    ) -> Tensor:
        """The loss, a scalar with its graph."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What is made small: the mean over examples, and each answer's own part of it.

    `each` gives [B, …] losses of targets that may have gaps, whose losses nobody looks at.
    `over_gaps` is the mean over the others in fewer calls, where there is such a way.
    """

    mean: LossFunction
    each: LossFunction
    over_gaps: LossFunction | None = None

    def __call__(self, output: Tensor, target: Tensor) -> Tensor:
        """The mean, of targets without gaps."""
        return self.mean(output, target)


def loss_of(loss: Loss, output: OutputKind) -> Measured:
    """The loss for outputs of a kind. Raises ValueError where it does not fit them."""
    match output:
        case Values() | PixelValues():
            fitting = _of_values(loss)
        case Classes() | PixelClasses():
            fitting = _of_classes(loss)
        case _:
            fitting = {}
    if loss.kind == "usual":
        return usual_loss(output)
    if loss.kind not in fitting:
        kind = type(output).__name__
        known_losses = f"takes {', '.join(fitting)}" if fitting else "has one loss alone"
        raise ValueError(f"an answer of the kind {kind} {known_losses}; found {loss.kind}")
    each = fitting[loss.kind]
    return Measured(_means(loss).get(loss.kind, partial(_mean_of, each=each)), each)


def usual_loss(output: OutputKind) -> Measured:
    """The loss of a kind of output where nothing is said of it."""
    if isinstance(output, Objective):
        return Measured(output.loss, output.loss)
    over_gaps: LossFunction | None = None
    match output:
        case Classes() | PixelClasses():
            over_gaps = output.loss  # torch's cross-entropy passes over them by itself
        case Values():
            over_gaps = _squared_over_gaps
        case Labels():
            over_gaps = _binary_over_gaps
        case _:
            pass
    return Measured(output.loss, output.row_losses, over_gaps)


def _squared_over_gaps(output: Tensor, target: Tensor) -> Tensor:
    """Mean squared error of what is known: elsewhere an output is compared with itself."""
    is_known = known(target)
    wanted = torch.where(is_known, target, output.detach())
    return functional.mse_loss(output, wanted, reduction="sum") / is_known.sum().clamp_min(1)


def _binary_over_gaps(output: Tensor, target: Tensor) -> Tensor:
    """Mean binary cross-entropy of what is known: the others weigh nothing."""
    is_known = known(target)
    weights = is_known / is_known.sum().clamp_min(1)
    return functional.binary_cross_entropy_with_logits(
        output, filled(target, is_known), weights, reduction="sum"
    )


def _of_values(loss: Loss) -> dict[str, LossFunction]:
    return {
        "squared": partial(functional.mse_loss, reduction="none"),
        "absolute": partial(functional.l1_loss, reduction="none"),
        "huber": partial(functional.huber_loss, delta=loss.delta, reduction="none"),
    }


def _of_classes(loss: Loss) -> dict[str, LossFunction]:
    return {
        "cross-entropy": partial(_smoothed_each, smoothing=loss.smoothing),
        "focal": partial(_focal_each, gamma=loss.gamma),
    }


def _means(loss: Loss) -> dict[str, LossFunction]:
    """Means that torch has in one call, or that are made cheaper than from each one's part."""
    return {
        "squared": functional.mse_loss,
        "absolute": functional.l1_loss,
        "huber": partial(functional.huber_loss, delta=loss.delta),
        "cross-entropy": partial(_smoothed, smoothing=loss.smoothing),
    }


def _mean_of(output: Tensor, target: Tensor, each: LossFunction) -> Tensor:
    return each(output, target).mean()


def _smoothed(output: Tensor, target: Tensor, smoothing: float) -> Tensor:
    """Cross-entropy to targets of which a share is spread over all classes (Szegedy 2016).

    Classes that are not to be chosen, whose outputs are −∞, get nothing of it.
    """
    if not smoothing:
        return functional.cross_entropy(output, target)
    logs = output.log_softmax(1)
    is_open = output > -torch.inf
    spread = -logs.where(is_open, 0.0).sum(1) / is_open.sum(1)
    return (1 - smoothing) * functional.nll_loss(logs, target) + smoothing * spread.mean()


def _smoothed_each(output: Tensor, target: Tensor, smoothing: float) -> Tensor:
    """As `_smoothed`, of each example or pixel."""
    if not smoothing:
        return functional.cross_entropy(output, target, reduction="none")
    logs = output.log_softmax(1)
    is_open = output > -torch.inf
    spread = -logs.where(is_open, 0.0).sum(1) / is_open.sum(1)
    own = functional.nll_loss(logs, target, reduction="none")
    return (1 - smoothing) * own + smoothing * spread


def _focal_each(output: Tensor, target: Tensor, gamma: float) -> Tensor:
    """(1 − p)^γ · (−log p) of the right class's p (Lin et al., ICCV 2017, without α)."""
    rows = functional.cross_entropy(output, target, reduction="none")
    return (1 - (-rows).exp()).clamp_min(_LEAST) ** gamma * rows


class WeightedMean:
    """The mean of each answer's loss over the answers that there are, some of which weigh more.

    Σ wₖ ℓₖ / Σ wₖ over what has an answer, wₖ the row's weight times that of its class, as torch
    weighs cross-entropy; 0 where nothing has an answer, NaN of classes that torch's own mean is of.
    Of several labels `class_weights` [n] are those of the answer that a label is there, beside 1
    of that it is not.
    """

    def __init__(self, loss: Measured, class_weights: Tensor | None = None) -> None:
        self.each, self.over_gaps = loss.each, loss.over_gaps
        self.class_weights = class_weights

    def __call__(
        self, output: Tensor, target: Tensor, row_weights: Tensor | None = None, /
    ) -> Tensor:
        """The loss of outputs and targets [B, …], of rows with weights [B]."""
        is_plain = row_weights is None and self.class_weights is None
        if is_plain and self.over_gaps is not None:
            return self.over_gaps(output, target)
        is_known = known(target)
        losses = self.each(output, filled(target, is_known)).where(is_known, 0.0)
        if is_plain:
            return losses.sum() / is_known.sum().clamp_min(1)
        weights = self.weights(target, row_weights)
        return (losses * weights).sum() / weights.sum().clamp_min(_TINY)

    def weights(self, target: Tensor, row_weights: Tensor | None = None) -> Tensor:
        """What each answer of targets [B, …] counts; 0 of those that are missing."""
        weights = known(target).float()
        if self.class_weights is not None:
            weights = weights * self._of_answers(target)
        if row_weights is not None:
            weights = weights * row_weights.view(-1, *(1,) * (target.dim() - 1))
        return weights

    def _of_answers(self, target: Tensor) -> Tensor:
        """The weight of each answer [B, …], of a gap any."""
        assert self.class_weights is not None
        known_weights = self.class_weights.to(target.device)
        if target.is_floating_point():
            return torch.where(target > 0, known_weights, 1.0)
        return known_weights[target.clamp_min(0)]


def filled(target: Tensor, is_known: Tensor) -> Tensor:
    """Targets with numbers in their gaps, from which no loss is taken: a mark of classes is kept.

    Cross-entropy passes over it; of the others a gap's NaN would reach every gradient.
    """
    return target.where(is_known, 0.0) if target.is_floating_point() else target


def balanced_weights(output: OutputKind, target: Tensor) -> Tensor:
    """Weights [n] with which every class counts alike among targets [B, …]: N / (n · Nₖ).

    A class that does not occur has 1. Of labels that of the label being there: (N − Nₖ) / Nₖ.
    """
    if isinstance(output, Labels):
        there = (target > 0).sum(0)
        absent = known(target).sum(0) - there
        return torch.where((there > 0) & (absent > 0), absent / there.clamp_min(1), 1.0).float()
    n_classes = output.n
    counts = target[known(target)].flatten().bincount(minlength=n_classes)
    n_seen = int((counts > 0).sum())
    weights = counts.sum() / (max(n_seen, 1) * counts.clamp_min(1))
    return torch.where(counts > 0, weights, 1.0).float()


def can_weigh_classes(output: OutputKind) -> bool:
    """Whether answers of a kind are classes or labels, which may weigh differently."""
    return isinstance(output, Classes | PixelClasses | Labels)


def can_weigh_rows(output: OutputKind) -> bool:
    """Whether the loss of answers of a kind is a mean over rows."""
    return not isinstance(output, Objective | TokensOut)
