"""Learning without forgetting: the worked figure, and what is asked of the old network."""

import pytest
import torch

from tests.engine.toys import Run, split_digits, training
from workbench.engine.update.stage_data import StageData
from workbench.methods.retention.lwf import distillation
from workbench.spec.experiment import Choice, TaskChoice


def test_the_worked_figure():
    loss = distillation(torch.tensor([[2.0, 0.0]]), torch.tensor([[0.0, 0.0]]), 2.0)
    assert loss.item() == pytest.approx(0.44378, abs=1e-4)
    assert loss.item() / 4 == pytest.approx(0.11094, abs=1e-4)


def test_of_values_it_is_the_squared_difference():
    old, new = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 4.0]])
    assert distillation(old, new, 2.0, has_classes=False).item() == pytest.approx(2.0)


@pytest.mark.parametrize("scenario", ["class", "task"])
def test_the_penalty_is_zero_while_the_network_is_the_old_one(scenario: str):
    run = Run(
        split_digits(
            tasks=(TaskChoice(family="digits-split", n_tasks=5, scenario=scenario),),
            retention=Choice(kind="lwf"),
        )
    )
    update, retention = run.trainer.update, run.trainer.update.retention
    batch = {"4-5": update.tasks["4-5"].data["train"][:16]}
    assert retention.penalty(update.step(batch)) is None
    retention.on_stage_end(StageData(0, ("0-1",), update.tasks, run.model))
    retention.on_stage_end(StageData(1, ("2-3",), update.tasks, run.model))
    same = retention.penalty(update.step(batch))
    assert same is not None
    assert same.item() == pytest.approx(0, abs=1e-6)
    with torch.no_grad():
        for parameter in run.model.parameters():
            parameter += 0.05 * torch.randn(parameter.shape)
    moved = retention.penalty(update.step(batch))
    assert moved is not None
    assert moved.item() > 1e-4
    moved.backward()
    head = {"class": "digits-split:10", "task": "4-5"}[scenario]
    gradient = dict(run.model.named_parameters())[f"heads.by_name.·{head}.weight"].grad
    if scenario == "task":
        assert gradient is None, "the new task has no old answers"
    else:
        assert gradient is not None
        assert [bool(row.any()) for row in gradient] == [True] * 4 + [False] * 6


def test_the_old_network_does_not_learn():
    run = Run(split_digits(training=training(), retention=Choice(kind="lwf")))
    update, retention = run.trainer.update, run.trainer.update.retention
    retention.on_stage_end(StageData(0, ("0-1",), update.tasks, run.model))
    batch = {"2-3": update.tasks["2-3"].data["train"][:16]}
    before = retention.old.outputs(run.model, batch)["2-3"].clone()
    for _ in range(3):
        run.trainer.learner.learn(batch, update)
    assert torch.equal(retention.old.outputs(run.model, batch)["2-3"], before)
