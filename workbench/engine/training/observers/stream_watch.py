"""StreamWatch: tests each batch before it is learned, and ends a stage where a drift shows."""

from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor

from workbench.engine.measure.prequential import Prequential
from workbench.engine.roles.batch import Batch
from workbench.engine.training.observers.observer import Events, Observer
from workbench.engine.training.plan import Plan
from workbench.engine.training.progress import Progress
from workbench.spec.event import Event


class StreamWatch(Observer):
    """Counts prequential accuracy and tells drifts; those of the stream's own detector end a stage.

    Such a stage ends after the step to come, which learns the batch in which the drift was found.
    """

    state_key = "stream"

    def __init__(self, stream: Prequential, plan: Plan) -> None:
        self.stream = stream
        self.plan = plan

    def on_batch(self, at: Progress, batch: Batch, drawn: Mapping[str, Tensor]) -> Events:
        return self._drifts(at) if self.stream.test(batch, drawn) else ()

    def _drifts(self, at: Progress) -> Iterator[Event]:
        for drift in self.stream.drifts(at.step):
            yield drift
            yield from self.plan.split(drift, at)

    def state_dict(self) -> dict[str, Any]:
        return self.stream.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.stream.load_state_dict(state)
