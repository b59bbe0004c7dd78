"""Runs that begin where another was saved: what goes on is what would have, what changes is new."""

import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from workbench.engine.training.observers import checkpoints
from workbench.runner.local import LocalRunner
from workbench.spec.event import Began, CheckpointSaved, Event, Failed, Finished, Noticed, StepsDone
from workbench.spec.experiment import Choice, Optimizer, Spec, Start, TaskChoice, Training
from workbench.store import run as store
from workbench.store import starts
from workbench.store.home import runs_folder

#: A run's folder and events.
Made = tuple[Path, list[Event]]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Made]:
    """Make a run in a home of its own."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    runner = LocalRunner()

    def made(spec: Spec, seed: int = 0) -> Made:
        events = list(runner.run(spec, seed))
        began = next((event for event in events if isinstance(event, Began)), None)
        return runs_folder() / (began.run_id if began else ""), events

    return made


def joint(epochs: int = 2, **changes: Any) -> Spec:
    tasks = (TaskChoice(family="digits-attributes", task="digit"),)
    tasks += (TaskChoice(family="digits-attributes", task="parity"),)
    training = Training(epochs=epochs, batch_size=64, evaluate_every=0, threads=1)
    return Spec(name="joint", tasks=tasks, training=training, **changes)


def one_by_one(epochs: int = 1, **changes: Any) -> Spec:
    return Spec(
        name="one by one",
        tasks=(TaskChoice(family="digits-split"),),
        curriculum=Choice(kind="sequential"),
        training=Training(epochs=epochs, batch_size=64, evaluate_every=0, threads=1),
        **changes,
    )


def begun_at(spec: Spec, run: Path, step: int, **changes: Any) -> Spec:
    return spec.model_copy(update={"start": Start(run=run.name, step=step), **changes})


def end_of(made: Made) -> Finished:
    last = made[1][-1]
    assert isinstance(last, Finished), last
    return last


def losses_of(made: Made) -> np.ndarray:
    return np.concatenate([event.losses for event in made[1] if isinstance(event, StepsDone)])


@pytest.mark.parametrize(
    "spec",
    [
        joint(balancing=Choice(kind="gradnorm")),
        joint(balancing=Choice(kind="pcgrad"), optimizer=Optimizer(kind="sgd", momentum=0.9)),
        joint(retention=Choice(kind="ewc")),
        one_by_one(retention=Choice(kind="replay"), balancing=Choice(kind="uncertainty")),
        one_by_one(retention=Choice(kind="si"), sharing=Choice(kind="separate")),
    ],
    ids=["gradnorm", "pcgrad", "ewc", "replay", "si"],
)
def test_more_epochs_after_the_end_are_those_that_a_longer_run_has(
    make: Callable[..., Made], spec: Spec
):
    shorter = make(spec)
    n_stages = len(end_of(shorter).matrix)
    more = spec.training.model_copy(update={"epochs": spec.training.epochs + 1})
    longer = spec.model_copy(update={"training": more})
    if n_stages > 1:  # the earlier stages stay as they were: only the last one is longer
        forked = make(begun_at(longer, shorter[0], end_of(shorter).step))
        assert np.array_equal(end_of(forked).matrix[:-1], end_of(shorter).matrix[:-1])
        assert end_of(forked).step > end_of(shorter).step
        return
    whole = make(longer)
    forked = make(begun_at(longer, shorter[0], end_of(shorter).step))
    assert np.array_equal(end_of(forked).matrix, end_of(whole).matrix)
    assert end_of(forked).scores == end_of(whole).scores
    assert np.array_equal(losses_of(forked), losses_of(whole)[end_of(shorter).step :])


@pytest.mark.parametrize("kind", ["none", "ewc", "replay", "lwf", "packnet", "gem", "der"])
def test_with_nothing_changed_it_ends_as_the_other_did(make: Callable[..., Made], kind: str):
    spec = one_by_one(retention=Choice(kind=kind))
    if kind == "packnet":
        spec = spec.model_copy(
            update={"tasks": (TaskChoice(family="digits-split", scenario="task"),)}
        )
    whole = make(spec)
    kept = sorted(int(path.name.split("-")[0]) for path in (whole[0] / starts.KEPT).iterdir())
    assert len(kept) == 5
    assert set(kept) <= set(starts.steps(whole[0]))
    for step in (kept[0], kept[2]):
        forked = make(begun_at(spec, whole[0], step))
        assert np.array_equal(end_of(forked).matrix, end_of(whole).matrix, equal_nan=True)
        assert np.array_equal(end_of(forked).baseline, end_of(whole).baseline)
        assert np.array_equal(losses_of(forked), losses_of(whole)[step:], equal_nan=True)
        stored = store.read(forked[0])
        assert not stored.problem
        assert stored.outcome.matrix == store.read(whole[0]).outcome.matrix


@pytest.mark.parametrize("kind", ["none", "replay", "si"])
def test_a_fork_in_the_middle_of_a_stage_goes_on_bit_for_bit(
    make: Callable[..., Made], monkeypatch: pytest.MonkeyPatch, kind: str
):
    spec = one_by_one(retention=Choice(kind=kind))
    whole = make(spec)
    monkeypatch.setattr(checkpoints, "CHECKPOINT_SECONDS", 0.0)
    events = LocalRunner().run(spec, 0)
    began = next(event for event in events if isinstance(event, Began))
    step = next(e.step for e in events if isinstance(e, CheckpointSaved) and e.step == 6)
    cast("Generator[Event]", events).close()
    folder = runs_folder() / began.run_id
    forked = make(begun_at(spec, folder, step))
    assert np.array_equal(end_of(forked).matrix, end_of(whole).matrix)
    assert np.array_equal(losses_of(forked), losses_of(whole)[step:], equal_nan=True)


def test_another_retention_begins_where_the_fork_is(make: Callable[..., Made]):
    bare = make(one_by_one())
    step = starts.steps(bare[0])[1]
    kept = make(begun_at(one_by_one(retention=Choice(kind="replay")), bare[0], step))
    assert np.array_equal(end_of(kept).matrix[:2], end_of(bare).matrix[:2])
    # the third task is remembered now while the fourth and fifth are learned
    assert end_of(kept).matrix[-1, 2] > end_of(bare).matrix[-1, 2]


def test_a_changed_rate_or_weight_is_that_of_the_fork(make: Callable[..., Made]):
    first = make(joint())
    step = end_of(first).step
    tasks = tuple(choice.model_copy(update={"weight": 3.0}) for choice in joint().tasks[:1])
    changed = joint(3, optimizer=Optimizer(lr=0.02)).model_copy(
        update={"tasks": (*tasks, *joint().tasks[1:])}
    )
    forked = make(begun_at(changed, first[0], step))
    blocks = [event for event in forked[1] if isinstance(event, StepsDone)]
    assert all((block.weights[:, 0] == 3.0).all() for block in blocks)
    assert all(np.allclose(block.rates, 0.02) for block in blocks)


def test_another_balancing_or_optimizer_says_that_the_optimizer_begins_anew(
    make: Callable[..., Made],
):
    first = make(joint())
    step = end_of(first).step
    for change in ({"balancing": Choice(kind="pcgrad")}, {"optimizer": Optimizer(kind="sgd")}):
        forked = make(begun_at(joint(3, **change), first[0], step))
        told = [event.message for event in forked[1] if isinstance(event, Noticed)]
        assert any("begins anew" in message for message in told)
        end_of(forked)


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"sharing": Choice(kind="soft")}, "sharing", "keeps its sharing"),
        ({"encoder": Choice(kind="mlp", hidden=[8])}, "encoder", "keeps its encoder"),
        ({"tasks": joint().tasks[:1]}, "tasks", "keeps its tasks"),
        ({"learner": Choice(kind="reptile")}, "learner.kind", "keeps its learner"),
        ({"retention": Choice(kind="packnet")}, "retention.kind", "answers from what it kept"),
    ],
)
def test_what_cannot_change_is_refused_and_leaves_no_run(
    make: Callable[..., Made], changes: dict[str, Any], place: str, words: str
):
    first = make(joint())
    spec = begun_at(joint(3), first[0], end_of(first).step, **changes)
    _, events = make(spec)
    assert isinstance(events[-1], Failed)
    assert events[-1].place == place
    assert words in events[-1].message
    assert [path.name for path in runs_folder().iterdir()] == [first[0].name]


def test_another_seed_or_step_or_run_is_refused(make: Callable[..., Made]):
    first = make(joint())
    step = end_of(first).step
    for spec, seed, words in (
        (begun_at(joint(3), first[0], step), 1, "has seed 0; found 1"),
        (begun_at(joint(3), first[0], step + 1), 0, f"it was at {step}"),
        (begun_at(joint(3), Path("nobody"), step), 0, "there is no run 'nobody'"),
    ):
        last = make(spec, seed)[1][-1]
        assert isinstance(last, Failed)
        assert words in last.message
    assert len(list(runs_folder().iterdir())) == 1


def test_a_fork_needs_the_other_run_no_more(make: Callable[..., Made]):
    first = make(joint())
    spec = begun_at(joint(3), first[0], end_of(first).step)
    forked = make(spec)
    shutil.rmtree(first[0])
    assert store.read(forked[0]).spec.start == spec.start
    again = make(store.read(forked[0]).spec)
    assert np.array_equal(losses_of(again), losses_of(forked))
    shutil.rmtree(again[0] / "checkpoint")  # as if killed before its first checkpoint
    resumed = list(LocalRunner().resume(again[0]))
    assert isinstance(resumed[-1], Finished)
    assert np.array_equal(resumed[-1].matrix, end_of(forked).matrix)
