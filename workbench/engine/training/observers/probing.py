"""Probing: the tasks' conflict and the methods' own tables, every so many steps."""

from collections.abc import Iterator

from workbench.engine.measure.probe import Probe
from workbench.engine.measure.report_collector import ReportCollector
from workbench.engine.roles.curriculum import Stage
from workbench.engine.training.observers.observer import Events, Observer
from workbench.engine.training.progress import Progress
from workbench.engine.update.update import Update
from workbench.spec.event import Event


class Probing(Observer):
    """Probes the batch of every step whose number in its stage `every` divides; 0: of none.

    Reports come with each probe, and at the end of a stage in any case.
    """

    def __init__(self, probe: Probe, reports: ReportCollector, update: Update, every: int) -> None:
        self.probe = probe
        self.reports = reports
        self.update = update
        self.every = every

    def after_step(self, at: Progress, rate: float) -> Events:
        if not self.every or at.stage_step % self.every:
            return ()
        return self._measured(at, rate)

    def _measured(self, at: Progress, rate: float) -> Iterator[Event]:
        event = self.probe.measure(self.update.batch, at.step, rate)
        if event is not None:
            yield event
        yield from self.reports.gather(at.step, at.stage)

    def on_stage_end(self, at: Progress, stage: Stage, number: int) -> Events:
        return self.reports.gather(at.step, number, ends_stage=True)
