"""Fused: an optimizer's step as one call of its fused kernel.

Finding out anew at each step how to make that call takes torch's optimizers longer than the call
takes a small model: a tenth of the whole step. What is moved and kept is the optimizer's own, to
the bit, so its state is saved and loaded as ever.

The fused kernels, torch's own use of them included, go through memory from a tensor's first number
on and never look at its strides. So whoever made a gradient, it is laid out as its parameter here.
"""

from collections.abc import Callable, Mapping
from itertools import compress
from typing import Any, cast

import torch
from torch import Tensor

_stride = Tensor.stride

State = Mapping[Tensor, dict[str, Any]]
#: A group of parameters, those with a gradient, the gradients, and what is kept for each -> the
#: call that moves them; None where that is for the optimizer itself, as at its first step.
Kernel = Callable[
    [dict[str, Any], list[Tensor], list[Tensor], list[dict[str, Any]]], Callable[[], None] | None
]


def _adam(
    group: dict[str, Any],
    moved: list[Tensor],
    gradients: list[Tensor],
    states: list[dict[str, Any]],
) -> Callable[[], None] | None:
    if group["amsgrad"] or not all(states):
        return None
    counts = [state["step"] for state in states]
    kernel = torch._fused_adamw_ if group["decoupled_weight_decay"] else torch._fused_adam_  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]  # have no public names

    def move() -> None:
        torch._foreach_add_(counts, 1)  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]  # have no public names
        beta1, beta2 = group["betas"]
        kernel(
            moved,
            gradients,
            [state["exp_avg"] for state in states],
            [state["exp_avg_sq"] for state in states],
            [],
            counts,
            lr=group["lr"],
            beta1=beta1,
            beta2=beta2,
            weight_decay=group["weight_decay"],
            eps=group["eps"],
            amsgrad=False,
            maximize=group["maximize"],
        )

    return move


def _sgd(
    group: dict[str, Any],
    moved: list[Tensor],
    gradients: list[Tensor],
    states: list[dict[str, Any]],
) -> Callable[[], None] | None:
    has_momentum = group["momentum"] != 0
    buffers: list[Any] = [state.get("momentum_buffer") for state in states] if has_momentum else []
    if any(buffer is None for buffer in buffers):
        return None

    def move() -> None:
        torch._fused_sgd_(  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]  # have no public names
            moved,
            gradients,
            buffers,
            weight_decay=group["weight_decay"],
            momentum=group["momentum"],
            lr=group["lr"],
            dampening=group["dampening"],
            nesterov=group["nesterov"],
            maximize=group["maximize"],
            is_first_step=False,
        )

    return move


_KERNELS: dict[type[torch.optim.Optimizer], Kernel] = {
    torch.optim.SGD: _sgd,
    torch.optim.Adam: _adam,
    torch.optim.AdamW: _adam,
}


def can_be_fused(parameter: Tensor) -> bool:
    """Whether the fused kernels move a parameter rightly: its numbers fill a piece of memory."""
    on = parameter.device.type in ("cpu", "cuda") and parameter.dtype.is_floating_point
    # A tensor made like it keeps its strides exactly where there are no gaps or overlaps.
    return on and torch.empty_like(parameter, device="meta").stride() == parameter.stride()


def laid_out(gradient: Tensor, parameter: Tensor) -> Tensor:
    """A gradient as its parameter lies in memory: autograd may give it in other strides."""
    if gradient.stride() == parameter.stride():
        return gradient
    return torch.empty_like(parameter).copy_(gradient)


class Fused:
    """Takes the steps of an optimizer; by its kernel where it is fused and on the CPU."""

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        self.optimizer = optimizer
        self._kernel: Kernel | None = None
        self._known: list[list[Tensor]] = []
        self._strides: list[list[tuple[int, ...]]] = []
        self.refresh()

    def refresh(self) -> None:
        """Take note of the optimizer's parameters anew, after some may have been added."""
        groups = self.optimizer.param_groups
        kinds = {(p.device.type, p.dtype) for group in groups for p in group["params"]}
        is_plain = len(kinds) == 1 and all(device == "cpu" for device, _ in kinds)
        is_fused = all(group.get("fused") for group in groups)
        self._kernel = _KERNELS.get(type(self.optimizer)) if is_plain and is_fused else None
        # Asked for once: strides cost as much as all else that is done with a parameter here.
        self._strides = [[p.stride() for p in group["params"]] for group in groups]
        self._known = [group["params"] for group in groups]

    def step(self) -> None:
        """Move every parameter that has a gradient."""
        groups = self.optimizer.param_groups
        if [id(group["params"]) for group in groups] != [id(known) for known in self._known]:
            self.refresh()  # a vector was cut
        pairs = list(map(_with_gradients, self._known, self._strides))
        moves = None if self._kernel is None else self._moves(self._kernel, pairs)
        if moves is None:
            self.optimizer.step()
            return
        with torch.no_grad():
            for move in moves:
                move()

    def _moves(
        self, kernel: Kernel, pairs: list[tuple[list[Tensor], list[Tensor]]]
    ) -> list[Callable[[], None]] | None:
        state: State = self.optimizer.state
        moves: list[Callable[[], None]] = []
        for group, (moved, gradients) in zip(self.optimizer.param_groups, pairs, strict=True):
            if moved:
                # The optimizer's mapping makes an empty entry where there is none: as it does.
                move = kernel(group, moved, gradients, [state[p] for p in moved])
                if move is None:
                    return None
                moves.append(move)
        return moves


def _with_gradients(
    parameters: list[Tensor], strides: list[tuple[int, ...]]
) -> tuple[list[Tensor], list[Tensor]]:
    """The parameters that have a gradient, and their gradients, which are laid out as they are.

    `strides` are the parameters'. Mostly all have a gradient that lies as they do.
    """
    gradients = [gradient for p in parameters if (gradient := p.grad) is not None]
    if len(gradients) < len(parameters):
        has = [p.grad is not None for p in parameters]
        parameters, strides = list(compress(parameters, has)), list(compress(strides, has))
    if list(map(_stride, gradients)) != strides:
        for parameter in parameters:
            parameter.grad = laid_out(cast("Tensor", parameter.grad), parameter)
        gradients = [cast("Tensor", parameter.grad) for parameter in parameters]
    return parameters, gradients
