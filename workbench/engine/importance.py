"""Importance: how much each parameter matters to what a task answers, and how to hold it.

Every estimate is a mean over examples of something made from one example's own gradient, never
from the gradient of a mean.
"""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad, jacrev, vmap
from torch.nn import functional

from workbench.engine.past import StageData
from workbench.engine.roles.task import Classes, Part, Task

#: Examples whose gradients are held in memory at once.
_AT_ONCE = 32

Named = dict[str, Tensor]


class Output(Protocol):
    """The output [n] of one example, from the model's parameters, its inputs and its target."""

    def __call__(self, values: Named, inputs: Named, target: Tensor, /) -> Tensor: ...


def estimate(
    stage: StageData,
    n_examples: int,
    generator: torch.Generator,
    measure: Callable[[nn.Module, Task, Part], Named],
) -> list[Named]:
    """`measure` of each task of a stage on some of its training examples.

    The model answers as when it is asked, so running statistics do not move.
    """
    was_training = stage.model.training
    stage.model.eval()
    found: list[Named] = []
    for name, part in stage.train.items():
        chosen = torch.randperm(len(part), generator=generator)[:n_examples]
        part = part[chosen.to(part.target.device)]
        found.append(measure(stage.model, stage.tasks[name], part))
    stage.model.train(was_training)
    return found


def fisher(model: nn.Module, task: Task, part: Part, kind: str) -> Named:
    """Diagonal Fisher information of a task's examples, by parameter name and in its shape.

    `kind` is exact, the expectation over the model's own answers, or empirical, at the given
    labels. For values the likelihood is a Gaussian of unit variance around the output.
    """
    measure = _exact if kind == "exact" else _empirical
    return _mean_over_examples(model, task, part, lambda output: measure(output, task))


def sensitivity(model: nn.Module, task: Task, part: Part) -> Named:
    """Mean size of the gradient of one example's squared output norm, by parameter name."""

    def measured(output: Output) -> Any:
        def squared_norm(values: Named, inputs: Named, target: Tensor) -> Tensor:
            return output(values, inputs, target).square().sum()

        def sizes(values: Named, inputs: Named, target: Tensor) -> Named:
            rows = grad(squared_norm)(values, inputs, target)
            return {name: row.abs() for name, row in rows.items()}

        return sizes

    return _mean_over_examples(model, task, part, measured)


def _mean_over_examples(
    model: nn.Module, task: Task, part: Part, measured: Callable[[Output], Any]
) -> Named:
    parameters = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}
    buffers = dict(model.named_buffers())

    def output(values: Named, inputs: Named, target: Tensor, /) -> Tensor:
        views = {view: x.unsqueeze(0) for view, x in inputs.items()}
        batch = {task.name: Part(views, target.unsqueeze(0))}
        return functional_call(model, (values, buffers), (batch,))[task.name][0]

    of_one = vmap(measured(output), in_dims=(None, 0, 0))
    total = {name: torch.zeros_like(p) for name, p in parameters.items()}
    for start in range(0, len(part), _AT_ONCE):
        piece = part[start : start + _AT_ONCE]
        for name, values in of_one(parameters, dict(piece.inputs), piece.target).items():
            total[name] += values.sum(0)
    return {name: values / len(part) for name, values in total.items()}


def _exact(output: Output, task: Task) -> Any:
    """Expected squared gradient of one example's log likelihood over the model's own answers."""

    def squares(values: Named, inputs: Named, target: Tensor) -> Named:
        if not isinstance(task.output, Classes):
            rows: Named = jacrev(output)(values, inputs, target)
            return {name: row.square().sum(0) for name, row in rows.items()}
        answers = functional.softmax(output(values, inputs, target), dim=-1)
        rows = jacrev(log_likelihoods)(values, inputs, target)
        return {name: torch.tensordot(answers, row.square(), dims=1) for name, row in rows.items()}

    def log_likelihoods(values: Named, inputs: Named, target: Tensor) -> Tensor:
        return functional.log_softmax(output(values, inputs, target), -1)

    return squares


def _empirical(output: Output, task: Task) -> Any:
    """Squared gradient of one example's log likelihood at its given label."""

    def log_likelihood(values: Named, inputs: Named, target: Tensor) -> Tensor:
        answer = output(values, inputs, target)
        if isinstance(task.output, Classes):
            return functional.log_softmax(answer, -1).gather(0, target.unsqueeze(0))[0]
        return -0.5 * (answer - target).square().sum()

    def squares(values: Named, inputs: Named, target: Tensor) -> Named:
        rows = grad(log_likelihood)(values, inputs, target)
        return {name: row.square() for name, row in rows.items()}

    return squares


class Anchor:
    """A pull of each parameter to a past value, as strong as it mattered."""

    def __init__(self) -> None:
        self.importance: Named = {}
        self.values: Named = {}

    def move(self, importance: Mapping[str, Tensor], model: nn.Module, decay: float = 1.0) -> None:
        """Add importance to what is left of the old, and anchor every parameter where it is."""
        for name, found in importance.items():
            old = self.importance.get(name)
            self.importance[name] = found if old is None else decay * old + found
        self.values = {
            name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad
        }

    def distance(self, model: nn.Module) -> Tensor | None:
        """Σ Ω (θ − θ*)², with its graph; None before the first move."""
        if not self.importance:
            return None
        parameters = dict(model.named_parameters())
        terms = [
            torch.dot(
                importance.reshape(-1), (parameters[name] - self.values[name]).reshape(-1).square()
            )
            for name, importance in self.importance.items()
        ]
        return torch.stack(terms).sum()

    def state_dict(self) -> dict[str, Any]:
        """Importance and anchored values by parameter name."""
        return {"importance": self.importance, "values": self.values}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.importance = dict(state["importance"])
        self.values = dict(state["values"])
