"""Answering: tells how validation examples are answered, whenever the tasks are evaluated."""

from collections.abc import Iterator

from workbench.engine.measure.answer_tables import answer_tables
from workbench.engine.measure.evaluation import Evaluator
from workbench.engine.roles.curriculum import Stage
from workbench.engine.training.observers.observer import Events, Observer
from workbench.engine.training.plan import Plan
from workbench.engine.training.progress import Progress
from workbench.spec.event import Event, Reported


class Answering(Observer):
    """Confusion matrices, calibration, and values against true ones, live and by stage."""

    def __init__(self, evaluator: Evaluator, plan: Plan, every: int) -> None:
        self.evaluator = evaluator
        self.plan = plan
        self.every = every

    def on_run_start(self, at: Progress) -> Events:
        return self._told(at.step)

    def after_step(self, at: Progress, rate: float) -> Events:
        every = self.every
        if not every or at.stage_step % every or at.stage_step >= self.plan.steps[at.stage]:
            return ()
        return self._told(at.step)

    def on_stage_end(self, at: Progress, stage: Stage, number: int) -> Events:
        return self._told(at.step)

    def _told(self, step: int) -> Iterator[Event]:
        tables = answer_tables(self.evaluator.tasks, self.evaluator.answered_on("val"))
        if tables:
            yield Reported(step, "answers", tuple(tables))
