"""What a runner promises, whether it trains in this process or in a child."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runner.specs import endless, short
from workbench.runner.isolated import IsolatedRunner
from workbench.runner.local import LocalRunner
from workbench.spec import command
from workbench.spec.checks.joined_events import joined
from workbench.spec.event import (
    Began,
    CheckpointSaved,
    Event,
    Failed,
    Finished,
    Intervened,
    StepsDone,
)
from workbench.spec.experiment import TaskChoice
from workbench.store import run as store
from workbench.store.index import Index

Runner = LocalRunner | IsolatedRunner


@pytest.fixture(scope="module")
def isolated() -> Iterator[IsolatedRunner]:
    """One child for all tests of the module: it is reused, as in the window."""
    runner = IsolatedRunner()
    yield runner
    runner.close()


@pytest.fixture(params=["local", "isolated"])
def runner(request: pytest.FixtureRequest) -> Runner:
    """Each runner in turn."""
    if request.param == "local":
        return LocalRunner()
    return request.getfixturevalue("isolated")


def test_a_run_tells_its_events_and_is_recorded(runner: Runner, tmp_path: Path):
    events = list(runner.run(short(), 3, tmp_path))
    assert isinstance(events[0], Began)
    assert isinstance(events[-1], Finished)
    stored = store.read(tmp_path / events[0].run_id)
    assert stored.seed == 3
    assert joined(stored.events) == joined(events)


def test_both_runners_tell_the_same(isolated: IsolatedRunner, tmp_path: Path):
    here = joined(list(LocalRunner().run(short(), 0, tmp_path)))
    there = joined(list(isolated.run(short(), 0, tmp_path)))
    assert here == there


def test_live_changes_and_stop_are_obeyed_and_the_run_is_resumable(runner: Runner, tmp_path: Path):
    events: list[Event] = []
    for event in runner.run(endless(), 0, tmp_path):
        events.append(event)
        if isinstance(event, StepsDone) and not any(isinstance(e, Intervened) for e in events):
            runner.send(command.SetWeight("parity", 0.5))
            runner.send(command.SetRate(0.01))
        if isinstance(event, Intervened) and event.task is None:
            runner.send(command.Stop())
    changes = [(e.task, e.value) for e in events if isinstance(e, Intervened)]
    assert set(changes) == {("parity", 0.5), (None, 0.01)}
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.status == "stopped"
    assert any(isinstance(e, CheckpointSaved) and e.step == last.step for e in events)
    began = events[0]
    assert isinstance(began, Began)
    again = runner.resume(tmp_path / began.run_id)
    resumed = next(again)
    assert isinstance(resumed, Began)
    assert resumed.step == last.step
    runner.send(command.Stop())
    assert isinstance(list(again)[-1], Finished)


def test_pause_waits_and_a_single_step_is_one(runner: Runner, tmp_path: Path):
    events = runner.run(endless(), 0, tmp_path)
    next(events)
    runner.send(command.Pause())
    runner.send(command.StepOnce())
    runner.send(command.StepOnce())
    runner.send(command.Stop())
    assert list(events)[-1].step < 3000


def test_a_spec_that_cannot_run_fails_with_its_place_and_leaves_no_run(
    runner: Runner, tmp_path: Path
):
    bad = short().model_copy(update={"tasks": (TaskChoice(family="digits-split", task="x"),)})
    root = tmp_path / "runs"
    (event,) = runner.run(bad, 0, root)
    assert isinstance(event, Failed)
    assert event.place == "tasks.0.task"
    assert list(root.iterdir()) == []


def test_a_folder_that_is_no_run_cannot_be_resumed(runner: Runner, tmp_path: Path):
    (event,) = runner.resume(tmp_path)
    assert isinstance(event, Failed)


def test_a_folder_that_cannot_be_made_is_said(runner: Runner, tmp_path: Path):
    file = tmp_path / "file"
    file.write_text("in the way")
    (event,) = runner.run(short(), 0, file)
    assert isinstance(event, Failed)
    assert "could not be made" in event.message


def test_the_catalogue_is_complete_and_the_same(runner: Runner):
    catalogue = runner.catalogue()
    assert ("balancing", "pcgrad") in catalogue
    assert not [entry for entry in catalogue.values() if entry.broken]
    assert {key: e.to_json() for key, e in catalogue.items()} == {
        key: e.to_json() for key, e in LocalRunner().catalogue().items()
    }


def test_a_run_is_in_the_history_when_it_is_done(runner: Runner):
    events = list(runner.run(short(), 0))
    assert isinstance(events[0], Began)
    assert [row.status for row in Index.open().rows()] == ["done"] or isinstance(
        runner, IsolatedRunner
    )
