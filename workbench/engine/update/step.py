"""Step: lazy facts about one batch. What is not read is not computed."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn

from workbench.engine.layers.batch_norm import moving
from workbench.engine.numerics.flat_parameters import flatten
from workbench.engine.roles.balancing import Place
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.learner import LossesOf
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import OutputKind, Task
from workbench.engine.roles.texts.cropping import cropped
from workbench.engine.update.jacobian import (
    Gradients,
    columns_by_layer,
    gradients,
    gradients_of_halves,
    of_two_halves,
)
from workbench.engine.update.losses import alike_losses, are_alike, loss_of, losses_of_halves
from workbench.engine.update.shared_features import SharedFeatures

#: What a pass through the model is made in.
Pass = Callable[[], AbstractContextManager[None]]


class Step:
    """One batch seen by the model: outputs, losses, and gradients when they are asked for.

    `names` [T] are the tasks with a part in the batch. `priority` [T] is the user's weight of
    each times its part's share; it is not yet in `losses` or `jacobian`. `has_joint_graph` allows
    that the losses come from one graph: then a gradient of one alone costs as much as of all.
    `keeps_features` is asked for where gradients are to be compared in what the heads read.
    `losses_of` gives the losses where they are not those of the model's own outputs.
    `moves_statistics` says that running statistics learn from the batch, as they do of the batch
    of an update alone: not of another, nor of the same batch once more.

    `owners` [T] are the tasks whose parameters a row's own are; `shares` [T] its part's share.
    """

    def __init__(
        self,
        model: Sharing,
        tasks: Mapping[str, Task],
        batch: Batch,
        weights: Mapping[str, float],
        draw: Callable[[], Batch] | None = None,
        *,
        has_joint_graph: bool = False,
        keeps_features: bool = False,
        losses_of: LossesOf | None = None,
        moves_statistics: bool = False,
    ) -> None:
        self.has_joint_graph = has_joint_graph
        self.keeps_features = keeps_features
        self._losses_of = losses_of
        self._statistics: Pass = moving if moves_statistics else nullcontext
        self.model = model
        self.tasks = tasks
        self.batch = cropped(tasks, batch)
        self.names = self.owners = tuple(batch)
        self.shares = [part.loss_scale for part in batch.values()]
        #: Where `losses_of` gives them: the losses [n] of each task's small tasks.
        self.small_losses: list[Tensor] = []
        self.priorities = [weights[name] * part.loss_scale for name, part in batch.items()]
        self._weights = weights
        self.own_gradients: list[tuple[nn.Parameter, Tensor]] = []
        #: With the Jacobian: the places of the shared parameters that no loss reaches.
        self.unused: tuple[int, ...] = ()
        self._draw = draw
        self._features: SharedFeatures | None = None
        self._outputs: dict[str, Tensor] | None = None
        self._kinds: set[OutputKind] | None = None
        self._together: Tensor | None = None
        self._joint: Tensor | None = None
        self._separate: list[Tensor] | None = None
        self._values: list[float] | None = None
        self._losses: Tensor | None = None
        self._priority: Tensor | None = None
        self._jacobian: Tensor | None = None
        self._gramian: Tensor | None = None

    @property
    def outputs(self) -> dict[str, Tensor]:
        """The model's outputs by task."""
        if self._outputs is None:
            with self._statistics():
                if self.keeps_features:
                    self._features = SharedFeatures(self.model, self.batch)
                outputs = self._features.outputs if self._features else self.model(self.batch)
            self._outputs = outputs
        assert self._outputs is not None
        return self._outputs

    @property
    def kinds(self) -> set[OutputKind]:
        """The kinds of the tasks' outputs."""
        if self._kinds is None:
            self._kinds = {self.tasks[name].output for name in self.names}
        return self._kinds

    @property
    def together(self) -> Tensor:
        """The outputs [B, …] of tasks of one kind, one task's after the other's."""
        if self._together is None:
            self._together = torch.cat([self.outputs[name] for name in self.names])
        return self._together

    @property
    def losses_of_one_pass(self) -> list[Tensor]:
        """What one backward pass is to begin at: all losses together if they can be had so."""
        losses = self.separate_losses
        return losses if self._joint is None else [self._joint]

    @property
    def joint_losses(self) -> Tensor | None:
        """The losses [T] where `separate_losses` came from one graph."""
        return self._joint

    @property
    def separate_losses(self) -> list[Tensor]:
        """Each task's own loss, a scalar with its graph."""
        if self._separate is None and self._losses_of is not None:
            with self._statistics():
                self.small_losses = self._losses_of(self.model, self.batch)
            self._separate = [losses.mean() for losses in self.small_losses]
        if self._separate is None and self.has_joint_graph and are_alike(self.tasks, self.batch):
            self._losses = self._joint = alike_losses(self.tasks, self.batch, self.together)
            self._separate = list(self._losses.unbind())
        if self._separate is None:
            outputs = self.outputs
            tasks = self.tasks
            self._separate = [loss_of(tasks[n], outputs[n], p) for n, p in self.batch.items()]
        return self._separate

    @property
    def values(self) -> list[float]:
        """Each task's own loss as a number; on an accelerator this waits for the step."""
        if self._values is None:
            losses = self.separate_losses
            if losses[0].device.type == "cpu" and self._losses is None:
                self._values = [loss.item() for loss in losses]
            else:  # one wait for the accelerator, not one a task
                self._values = self.losses.tolist()
        return self._values

    @property
    def losses(self) -> Tensor:
        """Each task's own loss [T], unweighted, with its graph."""
        if self._losses is None:
            self._losses = torch.stack(self.separate_losses)
        return self._losses

    @property
    def priority(self) -> Tensor:
        """The user's weight of each task times its part's share, [T]."""
        if self._priority is None:
            self._priority = self.tensor(self.priorities)
        return self._priority

    def tensor(self, values: Sequence[float]) -> Tensor:
        """Numbers, one a task, as a tensor [T] beside the losses."""
        return self.separate_losses[0].new_tensor(values)

    @property
    def has_equal_priority(self) -> bool:
        """Whether every priority is 1."""
        return all(value == 1.0 for value in self.priorities)

    @property
    def jacobian(self) -> Tensor:
        """Gradients of the task losses in the shared parameters, [T, P].

        The same backward passes give `own_gradients`: the gradient of each task's loss in the
        parameters that are its own, times its priority.
        """
        if self._jacobian is None:
            own = [self.model.task_parameters(name) for name in self.owners]
            result = gradients(self.separate_losses, self.model.shared_parameters(), own)
            self._jacobian = result.shared
            self._keep_own(own, result)
        return self._jacobian

    def _keep_own(self, own: Sequence[Sequence[nn.Parameter]], gradients: Gradients) -> None:
        self.unused = gradients.unused
        self.own_gradients = [
            (parameter, gradient if priority == 1.0 else gradient * priority)
            for mine, passed, priority in zip(own, gradients.own, self.priorities, strict=True)
            for parameter, gradient in zip(mine, passed, strict=True)
            if gradient is not None
        ]

    def halves(self) -> tuple[Tensor, Tensor]:
        """What two halves of each task's examples add to `jacobian`, each [T, P].

        Independent of each other. Their sum is kept as `jacobian`, so it is not to be read before;
        where all tasks go through one trunk they cost about as much. A part of one example is
        both its halves.
        """
        own = [self.model.task_parameters(name) for name in self.names]
        result = gradients_of_halves(self.separate_losses, self.model.shared_parameters(), own)
        if result is None:
            losses, shares = losses_of_halves(self.tasks, self.batch, self._loss_of)
            shared = self.model.shared_parameters()
            first, second, result = of_two_halves(losses, shares, shared, own)
        else:
            first, second = result.shared.view(len(self.names), 2, -1).unbind(1)
        self._jacobian = first + second
        self._keep_own(own, result)
        return first, second

    def _loss_of(self, name: str, chosen: slice | None) -> Tensor:
        """A task's loss on some of its examples; on all, where none are chosen."""
        part = self.batch[name] if chosen is None else self.batch[name][chosen]
        if self._losses_of is not None:
            return self._losses_of(self.model, {name: part})[0].mean()
        output = self.outputs[name]
        return loss_of(self.tasks[name], output if chosen is None else output[chosen], part)

    @property
    def gramian(self) -> Tensor:
        """Inner products of the tasks' gradients, [T, T]."""
        if self._gramian is None:
            jacobian = self.jacobian
            self._gramian = jacobian @ jacobian.T
        return self._gramian

    def gramian_in(self, place: Place) -> Tensor:
        """Inner products of the tasks' gradients where a rule compares them, [T, T]."""
        if place == "all":
            return self.gramian
        gradients_there = self.compared(place)
        return gradients_there @ gradients_there.T

    def compared(self, place: Place) -> Tensor:
        """Gradients of the task losses where a rule compares them, [T, n].

        In the shared parameters, in those of the last layer, or in what the heads read.
        """
        match place:
            case "all":
                return self.jacobian
            case "last-layer":
                return self.jacobian[:, -self.shared_layers()[-1][1] :]
            case "representation":
                return self._slopes()

    def _slopes(self) -> Tensor:
        losses = self.losses_of_one_pass
        if self._features is None:
            raise RuntimeError("this step did not keep what the heads read")
        own = [self.model.task_parameters(name) for name in self.names]
        gradients = self._features.gradients(losses, own)
        self._keep_own(own, gradients)
        return gradients.shared

    def combined(self, weights: Tensor) -> Tensor:
        """Σ wᵢ gᵢ [P] with gᵢ the tasks' gradients in the shared parameters and weights [T].

        Where they were compared in what the heads read alone, by one backward pass from there.
        """
        if self._features is None or self._jacobian is not None:
            return weights @ self.jacobian
        shared = self.model.shared_parameters()
        vector, self.unused = self._features.combined(weights, self.losses_of_one_pass, shared)
        return vector

    def shared_layers(self) -> list[tuple[str, int]]:
        """The layers that tasks share, in the order of `jacobian`: names, and columns of each."""
        return columns_by_layer(self.model, self.model.shared_parameters())

    def whole_gradient(self, scalar: Tensor) -> Tensor:
        """Gradient [P of all parameters] of a scalar, as `Retention.project` is given it."""
        parameters = [p for p in self.model.parameters() if p.requires_grad]
        if not scalar.requires_grad:  # it is of frozen parameters alone
            return flatten([None] * len(parameters), parameters)
        pieces = torch.autograd.grad(scalar, parameters, allow_unused=True)
        return flatten(pieces, parameters)

    def gradient(self, scalar: Tensor) -> Tensor:
        """Gradient [P] of a scalar in the shared parameters."""
        shared = self.model.shared_parameters()
        pieces = torch.autograd.grad(scalar, shared, retain_graph=True, allow_unused=True)
        return flatten(pieces, shared)

    def on(self, batch: Batch) -> "Step":
        """The same model and weights on another batch."""
        known = (self.model, self.tasks, batch, self._weights, self._draw)
        joint, keeps, of = self.has_joint_graph, self.keeps_features, self._losses_of
        return Step(*known, has_joint_graph=joint, keeps_features=keeps, losses_of=of)

    def fresh(self) -> "Step":
        """The same on an independent batch. Raises RuntimeError where there is none to draw."""
        if self._draw is None:
            raise RuntimeError("this step has no source of fresh batches")
        return self.on(self._draw())
