"""Writing: what is written for held-out texts, whenever the tasks are evaluated."""

from collections.abc import Iterator

from workbench.engine.measure.evaluation import Evaluator
from workbench.engine.measure.translations import shares, shown_texts
from workbench.engine.roles.curriculum import Stage
from workbench.engine.training.observers.observer import Events, Observer
from workbench.engine.training.plan import Plan
from workbench.engine.training.progress import Progress
from workbench.spec.event import Event, Split, Written


class Writing(Observer):
    """Tells of the answers of the evaluation that was just made; for tasks that answer in texts."""

    def __init__(self, evaluator: Evaluator, plan: Plan, every: int) -> None:
        self.evaluator = evaluator
        self.plan = plan
        self.every = every

    def on_run_start(self, at: Progress) -> Events:
        return self._told(at.step, -1, "test", ends_stage=False)

    def after_step(self, at: Progress, rate: float) -> Events:
        every = self.every
        if not every or at.stage_step % every or at.stage_step >= self.plan.steps[at.stage]:
            return ()
        return self._told(at.step, at.stage, "val", ends_stage=False)

    def on_stage_end(self, at: Progress, stage: Stage, number: int) -> Events:
        return self._told(at.step, number, "test", ends_stage=True)

    def _told(self, step: int, stage: int, split: Split, *, ends_stage: bool) -> Iterator[Event]:
        evaluator = self.evaluator
        texts, of = shown_texts(evaluator, split), shares(evaluator, split)
        yield Written(step, stage, split, ends_stage, texts, of)
