"""Validation: scores on the validation split, every so many steps."""

from collections.abc import Iterator

from workbench.engine.training.observers.early_stopping import EarlyStopping
from workbench.engine.training.observers.observer import Events, Observer
from workbench.engine.training.plan import Plan
from workbench.engine.training.progress import Progress
from workbench.engine.training.results import Results
from workbench.spec.event import Event


class Validation(Observer):
    """Evaluates after every step whose number in its stage `every` divides; 0: after none.

    Not after the last of a stage, which is evaluated when the stage ends. `stopping` is told.
    """

    def __init__(
        self, results: Results, plan: Plan, every: int, stopping: EarlyStopping | None = None
    ) -> None:
        self.results = results
        self.stopping = stopping
        self.plan = plan
        self.every = every

    def after_step(self, at: Progress, rate: float) -> Events:
        every = self.every
        if not every or at.stage_step % every or at.stage_step >= self.plan.steps[at.stage]:
            return ()
        return self._evaluated(at)

    def _evaluated(self, at: Progress) -> Iterator[Event]:
        evaluated = self.results.evaluated("val", at.step, at.stage)
        yield evaluated
        if self.stopping is not None:
            yield from self.stopping.take(at, evaluated)
