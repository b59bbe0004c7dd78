"""The line that says what a run shows, and does what may help."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests import fakes
from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeRunner
from workbench.spec.event import Diverged, Event
from workbench.spec.experiment import Choice, TaskChoice
from workbench.study.findings.finding import Finding, Remedy
from workbench.study.findings.run_facts import FactsOfEvents, RunFacts
from workbench.ui.composition import App
from workbench.ui.look.theme import LIGHT
from workbench.ui.model.run_model import RunModel
from workbench.ui.panels.findings import findings_controller
from workbench.ui.panels.findings.bar import FindingBar
from workbench.ui.panels.findings.facts_of_model import facts_of

HINT = "What the run shows is said here when it ends."


def run(app: App, qtbot: QtBot, *seeds: int) -> None:
    app.presenter.change(
        {
            "seeds": seeds,
            "tasks": (TaskChoice(family="digits-split"),),
            "curriculum": Choice(kind="sequential"),
        }
    )
    app.controller.run()
    qtbot.waitUntil(lambda: not app.session.is_active)


def spoken(app: App, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: app.window.finding_bar.text not in ("", HINT))
    return app.window.finding_bar.text


def test_it_speaks_when_the_run_is_over(make_app: MakeApp, qtbot: QtBot) -> None:
    app = make_app()
    bar = app.window.finding_bar
    assert bar.text == HINT
    run(app, qtbot, 0)
    assert spoken(app, qtbot).startswith("It forgot 4 of 4 earlier tasks")


def test_what_may_help_is_tried_by_one_click(make_app: MakeApp, qtbot: QtBot) -> None:
    runner = FakeRunner()
    app = make_app(runner)
    run(app, qtbot, 0)
    spoken(app, qtbot)
    assert app.window.finding_bar.button.isVisible()
    app.window.finding_bar.button.click()
    qtbot.waitUntil(lambda: not app.session.is_active)
    assert [spec.retention.kind for spec, _ in runner.runs] == ["none", "replay"]
    assert app.presenter.spec.name.endswith(", replay")


def test_that_one_seed_shows_nothing_is_said_once(make_app: MakeApp, qtbot: QtBot) -> None:
    app = make_app()
    run(app, qtbot, 0)
    spoken(app, qtbot)
    assert app.window.seed_bar.more.isVisible()
    assert app.window.finding_bar.menu.actions() == []


def test_its_height_is_the_same_whatever_it_says(qtbot: QtBot) -> None:
    bar = FindingBar(LIGHT)
    qtbot.addWidget(bar)
    bar.resize(600, 40)
    bar.show()
    heights = {bar.sizeHint().height()}
    bar.show_findings((), is_over=True)
    heights.add(bar.sizeHint().height())
    findings = [Finding(key, "A sentence. " * 40, Remedy("Try it", "seeds")) for key in "ab"]
    bar.show_findings(findings, is_over=True)
    heights.add(bar.sizeHint().height())
    assert len(heights) == 1


def test_names_with_markup_and_mnemonics_are_shown_as_they_are(qtbot: QtBot) -> None:
    bar = FindingBar(LIGHT)
    qtbot.addWidget(bar)
    text = "<b>a</b> & b pull"
    bar.show_findings([Finding("a", text, Remedy("Try R&D", "seeds"))], is_over=True)
    assert bar.text == text
    assert bar.button.text() == "Try R&&D"


def test_the_window_looks_at_the_same_facts_as_the_command_line() -> None:
    events: list[Event] = list(fakes.run(0))
    taker = FactsOfEvents()
    for event in events:
        taker.take(event)
    one, other = taker.facts, facts_of(RunModel.of(events))
    assert (one.seed, one.ending, one.step, one.stages) == (
        other.seed, other.ending, other.step, other.stages,
    )  # fmt: skip
    for name in ("matrix", "baseline", "first_losses", "last_losses", "n_probes", "n_conflicts"):
        assert np.allclose(getattr(one, name), getattr(other, name), equal_nan=True), name


def test_a_run_that_diverged_names_its_task() -> None:
    events = [*list(fakes.run(0))[:3], Diverged(7, "second", "no number")]
    facts = facts_of(RunModel.of(events))
    assert (facts.ending, facts.diverged_on, facts.step) == ("diverged", "second", 7)


def test_nothing_is_left_behind_when_the_window_closes_at_once(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    app = make_app()
    run(app, qtbot, 0)
    assert app.findings_controller.wait(5000)


def test_what_runs_show_is_found_out_once(
    make_app: MakeApp, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    looked_at: list[int] = []

    def look(model: RunModel) -> RunFacts:
        looked_at.append(model.seed)
        return facts_of(model)

    monkeypatch.setattr(findings_controller, "facts_of", look)
    run(app, qtbot, 0, 1)
    spoken(app, qtbot)
    app.session.ended.emit()
    app.session.model_changed.emit()
    assert sorted(looked_at) == [0, 1]
    run(app, qtbot, 2)
    spoken(app, qtbot)
    assert sorted(looked_at) == [0, 1, 2]
