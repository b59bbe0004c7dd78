"""GDumb: learning from the memory alone, from scratch."""

import pytest
import torch

from tests.engine.toys import Run, same, sgd, split_digits, training
from workbench.engine.update.stage_data import StageData
from workbench.spec.experiment import Choice, Optimizer


def test_each_stage_begins_where_the_network_began():
    run = Run(split_digits(training=training(), retention=Choice(kind="gdumb")))
    update = run.trainer.update
    start = {name: p.clone() for name, p in run.parameters.items()}
    update.retention.on_stage_start(StageData(0, ("0-1",), update.tasks, run.model))
    assert same(run.parameters, start)
    run.trainer.learner.learn({"0-1": update.tasks["0-1"].data["train"][:16]}, update)
    assert not same(run.parameters, start)
    update.retention.on_stage_start(StageData(1, ("2-3",), update.tasks, run.model))
    assert same(run.parameters, start)


def test_every_batch_is_drawn_from_the_memory():
    run = Run(split_digits(training=training(), retention=Choice(kind="gdumb", memory=40)))
    update = run.trainer.update
    for stage, name in enumerate(("0-1", "2-3")):
        update.retention.on_stage_start(StageData(stage, (name,), update.tasks, run.model))
    drawn = update.retention.augment_batch({"2-3": update.tasks["2-3"].data["train"][:40]})
    counts = torch.cat([part.target for part in drawn.values()]).bincount().tolist()
    assert counts == [10, 10, 10, 10]
    assert sum(part.loss_scale for part in drawn.values()) == 1.0


@pytest.mark.parametrize("optimizer", [sgd(0.1, momentum=0.9), Optimizer(kind="adam", lr=0.01)])
def test_the_optimizer_begins_anew_with_the_network(optimizer: Optimizer):
    run = Run(
        split_digits(
            training=training(epochs=2), optimizer=optimizer, retention=Choice(kind="gdumb")
        )
    )
    trainer = run.trainer
    events = trainer.run()
    for event in events:  # to the end of the second stage's beginning
        if type(event).__name__ == "StageBegan" and event.stage == 1:
            break
    state = trainer.update.optimizer.state
    buffers = [x for values in state.values() for x in values.values()]
    assert not any(x.any() for x in buffers), "nothing of the first stage is left"
