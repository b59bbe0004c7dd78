"""Adapting so fast that no number holds what comes of it."""

import numpy as np

from tests.engine.toys import Run, sgd, spec
from workbench.spec.event import Adapted, Finished
from workbench.spec.experiment import Choice, TaskChoice


def test_what_adapts_too_fast_is_infinitely_far_off():
    chosen = spec(
        tasks=(TaskChoice(family="iris", task="petal-width"),),
        learner=Choice(kind="fomaml", inner_lr=10.0),
        optimizer=sgd(0.3),
    )
    run = Run(chosen).to_the_end()
    assert isinstance(run.last, Finished)
    told = [event for event in run.events if isinstance(event, Adapted)]
    assert any(not np.isfinite(event.scores).all() for event in told)
