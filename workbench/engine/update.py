"""Update: how the values that the roles return meet, in one order.

mix → losses → balance → add penalties → project → finite? → optimizer
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from workbench.engine.roles.balancing import Balancing
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.sharing import Batch, Sharing
from workbench.engine.roles.task import Task
from workbench.engine.step import Step, flatten, scatter


class NotFinite(Exception):
    """A loss is not a finite number; nothing has been changed."""

    def __init__(self, task: str, value: float) -> None:
        self.task = task
        self.value = value
        super().__init__(f"the loss of {task} is {value}")


@dataclass(frozen=True, slots=True)
class Report:
    """What one update did: tasks, their unweighted losses [T], the weights [T] used.

    On an accelerator both stay tensors, so that the step does not wait for them.
    """

    names: tuple[str, ...]
    losses: list[float] | Tensor
    weights: list[float] | Tensor


class Update:
    """The parts of one update, in the order in which a learner calls them."""

    def __init__(
        self,
        model: Sharing,
        tasks: dict[str, Task],
        balancing: Balancing,
        retention: Retention,
        optimizer: torch.optim.Optimizer,
        clip: float = 0.0,
    ) -> None:
        self.model = model
        self.tasks = tasks
        self.balancing = balancing
        self.retention = retention
        self.optimizer = optimizer
        self.clip = clip
        self.task_weights = {name: task.weight for name, task in tasks.items()}
        self.draw: Callable[[], Batch] | None = None
        self.refresh()

    def refresh(self) -> None:
        """Take note of the model's parameters anew, after a stage may have added some."""
        self.parameters: list[nn.Parameter] = [
            p for p in self.model.parameters() if p.requires_grad
        ]
        self._on_cpu = all(p.device.type == "cpu" for p in self.parameters)

    def step(self, batch: Batch) -> Step:
        """The step to take: the batch with what retention mixes in, not yet computed."""
        mixed = self.retention.mix(batch)
        return Step(self.model, self.tasks, mixed, self.task_weights, self.draw)

    def combine(self, step: Step) -> Report:
        """Losses, balancing and penalties: leaves the gradient in the parameters.

        Raises NotFinite before anything is changed.
        """
        losses = step.separate_losses
        values = self._finite(step.names, losses)
        for parameter in self.parameters:
            parameter.grad = None
        weights = self.balancing.weigh(step)
        if self.balancing.settings.normalise:
            weights = weights * (len(losses) / weights.sum())
        extra = self._penalties(step)
        if self.balancing.in_gradient_space:
            scatter(weights @ step.jacobian, self.model.shared_parameters())
            for parameter, gradient in step.own_gradients:
                parameter.grad = gradient
            if extra:
                torch.autograd.backward(extra)
        else:
            ones = [torch.ones_like(term) for term in extra]
            torch.autograd.backward([*losses, *extra], [*weights.unbind(), *ones])
        detached = weights.detach()
        return Report(step.names, values, detached.tolist() if self._on_cpu else detached)

    def project(self, step: Step) -> None:
        """Let retention change the gradient of all parameters, if it does such a thing."""
        if not self.retention.changes_gradient:
            return
        gathered = flatten([p.grad for p in self.parameters], self.parameters)
        scatter(self.retention.project(gathered, step), self.parameters)

    def apply(self) -> None:
        """Clip, and let the optimizer move the parameters."""
        if self.clip > 0:
            nn.utils.clip_grad_norm_(self.parameters, self.clip)
        self.optimizer.step()

    def _penalties(self, step: Step) -> list[Tensor]:
        terms = (self.model.regulariser(), self.retention.penalty(step))
        return [term for term in terms if term is not None]

    def _finite(self, names: tuple[str, ...], losses: list[Tensor]) -> list[float] | Tensor:
        """The losses' values; on an accelerator they are looked at when a block is done."""
        if not self._on_cpu:
            return torch.stack([loss.detach() for loss in losses])
        values = [loss.item() for loss in losses]
        for name, value in zip(names, values, strict=True):
            if not math.isfinite(value):
                raise NotFinite(name, value)
        return values
