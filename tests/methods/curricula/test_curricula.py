"""When each task is seen."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from tests.engine.toys import Run, split_digits, training
from workbench.methods.curricula.blocked import Blocked
from workbench.methods.curricula.blurred import Blurred
from workbench.methods.curricula.drift import Drift
from workbench.methods.curricula.joint import Joint
from workbench.methods.curricula.repeating import Repeating
from workbench.methods.curricula.sequential import Sequential
from workbench.spec.checks.joined_events import joined
from workbench.spec.event import StepsDone
from workbench.spec.experiment import Choice


def test_joint_is_one_stage_of_all_tasks():
    (stage,) = Joint(Joint.Settings()).stages(["a", "b"], 7)
    assert (stage.tasks, stage.epochs) == (("a", "b"), 7)


def test_sequential_is_a_stage_for_each_task_in_order():
    stages = Sequential(None).stages(["a", "b"], 7)
    assert [(stage.name, stage.tasks, stage.epochs) for stage in stages] == [
        ("a", ("a",), 7),
        ("b", ("b",), 7),
    ]


def test_blocked_is_a_stage_for_each_group():
    stages = Blocked(Blocked.Settings(size=2)).stages(["a", "b", "c"], 7)
    assert [(stage.name, stage.tasks) for stage in stages] == [("a + b", ("a", "b")), ("c", ("c",))]


def test_repeating_comes_back_to_every_task():
    stages = Repeating(Repeating.Settings(rounds=2)).stages(["a", "b"], 7)
    assert [(stage.name, stage.tasks, stage.epochs) for stage in stages] == [
        ("a", ("a",), 7),
        ("b", ("b",), 7),
        ("a (2)", ("a",), 7),
        ("b (2)", ("b",), 7),
    ]


def test_online_sees_every_example_once_in_small_batches():
    run = Run(
        split_digits(
            curriculum=Choice(kind="online", batch_size=10),
            training=training(epochs=9, batch_size=64),
        )
    )
    sizes = [len(run.trainer.update.tasks[name].data["train"]) for name in ("0-1", "2-3", "4-5")]
    assert [stage.steps for stage in run.trainer.began.stages] == [-(-n // 10) for n in sizes]
    assert len(run.trainer.plan.samplers[0].draw()["0-1"]) == 10


def test_blurred_probabilities_meet_at_the_boundary():
    first, middle, last = Blurred(Blurred.Settings(width=0.25)).stages(["a", "b", "c"], 1)
    assert first.mixture is not None
    assert middle.mixture is not None
    assert last.mixture is not None
    assert first.mixture(0.0) == {"a": 1.0, "b": 0.0}
    assert first.mixture(0.875) == {"a": 0.75, "b": 0.25}
    assert first.mixture(1.0) == {"a": 0.5, "b": 0.5}
    assert middle.mixture(0.0) == {"b": 0.5, "a": 0.5, "c": 0.0}
    assert middle.mixture(0.5) == {"b": 1.0, "a": 0.0, "c": 0.0}
    assert last.mixture(1.0) == {"c": 1.0, "b": 0.0}
    for stage in (first, middle, last):
        for progress in np.linspace(0, 1, 21):
            assert stage.mixture is not None
            assert sum(stage.mixture(progress).values()) == pytest.approx(1)


def which(run: Run) -> np.ndarray:
    """The task of each step, by number."""
    blocks = [event for event in joined(run.events) if isinstance(event, StepsDone)]
    taken = np.isfinite(np.concatenate([block.losses for block in blocks]))
    assert (taken.sum(axis=1) == 1).all(), "a step's batch is of one task"
    return taken.argmax(axis=1)


def test_blurred_batches_are_of_neighbours_near_the_boundary_only():
    run = Run(
        split_digits(
            curriculum=Choice(kind="blurred", width=0.25),
            training=training(epochs=40, evaluate_every=0),
        )
    ).to_the_end()
    task_of = which(run)
    n = run.trainer.began.stages[0].steps
    assert [stage.tasks for stage in run.trainer.began.stages] == [("0-1",), ("2-3",), ("4-5",)]
    assert set(task_of[: n * 3 // 4]) == {0}
    assert set(task_of[n * 3 // 4 : n]) == {0, 1}
    late = (task_of[n * 3 // 4 : n * 7 // 8] == 1).mean(), (task_of[n * 7 // 8 : n] == 1).mean()
    assert late[0] < late[1]
    assert set(task_of[n + n // 4 + 1 : n + n * 3 // 4]) == {1}


def stream(tasks: list[str], **settings: Any) -> list[Callable[[float], Mapping[str, float]]]:
    """The mixture of each stretch."""
    stages = Drift(Drift.Settings(**settings)).stages(tasks, 1)
    return [stage.mixture for stage in stages if stage.mixture is not None]


def test_a_sudden_drift_is_one_task_before_the_boundary_and_the_next_after_it():
    first, second = stream(["a", "b"], drift="sudden")
    for progress in (0.0, 0.5, 0.999):
        assert first(progress) == {"a": 1.0}
        assert second(progress) == {"b": 1.0}


def test_a_recurring_drift_comes_back_to_every_task():
    stages = Drift(Drift.Settings(drift="recurring", rounds=2)).stages(["a", "b"], 3)
    assert [(stage.name, stage.tasks, stage.epochs) for stage in stages] == [
        ("a", ("a",), 1.5),
        ("b", ("b",), 1.5),
        ("a (2)", ("a",), 1.5),
        ("b (2)", ("b",), 1.5),
    ]
    assert [list(mixture(0.0)) for mixture in stream(["a", "b"], drift="recurring")] == [
        ["a"],
        ["b"],
        ["a"],
        ["b"],
    ]


def test_the_odds_of_a_gradual_drift_follow_the_sigmoid_around_the_boundary():
    first, second = stream(["a", "b"], drift="gradual", width=0.4)
    for t in (-0.9, -0.3, -0.1, 0.0, 0.1, 0.3, 0.9):
        odds = first(1 + t) if t < 0 else second(t)
        assert odds["b"] == pytest.approx(1 / (1 + np.exp(-4 * t / 0.4)))
        assert odds["a"] == pytest.approx(1 - odds["b"])


def test_an_incremental_drift_goes_through_equal_steps_between_the_middles():
    first, second = stream(["a", "b"], drift="incremental", between=2)
    at = np.arange(0.01, 2, 0.02)
    share = np.array([(first(t) if t < 1 else second(t - 1))["b"] for t in at])
    assert np.allclose(np.unique(share), [0, 1 / 3, 2 / 3, 1])
    assert (np.diff(share) >= 0).all()
    for level, start in ((1 / 3, 0.75), (2 / 3, 1.0)):
        result = at[np.isclose(share, level)]
        assert (result[0], result[-1]) == pytest.approx((start + 0.01, start + 0.24), abs=0.011)
    assert second(0.0)["b"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("drift", ["sudden", "gradual", "incremental", "recurring"])
def test_the_odds_of_a_drift_add_up_to_one_and_are_of_neighbours(drift: str):
    tasks = ["a", "b", "c"]
    for width in (0.1, 1.0):
        mixtures = stream(tasks, drift=drift, width=width)
        path = [tasks[i % 3] for i in range(len(mixtures))]
        for i, mixture in enumerate(mixtures):
            for progress in np.linspace(0, 1, 41):
                odds = mixture(progress)
                assert sum(odds.values()) == pytest.approx(1)
                assert min(odds.values()) >= 0
                assert set(odds) <= set(path[max(i - 1, 0) : i + 2])


def test_the_batches_of_a_gradual_drift_are_as_often_of_a_task_as_its_odds():
    run = Run(
        split_digits(
            curriculum=Choice(kind="drift", drift="gradual", width=1.0),
            training=training(epochs=60, evaluate_every=0),
        )
    ).to_the_end()
    n = run.trainer.began.stages[0].steps
    first, *_ = stream(["0-1", "2-3", "4-5"], drift="gradual", width=1.0)
    expected = np.mean([first(i / n)["2-3"] for i in range(n)])
    deviation = np.sqrt(expected * (1 - expected) / n)
    assert (which(run)[:n] == 1).mean() == pytest.approx(expected, abs=3 * deviation)


@pytest.mark.parametrize("retention", ["none", "replay", "der++", "ewc", "gem"])
@pytest.mark.parametrize(
    "curriculum",
    [
        {"kind": "blocked"},
        {"kind": "blurred", "width": 0.5},
        {"kind": "repeating"},
        {"kind": "online"},
        {"kind": "drift", "drift": "gradual"},
    ],
    ids=lambda curriculum: curriculum["kind"],
)
def test_every_curriculum_runs_with_methods_of_retention(
    curriculum: dict[str, Any], retention: str
):
    run = Run(
        split_digits(
            curriculum=Choice(**curriculum),
            retention=Choice(kind=retention),
            training=training(epochs=2, evaluate_every=0),
        )
    ).to_the_end()
    assert run.last.status == "done"
    assert run.last.summary["acc"] > 0.1
