"""ER-ACE: the new examples do not push old classes down."""

import torch

from tests.engine.toys import Run, split_digits, training
from workbench.engine.past import StageData
from workbench.spec.experiment import Choice


def begun() -> Run:
    """A run in its second stage."""
    run = Run(split_digits(training=training(), retention=Choice(kind="er-ace")))
    update = run.trainer.update
    update.retention.begin(StageData(1, ("2-3",), update.tasks, run.model))
    return run


def test_the_gradient_of_new_examples_reaches_only_their_classes():
    run = begun()
    update = run.trainer.update
    step = update.step({"2-3": update.tasks["2-3"].data["train"][::16]})
    update.combine(step)
    gradient = run.model.heads.by_name["·digits-split:10"].weight.grad
    assert [bool(row.any()) for row in gradient] == [i in (2, 3) for i in range(10)]


def test_the_memorys_reaches_all():
    run = begun()
    update = run.trainer.update
    run.trainer.learner.learn({"0-1": update.tasks["0-1"].data["train"][::16]}, update)
    step = update.step({"2-3": update.tasks["2-3"].data["train"][::16]})
    assert list(step.batch) == ["2-3", "0-1"]
    update.combine(step)
    gradient = run.model.heads.by_name["·digits-split:10"].weight.grad
    assert all(row.any() for row in gradient)


def test_the_loss_is_that_over_the_classes_of_the_batch():
    run = begun()
    update = run.trainer.update
    part = update.tasks["2-3"].data["train"][::16]
    found = update.step({"2-3": part}).losses[0]
    two = run.model({"2-3": part})["2-3"][:, 2:4]
    torch.testing.assert_close(found, torch.nn.functional.cross_entropy(two, part.target - 2))
