"""Comparing many runs: each that arrives costs no more than itself."""

from collections import Counter
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeRunner
from tests.ui.specs import sequential_spec
from tests.ui.tabs.compare.test_panel import other_spec, panel_of, recorded
from workbench.study.comparison import experiments
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.compare import setups

pytestmark = pytest.mark.tabs("curves", "compare")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often what takes its time was done."""
    counted: Counter[str] = Counter()

    def count(owner: Any, name: str) -> None:
        work = getattr(owner, name)

        def counting(*args: Any, **more: Any) -> Any:
            counted[name] += 1
            return work(*args, **more)

        monkeypatch.setattr(owner, name, counting)

    count(setups, "fingerprint")
    count(setups, "facts_of")
    count(setups, "outcome_of")
    count(setups, "curve_of")
    count(setups, "assignments")
    count(experiments, "paired")
    count(experiments, "unlikeness")
    return counted


def choose_all(make_app: MakeApp, qtbot: QtBot, n_runs: int, runner: FakeRunner) -> Any:
    specs = [((sequential_spec(), other_spec())[i % 2], i // 2) for i in range(n_runs)]
    app = make_app(runner=runner, history=recorded(specs))
    qtbot.waitUntil(lambda: len(app.run_history.rows) == n_runs)
    app.window.runs.compare_wanted.emit(app.run_history.rows)
    panel = panel_of(app)
    qtbot.waitUntil(lambda: sum(len(setup.models) for setup in panel.setups) == n_runs)
    return app


def test_runs_that_are_read_are_each_worked_out_once(
    make_app: MakeApp, qtbot: QtBot, calls: Counter[str]
) -> None:
    n_runs = 24
    choose_all(make_app, qtbot, n_runs, FakeRunner())
    assert calls["fingerprint"] == 0  # the history knows them
    assert calls["outcome_of"] <= n_runs
    assert calls["facts_of"] == 2  # a setup each
    assert calls["assignments"] <= 1


@pytest.mark.parametrize("n_runs", [4, 16])
def test_a_record_of_the_run_that_goes_on_costs_the_same_beside_many(
    make_app: MakeApp, qtbot: QtBot, calls: Counter[str], n_runs: int
) -> None:
    app = choose_all(make_app, qtbot, n_runs, FakeRunner())
    panel = panel_of(app)
    spec = sequential_spec()
    events = list(FakeRunner().run(spec, 1000))
    live = RunModel(1000, spec)
    for event in events[:20]:
        live.feed(event)
    panel.set_models(live, [])
    calls.clear()
    seen = 0
    for event in events[20:]:
        before = live.scores_version, live.matrix_version
        live.feed(event)
        panel.refresh()
        seen += before != (live.scores_version, live.matrix_version)
    assert seen > 5
    assert calls["fingerprint"] == calls["facts_of"] == 0
    assert calls["outcome_of"] <= seen
    assert calls["curve_of"] <= seen  # its own setup's, not the other's
    assert calls["unlikeness"] <= 2 * seen
    assert calls["paired"] <= seen  # of the figure that is shown alone


def test_a_run_that_cannot_be_read_is_told_and_the_others_are_drawn(
    make_app: MakeApp, qtbot: QtBot
) -> None:
    specs = [(sequential_spec(), seed) for seed in range(5)]
    history = recorded(specs)
    read = history.read

    def refuse(folder: Any) -> Any:
        if str(folder) == "/runs/4":
            raise OSError("/runs/4 is not a run that can be read")
        return read(folder)

    history.read = refuse
    app = make_app(history=history)
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 5)
    app.window.runs.compare_wanted.emit(app.run_history.rows)
    panel = panel_of(app)
    qtbot.waitUntil(lambda: sum(len(setup.models) for setup in panel.setups) == 4)
    assert any("/runs/4 is not a run" in notice.message for notice in app.presenter.notices)
