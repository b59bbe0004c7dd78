"""Numbers that stop being finite end a run at once, with its parameters as they were."""

import numpy as np
import pytest
import torch

from tests.engine.toys import Run, given, sgd, task, teaching, training
from workbench.engine.roles.task import Part, Task, Values
from workbench.spec.checks.joined_events import joined
from workbench.spec.event import Diverged, StepsDone
from workbench.spec.experiment import Choice


def regression() -> list[Task]:
    return [task("first", output=Values(1)), task("second", output=Values(1))]


def broken(at: str) -> list[Task]:
    tasks = regression()
    for made in tasks:
        if made.name == at:
            part = made.data["train"]
            nan = torch.full_like(part.target, float("nan"))
            made.data = {**made.data, "train": Part(part.inputs, nan)}
    return tasks


@pytest.mark.parametrize(
    ("balancing", "sharing"), [("fixed", "hard"), ("fixed", "separate"), ("pcgrad", "hard")]
)
def test_too_large_a_rate(balancing: str, sharing: str):
    run = Run(
        given(
            optimizer=sgd(100.0),
            training=training(epochs=500),
            balancing=Choice(kind=balancing),
            sharing=Choice(kind=sharing),
        ),
        teaching(regression),
    ).to_the_end()
    assert isinstance(run.last, Diverged)
    assert run.last.task in ("first", "second")
    assert run.last.task in run.last.message
    assert f"at step {run.last.step}" in run.last.message
    (block,) = [e for e in joined(run.events) if isinstance(e, StepsDone)]
    assert block.step == len(block.losses) == run.last.step > 0
    assert np.isfinite(block.losses).all()
    assert all(values.isfinite().all() for values in run.parameters.values())


@pytest.mark.parametrize("at", ["first", "second"])
def test_targets_that_are_nan_name_their_task(at: str):
    run = Run(given(), teaching(lambda: broken(at)))
    before = {name: values.clone() for name, values in run.parameters.items()}
    run.to_the_end()
    assert isinstance(run.last, Diverged)
    assert (run.last.task, run.last.step) == (at, 0)
    assert all(torch.equal(before[name], values) for name, values in run.parameters.items())


def test_an_overflow_in_the_very_last_update_is_told():
    def tasks():
        made = task("only", n=1, output=Values(1))
        part = made.data["train"]
        made.data = {**made.data, "train": Part(part.inputs, torch.full((1, 1), 1e19))}
        return [made]

    run = Run(given(optimizer=sgd(100.0)), teaching(tasks))
    with torch.no_grad():
        for parameter in run.model.parameters():
            parameter.fill_(1e9)
    run.trainer.at.rate = 3e38
    run.to_the_end()
    assert isinstance(run.last, Diverged)
    assert "no longer finite" in run.last.message
