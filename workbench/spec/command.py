"""Commands: what may be asked of a run while it goes on. Frozen and picklable."""

from dataclasses import dataclass

from workbench.spec.event import Event, Intervened, Replanned
from workbench.spec.experiment import Intervention


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait before the next step."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after a pause."""


@dataclass(frozen=True, slots=True)
class StepOnce:
    """Take one step, then wait again."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End within one step, with a checkpoint."""


@dataclass(frozen=True, slots=True)
class SetWeight:
    """Change the weight of a task from the next step on."""

    task: str
    value: float


@dataclass(frozen=True, slots=True)
class SetRate:
    """Change the learning rate from the next step on."""

    value: float


@dataclass(frozen=True, slots=True)
class SetStages:
    """Learn other tasks from the next step on: those of the stage that is on, then what follows.

    Where the first group is what is being learned, that stage goes on; else it ends and a new one
    begins. `stage` is the number of the stage that was on when this was asked: where another is
    by now, nothing is changed. None: whichever is on.
    """

    stages: tuple[tuple[str, ...], ...]
    stage: int | None = None


@dataclass(frozen=True, slots=True)
class SetPace:
    """Take at most so many steps a second, to be watched; None: as many as there can be.

    Only the clock notices: losses, scores and what is recorded stay the same.
    """

    steps_per_second: float | None


@dataclass(frozen=True, slots=True)
class WatchPlanes:
    """Tell now, and then about twice a second, what the model answers on the tasks' planes.

    Asked with False, tell it at stage ends alone, as a run does that is not watched.
    """

    is_on: bool


Command = Pause | Resume | StepOnce | Stop | SetWeight | SetRate | SetStages | SetPace | WatchPlanes


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
