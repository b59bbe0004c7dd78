"""Losses: what can be made small for a task, beside what is usual for its kind of output."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.roles.task import Classes, OutputKind, PixelClasses, PixelValues, Values
from workbench.spec.experiment import Loss

#: Outputs and targets of a batch -> their mean loss.
LossFunction = Callable[[Tensor, Tensor], Tensor]

#: The least that focal loss takes an answer to be off by: below, (1 − p)^γ may have no slope.
_LEAST = 1e-8


def loss_of(loss: Loss, output: OutputKind) -> LossFunction:
    """The loss for outputs of a kind. Raises ValueError where it does not fit them."""
    match output:
        case Values() | PixelValues():
            fitting = _of_values(loss)
        case Classes() | PixelClasses():
            fitting = _of_classes(loss)
        case _:
            fitting = {}
    if loss.kind == "usual":
        return output.loss
    if loss.kind not in fitting:
        kind = type(output).__name__
        known = f"takes {', '.join(fitting)}" if fitting else "has one loss alone"
        raise ValueError(f"an answer of the kind {kind} {known}; found {loss.kind}")
    return fitting[loss.kind]


def _of_values(loss: Loss) -> dict[str, LossFunction]:
    return {
        "squared": functional.mse_loss,
        "absolute": functional.l1_loss,
        "huber": partial(functional.huber_loss, delta=loss.delta),
    }


def _of_classes(loss: Loss) -> dict[str, LossFunction]:
    return {
        "cross-entropy": partial(_smoothed, smoothing=loss.smoothing),
        "focal": partial(_focal, gamma=loss.gamma),
    }


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


def _focal(output: Tensor, target: Tensor, gamma: float) -> Tensor:
    """Mean of (1 − p)^γ · (−log p) of the right class's p (Lin et al., ICCV 2017, without α)."""
    rows = functional.cross_entropy(output, target, reduction="none")
    return ((1 - (-rows).exp()).clamp_min(_LEAST) ** gamma * rows).mean()
