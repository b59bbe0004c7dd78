"""si: hold the parameters that brought the loss down."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from workbench.engine.blocks.retention.anchor import OVERSHOOT, Anchor
from workbench.engine.blocks.retention.importance import Named, layers_of
from workbench.engine.numerics.parameter_layout import Layout
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.task import Part
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting


class SI(Retention):
    """Measures while learning how much each parameter lowered the loss, and holds it by that.

    c Σ Ω (θ − θ*)², Ω = Σₖ max(ωₖ, 0)/(Δₖ² + ξ): ωₖ is the path integral of −g·dθ over stage k
    and Δₖ how far the parameter moved in it (Zenke et al., ICML 2017). g is the gradient of the
    loss without this penalty, as in the paper, not of the sum of both as in some published code;
    an ω below zero counts as zero, or the penalty would push. No data are kept, and no pass over
    them is needed. Steps of plain SGD that would pass the anchor are shortened, as in EWC.
    """

    key = "si"
    title = "Synaptic intelligence"
    formula = "c Σ Ω (θ − θ*)², Ω = Σ ω/(Δ² + ξ), ω = −∫ g·dθ"
    paper = "Zenke et al., Continual learning through synaptic intelligence, ICML 2017"
    link = "https://arxiv.org/abs/1703.04200"
    helps = "Tasks whose identity is known. It cannot save a head shared by all classes."
    needs = ("stages", "boundaries")
    changes_gradient = True

    class Settings(Settings):
        """How hard parameters are held."""

        strength: float = setting(1.0, "c: how hard parameters are held.", ge=0, le=1e9)
        damping: float = setting(
            0.1, "ξ: keeps parameters that hardly moved from being held without end.", gt=0, le=1e3
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.anchor = Anchor()
        self.path: Named = {}
        self.start: Named = {}
        self._layout: Layout | None = None
        self._path = self._importance = self._anchored = torch.empty(0)
        self._before = self._gradient = torch.empty(0)
        self._was_shortened = False

    def on_stage_start(self, stage: StageData) -> None:
        layout = Layout(stage.model)
        self.start = layout.named(layout.values())
        self.path = {name: torch.zeros_like(value) for name, value in self.start.items()}
        self._lay_out(layout)

    def _lay_out(self, layout: Layout) -> Layout:
        """One vector [P] for what a step reads and writes: a call for all parameters."""
        self._layout = layout
        self._path = layout.gather(self.path)
        self.path = layout.named(self._path)
        self._importance = layout.gather(self.anchor.importance)
        self._anchored = layout.gather(self.anchor.values)
        return layout

    def penalty(self, step: Step) -> Tensor | None:
        distance = self.anchor.distance(step.model) if self.settings.strength else None
        return None if distance is None else distance * self.settings.strength

    def project(self, gradient: Tensor, step: Step) -> Tensor:
        layout = self._layout or self._lay_out(Layout(step.model))
        self._before = layout.values()
        pull = self._importance * (self._before - self._anchored)
        self._gradient = gradient.sub(pull, alpha=2 * self.settings.strength)
        is_shortened = self.anchor.overshoots(self.rate, self.settings.strength)
        if is_shortened and not self._was_shortened:
            self.notice(OVERSHOOT)
        self._was_shortened = is_shortened
        if not is_shortened:
            return gradient
        return self.anchor.shortened(gradient, step.model, self.rate, self.settings.strength)

    def after_step(self, step: Step) -> None:
        layout = self._layout or Layout(step.model)
        moved = layout.values() - self._before
        self._path.addcmul_(self._gradient, moved, value=-1)

    def on_stage_end(self, stage: StageData) -> None:
        importance: Named = {}
        for name, value in Layout(stage.model).parameters.items():
            moved = (value.detach() - self.start[name]).square()
            importance[name] = self.path[name].clamp_min(0) / (moved + self.settings.damping)
        self.anchor.move(importance, stage.model)

    def capacity(self, planned: PlannedRun) -> Holding:
        return Holding(0, 4 * planned.parameters)

    def report(self, batch: Mapping[str, Part]) -> Sequence[Table]:
        return layers_of(self.anchor.importance)

    def state_dict(self) -> dict[str, Any]:
        return {"anchor": self.anchor.state_dict(), "path": self.path, "start": self.start}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.anchor.load_state_dict(state["anchor"])
        self.path = dict(state["path"])
        self.start = dict(state["start"])
        self._layout = None
