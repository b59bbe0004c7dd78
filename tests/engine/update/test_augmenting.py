"""Augmenting: what a step does to its pictures, and what it leaves alone."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.contracts.pictures import GROUP, apart, shared
from tests.engine.toys import Run, given, same, teaching, training
from workbench.engine.blocks.tasks.augmented import augmentation_of
from workbench.engine.roles.batch import Batch, Part
from workbench.engine.roles.kinds import Augmentation
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Classes, Image, Task, Vector
from workbench.engine.update.augmenting import Augmenter, flipped, moved
from workbench.engine.update.losses import are_alike, loss_of
from workbench.methods.tasks.arrays import ArraysFile
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Stop
from workbench.spec.event import Finished
from workbench.spec.experiment import Choice, Spec

ALL = Augmentation(flip=True, crop=2, mixup=0.4)


def asked(make: Any, augmentation: Augmentation | None = ALL) -> list[Task]:
    return [replace(task, augmentation=augmentation) for task in make()]


def batch_of(tasks: list[Task], n: int = 8) -> Batch:
    cut: dict[int, Any] = {}
    batch: dict[str, Part] = {}
    for task in tasks:
        part = task.data["train"]
        inputs = {v: cut.setdefault(id(x), x[:n]) for v, x in part.inputs.items()}
        batch[task.name] = Part(inputs, part.target[:n])
    return batch


def augmenter(tasks: list[Task], seed: int = 0) -> Augmenter:
    return Augmenter({task.name: task for task in tasks}, seed)


def test_a_flip_mirrors_those_that_are_chosen():
    x = torch.arange(12.0).view(2, 1, 2, 3)
    result = flipped(x, torch.tensor([True, False]))
    assert torch.equal(result[0], x[0].flip(2))
    assert torch.equal(result[1], x[1])


def test_a_crop_moves_each_picture_and_fills_with_zeros():
    x = torch.arange(1.0, 19.0).view(2, 1, 3, 3)
    result = moved(x, torch.tensor([[0, 1], [2, 1]]), 1)
    assert torch.equal(result[1], x[1])
    expected = torch.tensor([[0.0, 0.0, 0.0], [2.0, 3.0, 0.0], [5.0, 6.0, 0.0]])
    assert torch.equal(result[0, 0], expected)


def test_mixup_mixes_pictures_and_losses_by_one_share():
    tasks = asked(shared, Augmentation(mixup=1.0))
    batch = batch_of(tasks)
    changed = augmenter(tasks)(batch)
    part, before = changed["left"], batch["left"]
    assert part.blended is not None
    other, share = part.blended
    assert 0 < share < 1
    for row, mixed in enumerate(part.inputs["x"]):
        with_each = share * before.inputs["x"][row] + (1 - share) * before.inputs["x"]
        places = [i for i, x in enumerate(with_each) if torch.allclose(x, mixed, atol=1e-5)]
        assert places
        assert before.target[places[0]] == other[row]
    output = torch.randn(8, 2)
    kind = Classes(2)
    expected = share * kind.loss(output, before.target) + (1 - share) * kind.loss(output, other)
    torch.testing.assert_close(loss_of(tasks[0], output, part), expected)
    assert part[:3].blended is not None
    names: list[str] = ["a", "b", "c"]
    alike = dict.fromkeys(names, tasks[0])
    assert are_alike(alike, dict.fromkeys(names, before))
    assert not are_alike(alike, dict.fromkeys(names, part))


def test_tasks_that_share_an_input_share_the_changed_one():
    tasks = asked(shared)
    changed = augmenter(tasks)(batch_of(tasks))
    left, above = changed.values()
    assert left.inputs["x"] is above.inputs["x"]
    assert left.blended is not None
    assert above.blended is not None
    assert left.blended[1] == above.blended[1]


def test_a_task_is_given_the_same_pictures_whichever_others_learn_beside_it():
    tasks = asked(apart)
    together, alone = augmenter(tasks), augmenter(tasks[1:])
    for _ in range(2):
        batch = batch_of(tasks)
        both = together(batch)
        one = alone({"above": batch["above"]})
        assert torch.equal(both["above"].inputs["x"], one["above"].inputs["x"])


def test_answers_chosen_among_some_classes_are_not_mixed():
    tasks = asked(shared)
    batch = batch_of(tasks)
    masked = replace(batch["left"], class_mask=torch.ones(8, 2, dtype=torch.bool))
    assert augmenter(tasks)({"left": masked})["left"].blended is None


def test_what_is_not_asked_for_is_left_alone():
    tasks = asked(apart, None)
    tasks[0] = replace(tasks[0], augmentation=Augmentation(flip=True))
    batch = batch_of(tasks)
    assert augmenter(tasks)(batch)["above"] is batch["above"]


def small(**changes: Any) -> Spec:
    fields = {"encoder": GROUP, "training": training(batch_size=8, evaluate_every=0)}
    return given(**{**fields, **changes})


@pytest.mark.parametrize("retention", ["none", "replay", "der++", "er-ace", "gem"])
def test_a_run_goes_on_bit_for_bit_and_memories_keep_pictures_as_they_were(
    retention: str, tmp_path: Path
):
    spec = small(curriculum=Choice(kind="sequential"), retention=Choice(kind=retention))
    teach = teaching(partial(asked, apart))
    whole = Run(spec, teach).to_the_end()
    assert isinstance(whole.last, Finished)
    first = Run(spec, teach, folder=tmp_path, commands={4: [Stop()]}).to_the_end()
    second = Run(spec, teach, folder=tmp_path, resume=True).to_the_end()
    assert joined(first.events[:-1] + second.events[1:]) == joined(whole.events)
    assert same(second.parameters, whole.parameters)
    update = whole.trainer.update
    for name, stored in update.retention.stored_examples().items():
        known = update.tasks[name].data["train"].inputs["x"]
        for picture in stored.part.inputs["x"]:
            assert (known == picture).flatten(1).all(1).any()


@pytest.mark.parametrize("balancing", ["fixed", "pcgrad", "sdmgrad", "famo"])
def test_every_kind_of_step_is_of_the_changed_pictures(balancing: str):
    spec = small(balancing=Choice(kind=balancing))
    changed = Run(spec, teaching(partial(asked, shared))).to_the_end()
    plain = Run(spec, teaching(shared)).to_the_end()
    assert isinstance(changed.last, Finished)
    assert not same(changed.parameters, plain.parameters)


def test_mixup_is_refused_where_a_learner_adapts():
    spec = small(learner=Choice(kind="maml"))
    with pytest.raises(BadSpecError, match="asks for mixup"):
        Run(spec, teaching(partial(asked, apart)))
    Run(spec, teaching(partial(asked, apart, Augmentation(flip=True))))


def test_settings_of_families_ask_for_it():
    def settings(**chosen: Any) -> Any:
        return ArraysFile.Settings(**chosen)

    assert augmentation_of(settings(), Vector(4)) is None
    found = augmentation_of(settings(flip=True, crop=2), Image(1, 8, 8))
    assert found == Augmentation(flip=True, crop=2)
    with pytest.raises(BadSpecError, match="rows of numbers"):
        augmentation_of(settings(mixup=0.2), Vector(4))
    with pytest.raises(BadSpecError, match="below a picture's side, 8"):
        augmentation_of(settings(crop=8), Image(1, 8, 8))
