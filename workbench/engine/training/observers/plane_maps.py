"""PlaneMaps: what the model answers all over the plane, at a stage's end or while watched."""

from workbench.engine.measure.decision_maps import DecisionMaps
from workbench.engine.roles.curriculum import Stage
from workbench.engine.training.observers.observer import Events, Observer
from workbench.engine.training.progress import Progress


class PlaneMaps(Observer):
    """Tells the maps: untrained, at each stage's end, and, once asked for, while it learns."""

    def __init__(self, maps: DecisionMaps) -> None:
        self.maps = maps

    def on_run_start(self, at: Progress) -> Events:
        return self.maps.begun(at.step)

    def before_step(self, at: Progress) -> Events:
        if not self.maps.are_due:
            return ()
        return (event for event in self.maps.maps(at.step, at.stage, is_timed=True))

    def on_stage_end(self, at: Progress, stage: Stage, number: int) -> Events:
        return self.maps.maps(at.step, number)
