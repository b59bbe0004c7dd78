"""What Runs is asked for takes a moment to be read, in which a run may begin."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from tests.ui.specs import sequential_spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.run_row import RunRow
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.shell.runs_controller import RunsController

pytestmark = pytest.mark.tabs("curves", "compare")

Asked = Callable[[RunsController, RunRow], None]


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda past, row: past.show(row), id="show its curves"),
        pytest.param(lambda past, row: past.load_setup(row), id="load its setup"),
        pytest.param(lambda past, row: past.vary(row, "retention", "ewc"), id="duplicate with"),
        pytest.param(lambda past, row: past.resume(row), id="resume"),
    ],
)
def test_a_run_that_begins_meanwhile_keeps_its_setup_and_its_curves(
    ask: Asked, make_app: MakeApp, qtbot: QtBot
) -> None:
    runner = FakeRunner(hold_at=20)
    history = FakeHistory([FakeRow("a", path="/runs/a", seed=3)])
    events = list(FakeRunner().run(sequential_spec(), 3))
    history.recorded["/runs/a"] = RunRecord("a", sequential_spec(), 3, events)
    app = make_app(runner, history)
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 1)
    before = app.presenter.spec
    ask(app.runs_controller, app.run_history.rows[0])
    app.window.actions_["run"].trigger()
    assert app.session.is_active
    qtbot.waitUntil(lambda: any(notice.field == "runs" for notice in app.presenter.notices))
    assert app.presenter.spec == before
    assert app.session.model.seed == 0
    assert runner.resumed == []
    runner.let_go()
    qtbot.waitUntil(lambda: not app.session.is_active)
    assert [spec for spec, _ in runner.runs] == [before]


def test_the_seeds_of_a_setup_are_resumed_as_one_group(make_app: MakeApp, qtbot: QtBot) -> None:
    runner = FakeRunner()
    key = fingerprint(sequential_spec())
    rows = [
        FakeRow(str(seed), path=f"/runs/{seed}", seed=seed, status="stopped", fingerprint=key)
        for seed in (2, 5)
    ]
    history = FakeHistory(rows)
    for row in rows:
        events = list(FakeRunner().run(sequential_spec(), row.seed))[:5]
        history.recorded[row.path] = RunRecord(row.run_id, sequential_spec(), row.seed, events)
    app = make_app(runner, history)
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 2)
    app.window.runs.resume_wanted.emit(app.run_history.rows)
    qtbot.waitUntil(lambda: len(runner.resumed) == 2 and not app.session.is_active)
    assert sorted(map(str, runner.resumed)) == ["/runs/2", "/runs/5"]
    assert app.presenter.spec.seeds == (2, 5)
    assert sorted(job.seed for job in app.session.group.jobs) == [2, 5]
    assert len(app.session.finished) == 2
