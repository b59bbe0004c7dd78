"""The tasks of a setup, told before a run as the run tells them."""

from dataclasses import replace

import pytest

from tests.engine.toys import Run, methods, spec, split_digits, training
from workbench.engine.answers.dispatch import answer
from workbench.spec.event import Began
from workbench.spec.experiment import Choice, Spec, TaskChoice
from workbench.spec.question import ListTasks, RefusedError

WINE = {"alcohol": 2.0, "grower": 0.5}


@pytest.mark.parametrize(
    "setup",
    [
        spec(),
        spec(tasks=tuple(TaskChoice(family="wine", task=t, weight=w) for t, w in WINE.items())),
        split_digits(training=training(epochs=3)),
        split_digits(curriculum=Choice(kind="joint")),
    ],
    ids=["joint", "weighted", "one after the other", "split and joint"],
)
def test_they_are_what_a_run_tells_as_it_begins(setup: Spec):
    tasks = answer(ListTasks(setup), methods(), lambda done, text: None)
    began = next(event for event in Run(setup).trainer.run() if isinstance(event, Began))
    # what the data sum to is worked out for a run alone
    assert tasks == tuple(replace(task, data="") for task in began.tasks)
    assert all(task.updates > 0 for task in tasks)


def test_a_setup_that_has_none_is_refused_with_its_field():
    setup = spec(tasks=(TaskChoice(family="wine", task="colour"),))
    with pytest.raises(RefusedError, match="wine has no task 'colour'") as caught:
        answer(ListTasks(setup), methods(), lambda done, text: None)
    assert caught.value.field == "tasks.0.task"
