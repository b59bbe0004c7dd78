"""Balancing: how task losses or gradients combine into one update."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch import Tensor

from workbench.engine.roles.method import Method
from workbench.spec.settings import Settings, setting

if TYPE_CHECKING:
    from workbench.engine.step import Step


class BalancingSettings(Settings):
    """Settings every balancing method has."""

    normalise: bool = setting(
        False,
        "Rescale the weights to sum to the number of tasks, so that learning rates compare.",
    )


class Balancing(Method):
    """A combination rule in the space of losses: the weights act on heads too.

    `weights_sum` says what the weights add up to, which sets the effective learning rate.
    """

    role: ClassVar[str] = "balancing"
    weights_sum: ClassVar[str] = ""
    #: Whether the rule acts on gradients in the shared parameters, leaving heads their own.
    in_gradient_space: ClassVar[bool] = False

    Settings = BalancingSettings

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        self.settings = settings
        self.generator = generator

    def begin(self, tasks: Sequence[str]) -> None:
        """A stage begins, in which these tasks are learned."""
        del tasks

    def weigh(self, step: "Step") -> Tensor:
        """Weights [T] of the losses `step.losses`, in the order of `step.names`."""
        raise NotImplementedError


class GramianBalancing(Balancing):
    """A combination rule that needs only the inner products of the tasks' gradients.

    The user's task weights scale the gradients before the rule sees them.
    """

    in_gradient_space = True

    def weigh(self, step: "Step") -> Tensor:
        """Weights [T] on the tasks' gradients in the shared parameters."""
        priority = step.priority
        if step.has_equal_priority:
            return self.weights_of(step.gramian)
        scaled = step.gramian * torch.outer(priority, priority)
        return self.weights_of(scaled) * priority

    def weights_of(self, gramian: Tensor) -> Tensor:
        """Weights [T] from the inner products [T, T] of the gradients, on the same device."""
        raise NotImplementedError
