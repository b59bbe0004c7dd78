"""Generative replay: who makes up the past, and who says what it is."""

import torch

from tests.engine.toys import Run, sgd, split_digits, training
from workbench.engine.blocks.autoencoder import Autoencoder, Packed
from workbench.engine.past import StageData
from workbench.spec.experiment import Choice, TaskChoice

TASKS = (TaskChoice(family="digits-split", n_tasks=5, scenario="class"),)


def run(**changes: object) -> Run:
    fields = {
        "tasks": TASKS,
        "training": training(epochs=20, batch_size=32),
        "optimizer": sgd(0.1),
        "retention": Choice(kind="generative-replay"),
    }
    return Run(split_digits(**{**fields, **changes}))


def test_the_generator_comes_to_make_up_what_it_saw():
    generator = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    made = Autoencoder(4, 32, 2)
    optimizer = torch.optim.Adam(made.parameters(), lr=0.01)
    direction = torch.tensor([1.0, 2.0, -1.0, 0.5])
    for _ in range(300):
        optimizer.zero_grad()
        rows = torch.randn(64, 1, generator=generator) * direction + 3
        made.loss(rows, generator).backward()
        optimizer.step()
    found = made.draw(500, generator) - 3
    along = found @ direction / direction.norm()
    beside = (found - torch.outer(along, direction / direction.norm())).norm(dim=1)
    assert along.mean().abs() < 0.5
    assert 0.7 < along.std() / direction.norm() < 1.3, "as varied as what it saw"
    assert beside.median() < 0.3


def test_views_are_packed_and_unpacked():
    inputs = {"a": torch.rand(3, 2, 4), "b": torch.rand(3, 5)}
    packed = Packed({"a": [2, 4], "b": [5]})
    assert packed.n == 13
    again = packed.unpack(packed.pack(inputs))
    assert all(torch.equal(again[view], inputs[view]) for view in inputs)


def test_what_is_made_up_is_labelled_by_the_old_network_among_the_past_classes():
    made = run()
    update, retention = made.trainer.update, made.trainer.update.retention
    new = {"4-5": update.tasks["4-5"].data["train"][:8]}
    assert update.step(new).names == ("4-5",), "there is no past yet"
    for i, name in enumerate(("0-1", "2-3")):
        stage = StageData(i, (name,), update.tasks, made.model)
        retention.begin(stage)
        for _ in range(10):
            made.trainer.learner.learn(made.trainer.plan.samplers[i].draw(), update)
        retention.end(stage)
    old = {name: values.clone() for name, values in made.parameters.items()}
    with torch.no_grad():
        for parameter in made.model.parameters():
            parameter += torch.randn_like(parameter)
    mixed = update.step(new).batch
    assert set(mixed) == {"4-5", "2-3"}
    part = mixed["2-3"]
    assert len(part) == 32
    made.model.load_state_dict(old)
    made.model.eval()
    with torch.no_grad():
        output = made.model({"2-3": part})["2-3"]
    assert torch.equal(part.target, output[:, :4].argmax(1))


def test_each_head_is_asked_about_what_is_made_up():
    tasks = (TaskChoice(family="digits-split", n_tasks=5, scenario="task"),)
    made = run(tasks=tasks, training=training()).to_the_end()
    batch = {"8-9": made.trainer.update.tasks["8-9"].data["train"][:8]}
    assert len(made.trainer.update.step(batch).names) == 5


def test_it_remembers_more_than_nothing():
    assert run().to_the_end().last.summary["acc"] > 0.5
