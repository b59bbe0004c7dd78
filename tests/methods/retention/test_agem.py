"""A-GEM: the worked figure, and that a step never harms what it drew."""

import pytest
import torch

from tests.engine.toys import Run, split_digits, training
from workbench.engine.update.stage_data import StageData
from workbench.methods.retention.agem import without_harm
from workbench.spec.experiment import Choice


def test_the_worked_figure():
    projected = without_harm(torch.tensor([1.0, 1.0]), torch.tensor([-1.0, 0.0]))
    assert projected.tolist() == [0.0, 1.0]


def test_a_gradient_that_harms_nothing_stays_as_it_is():
    gradient = torch.tensor([1.0, 1.0])
    assert without_harm(gradient, torch.tensor([0.5, 0.0])) is gradient
    assert without_harm(gradient, torch.zeros(2)) is gradient


def test_the_projected_gradient_is_orthogonal_to_the_past():
    run = Run(split_digits(training=training(), retention=Choice(kind="a-gem", batch_size=500)))
    update = run.trainer.update
    update.retention.on_stage_end(StageData(0, ("0-1",), update.tasks, run.model))
    step = update.step({"2-3": update.tasks["2-3"].data["train"][:32]})
    update.combine(step)
    memory_parts = update.retention.memory.parts
    against = -step.whole_gradient(step.on(dict(memory_parts)).losses[0])
    projected = update.retention.project(against, step)
    assert torch.dot(projected, against).item() == pytest.approx(0, abs=1e-4)


def test_the_memory_is_filled_and_used():
    plain, helped = (
        Run(split_digits(training=training(), retention=Choice(kind=kind))).to_the_end()
        for kind in ("none", "a-gem")
    )
    assert len(helped.trainer.update.retention.memory) == 200
    assert not torch.equal(*(run.parameters["stems.0.0.weight"] for run in (plain, helped)))
