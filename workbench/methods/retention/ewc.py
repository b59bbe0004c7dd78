"""ewc: hold the parameters that mattered where they were."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from torch import Tensor, nn

from workbench.engine.blocks.retention.anchor import OVERSHOOT, Anchor
from workbench.engine.blocks.retention.importance import Named, estimate, fisher, layers_of
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.task import Part, Task
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting


class EWC(Retention):
    """Pulls each parameter to its past value, as strongly as it mattered for the past.

    (λ/2) Σₖ Σ Fₖ (θ − θₖ)², one anchor θₖ and diagonal Fisher information Fₖ a past stage
    (Kirkpatrick et al., PNAS 2017). F is the mean over examples of the squared gradient of each
    example's log likelihood, never the square of a mean gradient. exact takes the expectation
    over the model's own answers, which is the Fisher information; empirical takes the given
    labels, as much published code does. The anchors' quadratics are added into one, so the cost
    of a step does not grow with the number of stages. Plain SGD would overshoot, further at each
    step, where rate · λ · Σ F of a parameter is above 2; where it is above 1, its step is divided
    by it, so that it ends where loss and penalty balance, however strong λ.
    """

    key = "ewc"
    title = "EWC"
    formula = "(λ/2) Σₖ Σ Fₖ (θ − θₖ)²"
    paper = "Kirkpatrick et al., Overcoming catastrophic forgetting in neural networks, PNAS 2017"
    link = "https://arxiv.org/abs/1612.00796"
    helps = "Tasks whose identity is known. It cannot save a head shared by all classes."
    needs = ("stages", "boundaries", "single-update")

    class Settings(Settings):
        """How hard, and how the importance is estimated."""

        strength: float = setting(
            100.0,
            "λ: how hard parameters are held.",
            ge=0,
            le=1e9,
        )
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
        self._merged = Anchor()
        self._constant = 0.0

    def penalty(self, step: Step) -> Tensor | None:
        distance = self._merged.distance(step.model) if self.settings.strength else None
        if distance is None:
            return None
        was_shortened = self.changes_gradient
        self.changes_gradient = self._merged.overshoots(self.rate, self.settings.strength / 2)
        if self.changes_gradient and not was_shortened:
            self.notice(OVERSHOOT)
        return (distance + self._constant) * (self.settings.strength / 2)

    def project(self, gradient: Tensor, step: Step) -> Tensor:
        strength = self.settings.strength / 2
        return self._merged.shortened(gradient, step.model, self.rate, strength)

    def on_stage_end(self, stage: StageData) -> None:
        def measure(model: nn.Module, task: Task, part: Part) -> Named:
            return fisher(model, task, part, self.settings.fisher)

        for importance in estimate(stage, self.settings.examples, self.generator, measure):
            self._add(importance, stage)
        self._prepare()

    def _add(self, importances: Named, stage: StageData) -> None:
        values = dict(stage.model.named_parameters())
        for name, importance in importances.items():
            anchor = values[name].detach()
            for store, value in (
                (self.importance, importance),
                (self.moment, importance * anchor),
                (self.square, importance * anchor.square()),
            ):
                store[name] = store[name] + value if name in store else value

    def _prepare(self) -> None:
        """The common centre of all anchors, and the part of the sum that does not move."""
        centres: Named = {}
        self._constant = 0.0
        for name, importance in self.importance.items():
            centre = self.moment[name] / importance.clamp_min(torch.finfo(importance.dtype).tiny)
            rest = self.square[name] - self.moment[name] * centre
            self._constant += max(0.0, rest.double().sum().item())
            centres[name] = centre
        self._merged.put(self.importance, centres)

    def capacity(self, planned: PlannedRun) -> Holding:
        return Holding(0, 3 * planned.parameters)

    def report(self, batch: Mapping[str, Part]) -> Sequence[Table]:
        return layers_of(self.importance)

    def state_dict(self) -> dict[str, Any]:
        return {"importance": self.importance, "moment": self.moment, "square": self.square}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.importance = state["importance"]
        self.moment = state["moment"]
        self.square = state["square"]
        self._prepare()
