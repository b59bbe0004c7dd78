"""LiveChanges: makes what is planned or asked for between two steps, pauses among it."""

from collections.abc import Iterator

from workbench.engine.measure.decision_maps import DecisionMaps
from workbench.engine.training.interruptions import Interruptions
from workbench.engine.training.observers.observer import Events, Observer
from workbench.engine.training.plan import Plan
from workbench.engine.training.progress import Progress
from workbench.engine.update.update import Update
from workbench.spec.command import WatchPlanes
from workbench.spec.event import Event, Intervened, Replanned
from workbench.spec.experiment import Intervention


class LiveChanges(Observer):
    """Changes weights, the rate and the plan where `interruptions` says so, and tells it."""

    def __init__(
        self, interruptions: Interruptions, update: Update, plan: Plan, maps: DecisionMaps
    ) -> None:
        self.interruptions = interruptions
        self.update = update
        self.plan = plan
        self.maps = maps

    def before_step(self, at: Progress) -> Events:
        return self._made_all(at) if self.interruptions.are_due(at.step) else ()

    def _made_all(self, at: Progress) -> Iterator[Event]:
        for request in self.interruptions.between_steps(at.step, at.stage):
            if isinstance(request, WatchPlanes):
                yield from self.maps.watch(request.is_on, at.step, at.stage)
            else:
                yield self._made(request, at) if isinstance(request, Intervention) else request

    def _made(self, change: Intervention, at: Progress) -> Intervened | Replanned:
        if change.stages is not None:
            return self.plan.change(change.stages, at)
        if change.task is not None and change.weight is not None:
            self.update.task_weights[change.task] = change.weight
            return Intervened(at.step, change.task, change.weight)
        at.rate = change.lr or at.rate
        return Intervened(at.step, None, at.rate)
