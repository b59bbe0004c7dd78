"""ewc: hold the parameters that mattered where they were."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false

from typing import Any, Literal

import torch
from torch import Tensor
from torch.func import functional_call, grad, jacrev, vmap
from torch.nn import functional

from workbench.engine.past import StageData
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.task import Classes, Part, Task
from workbench.engine.step import Step
from workbench.spec.settings import Settings, setting

#: Examples whose gradients are held in memory at once.
_AT_ONCE = 32

Named = dict[str, Tensor]


class EWC(Retention):
    """Pulls each parameter to its past value, as strongly as it mattered for the past.

    (λ/2) Σₖ Σ Fₖ (θ − θₖ)², one anchor θₖ and diagonal Fisher information Fₖ a past stage
    (Kirkpatrick et al., PNAS 2017). F is the mean over examples of the squared gradient of each
    example's log likelihood, never the square of a mean gradient. exact takes the expectation
    over the model's own answers, which is the Fisher information; empirical takes the given
    labels, as much published code does. The anchors' quadratics are added into one, so the cost
    of a step does not grow with the number of stages.
    """

    key = "ewc"
    title = "EWC"
    formula = "(λ/2) Σₖ Σ Fₖ (θ − θₖ)²"
    paper = "Kirkpatrick et al., Overcoming catastrophic forgetting in neural networks, PNAS 2017"
    link = "https://arxiv.org/abs/1612.00796"
    helps = "Tasks whose identity is known. It cannot save a head shared by all classes."
    needs = ("stages",)

    class Settings(Settings):
        """How hard, and how the importance is estimated."""

        strength: float = setting(100.0, "λ: how hard parameters are held.", ge=0, le=1e9)
        fisher: Literal["exact", "empirical"] = setting(
            "exact", "Expectation over the model's own answers, or the given labels."
        )
        examples: int = setting(
            256, "Examples of each task used for the estimate.", ge=1, le=1_000_000
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        # Σ Fₖ, Σ Fₖθₖ and Σ Fₖθₖ²: the sum of the anchors' quadratics is their quadratic.
        self.importance: Named = {}
        self.moment: Named = {}
        self.square: Named = {}
        self._pulls: list[tuple[str, Tensor, Tensor]] = []
        self._constant = 0.0

    def penalty(self, step: Step) -> Tensor | None:
        if not self._pulls or self.settings.strength == 0:
            return None
        parameters = dict(step.model.named_parameters())
        terms = [
            torch.dot(importance, (parameters[name].reshape(-1) - anchor).square())
            for name, importance, anchor in self._pulls
        ]
        return (torch.stack(terms).sum() + self._constant) * (self.settings.strength / 2)

    def end(self, stage: StageData) -> None:
        was_training = stage.model.training
        stage.model.eval()
        for name in stage.names:
            part = stage.tasks[name].data["train"]
            chosen = torch.randperm(len(part), generator=self.generator)[: self.settings.examples]
            part = part[chosen.to(part.target.device)]
            found = fisher(stage.model, stage.tasks[name], part, self.settings.fisher)
            self._add(found, stage)
        stage.model.train(was_training)
        self._prepare()

    def _add(self, found: Named, stage: StageData) -> None:
        values = dict(stage.model.named_parameters())
        for name, importance in found.items():
            anchor = values[name].detach()
            for store, value in (
                (self.importance, importance),
                (self.moment, importance * anchor),
                (self.square, importance * anchor.square()),
            ):
                store[name] = store[name] + value if name in store else value

    def _prepare(self) -> None:
        """The common centre of all anchors, and the part of the sum that does not move."""
        self._pulls = []
        self._constant = 0.0
        for name, importance in self.importance.items():
            if not importance.any():
                continue
            centre = self.moment[name] / importance.clamp_min(torch.finfo(importance.dtype).tiny)
            rest = self.square[name] - self.moment[name] * centre
            self._constant += max(0.0, rest.cpu().double().sum().item())
            self._pulls.append((name, importance.reshape(-1), centre.reshape(-1)))

    def state_dict(self) -> dict[str, Any]:
        return {"importance": self.importance, "moment": self.moment, "square": self.square}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.importance = state["importance"]
        self.moment = state["moment"]
        self.square = state["square"]
        self._prepare()


def fisher(model: torch.nn.Module, task: Task, part: Part, kind: str) -> Named:
    """Diagonal Fisher information of a task's examples, by parameter name and in its shape.

    For values the likelihood is a Gaussian of unit variance around the output.
    """
    parameters = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}
    buffers = dict(model.named_buffers())

    def output(values: Named, inputs: Named, target: Tensor) -> Tensor:
        views = {view: x.unsqueeze(0) for view, x in inputs.items()}
        batch = {task.name: Part(views, target.unsqueeze(0))}
        return functional_call(model, (values, buffers), (batch,))[task.name][0]

    squares = _exact(output, task) if kind == "exact" else _empirical(output, task)
    total = {name: torch.zeros_like(p) for name, p in parameters.items()}
    for start in range(0, len(part), _AT_ONCE):
        piece = part[start : start + _AT_ONCE]
        found = vmap(squares, in_dims=(None, 0, 0))(parameters, dict(piece.inputs), piece.target)
        for name, values in found.items():
            total[name] += values.sum(0)
    return {name: values / len(part) for name, values in total.items()}


def _exact(output: Any, task: Task) -> Any:
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


def _empirical(output: Any, task: Task) -> Any:
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
