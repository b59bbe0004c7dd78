"""A stream of which the learner is not told where one task ends and the next begins."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.contracts.faces import ENTRIES
from tests.engine.toys import Run, given, same, sgd, split_digits, teaching, training
from tests.methods.sharing.toys import together
from workbench.engine.blocks.retention.memory import Memory
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.task import Part
from workbench.engine.update.stage_data import StageData
from workbench.spec.check import problems
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Stop
from workbench.spec.event import StepsDone
from workbench.spec.experiment import Choice, Schedule, Spec

CATALOGUE = {(entry.role, entry.key): entry for entry in ENTRIES}
RETENTION = [entry for entry in ENTRIES if entry.role == "retention"]
FREE = [entry.key for entry in RETENTION if "boundaries" not in entry.needs]
STREAMS = ("drift", "online", "blurred")


def stream(kind: str = "none", curriculum: str = "drift", **changes: Any) -> Spec:
    """Three tasks of two digits as one stream."""
    settings: dict[str, Any] = {"drift": "sudden"} if curriculum == "drift" else {}
    fields: dict[str, Any] = {
        "curriculum": Choice(kind=curriculum, boundaries=kind, **settings),
        "training": training(batch_size=32, evaluate_every=0),
        "optimizer": sgd(0.05, momentum=0.9),
    }
    return split_digits(**{**fields, **changes})


def retention(key: str) -> Choice:
    """A method as it can be had without boundaries."""
    sizes = {"memory": 20, "batch_size": 8, "base_stages": 0}
    known = CATALOGUE["retention", key].defaults()
    return Choice(kind=key, **{name: n for name, n in sizes.items() if name in known})


def test_the_methods_that_do_without_are_these():
    expected = ["none", "replay", "der", "der++", "er-ace", "gdumb", "a-gem", "slda"]
    assert sorted(FREE) == sorted(expected)


@pytest.mark.parametrize("curriculum", STREAMS)
@pytest.mark.parametrize("entry", RETENTION, ids=lambda entry: entry.key)
def test_a_method_that_consolidates_is_refused_with_its_reason(entry: Any, curriculum: str):
    own_heads = ("packnet", "hat")
    chosen = stream(curriculum=curriculum, retention=retention(entry.key))
    result = [p.message for p in problems(chosen, CATALOGUE) if p.field == "retention.kind"]
    if entry.key in FREE:
        assert not result
    else:
        (message,) = result
        assert "needs a curriculum that says where a stage ends" in message
        bounded = chosen.model_copy(update={"curriculum": Choice(kind=curriculum)})
        assert entry.key in own_heads or not problems(bounded, CATALOGUE)


def test_a_setting_that_needs_a_boundary_is_refused_alone():
    chosen = stream(retention=Choice(kind="slda"))
    (problem,) = problems(chosen, CATALOGUE)
    assert problem.field == "retention.base_stages"
    assert problem.message.startswith("above 0 it needs a curriculum that says where a stage ends")


def test_a_model_that_grows_by_stages_is_refused():
    chosen = stream(sharing=Choice(kind="progressive"))
    assert [p.field for p in problems(chosen, CATALOGUE)] == ["sharing.kind"]


class Diary(Retention):
    """Notes what it is told."""

    key = "diary"

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.told: list[tuple[Any, ...]] = []

    def on_stage_start(self, stage: StageData) -> None:
        self.told.append(("begin", stage.index, stage.names, stage.steps))

    def on_stage_end(self, stage: StageData) -> None:
        self.told.append(("end", stage.index))


def noted(kind: str) -> Run:
    tasks = teaching(together, retention=Diary)
    curriculum = Choice(kind="drift", drift="sudden", boundaries=kind)
    return Run(given(curriculum=curriculum, retention=Choice(kind="diary")), tasks).to_the_end()


def test_nothing_says_where_a_stage_ends_and_the_measures_know():
    free, known = noted("none"), noted("known")
    names = tuple(free.trainer.names)
    steps = free.trainer.plan.steps
    assert len(steps) == len(names) > 1
    assert free.trainer.update.retention.told == [("begin", 0, names, sum(steps))]
    assert len(known.trainer.update.retention.told) == 2 * len(names)
    assert len(free.last.matrix) == len(names)
    assert joined(free.events)[1:-1] == joined(known.events)[1:-1], "it is the same stream"


@pytest.mark.parametrize("point", [3, 14])
@pytest.mark.parametrize("key", FREE)
def test_a_stream_is_resumed_bit_for_bit(key: str, point: int, tmp_path: Path):
    chosen = stream(retention=retention(key))
    whole = Run(chosen).to_the_end()
    first = Run(chosen, folder=tmp_path, commands={point: [Stop()]}).to_the_end()
    second = Run(chosen, folder=tmp_path, resume=True).to_the_end()
    assert joined(first.events[:-1] + second.events[1:]) == joined(whole.events)
    assert same(second.parameters, whole.parameters)


@pytest.mark.parametrize("key", [key for key in FREE if key not in ("none", "slda")])
def test_a_memory_is_filled_as_examples_come(key: str):
    run = Run(stream(retention=retention(key)), commands={2: [Stop()]}).to_the_end()
    held = run.trainer.update.retention.stored_examples()
    assert sum(len(stored.part) for stored in held.values()) == 20
    assert set(held) == {"0-1"}, "nothing of the future"
    run = Run(stream(retention=retention(key))).to_the_end()
    held = run.trainer.update.retention.stored_examples()
    assert sum(len(stored.part) for stored in held.values()) == 20
    assert {name: set(stored.arrived.tolist()) for name, stored in held.items()} == {
        name: {i} for i, name in enumerate(("0-1", "2-3", "4-5")) if name in held
    }
    assert len(held) == 3


def test_what_comes_batch_by_batch_is_kept_with_equal_probability():
    n, size, trials = 60, 12, 300
    batches = torch.arange(n, dtype=torch.float32).unsqueeze(1).split(7)
    counts = np.zeros(n)
    for seed in range(trials):
        memory = Memory(size, torch.Generator().manual_seed(seed))
        for i, x in enumerate(batches):
            memory.add({f"task {i % 2}": Part({"x": x}, x)})
        result = [int(x) for part in memory.parts.values() for x in part.target.flatten()]
        assert len(result) == len(set(result)) == size
        counts[result] += 1
    p = size / n
    z = (counts - trials * p) / np.sqrt(trials * p * (1 - p))
    assert np.abs(z).max() < 4.5


def test_the_learning_rate_follows_the_stream_and_not_its_stages():
    def rates(kind: str) -> Any:
        optimizer = sgd(0.1, schedule=Schedule(kind="cosine"))
        run = Run(stream(kind, optimizer=optimizer)).to_the_end()
        return np.concatenate([e.rates for e in run.events if isinstance(e, StepsDone)])

    free, known = rates("none"), rates("known")
    assert (np.diff(free) < 0).all()
    assert (np.diff(known) > 0).sum() == 2


def test_memory_is_the_better_for_it_on_a_stream():
    def accuracy(**chosen: Any) -> float:
        length = training(epochs=4, batch_size=32, evaluate_every=0)
        run = Run(stream(training=length, retention=Choice(**chosen))).to_the_end()
        return run.last.summary["acc"]

    assert accuracy(kind="replay", memory=60) > accuracy(kind="none") + 0.1


def test_what_a_setting_withholds_outlives_the_catalogues_cache():
    entry = CATALOGUE["curriculum", "drift"]
    again = type(entry).from_json(entry.to_json())
    assert again == entry
    assert "boundaries" not in again.gives_with({"boundaries": "none"})
    assert "boundaries" in replace(again, withholds={}).gives_with({"boundaries": "none"})
