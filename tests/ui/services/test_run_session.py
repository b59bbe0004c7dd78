"""A launch in the window: seeds side by side are one thing, and none takes another down."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeRunner
from tests.ui.specs import sequential_spec
from workbench.spec.command import Pause, SetPace, SetRate, SetStages, Stop
from workbench.spec.event import Event, Failed
from workbench.spec.experiment import Spec
from workbench.ui.model.presenter import Presenter
from workbench.ui.model.run_state import RunState
from workbench.ui.services.run_session import RunSession


def spec_of(*seeds: int) -> Spec:
    return sequential_spec().model_copy(update={"seeds": seeds})


def session_of(runner: FakeRunner) -> RunSession:
    return RunSession(runner, Presenter(runner.catalogue()))


def finish(session: RunSession, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not session.is_active)


def test_the_models_of_a_group_are_there_as_they_train(qtbot: QtBot) -> None:
    runner = FakeRunner(hold_at=20)
    runner.at_once = 2
    session = session_of(runner)
    session.start(spec_of(0, 1, 2))
    qtbot.waitUntil(lambda: [m.step for m in session.models] == [20, 20])
    runner.let_go()
    finish(session, qtbot)
    assert [model.seed for model in session.models] == [0, 1, 2]
    assert [model.ending for model in session.finished] == ["done"] * 3
    assert session.model.seed == 0


def test_what_is_asked_is_asked_of_all(qtbot: QtBot) -> None:
    runner = FakeRunner(hold_at=20)
    session = session_of(runner)
    session.set_pace(50)
    session.n_jobs = 2
    session.start(spec_of(0, 1))
    assert runner.n_children == 2
    qtbot.waitUntil(lambda: session.model.step == 20)
    session.pause()
    session.send(SetRate(0.5))
    session.send_each(lambda model: SetStages((("0-1",),), model.stage))
    session.stop()
    finish(session, qtbot)
    assert runner.sent[:3] == [SetPace(50), Pause(), SetRate(0.5)]
    assert runner.sent[-2:] == [SetStages((("0-1",),), 0), Stop()]
    assert runner.sent_to == [None, None, None, 0, None]
    assert [run[1] for run in runner.runs] == [0], "no further one begins"


class _Failing(FakeRunner):
    def _events(self, spec: Spec, seed: int) -> Iterator[Event]:
        events = super()._events(spec, seed)
        if seed != 1:
            yield from events
            return
        yield next(events)
        yield Failed(3, "the training process was killed", place=self.place)

    place = ""


def test_one_that_fails_does_not_stop_the_rest(qtbot: QtBot) -> None:
    session = session_of(_Failing())
    session.start(spec_of(0, 1, 2))
    finish(session, qtbot)
    assert [model.ending for model in session.models] == ["done", "failed", "done"]


def test_a_wrong_setup_is_not_tried_on_every_seed(qtbot: QtBot) -> None:
    runner = _Failing(hold_at=20)
    runner.place = "tasks"
    session = session_of(runner)
    session.start(spec_of(1, 2, 3, 4))
    finish(session, qtbot)
    assert len(runner.runs) <= 2, "the one that was held was stopped, and no other began"


def test_a_runner_that_breaks_ends_every_run_that_goes_on(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = FakeRunner()

    def broken(jobs: Any, at_once: int) -> Any:
        for number, job in enumerate(jobs):
            yield number, next(runner.run(job.spec, job.seed))
        raise OSError("no pipe")

    monkeypatch.setattr(runner, "_in_turn", broken)
    session = session_of(runner)
    session.start(spec_of(0, 1))
    finish(session, qtbot)
    assert [model.ending for model in session.models] == ["failed", "failed"]
    assert session._presenter.state is RunState.IDLE


def test_seeds_that_are_added_and_those_before_are_one_group(qtbot: QtBot) -> None:
    runner = FakeRunner()
    session = session_of(runner)
    session.start(spec_of(0))
    finish(session, qtbot)
    (first,) = session.models
    session.add_seeds(spec_of(0, 1, 2), (1, 2))
    assert session.models == [first]
    finish(session, qtbot)
    assert [seed for _, seed in runner.runs] == [0, 1, 2]
    assert [model.seed for model in session.models] == [0, 1, 2]
    assert session.models[0] is first
    assert len({id(model) for model in session.models}) == 3


def test_runs_that_were_stopped_go_on_as_one_group(qtbot: QtBot) -> None:
    runner = FakeRunner()
    session = session_of(runner)
    past = [list(runner.run(spec_of(seed), seed))[:5] for seed in (0, 1)]
    session.resume_all([(Path(f"/runs/{seed}"), seed, past[seed]) for seed in (0, 1)])
    assert [model.step for model in session.models] == [20, 20]
    finish(session, qtbot)
    assert runner.resumed == [Path("/runs/0"), Path("/runs/1")]
    assert [model.ending for model in session.models] == ["done", "done"]


def test_a_pick_shows_one_seed_to_who_looks(qtbot: QtBot) -> None:
    session = session_of(FakeRunner())
    session.start(spec_of(0, 1))
    finish(session, qtbot)
    with qtbot.waitSignal(session.model_changed):
        session.pick(1)
    assert [model.seed for model in session.models] == [1]
    assert session.model.seed == 1
    session.pick(None)
    assert len(session.models) == 2
