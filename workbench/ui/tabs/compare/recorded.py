"""Recorded: of a run read back, what a comparison needs (Qt-free)."""

from workbench.spec.event import LAST, Began, Evaluated, Replanned, StageBegan
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.task_colours import Orders
from workbench.ui.services.history_backend import RunRecord

#: Steps, probes and reports are nine tenths of a run, and are not compared.
_COMPARED = (Began, StageBegan, Replanned, Evaluated, *LAST)


def light_model(recorded: RunRecord, orders: Orders) -> RunModel:
    """A run's scores and how it ended, without its steps."""
    events = (event for event in recorded.events if isinstance(event, _COMPARED))
    return RunModel.of(events, recorded.seed, recorded.spec, orders)
