"""Momentum: an optimizer's memory of a parameter that it has not moved yet."""

import torch


def start(optimizer: torch.optim.Optimizer) -> None:
    """Give every parameter of a gradient descent with momentum a velocity of 0 to begin with.

    That is where each would begin by itself at its first gradient. But torch's fused step takes
    either all of a group for new or none, and heads of later tasks get their first gradient late.
    """
    if not isinstance(optimizer, torch.optim.SGD):
        return
    for group in optimizer.param_groups:
        if group["momentum"]:
            for parameter in group["params"]:
                state = optimizer.state[parameter]
                if state.get("momentum_buffer") is None:
                    state["momentum_buffer"] = torch.zeros_like(parameter)
