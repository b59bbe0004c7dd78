"""ER-ACE: the new examples do not push old classes down."""

import torch

from tests.engine.toys import Run, split_digits, training
from workbench.engine.update.stage_data import StageData
from workbench.spec.experiment import Choice


def begun() -> Run:
    """A run in its second stage."""
    run = Run(split_digits(training=training(), retention=Choice(kind="er-ace")))
    update = run.trainer.update
    update.retention.on_stage_start(StageData(1, ("2-3",), update.tasks, run.model))
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
    result = update.step({"2-3": part}).losses[0]
    two = run.model({"2-3": part})["2-3"][:, 2:4]
    torch.testing.assert_close(result, torch.nn.functional.cross_entropy(two, part.target - 2))


def test_the_first_stage_is_plain_and_the_asymmetry_begins_with_the_second():
    run = Run(split_digits(training=training(), retention=Choice(kind="er-ace")))
    update, tasks = run.trainer.update, run.trainer.update.tasks
    reached: list[int] = []
    for stage, name in enumerate(("0-1", "2-3", "4-5")):
        update.retention.on_stage_start(StageData(stage, (name,), tasks, run.model))
        update.combine(update.step({name: tasks[name].data["train"][::16]}))
        gradient = run.model.heads.by_name["·digits-split:10"].weight.grad
        reached.append(sum(bool(row.any()) for row in gradient))
    assert reached == [10, 2, 2]


def test_a_stream_that_nobody_divides_spares_other_classes_from_its_start():
    run = Run(split_digits(training=training(), retention=Choice(kind="er-ace")))
    update = run.trainer.update
    update.retention.knows_boundaries = False
    update.retention.on_stage_start(StageData(0, tuple(update.tasks), update.tasks, run.model))
    part = update.tasks["0-1"].data["train"][::16]
    assert update.step({"0-1": part}).batch["0-1"].class_mask is not None
