"""Cumulative: everything seen so far, in every batch."""

import torch

from tests.engine.toys import Run, split_digits, training
from workbench.engine.update.stage_data import StageData
from workbench.spec.experiment import Choice


def test_every_past_task_is_in_every_batch_and_losses_add_up():
    run = Run(split_digits(training=training(), retention=Choice(kind="cumulative")))
    update = run.trainer.update
    batch = {"4-5": update.tasks["4-5"].data["train"][:16]}
    assert update.retention.augment_batch(batch) == batch
    for i, name in enumerate(("0-1", "2-3")):
        update.retention.on_stage_end(StageData(i, (name,), update.tasks, run.model))
    mixed = update.retention.augment_batch(batch)
    assert {name: (len(part), part.loss_scale) for name, part in mixed.items()} == {
        "4-5": (16, 1.0),
        "0-1": (16, 1.0),
        "2-3": (16, 1.0),
    }
    for name, part in mixed.items():
        known = update.tasks[name].data["train"]
        rows = {tuple(row) for row in known.inputs["pixels"].tolist()}
        assert {tuple(row) for row in part.inputs["pixels"].tolist()} <= rows


def test_a_task_seen_again_is_not_kept_twice():
    run = Run(split_digits(training=training(), retention=Choice(kind="cumulative")))
    update = run.trainer.update
    for i in range(2):
        update.retention.on_stage_end(StageData(i, ("0-1",), update.tasks, run.model))
    stored = update.retention.past["0-1"]
    assert torch.equal(stored.target, update.tasks["0-1"].data["train"].target)
