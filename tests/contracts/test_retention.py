"""What every retention method must hold to, whatever it does."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.contracts.faces import ENTRIES
from tests.engine.toys import Run, methods, same, sgd, split_digits, training
from workbench.engine.answers.dispatch import answer
from workbench.engine.measure.memory_tables import holding
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.method import BadSpecError
from workbench.engine.update.stage_data import StageData
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Stop
from workbench.spec.event import Reported
from workbench.spec.experiment import Choice, Spec, TaskChoice
from workbench.spec.question import Cost

ENTRY = {entry.key: entry for entry in ENTRIES if entry.role == "retention"}
KEYS = list(ENTRY)
every_retention = pytest.mark.parametrize("key", KEYS)


@cache
def scenario_of(key: str) -> str:
    """One head for all classes, unless the method must be told whose example it is asked about."""
    tasks = (TaskChoice(family="digits-split", n_tasks=2, scenario="class"),)
    try:
        Run(split_digits(tasks=tasks, retention=Choice(kind=key)))
    except BadSpecError:
        return "task"
    return "class"


def spec(key: str) -> Spec:
    """Three stages of four steps, with momentum, one head for all classes where that is allowed."""
    return split_digits(
        tasks=tuple(
            TaskChoice(family="digits-split", task=name, scenario=scenario_of(key))
            for name in ("0-1", "2-3", "4-5")
        ),
        training=training(evaluate_every=3),
        optimizer=sgd(0.05, momentum=0.9),
        retention=Choice(kind=key),
    )


@cache
def uninterrupted(key: str) -> Run:
    return Run(spec(key)).to_the_end()


@every_retention
@pytest.mark.parametrize("point", [2, 4, 6, 10])
def test_a_resume_in_any_stage_is_bit_for_bit(key: str, point: int, tmp_path: Path):
    whole = uninterrupted(key)
    first = Run(spec(key), folder=tmp_path, commands={point: [Stop()]}).to_the_end()
    second = Run(spec(key), folder=tmp_path, resume=True).to_the_end()
    assert joined(first.events[:-1] + second.events[1:]) == joined(whole.events)
    assert same(second.parameters, whole.parameters)


@every_retention
def test_end_then_begin_leaves_parameters_and_their_gradients_untouched(key: str):
    if methods().find("retention", key).begins_from_scratch:
        pytest.skip("it begins every stage from scratch")
    run = Run(spec(key))
    update = run.trainer.update
    stages = [StageData(i, (n,), update.tasks, run.model, 2, 2) for i, n in enumerate(update.tasks)]
    run.trainer.grow(0)
    update.retention.on_stage_start(stages[0])
    for _ in range(2):
        run.trainer.learner.learn(run.trainer.plan.samplers[0].draw(), update)
    run.trainer.grow(1)
    before = {name: values.clone() for name, values in run.parameters.items()}
    chance = torch.get_rng_state()
    update.retention.on_stage_end(stages[0])
    update.retention.on_stage_start(stages[1])
    assert same(run.parameters, before)
    assert run.model.training
    assert torch.equal(torch.get_rng_state(), chance), "chance comes from the generator given"


@every_retention
def test_it_does_not_look_at_the_future_or_at_other_splits(key: str):
    class Closed(dict[str, Any]):
        def __getitem__(self, split: str) -> Any:
            assert split == "train", "only training data may be learned from"
            return super().__getitem__(split)

    run = Run(spec(key))
    update = run.trainer.update
    for made in update.tasks.values():
        made.data = Closed(made.data)
    for i, name in enumerate(update.tasks):
        stage = StageData(i, (name,), update.tasks, run.model, 1, 1)
        run.trainer.grow(i)
        update.retention.on_stage_start(stage)
        learned = update.step(run.trainer.plan.samplers[i].draw())
        assert set(learned.names) <= set(list(update.tasks)[: i + 1])
        run.trainer.learner.learn(run.trainer.plan.samplers[i].draw(), update)
        update.retention.on_stage_end(stage)


@every_retention
def test_a_method_that_mixes_other_examples_in_says_so(key: str):
    run = Run(spec(key))
    update = run.trainer.update
    is_mixed = False

    def augmented(batch: Batch, inner: Any = update.retention.augment_batch) -> Batch:
        nonlocal is_mixed
        mixed: Batch = inner(batch)
        drawn = {id(x) for part in batch.values() for x in part.inputs.values()}
        result = {id(x) for part in mixed.values() for x in part.inputs.values()}
        is_mixed |= not result <= drawn
        return mixed

    update.retention.augment_batch = augmented
    run.to_the_end()
    assert is_mixed == update.retention.mixes_examples


#: Bytes that a method may hold less than it said: all of a basis, or what the last head would take.
SPARED = {"gpm": 10**9, "packnet": 8}


@every_retention
def test_what_it_may_hold_is_known_before_and_is_what_it_holds_in_the_end(key: str):
    sizes = {"memory": 24, "memory_per_task": 8}
    settings = {name: n for name, n in sizes.items() if name in ENTRY[key].defaults()}
    chosen = spec(key).model_copy(update={"retention": Choice(kind=key, **settings)})
    run = Run(chosen).to_the_end()
    most = answer(Cost(chosen), methods(), lambda *_: None).retained
    held = holding(run.trainer.update.retention)
    assert run.trainer.observers.reports.most == most
    assert held.examples == most.examples
    assert bool(held.bytes) == bool(most.bytes)
    assert most.bytes - SPARED.get(key, 0) <= held.bytes <= most.bytes
    events = [e for e in run.events if isinstance(e, Reported) and e.source == "retention"]
    if not most.bytes:
        assert not any(table.name == "held" for event in events for table in event.tables)
    else:
        table = next(table for table in events[-1].tables if table.name == "held")
        assert table.values.tolist() == [[held.examples, held.bytes], [most.examples, most.bytes]]
