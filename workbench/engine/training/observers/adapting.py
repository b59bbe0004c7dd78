"""Adapting: how held-out small tasks are answered after inner steps, as the learner learns."""

from workbench.engine.measure.adaptation import Adaptation
from workbench.engine.roles.curriculum import Stage
from workbench.engine.training.observers.observer import Events, Observer
from workbench.engine.training.plan import Plan
from workbench.engine.training.progress import Progress


class Adapting(Observer):
    """Tells it whenever the tasks are validated; for learners that adapt."""

    def __init__(self, adaptation: Adaptation, plan: Plan, every: int) -> None:
        self.adaptation = adaptation
        self.plan = plan
        self.every = every

    def on_run_start(self, at: Progress) -> Events:
        return self.adaptation.tell(at.step, -1, ends_stage=False)

    def after_step(self, at: Progress, rate: float) -> Events:
        every = self.every
        if not every or at.stage_step % every or at.stage_step >= self.plan.steps[at.stage]:
            return ()
        return (each for each in self.adaptation.tell(at.step, at.stage, ends_stage=False))

    def on_stage_end(self, at: Progress, stage: Stage, number: int) -> Events:
        return self.adaptation.tell(at.step, number, ends_stage=True)
