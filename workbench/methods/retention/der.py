"""der: keep what the model said, and say it again."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false

from collections.abc import Mapping
from typing import Any, Literal

import torch
from torch import Tensor

from workbench.engine.blocks.retention.reservoir import Reservoir
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Kept, Retention
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.settings import Settings, setting


class DER(Retention):
    """Keeps examples with the outputs the model gave when it learned them, and holds it to those.

    L(batch) + α E‖z − f(x)‖² over a reservoir of examples x with their outputs z (Buzzega et al.,
    NeurIPS 2020). As in the authors' code the square is the mean over outputs, so that α has the
    size of the published tables. Examples enter at every step, with the outputs that the network
    gives on its way, which is what the paper's name means and needs no stages. With many passes
    over few examples most of those outputs are of a network that has yet to learn: there `stage`
    has examples enter when their stage ends, with the outputs of the network that has learned them.
    """

    key = "der"
    title = "Dark experience replay"
    formula = "L = L(batch) + α E‖z − f(x)‖² over the memory"
    paper = "Buzzega et al., Dark experience for general continual learning, NeurIPS 2020"
    link = "https://arxiv.org/abs/2004.07211"
    helps = "One head for all classes, with a small memory."
    needs = ("stages",)

    class Settings(Settings):
        """Size and use of the memory."""

        memory: int = setting(
            200, "Examples kept in all.", ge=1, le=10_000_000, unit="examples", title="Memory"
        )
        batch_size: int = setting(
            32, "Examples drawn for each batch.", ge=1, le=1_000_000, unit="examples"
        )
        strength: float = setting(1.0, "α: how hard outputs are held.", ge=0, le=1e6)

        fill: Literal["stage", "step"] = setting(
            "step",
            "When examples enter: at every step, with the outputs on the way, or at the end of"
            " their stage, with those of the network that has learned them. In a stream without"
            " boundaries always at every step.",
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.memory = Reservoir(settings.memory, generator)
        self.fill: str = settings.fill

    def penalty(self, step: Step) -> Tensor | None:
        drawn = self.memory.draw(self.settings.batch_size)
        if drawn is None:
            return None
        return drawn.distance(step.on(drawn.batch), self.settings.strength)

    @property
    def _fills_at_steps(self) -> bool:
        return self.fill == "step" or not self.knows_boundaries

    def after_step(self, step: Step) -> None:
        if self._fills_at_steps:
            self.memory.add(step.batch, step.outputs, self.stage)

    def on_stage_end(self, stage: StageData) -> None:
        if not self._fills_at_steps:
            self.memory.add(stage.train, stage.outputs(), self.stage)

    def capacity(self, planned: PlannedRun) -> Holding:
        return self.memory.capacity(planned.tasks, has_outputs=True)

    def kept(self) -> Mapping[str, Kept]:
        return self.memory.told()

    def state_dict(self) -> dict[str, Any]:
        return {**self.memory.state_dict(), "fill": self.fill}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.memory.load_state_dict(state)
        if "fill" not in state and "fill" not in self.settings.model_fields_set:
            self.fill = "stage"  # what was meant where an earlier version saved it
