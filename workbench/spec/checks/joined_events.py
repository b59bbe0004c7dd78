"""Joined events: what two equal runs have in common, whatever the clock said."""

import numpy as np

from workbench.spec.event import CheckpointSaved, Event, Mapped, Preparing, StepsDone


def joined(events: list[Event]) -> list[Event]:
    """The same events with neighbouring step blocks made one, and what the clock tells left out.

    Blocks are cut by the clock, which also tells of checkpoints, of data being read and of timed
    maps; this form is what two equal runs share.
    """
    result: list[Event] = []
    for event in events:
        last = result[-1] if result else None
        is_by_clock = isinstance(event, CheckpointSaved | Preparing)
        if is_by_clock or (isinstance(event, Mapped) and event.is_timed):
            continue
        if isinstance(event, StepsDone) and isinstance(last, StepsDone):
            result[-1] = StepsDone(
                step=event.step,
                losses=np.concatenate([last.losses, event.losses]),
                weights=np.concatenate([last.weights, event.weights]),
                rates=np.concatenate([last.rates, event.rates]),
                train_seconds=last.train_seconds + event.train_seconds,
            )
        else:
            result.append(event)
    return result
