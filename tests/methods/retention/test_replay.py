"""Replay: what is kept, and that it is used."""

import numpy as np
import pytest
import torch

from tests.engine.toys import Run, constant, split_digits, task, training
from workbench.engine.roles.task import Part, Task, Values
from workbench.engine.update.stage_data import StageData
from workbench.methods.retention.replay import Replay
from workbench.spec.checks.joined_events import joined
from workbench.spec.event import StepsDone
from workbench.spec.experiment import Choice


def replay(seed: int = 0, **settings: object) -> Replay:
    return Replay(Replay.Settings(**settings), torch.Generator().manual_seed(seed))


def numbered(name: str, first: int, n: int) -> Task:
    """A task whose examples are the numbers from `first` on."""
    x = torch.arange(first, first + n, dtype=torch.float32).unsqueeze(1)
    made = constant(name, 0.0)
    made.data = {"train": Part({"x": x}, x.clone())}
    return made


def stage(index: int, *tasks: Task) -> StageData:
    by_name = {made.name: made for made in tasks}
    return StageData(index, tuple(by_name), by_name, torch.nn.Module())


def examples_of(method: Replay) -> list[int]:
    return [int(x) for part in method.memory.parts.values() for x in part.inputs["x"].flatten()]


def test_every_example_of_the_past_is_kept_with_equal_probability():
    n, memory, trials = 80, 16, 1500
    stages = [numbered("a", 0, 30), numbered("b", 30, 10), numbered("c", 40, 40)]
    counts = np.zeros(n)
    for seed in range(trials):
        method = replay(seed, memory=memory)
        for i, made in enumerate(stages):
            method.on_stage_end(stage(i, made))
        result = examples_of(method)
        assert len(result) == len(set(result)) == memory
        counts[result] += 1
    p = memory / n
    z = (counts - trials * p) / np.sqrt(trials * p * (1 - p))
    assert np.abs(z).max() < 4.5
    groups = np.asarray([group.mean() for group in np.split(counts / trials, [30, 40])])
    assert groups == pytest.approx(p, abs=0.012)


def test_no_more_is_kept_than_the_memory_holds_and_no_less():
    method = replay(memory=25)
    method.on_stage_end(stage(0, numbered("a", 0, 10)))
    assert len(method.memory) == 10
    method.on_stage_end(stage(1, numbered("b", 10, 40)))
    assert len(method.memory) == 25


def test_targets_stay_with_their_inputs():
    method = replay(memory=5, batch_size=3)
    method.on_stage_end(stage(0, numbered("a", 0, 30)))
    method.on_stage_end(stage(1, numbered("b", 30, 30)))
    mixed = method.augment_batch({"c": numbered("c", 60, 4).data["train"]})
    for part in [*method.memory.parts.values(), *mixed.values()]:
        assert torch.equal(part.inputs["x"], part.target)


def test_balanced_memory_keeps_as_many_of_each_task_and_class():
    many, few = task("many", 200), task("few", 30)
    method = replay(memory=20, balanced=True)
    method.on_stage_end(stage(0, many))
    method.on_stage_end(stage(1, few))
    counts = [part.target.bincount(minlength=2).tolist() for part in method.memory.parts.values()]
    assert counts == [[5, 5], [5, 5]]


def test_balanced_memory_of_values_is_balanced_by_task():
    method = replay(memory=20, balanced=True)
    method.on_stage_end(stage(0, task("many", 200, output=Values(1))))
    method.on_stage_end(stage(1, task("few", 30, output=Values(1))))
    assert [len(part) for part in method.memory.parts.values()] == [10, 10]


def test_without_a_past_the_batch_stays_as_it_is():
    batch = {"a": numbered("a", 0, 4).data["train"]}
    assert replay().augment_batch(batch) is batch


@pytest.mark.parametrize("strength", [0.5, 1.0, 2.0])
def test_the_replayed_examples_weigh_the_strength_in_all(strength: float):
    method = replay(memory=30, batch_size=10, strength=strength)
    method.on_stage_end(stage(0, numbered("a", 0, 40)))
    method.on_stage_end(stage(1, numbered("b", 40, 20)))
    mixed = method.augment_batch({"c": numbered("c", 60, 8).data["train"]})
    assert mixed["c"].loss_scale == 1.0
    past = {name: part for name, part in mixed.items() if name != "c"}
    assert sum(len(part) for part in past.values()) == 10
    assert sum(part.loss_scale for part in past.values()) == pytest.approx(strength)
    for part in past.values():
        assert part.loss_scale == pytest.approx(strength * len(part) / 10)


def test_examples_of_a_task_that_is_still_learned_join_its_part():
    method = replay(memory=10, batch_size=6)
    method.on_stage_end(stage(0, numbered("a", 0, 20)))
    mixed = method.augment_batch({"a": numbered("a", 100, 4).data["train"]})
    assert list(mixed) == ["a"]
    assert len(mixed["a"]) == 10
    assert mixed["a"].loss_scale == pytest.approx(2.0)


def test_past_tasks_are_learned_from_in_later_stages():
    run = Run(
        split_digits(
            training=training(epochs=2, evaluate_every=0),
            retention=Choice(kind="replay", memory=60, batch_size=30),
        )
    ).to_the_end()
    blocks = [event for event in joined(run.events) if isinstance(event, StepsDone)]
    finite = [np.isfinite(block.losses).any(axis=0).tolist() for block in blocks]
    assert finite == [[True, False, False], [True, True, False], [True, True, True]]


def test_the_memory_does_not_hold_on_to_the_whole_data():
    method = replay(memory=3)
    made = numbered("a", 0, 1000)
    method.on_stage_end(stage(0, made))
    part = method.memory.parts["a"]
    assert part.inputs["x"].untyped_storage().nbytes() == 3 * 4
