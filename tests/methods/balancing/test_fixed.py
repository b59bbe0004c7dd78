"""Fixed weights are what the user set."""

import pytest
import torch

from tests.engine.toys import Run, spec
from workbench.engine.roles.balancing import BalancingSettings
from workbench.methods.balancing.fixed import Fixed
from workbench.spec.experiment import TaskChoice

J = torch.tensor([[-4.0, 1, 1], [6, 1, 1]])


class FakeStep:
    """A step of two tasks with weights."""

    def __init__(self, priority: list[float]) -> None:
        self.priority = torch.tensor(priority)


def test_the_mean_of_the_reference_case():
    method = Fixed(BalancingSettings(), torch.Generator())
    weights = method.weigh(FakeStep([0.5, 0.5]))
    assert (weights @ J).tolist() == [1, 1, 1]


def test_weights_are_those_of_the_spec_and_can_be_moved():
    tasks = tuple(
        TaskChoice(family="digits-attributes", task=name, weight=weight)
        for name, weight in (("digit", 0.25), ("prime", 4.0))
    )
    run = Run(spec(tasks=tasks))
    update = run.trainer.update
    step = update.step(run.trainer.plan.samplers[0].draw())
    assert update.balancing.weigh(step).tolist() == [0.25, 4.0]
    update.task_weights["prime"] = 2.0
    step = update.step(run.trainer.plan.samplers[0].draw())
    assert update.balancing.weigh(step).tolist() == pytest.approx([0.25, 2.0])
