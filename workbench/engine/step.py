"""Step: lazy facts about one batch. What is not read is not computed."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from workbench.engine.roles.sharing import Batch, Sharing
from workbench.engine.roles.task import Task


class Step:
    """One batch seen by the model: outputs, losses, and gradients when they are asked for.

    `names` [T] are the tasks with a part in the batch. `priority` [T] is the user's weight of
    each times its part's share; it is not yet in `losses` or `jacobian`.
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
    ) -> None:
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

    @property
    def values(self) -> list[float]:
        """Each task's own loss as a number; on an accelerator this waits for the step."""
        if self._values is None:
            losses = self.separate_losses
            if losses[0].device.type == "cpu":
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
            shared = self.model.shared_parameters()
            losses = self.separate_losses
            one = torch.ones_like(losses[0])
            found: list[Tensor | None] = []
            for name, loss, priority in zip(self.names, losses, self.priorities, strict=True):
                own = self.model.task_parameters(name)
                gradients = _gradients(loss, one, (*shared, *own))
                found += gradients[: len(shared)]
                for parameter, gradient in zip(own, gradients[len(shared) :], strict=True):
                    if gradient is not None:
                        scaled = gradient if priority == 1.0 else gradient * priority
                        self.own_gradients.append((parameter, scaled))
            # One copy for all rows: a call a row costs more than what it copies.
            rows = flatten(found, [*shared] * len(losses))
            self._jacobian = rows.view(len(losses), len(rows) // len(losses))
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
        return Step(self.model, self.tasks, batch, self._weights, self._draw)

    def fresh(self) -> "Step":
        """The same on an independent batch. Raises RuntimeError where there is none to draw."""
        if self._draw is None:
            raise RuntimeError("this step has no source of fresh batches")
        return self.on(self._draw())


def _gradients(
    scalar: Tensor, one: Tensor, parameters: tuple[Tensor, ...]
) -> tuple[Tensor | None, ...]:
    """`torch.autograd.grad` that keeps the graph, without its checks of the arguments.

    Of a small model's backward pass these are a seventh of the time.
    """
    engine = torch.autograd.Variable._execution_engine  # pyright: ignore[reportPrivateUsage]
    return engine.run_backward(
        (scalar,),
        (one,),
        True,  # keep the graph
        False,  # make no graph of the gradients
        parameters,
        allow_unreachable=True,
        accumulate_grad=False,
    )


def flatten(gradients: Sequence[Tensor | None], parameters: Sequence[Tensor]) -> Tensor:
    """Gradients of the parameters as one vector [P]; a gradient that is missing counts as 0."""
    pieces = [
        p.new_zeros(p.numel()) if g is None else g.reshape(-1)
        for g, p in zip(gradients, parameters, strict=True)
    ]
    return torch.cat(pieces) if pieces else torch.empty(0)


def scatter(vector: Tensor, parameters: Sequence[nn.Parameter]) -> None:
    """Set the parameters' gradients to views of a vector [P]."""
    pieces: tuple[Tensor, ...] = vector.split([p.numel() for p in parameters])
    for parameter, piece in zip(parameters, pieces, strict=True):
        parameter.grad = piece.view_as(parameter)
