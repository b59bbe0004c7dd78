"""Update: how the values that the roles return meet, in one order.

augment_batch → losses → balance → add penalties → project → finite? → optimizer → after_step
"""

import contextlib
import math
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from workbench.engine.layers.batch_norm import has_statistics
from workbench.engine.numerics.flat_parameters import Vector, flatten, scatter
from workbench.engine.numerics.random_state import Draws
from workbench.engine.roles.balancing import Balancing, Direction
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.learner import LossesOf
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Task
from workbench.engine.update import momentum_buffers as momentum
from workbench.engine.update.augmenting import Augmenter
from workbench.engine.update.divergence import NotFiniteError, not_finite
from workbench.engine.update.fused_optimizer import Fused, can_be_fused, laid_out
from workbench.engine.update.small_tasks import SmallTasks
from workbench.engine.update.step import Step

#: A step on ½ c (θ − θ₀)² multiplies the distance by 1 − rate · c: beyond −1 it grows.
_WEAKER = (
    "lower its strength or the learning rate: where rate times curvature is above 2, each step"
    " overshoots further"
)


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
        vector: Vector | None = None,
    ) -> None:
        self.model = model
        self.tasks = tasks
        self.balancing = balancing
        self.retention = retention
        self.optimizer = optimizer
        self._fused = Fused(optimizer)
        self.clip = clip
        self.vector = vector
        self.task_weights = {name: task.weight for name, task in tasks.items()}
        self.draw: Callable[[], Batch] | None = None
        #: Gives the losses of a batch, where they are not those of the model's own outputs.
        self.losses_of: LossesOf | None = None
        #: Whether balancing weighs the small tasks of a batch, not the distributions.
        self.weighs_small_tasks = False
        self.augmenter: Augmenter | None = None
        self.batch: Batch = {}
        self._lookback: Generator[Tensor | Direction, Step, None] | None = None
        self._draws: Draws | None = None
        self._takes_joint_graph = not balancing.in_gradient_space or balancing.reads_features
        self._descends = isinstance(optimizer, torch.optim.SGD)
        self._looks_back = type(balancing).weigh_with_lookback is not Balancing.weigh_with_lookback
        self._retention_acts_after = type(retention).after_step is not Retention.after_step
        self._model_acts_after = type(model).after_step is not Sharing.after_step
        self.refresh()

    def refresh(self) -> None:
        """Take note of the model's parameters anew, and train what a stage may have added."""
        self.parameters: list[nn.Parameter] = [
            p for p in self.model.parameters() if p.requires_grad
        ]
        known = self.trained
        grown = [p for p in self.parameters if id(p) not in known]
        if grown:
            fused = all(map(can_be_fused, grown))
            self.optimizer.add_param_group({"params": grown, "fused": fused})
            momentum.start(self.optimizer)
        self._fused.refresh()
        self._has_statistics = has_statistics(self.model)
        self._on_cpu = all(p.device.type == "cpu" for p in self.parameters)
        # Nobody else wants to see the direction: it goes to the optimizer as it is.
        self._goes_straight = (
            self.vector is not None
            and self.vector.holds(self.model.shared_parameters())
            and self.clip == 0
        )

    def restart(self) -> None:
        """Let the optimizer forget what it learned of the gradients: momentum, scales, steps."""
        self.optimizer.state.clear()
        momentum.start(self.optimizer)
        self._fused.refresh()

    @property
    def trained(self) -> set[int]:
        """Identities of the parameters that the optimizer moves."""
        groups = self.optimizer.param_groups
        identities = {id(p) for group in groups for p in group["params"]}
        return identities | {id(p) for p in self.vector.parameters} if self.vector else identities

    @property
    def generators(self) -> dict[str, torch.Generator]:
        """What the roles, and changes of pictures, draw their random numbers from."""
        roles = {"balancing": self.balancing.generator, "retention": self.retention.generator}
        return roles if self.augmenter is None else {**roles, **self.augmenter.generators}

    def check_parameters(self) -> None:
        """Raise NotFiniteError where the last update overflowed, with no loss after it to tell."""
        for name, values in self.model.named_parameters():
            if not values.isfinite().all():
                raise NotFiniteError(f"the parameter {name} is no longer finite")

    def state_dict(self) -> dict[str, Any]:
        """The tasks' weights, the optimizer and the random generators; not what the roles keep."""
        return {
            "weights": dict(self.task_weights),
            "optimizer": self.optimizer.state_dict(),
            "stretches": list(self.vector.lengths) if self.vector is not None else [],
            "generators": {role: g.get_state() for role, g in self.generators.items()},
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave; other keys are passed over."""
        self.task_weights.update(state["weights"])
        if self.vector is not None and "stretches" in state:  # else an earlier version saved it
            self.vector.cut(state["stretches"], self.optimizer)
        self.optimizer.load_state_dict(state["optimizer"])
        for role, generator in self.generators.items():
            generator.set_state(state["generators"][role])

    def step(self, batch: Batch) -> Step:
        """The step to take: the batch with what retention mixes in, not yet computed."""
        if self._descends:
            self.retention.rate = self.optimizer.param_groups[0]["lr"]
        mixed, draw = self.retention.augment_batch(batch), self.draw
        if self.augmenter is not None:
            mixed, draw = self.augmenter(mixed), self.augmenter.after(draw)
        self.batch = mixed
        return Step(
            self.model,
            self.tasks,
            mixed,
            self.task_weights,
            draw,
            has_joint_graph=self._takes_joint_graph,
            keeps_features=self.balancing.reads_features,
            losses_of=self.losses_of,
            moves_statistics=self._has_statistics,
        )

    def combine(self, step: Step) -> Report:
        """Losses, balancing and penalties: leaves the gradient in the parameters.

        A direction that nobody else wants to see is left in `vector` alone. Raises NotFiniteError
        before any parameter is changed.
        """
        if self._looks_back:
            self._draws = Draws(next(self.model.parameters()).device)
        losses = step.separate_losses
        values = self._finite("loss", step, losses)
        for parameter in self.parameters:
            parameter.grad = None
        if self.vector is not None:
            self.vector.clear()
        seen = SmallTasks(step) if self.weighs_small_tasks else step
        balanced = self._balanced(seen)
        weights = balanced.weights if isinstance(balanced, Direction) else balanced
        factor = None
        if self.balancing.settings.normalise:
            factor = scale_to_sum(weights, len(step.names))
        if factor is not None:
            weights = weights * factor
        by_task = seen.by_task(weights) if isinstance(seen, SmallTasks) else weights
        used = self._finite("weight", step, by_task.detach())
        extra = self._penalties(step)
        if self.balancing.in_gradient_space:
            if isinstance(balanced, Direction):
                vector = balanced.vector if factor is None else balanced.vector * factor
            else:
                vector = seen.combined(weights)
            straight = self._goes_straight and not extra and not self.retention.changes_gradient
            if self.vector is not None and straight:
                self.vector.take(vector, seen.unused, self.optimizer)
            else:
                scatter(vector, self.model.shared_parameters(), seen.unused)
            for parameter, gradient in seen.own_gradients:
                # What is added to it below is added in place: not where it lies stretched.
                parameter.grad = laid_out(gradient, parameter) if extra else gradient
            if extra:
                torch.autograd.backward(extra)
        else:
            joint = seen.joint_losses
            heads = losses if joint is None else [joint]
            terms = [*heads, *extra]
            shares = weights.unbind() if joint is None else [weights]
            factors = [*shares, *(torch.ones_like(term) for term in extra)]
            if not all(loss.requires_grad for loss in heads):  # a task's network may be frozen
                moving = [
                    pair for pair in zip(terms, factors, strict=True) if pair[0].requires_grad
                ]
                terms, factors = [term for term, _ in moving], [factor for _, factor in moving]
            torch.autograd.backward(terms, factors)
        return Report(step.names, values, used)

    def project(self, step: Step) -> None:
        """Let retention change the gradient of all parameters, if it does such a thing."""
        if not self.retention.changes_gradient:
            return
        unused = [p for p in self.parameters if p.grad is None]
        gathered = flatten([p.grad for p in self.parameters], self.parameters)
        scatter(self.retention.project(gathered, step), self.parameters)
        for parameter in unused:
            # A gradient of zeros would let momentum and weight decay move another task's head.
            if parameter.grad is not None and not parameter.grad.any():
                parameter.grad = None

    def apply(self) -> None:
        """Clip, and let the optimizer move the parameters."""
        if self.clip > 0:
            nn.utils.clip_grad_norm_(self.parameters, self.clip)
        if self.vector is not None:
            self.vector.gather(self.optimizer)
        self._fused.step()

    def look_back(self, step: Step) -> None:
        """Show balancing, retention and model, where they ask for it, what the update did."""
        if self._lookback is not None:
            # Let go of at once: it holds the step, and with it the whole graph.
            lookback, self._lookback = self._lookback, None
            again = self._draws.again() if self._draws is not None else contextlib.nullcontext()
            with again, contextlib.suppress(StopIteration):
                lookback.send(step.on(step.batch))
        if self._retention_acts_after:
            self.retention.after_step(step)
        if self._model_acts_after:
            self.model.after_step()

    def _balanced(self, step: Step) -> Tensor | Direction:
        if not self._looks_back:
            return self.balancing.weigh(step)
        self._lookback = self.balancing.weigh_with_lookback(step)
        return next(self._lookback)

    def _penalties(self, step: Step) -> list[Tensor]:
        terms: list[Tensor] = []
        penalties = {"model": self.model.regulariser(), "retention": self.retention.penalty(step)}
        for source, term in penalties.items():
            if term is not None:
                if self._on_cpu and not math.isfinite(value := term.item()):
                    message = f"the {source}'s penalty became {value}"
                    raise NotFiniteError(message, advice=_WEAKER)
                if term.requires_grad:  # else it is of frozen parameters alone
                    terms.append(term)
        return terms

    def _finite(
        self, what: str, step: Step, scalars: list[Tensor] | Tensor
    ) -> list[float] | Tensor:
        """The values; on an accelerator they are looked at when a block is done."""
        if isinstance(scalars, Tensor):
            if not self._on_cpu:
                return scalars
            values: list[float] = scalars.tolist()
        elif self._on_cpu:
            values = step.values
        else:
            return torch.stack([scalar.detach() for scalar in scalars])
        for name, value in zip(step.names, values, strict=True):
            if not math.isfinite(value):
                raise not_finite(what, name, value)
        return values


def scale_to_sum(weights: Tensor, n_tasks: int) -> Tensor:
    """What makes weights sum to the number of tasks; 1 where their sum is not above 0."""
    total = weights.sum()
    return torch.where(total > 0, n_tasks / total, torch.ones_like(total))
