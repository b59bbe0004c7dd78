"""ewc-online: EWC with one running importance and one anchor."""

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


class OnlineEWC(Retention):
    """EWC that fades: one running Fisher information and one anchor, where the last stage ended.

    (λ/2) Σ γF* (θ − θ*)², F* ← γF* + Fₖ after each stage (Schwarz et al., ICML 2018); γ multiplies
    the penalty too, as in the paper. Fₖ is estimated as EWC does; the tasks of one stage add up.
    Steps of plain SGD that would pass the anchor are shortened, as in EWC.
    """

    key = "ewc-online"
    title = "Online EWC"
    formula = "(λ/2) Σ γF* (θ − θ*)², F* ← γF* + Fₖ"
    paper = "Schwarz et al., Progress & compress: a scalable framework, ICML 2018"
    link = "https://arxiv.org/abs/1805.06370"
    helps = "Many stages whose tasks are known, of which the oldest may fade."
    needs = ("stages", "boundaries", "single-update")

    class Settings(Settings):
        """How hard, how long, and how the importance is estimated."""

        strength: float = setting(100.0, "λ: how hard parameters are held.", ge=0, le=1e9)
        decay: float = setting(
            0.95, "γ: what is left of the old importance after a stage.", ge=0, le=1
        )
        fisher: Literal["exact", "empirical"] = setting(
            "exact", "Expectation over the model's own answers, or the given labels."
        )
        examples: int = setting(
            256, "Examples of each task used for the estimate.", ge=1, le=1_000_000
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.anchor = Anchor()

    def penalty(self, step: Step) -> Tensor | None:
        factor = self._factor
        distance = self.anchor.distance(step.model) if factor else None
        if distance is None:
            return None
        was_shortened = self.changes_gradient
        self.changes_gradient = self.anchor.overshoots(self.rate, factor)
        if self.changes_gradient and not was_shortened:
            self.notice(OVERSHOOT)
        return distance * factor

    @property
    def _factor(self) -> float:
        return self.settings.strength * self.settings.decay / 2

    def project(self, gradient: Tensor, step: Step) -> Tensor:
        return self.anchor.shortened(gradient, step.model, self.rate, self._factor)

    def on_stage_end(self, stage: StageData) -> None:
        def measure(model: nn.Module, task: Task, part: Part) -> Named:
            return fisher(model, task, part, self.settings.fisher)

        by_task = estimate(stage, self.settings.examples, self.generator, measure)
        total: Named = {
            name: torch.stack([one[name] for one in by_task]).sum(0) for name in by_task[0]
        }
        self.anchor.move(total, stage.model, self.settings.decay)

    def capacity(self, planned: PlannedRun) -> Holding:
        return Holding(0, 2 * planned.parameters)

    def report(self, batch: Mapping[str, Part]) -> Sequence[Table]:
        return layers_of(self.anchor.importance)

    def state_dict(self) -> dict[str, Any]:
        return self.anchor.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.anchor.load_state_dict(state)
