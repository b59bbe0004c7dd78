"""Stages that change while a run goes on: asked for, or where a drift was found."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.contracts.faces import ENTRIES
from tests.engine.toys import Run, same, sgd, split_digits, training
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Pause, Resume, SetRate, SetStages, Stop, intervention_of
from workbench.spec.event import (
    DriftDetected,
    Evaluated,
    Finished,
    Noticed,
    Replanned,
    StageBegan,
    StageFacts,
    StepsDone,
)
from workbench.spec.experiment import Choice, Intervention, Optimizer, Schedule, Spec, TaskChoice

A, B, C = "0-1", "2-3", "4-5"


def open_spec(**changes: Any) -> Spec:
    """Three tasks of two digits, in an open plan of 4 steps an epoch, 2 epochs a stage."""
    fields = {"curriculum": Choice(kind="interactive"), "training": training(epochs=2)}
    return split_digits(**{**fields, **changes})


def interventions(*changes: tuple[int, tuple[tuple[str, ...], ...]]) -> tuple[Intervention, ...]:
    return tuple(Intervention(step=step, stages=stages) for step, stages in changes)


def learned(run: Run) -> list[tuple[str, int]]:
    """Name and steps of each stage that was, as the steps themselves tell it."""
    began = [event.step for event in run.events if isinstance(event, StageBegan)]
    names = [stage.name for stage in run.trainer.plan.facts[: len(began)]]
    ends = [*began[1:], run.last.step]
    return [(name, end - start) for name, start, end in zip(names, began, ends, strict=True)]


def which(run: Run) -> list[set[int]]:
    """The tasks, by number, that had a part in each step."""
    blocks = [event for event in joined(run.events) if isinstance(event, StepsDone)]
    taken = np.isfinite(np.concatenate([block.losses for block in blocks]))
    return [set(np.flatnonzero(row).tolist()) for row in taken]


def test_the_plan_at_the_start_is_one_task_and_then_the_others():
    assert [stage.tasks for stage in Run(open_spec()).trainer.stages] == [(A,), (B,), (C,)]
    waiting = Choice(kind="interactive", together=2, others_follow=False, patience=3)
    (only,) = Run(open_spec(curriculum=waiting)).trainer.plan.facts
    assert only == StageFacts(f"{A} + {B}", (A, B), 5 * 4)


def test_the_stage_goes_on_where_only_what_follows_is_another():
    run = Run(open_spec(interventions=interventions((3, ((A,), (C,)))))).to_the_end()
    assert learned(run) == [(A, 8), (C, 8)]
    (replanned,) = [event for event in run.events if isinstance(event, Replanned)]
    assert replanned == Replanned(3, (StageFacts(A, (A,), 8), StageFacts(C, (C,), 8)), first=0)
    undisturbed = Run(open_spec()).to_the_end()
    assert np.array_equal(run.last.matrix[0], undisturbed.last.matrix[0])


def test_the_stage_ends_where_something_else_is_learned():
    run = Run(open_spec(interventions=interventions((3, ((A, B), (A,)))))).to_the_end()
    assert learned(run) == [(A, 3), (f"{A} + {B}", 8), (f"{A} (2)", 8)]
    assert which(run) == [{0}] * 3 + [{0, 1}] * 8 + [{0}] * 8
    replanned = next(event for event in run.events if isinstance(event, Replanned))
    assert [stage.steps for stage in replanned.stages] == [3, 8, 8]
    assert replanned.groups == ((A, B), (A,))
    assert run.last.matrix.shape == (3, 3)
    assert [len(row) for row in run.last.matrix] == [3, 3, 3]


def test_a_stage_that_has_begun_takes_a_step():
    run = Run(open_spec(interventions=interventions((0, ((C,),)), (6, ((B,),))))).to_the_end()
    assert learned(run) == [(A, 1), (C, 5), (B, 8)]


def test_a_change_can_be_taken_back_while_the_run_waits():
    commands = [Pause(), SetStages(((C,),)), SetStages(((A,), (B,), (C,))), Resume()]
    run = Run(open_spec(), commands={3: commands}).to_the_end()
    assert learned(run) == [(A, 8), (B, 8), (C, 8)]
    assert run.last == Run(open_spec()).to_the_end().last


def test_the_last_stage_has_patience_until_something_follows():
    patient = Choice(kind="interactive", others_follow=False, patience=2)
    assert learned(Run(open_spec(curriculum=patient)).to_the_end()) == [(A, 16)]
    for step, taken in ((2, 8), (11, 11)):
        plan = interventions((step, ((A,), (B,))))
        run = Run(open_spec(curriculum=patient, interventions=plan)).to_the_end()
        assert learned(run) == [(A, taken), (B, 16)]


LIVE = {
    2: [SetStages(((A,), (C,), (B,)), stage=0)],
    5: [SetStages(((A, C),), stage=0), SetRate(0.02)],
    9: [Pause(), SetStages(((A, C), (B,))), SetStages(((A, C), (B,), (A,))), Resume()],
}


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_a_spec_with_the_changes_made_live_gives_the_same_run(schedule: str):
    optimizer = Optimizer(schedule=Schedule(kind=schedule))
    live = Run(open_spec(optimizer=optimizer), commands=LIVE).to_the_end()
    changes = tuple(filter(None, map(intervention_of, live.events)))
    assert [change.step for change in changes] == [2, 5, 5, 9, 9]
    replayed = Run(open_spec(optimizer=optimizer, interventions=changes)).to_the_end()
    assert joined(replayed.events) == joined(live.events)
    assert same(replayed.parameters, live.parameters)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (SetStages(((A,), ("nobody",))), "no task 'nobody'"),
        (SetStages(()), "at least 1 item"),
        (SetStages(((A,), ())), "at least 1 item"),
        (SetStages(((A, A),)), "a task twice"),
        (SetStages(((B,),), stage=1), "the stage it was about has ended"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(command: SetStages, reason: str):
    run = Run(open_spec(), commands={3: [command]}).to_the_end()
    (notice,) = [event for event in run.events if isinstance(event, Noticed)]
    assert (notice.step, notice.source) == (3, "control")
    assert reason in notice.message
    assert run.last == Run(open_spec()).to_the_end().last


def test_a_curriculum_of_fixed_stages_is_not_changed():
    run = Run(split_digits(), commands={3: [SetStages(((B,),))]}).to_the_end()
    (notice,) = [event for event in run.events if isinstance(event, Noticed)]
    assert "fixed" in notice.message
    assert len(run.last.matrix) == 3


CHANGES = interventions((3, ((B, A), (C,))), (9, ((C,), (A,), (B,))), (14, ((C,), (B, C))))


@pytest.mark.parametrize(
    "choices",
    [
        {"retention": Choice(kind="replay", memory=20, batch_size=8)},
        {"retention": Choice(kind="ewc", examples=8)},
        {"retention": Choice(kind="si"), "optimizer": sgd(0.05)},
        {"retention": Choice(kind="der++", memory=20, batch_size=8)},
        {"sharing": Choice(kind="progressive"), "balancing": Choice(kind="dwa")},
        {"retention": Choice(kind="packnet")},
        {"retention": Choice(kind="hat"), "optimizer": sgd(0.05)},
        {"retention": Choice(kind="lwf"), "balancing": Choice(kind="pcgrad")},
    ],
    ids=lambda choices: "-".join(choice.kind for choice in choices.values()),
)
def test_any_method_follows_and_is_resumed_in_mid_stage_bit_for_bit(
    choices: dict[str, Any], tmp_path: Path
):
    tasks = tuple(TaskChoice(family="digits-split", task=t, scenario="task") for t in (A, B, C))
    made = open_spec(tasks=tasks, interventions=CHANGES, **choices)
    whole = Run(made).to_the_end()
    names = [f"{B} + {A}", C, f"{B} + {C}"]
    assert [name for name, _ in learned(whole)] == [A, *names]
    for point in (3, 4, 9, 16):
        folder = tmp_path / str(point)
        first = Run(made, folder=folder, commands={point: [Stop()]}).to_the_end()
        assert (first.last.status, first.last.step) == ("stopped", point)
        second = Run(made, folder=folder, resume=True)
        assert second.trainer.began.stages == second.trainer.plan.facts
        second.to_the_end()
        assert joined(first.events[:-1] + second.events[1:]) == joined(whole.events)
        assert same(second.parameters, whole.parameters)


def test_what_was_changed_after_the_checkpoint_is_changed_again_by_a_resumed_run(tmp_path: Path):
    first = Run(open_spec(), folder=tmp_path, commands={3: [SetRate(0.02), Stop()]}).to_the_end()
    rate = Intervention(step=3, lr=0.02)
    stored = open_spec(interventions=(rate, *interventions((5, ((B, C),)))))
    second = Run(stored, folder=tmp_path, resume=True).to_the_end()
    whole = Run(stored).to_the_end()
    assert joined(first.events[:-1] + second.events[1:]) == joined(whole.events)
    assert same(second.parameters, whole.parameters)


# where a detector ends the stages


def stream_spec(**changes: Any) -> Spec:
    """Two lines in the plane, one after the other, of 120 steps of 10 points each."""
    data = {"drift": "sudden", "n_stretches": 2, "samples": 1200, "angle": 120.0}
    fields: dict[str, Any] = {
        "tasks": (TaskChoice(family="drifting-stream", **data),),
        "curriculum": Choice(kind="drift", drift="sudden", boundaries="adwin"),
        "training": training(batch_size=10, evaluate_every=0),
        "optimizer": sgd(0.1),
        "retention": Choice(kind="ewc-online", examples=8, strength=1.0),
    }
    return split_digits(**{**fields, **changes})


#: The second stretch goes on with the line of the first.
THREE = (
    TaskChoice(family="drifting-stream", drift="sudden", n_stretches=3, samples=1200, angle=120.0),
)


@cache
def streamed(kind: str) -> Run:
    curriculum = Choice(kind="drift", drift="sudden", boundaries=kind)
    return Run(stream_spec(curriculum=curriculum)).to_the_end()


@pytest.mark.parametrize("kind", ["adwin", "page-hinkley", "ddm"])
def test_a_stage_ends_soon_after_a_sudden_drift(kind: str):
    run = streamed(kind)
    replanned = next(e for e in run.events if isinstance(e, Replanned) and e.step >= 120)
    assert replanned.detector == kind
    assert replanned.step < 120 + 25
    assert DriftDetected(replanned.step, "stretch-2", kind) in run.events
    assert learned(run) == [(stage.name, stage.steps) for stage in run.trainer.plan.facts]
    assert len(run.last.matrix) == len(run.trainer.stages)
    if kind == "ddm":  # where hardly any errors are made it takes a few for a drift
        return
    first, second = replanned.stages
    assert first == StageFacts("stretch-1", ("stretch-1",), replanned.step + 1)
    assert second == StageFacts("stretch-2", ("stretch-2",), 240 - first.steps)


def test_the_stream_is_the_one_whose_boundaries_are_known():
    known = Run(stream_spec(curriculum=Choice(kind="drift", drift="sudden"))).to_the_end()
    assert which(known) == which(streamed("adwin")) == [{0}] * 120 + [{1}] * 120


@pytest.mark.parametrize("kind", ["adwin", "page-hinkley"])
def test_a_stream_that_does_not_drift_is_one_stage(kind: str):
    data = {"drift": "sudden", "n_stretches": 2, "samples": 1200, "angle": 0.0}
    tasks = (TaskChoice(family="drifting-stream", **data),)
    curriculum = Choice(kind="drift", drift="sudden", boundaries=kind)
    run = Run(stream_spec(tasks=tasks, curriculum=curriculum)).to_the_end()
    assert learned(run) == [("stretch-1 + stretch-2", 240)]
    (replanned,) = [event for event in run.events if isinstance(event, Replanned)]
    assert replanned.groups == (), "nothing is to follow"
    assert replanned.stages == run.trainer.plan.facts


@cache
def missed() -> Run:
    """Three stretches, of which a detector can find the last."""
    made = stream_spec(tasks=THREE, retention=Choice(kind="replay", memory=10_000))
    return Run(made).to_the_end()


def test_a_task_whose_drift_was_missed_counts_in_the_stage_in_which_it_came():
    run = missed()
    assert [name for name, _ in learned(run)] == ["stretch-1 + stretch-2", "stretch-3"]
    notices = [event.message for event in run.events if isinstance(event, Noticed)]
    assert notices == ["no drift was found where stretch-2 came; stage 1 counts it"]
    matrix, tasks = run.last.matrix, [stage.tasks for stage in run.trainer.stages]
    expected = float(np.mean([matrix[0, 0], matrix[0, 1], matrix[1, 2]]))
    assert tasks == [("stretch-1", "stretch-2"), ("stretch-3",)]
    assert run.last.summary["learning_accuracy"] == pytest.approx(expected)


def test_all_that_came_of_a_task_by_the_end_of_its_stage_is_kept_of_it():
    run = missed()
    held = {
        name: len(stored.part)
        for name, stored in run.trainer.update.retention.stored_examples().items()
    }
    sizes = {name: len(task.data["train"]) for name, task in run.trainer.update.tasks.items()}
    (replanned,) = [event for event in run.events if isinstance(event, Replanned)]
    before = 10 * (replanned.step + 1) - sizes["stretch-1"] - sizes["stretch-2"]
    assert 0 < before < sizes["stretch-3"], "some came before its drift was found"
    assert held == sizes


@pytest.mark.parametrize(
    "curriculum",
    [
        {"kind": "blurred", "width": 0.5},
        {"kind": "drift", "drift": "gradual", "width": 1.0},
        {"kind": "drift", "drift": "incremental"},
        {"kind": "drift", "drift": "recurring"},
    ],
    ids=lambda curriculum: curriculum.get("drift", "blurred"),
)
@pytest.mark.parametrize("retention", ["replay", "cumulative", "gdumb", "gem", "icarl"])
def test_nothing_is_kept_before_it_was_shown(curriculum: dict[str, Any], retention: str):
    """At the end of each stage what is kept of a task is among what was drawn of it."""
    sizes = {} if retention in ("cumulative", "icarl") else {"memory": 10_000}
    if retention == "gem":
        sizes = {"memory_per_task": 10_000}
    run = Run(
        split_digits(
            curriculum=Choice(**curriculum),
            retention=Choice(kind=retention, **sizes),
            training=training(evaluate_every=0),
        )
    )
    plan, shown = run.trainer.plan, {}
    for name, source in plan.samplers[0].sources.items():
        shown[name] = source
    for event in run.trainer.run():
        if isinstance(event, Evaluated) and event.ends_stage and event.split == "val":
            for name, stored in run.trainer.update.retention.stored_examples().items():
                was_shown = set(map(tuple, _values(shown[name], shown[name].shown)))
                result = next(iter(stored.part.inputs.values())).flatten(1).tolist()
                assert set(map(tuple, result)) <= was_shown


def _values(source: Any, positions: Any) -> list[list[float]]:
    return next(iter(source.inputs.values()))[positions].flatten(1).tolist()


@pytest.mark.parametrize("retention", ["replay", "cumulative", "gdumb"])
def test_a_stage_that_is_cut_short_leaves_what_was_drawn_of_it(retention: str):
    sizes = {} if retention == "cumulative" else {"memory": 10_000}
    made = open_spec(
        interventions=interventions((2, ((B,),))), retention=Choice(kind=retention, **sizes)
    )
    run = Run(made)
    batch_size, n = made.training.batch_size, len(run.trainer.update.tasks[A].data["train"])
    run.to_the_end()
    held = {
        name: len(stored.part)
        for name, stored in run.trainer.update.retention.stored_examples().items()
    }
    assert learned(run)[0] == (A, 2)
    assert held[A] == 2 * batch_size < n


@pytest.mark.parametrize("point", [150, 300])
def test_a_missed_drift_is_resumed_bit_for_bit(point: int, tmp_path: Path):
    whole = missed()
    made = stream_spec(tasks=THREE, retention=Choice(kind="replay", memory=10_000))
    first = Run(made, folder=tmp_path, commands={point: [Stop()]}).to_the_end()
    second = Run(made, folder=tmp_path, resume=True).to_the_end()
    assert joined(first.events[:-1] + second.events[1:]) == joined(whole.events)


#: Methods that want a head of its own for each task.
OWN_HEADS = ("packnet", "hat")


@pytest.mark.parametrize(
    "key", [e.key for e in ENTRIES if e.role == "retention" and e.key not in OWN_HEADS]
)
def test_any_method_takes_a_stage_that_a_detector_found(key: str):
    run = Run(stream_spec(retention=Choice(kind=key))).to_the_end()
    assert isinstance(run.last, Finished)
    assert len(run.trainer.stages) > 1


def test_retention_keeps_what_was_learned_where_the_drift_was_found():
    run = streamed("adwin")
    (replanned,) = [event for event in run.events if isinstance(event, Replanned)]
    plain = Run(stream_spec(retention=Choice(kind="none"))).to_the_end()

    def losses(made: Run) -> Any:
        blocks = [event for event in joined(made.events) if isinstance(event, StepsDone)]
        return np.concatenate([block.losses for block in blocks])

    n = replanned.stages[0].steps
    assert np.array_equal(losses(run)[: n + 1], losses(plain)[: n + 1], equal_nan=True)
    assert not np.array_equal(losses(run)[n + 1 :], losses(plain)[n + 1 :], equal_nan=True)


@pytest.mark.parametrize("point", [60, 119, 130, 200])
def test_a_stream_is_resumed_bit_for_bit(point: int, tmp_path: Path):
    whole = streamed("adwin")
    first = Run(stream_spec(), folder=tmp_path, commands={point: [Stop()]}).to_the_end()
    second = Run(stream_spec(), folder=tmp_path, resume=True).to_the_end()
    assert isinstance(second.last, Finished)
    assert joined(first.events[:-1] + second.events[1:]) == joined(whole.events)
    assert same(second.parameters, whole.parameters)


def test_a_detector_wants_answers_that_are_classes():
    tasks = (TaskChoice(family="sinusoids"),)
    with pytest.raises(Exception, match="answers that are classes"):
        Run(stream_spec(tasks=tasks, encoder=Choice(kind="auto")))
