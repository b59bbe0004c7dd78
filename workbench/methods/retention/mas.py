"""mas: hold the parameters to which the answers are sensitive."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from workbench.engine.blocks.retention.anchor import OVERSHOOT, Anchor
from workbench.engine.blocks.retention.importance import estimate, layers_of, sensitivity
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.task import Part
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting


class MAS(Retention):
    """Pulls each parameter to its past value, as strongly as it moves the model's answers.

    λ Σ Ω (θ − θ*)², Ω = Σₖ E|∂‖f(x)‖²/∂θ|, one gradient an example and no labels (Aljundi et al.,
    ECCV 2018). The importance of the stages adds up, as in the authors' code, and the anchor is
    where the last stage ended. Steps of plain SGD that would pass the anchor are shortened, as in
    EWC.
    """

    key = "mas"
    title = "Memory aware synapses"
    formula = "λ Σ Ω (θ − θ*)², Ω = E|∂‖f(x)‖²/∂θ|"
    paper = "Aljundi et al., Memory aware synapses: learning what (not) to forget, ECCV 2018"
    link = "https://arxiv.org/abs/1711.09601"
    helps = "Tasks whose identity is known, and data without labels."
    needs = ("stages", "boundaries", "single-update")

    class Settings(Settings):
        """How hard parameters are held."""

        strength: float = setting(0.01, "λ: how hard parameters are held.", ge=0, le=1e9)
        examples: int = setting(
            256, "Examples of each task used for the estimate.", ge=1, le=1_000_000
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.anchor = Anchor()

    def penalty(self, step: Step) -> Tensor | None:
        distance = self.anchor.distance(step.model) if self.settings.strength else None
        if distance is None:
            return None
        was_shortened = self.changes_gradient
        self.changes_gradient = self.anchor.overshoots(self.rate, self.settings.strength)
        if self.changes_gradient and not was_shortened:
            self.notice(OVERSHOOT)
        return distance * self.settings.strength

    def project(self, gradient: Tensor, step: Step) -> Tensor:
        return self.anchor.shortened(gradient, step.model, self.rate, self.settings.strength)

    def on_stage_end(self, stage: StageData) -> None:
        for importance in estimate(stage, self.settings.examples, self.generator, sensitivity):
            self.anchor.move(importance, stage.model)

    def capacity(self, planned: PlannedRun) -> Holding:
        return Holding(0, 2 * planned.parameters)

    def report(self, batch: Mapping[str, Part]) -> Sequence[Table]:
        return layers_of(self.anchor.importance)

    def state_dict(self) -> dict[str, Any]:
        return self.anchor.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.anchor.load_state_dict(state)
