"""Replay: a live change as the intervention that makes it again."""

from workbench.spec.event import Event, Intervened, Replanned
from workbench.spec.experiment import Intervention


def intervention_of(event: Event) -> Intervention | None:
    """What a spec needs to make this change at its step; None where a run makes it by itself."""
    match event:
        case Intervened(step, None, value):
            return Intervention(step=step, lr=value)
        case Intervened(step, task, value):
            return Intervention(step=step, task=task, weight=value)
        case Replanned(step, detector=""):
            return Intervention(step=step, stages=event.groups)
        case _:
            return None
