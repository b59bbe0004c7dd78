"""Observer: the contract of whatever looks on while a run goes, and tells events."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from torch import Tensor

from workbench.engine.roles.batch import Batch
from workbench.engine.roles.curriculum import Stage
from workbench.engine.training.progress import Progress
from workbench.spec.event import Event

Events = Iterable[Event]


class Observer:
    """A listener that a run asks at fixed moments; each hook returns the events to tell.

    A hook is called at every step, so it returns `()` at once where there is nothing to do. Where
    there is, it returns a generator: the run tells of the steps before, then goes through it, and
    leaves that time out of the training time. Hooks that are not overridden cost nothing.
    """

    #: The key of its state in a checkpoint; "" where there is none.
    state_key: ClassVar[str] = ""

    def on_run_start(self, at: Progress) -> Events:
        """The untrained model was evaluated; not called when a run is resumed."""
        del at
        return ()

    def before_step(self, at: Progress) -> Events:
        """A step is about to be taken, if none of this ends the run or the stage."""
        del at
        return ()

    def on_batch(self, at: Progress, batch: Batch, drawn: Mapping[str, Tensor]) -> Events:
        """A batch is about to be learned, whose examples have these positions [B], by task."""
        del at, batch, drawn
        return ()

    def after_step(self, at: Progress, rate: float) -> Events:
        """A step was taken at this learning rate, and counts in `at`."""
        del at, rate
        return ()

    def on_stage_end(self, at: Progress, stage: Stage, number: int) -> Events:
        """Stage number `number` ended and was evaluated; `at` stands before the next."""
        del at, stage, number
        return ()

    def state_dict(self) -> Any:
        """What must be saved to go on, in types that load without code; None: nothing."""

    def load_state_dict(self, state: Any) -> None:
        """Take back what `state_dict` gave."""
        del state


def overridden(observers: Sequence[Observer], hook: str) -> list[Callable[..., Events]]:
    """This hook of those observers that override it, in their order."""
    base = getattr(Observer, hook)
    return [getattr(each, hook) for each in observers if getattr(type(each), hook) is not base]
