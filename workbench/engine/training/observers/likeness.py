"""Likeness: how far each layer has moved since past stages, told when a stage ends."""

from typing import Any

from workbench.engine.measure.representation import Representation
from workbench.engine.roles.curriculum import Stage
from workbench.engine.training.observers.observer import Events, Observer
from workbench.engine.training.plan import Plan
from workbench.engine.training.progress import Progress
from workbench.spec.event import Reported


class Likeness(Observer):
    """Compares the layers with those of past stages, where there may be several stages."""

    state_key = "representation"

    def __init__(self, representation: Representation, plan: Plan) -> None:
        self.representation = representation
        self.plan = plan

    def on_stage_end(self, at: Progress, stage: Stage, number: int) -> Events:
        if not self.plan.is_lifelong:
            return ()
        tables = self.representation.compare(stage.name)
        return [Reported(at.step, "representation", tuple(tables))] if tables else ()

    def state_dict(self) -> dict[str, Any]:
        return self.representation.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.representation.load_state_dict(state)
