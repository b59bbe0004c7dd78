"""Step: lazy facts about one batch. What is not read is not computed."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from workbench.engine.jacobian import gradients
from workbench.engine.roles.sharing import Batch, Sharing
from workbench.engine.roles.task import Classes, Task
from workbench.engine.vector import flatten

#: From so many tasks on, losses that can be had together are: a call costs more than its rows.
_MANY = 3


class Step:
    """One batch seen by the model: outputs, losses, and gradients when they are asked for.

    `names` [T] are the tasks with a part in the batch. `priority` [T] is the user's weight of
    each times its part's share; it is not yet in `losses` or `jacobian`. `has_joint_graph` allows
    that the losses come from one graph: then a gradient of one alone costs as much as of all.
    """

    __slots__ = (
        "_draw",
        "_gramian",
        "_jacobian",
        "_losses",
        "_outputs",
        "_priority",
        "_separate",
        "_values",
        "_weights",
        "batch",
        "has_joint_graph",
        "model",
        "names",
        "own_gradients",
        "priorities",
        "tasks",
    )

    def __init__(
        self,
        model: Sharing,
        tasks: Mapping[str, Task],
        batch: Batch,
        weights: Mapping[str, float],
        draw: Callable[[], Batch] | None = None,
        *,
        has_joint_graph: bool = False,
    ) -> None:
        self.has_joint_graph = has_joint_graph
        self.model = model
        self.tasks = tasks
        self.batch = batch
        self.names = tuple(batch)
        self.priorities = [weights[name] * part.share for name, part in batch.items()]
        self._weights = weights
        self.own_gradients: list[tuple[nn.Parameter, Tensor]] = []
        self._draw = draw
        self._outputs: dict[str, Tensor] | None = None
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
            outputs: dict[str, Tensor] = self.model(self.batch)
            self._outputs = outputs
        return self._outputs

    @property
    def separate_losses(self) -> list[Tensor]:
        """Each task's own loss, a scalar with its graph."""
        if self._separate is None and self.has_joint_graph and self._are_alike():
            self._losses = self._joint_losses()
            self._separate = list(self._losses.unbind())
        if self._separate is None:
            outputs, tasks = self.outputs, self.tasks
            self._separate = [
                tasks[name].loss(
                    outputs[name]
                    if part.among is None
                    else outputs[name].masked_fill(~part.among, -torch.inf),
                    part.target,
                )
                for name, part in self.batch.items()
            ]
        return self._separate

    def _are_alike(self) -> bool:
        """Whether many tasks choose among the same classes, each among all of them."""
        if len(self.names) < _MANY:
            return False
        kinds = {self.tasks[name].output for name in self.names}
        is_one = len(kinds) == 1 and isinstance(next(iter(kinds)), Classes)
        return is_one and all(part.among is None for part in self.batch.values())

    def _joint_losses(self) -> Tensor:
        """The losses [T] of tasks that are alike: the means over each one's rows of all rows'."""
        kind = self.tasks[self.names[0]].output
        assert isinstance(kind, Classes)
        output = torch.cat([self.outputs[name] for name in self.names])
        target = torch.cat([part.target for part in self.batch.values()])
        sizes = torch.tensor([len(part) for part in self.batch.values()], device=target.device)
        rows = kind.row_losses(output, target)
        return torch.segment_reduce(rows, "mean", lengths=sizes, axis=0)

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
            own = [self.model.task_parameters(name) for name in self.names]
            found = gradients(self.separate_losses, self.model.shared_parameters(), own)
            self._jacobian = found.shared
            for mine, passed, priority in zip(own, found.own, self.priorities, strict=True):
                for parameter, gradient in zip(mine, passed, strict=True):
                    if gradient is not None:
                        scaled = gradient if priority == 1.0 else gradient * priority
                        self.own_gradients.append((parameter, scaled))
        return self._jacobian

    @property
    def gramian(self) -> Tensor:
        """Inner products of the tasks' gradients, [T, T]."""
        if self._gramian is None:
            jacobian = self.jacobian
            self._gramian = jacobian @ jacobian.T
        return self._gramian

    def whole_gradient(self, scalar: Tensor) -> Tensor:
        """Gradient [P of all parameters] of a scalar, as `Retention.project` is given it."""
        parameters = [p for p in self.model.parameters() if p.requires_grad]
        if not scalar.requires_grad:  # it is of frozen parameters alone
            return flatten([None] * len(parameters), parameters)
        found = torch.autograd.grad(scalar, parameters, allow_unused=True)
        return flatten(found, parameters)

    def gradient(self, scalar: Tensor) -> Tensor:
        """Gradient [P] of a scalar in the shared parameters."""
        shared = self.model.shared_parameters()
        found = torch.autograd.grad(scalar, shared, retain_graph=True, allow_unused=True)
        return flatten(found, shared)

    def on(self, batch: Batch) -> "Step":
        """The same model and weights on another batch."""
        return Step(
            self.model,
            self.tasks,
            batch,
            self._weights,
            self._draw,
            has_joint_graph=self.has_joint_graph,
        )

    def fresh(self) -> "Step":
        """The same on an independent batch. Raises RuntimeError where there is none to draw."""
        if self._draw is None:
            raise RuntimeError("this step has no source of fresh batches")
        return self.on(self._draw())
