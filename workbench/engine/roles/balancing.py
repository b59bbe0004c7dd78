"""Balancing: how task losses or gradients combine into one update."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Direction:
    """A gradient in the shared parameters, [P], where weights on the tasks' do not say it all.

    `weights` [T] are what to show the user: how much of each task's gradient is in it.
    """

    vector: Tensor
    weights: Tensor


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

    def begin(self, tasks: Sequence[str], steps_per_epoch: int) -> None:
        """A stage begins, in which these tasks are learned."""
        del tasks, steps_per_epoch

    def weigh(self, step: "Step") -> "Tensor | Direction":
        """Weights [T] of the losses `step.losses`, in the order of `step.names`.

        A rule in gradient space may return a Direction in the shared parameters instead.
        """
        raise NotImplementedError

    def flow(self, step: "Step") -> "Generator[Tensor | Direction, Step, None]":
        """`weigh`, for rules that also look at what the update did.

        Yields what `weigh` returns, and is sent the same batch seen by the updated model.
        """
        yield self.weigh(step)


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
