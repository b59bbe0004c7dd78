"""When each task is seen."""

from typing import Any

import numpy as np
import pytest

from tests.engine.toys import Run, split_digits, training
from workbench.methods.curricula.blocked import Blocked
from workbench.methods.curricula.blurred import Blurred
from workbench.methods.curricula.joint import Joint
from workbench.methods.curricula.repeating import Repeating
from workbench.methods.curricula.sequential import Sequential
from workbench.spec.event import StepsDone, joined
from workbench.spec.experiment import Choice


def test_joint_is_one_stage_of_all_tasks():
    (stage,) = Joint(None).stages(["a", "b"], 7)
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
    assert len(run.trainer.samplers[0].draw()["0-1"]) == 10


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


@pytest.mark.parametrize("retention", ["none", "replay", "der++", "ewc", "gem"])
@pytest.mark.parametrize(
    "curriculum",
    [
        {"kind": "blocked"},
        {"kind": "blurred", "width": 0.5},
        {"kind": "repeating"},
        {"kind": "online"},
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
