"""The columns of a run say what its events said."""

from dataclasses import replace

import numpy as np
import pytest

from tests.ui.fakes import FakeRunner
from tests.ui.specs import joint_spec, sequential_spec
from workbench.spec.event import DriftDetected, Evaluated, Finished, Replanned, StepsDone
from workbench.ui.model.run_model import RunModel


def test_losses_are_the_events_in_order() -> None:
    events = list(FakeRunner().run(joint_spec(), 0))
    model = RunModel.of(events)
    losses = np.concatenate([e.losses for e in events if isinstance(e, StepsDone)])
    assert np.array_equal(model.steps.losses, losses.astype(np.float64))
    assert len(model.steps) == model.step == model.total_steps == 60
    assert model.ending == "done"


def test_matrix_and_figures_are_those_of_the_run() -> None:
    events = list(FakeRunner().run(sequential_spec(), 0))
    last = events[-1]
    assert isinstance(last, Finished)
    model = RunModel.of(events[:-1])
    assert model.matrix == pytest.approx(last.matrix)
    assert model.summary["forgetting"] == pytest.approx(last.summary["forgetting"])
    assert model.summary["acc"] == pytest.approx(last.summary["acc"])


def test_figures_are_there_while_it_runs() -> None:
    events = list(FakeRunner().run(sequential_spec(), 0))
    ended = [i for i, e in enumerate(events) if isinstance(e, Evaluated) and e.ends_stage]
    model = RunModel.of(events[: ended[1] + 1])
    assert model.matrix.shape == (2, 5)
    assert model.summary["bwt"] is not None
    assert not model.is_over


def test_drifts_that_a_resumed_run_tells_again_are_marked_once() -> None:
    model = RunModel.of(FakeRunner().run(sequential_spec(), 0))
    version = model.steps_version
    for step in (20, 30, 30):
        model.feed(DriftDetected(step, "0-1", "ddm"))
    assert [drift.step for drift in model.drifts] == [20, 30]
    assert model.steps_version > version


def test_a_change_of_plan_moves_the_bands_and_is_kept_to_be_replayed() -> None:
    events = list(FakeRunner(steps=30).run(sequential_spec(), 0))
    model = RunModel.of(events[: len(events) // 3])
    assert model.began is not None
    first, _, third = model.began.stages[:3]
    version = model.matrix_version
    replanned = Replanned(40, (first, replace(third, steps=15), third), first=1)
    for _ in range(2):
        model.feed(replanned)
    assert [(band.name, band.end) for band in model.bands] == [
        ("0-1", 30),
        ("4-5", 45),
        ("4-5", 75),
    ]
    assert model.total_steps == 75
    assert model.matrix_version > version
    assert [change.stages for change in model.changes] == [(("4-5",), ("4-5",))]


def test_bands_follow_each_other() -> None:
    model = RunModel.of(FakeRunner(steps=30).run(sequential_spec(), 0))
    assert [(band.start, band.end) for band in model.bands][:2] == [(0, 30), (30, 60)]
    assert model.bands[0].name == "0-1"


def test_a_resumed_run_tells_its_rows_once() -> None:
    events = list(FakeRunner().run(joint_spec(), 0))
    model = RunModel.of(events[: len(events) // 2])
    for event in events:
        model.feed(event)
    assert np.array_equal(model.steps.losses, RunModel.of(events).steps.losses)
    assert np.array_equal(model.scores[0], RunModel.of(events).scores[0])


def test_speed_is_that_of_training_alone() -> None:
    model = RunModel.of(FakeRunner().run(joint_spec(), 0))
    assert model.steps.steps_per_second == pytest.approx(2400)
