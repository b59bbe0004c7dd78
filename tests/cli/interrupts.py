"""A run during which Ctrl+C is pressed."""

import os
import signal
from collections.abc import Iterator

from tests import fakes
from workbench.spec.command import Stop
from workbench.spec.event import Event


def interrupted(times: int) -> fakes.Runner:
    """One in which it is pressed so often; a stop ends it at step 10."""

    def told(seed: int) -> Iterator[Event]:
        yield fakes.began(seed)
        yield fakes.block(0, 10, seed)
        for _ in range(times):
            os.kill(os.getpid(), signal.SIGINT)
        assert runner.commands == [Stop()]
        yield fakes.CheckpointSaved(10)
        yield fakes.finished(seed, status="stopped", step=10)

    runner = fakes.Runner(told)
    return runner
