"""Measure transfer: one click makes the runs that are missing and shows what they say."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRunner
from workbench.spec.entry import Entry
from workbench.spec.event import Event
from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.preset import parse, spec_of, text_of
from workbench.spec.score import Score
from workbench.study.interval import Estimate
from workbench.ui.composition import App
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.tabs.interference.change_chart import Change, ChangeChart, shown
from workbench.ui.tabs.interference.panel import InterferencePanel
from workbench.ui.tabs.interference.transfer_view import TransferView

pytestmark = pytest.mark.tabs("curves", "interference")

THREE = """
version: 1
name: Three
tasks:
  - {family: digits-attributes, task: digit}
  - {family: digits-attributes, task: parity}
  - {family: digits-attributes, task: prime}
seeds: [0, 1]
"""

VARYING = """
version: 1
name: Split
tasks:
  - {family: digits-split, n_tasks: 2}
"""


class Recording(FakeRunner):
    """Notes in the history what each run reached: digit and prime help, parity harms both."""

    def __init__(self, history: FakeHistory) -> None:
        super().__init__(steps=40)
        self.history = history
        self.specs: list[tuple[str, int]] = []

    def run(self, spec: Spec, seed: int):
        self.specs.append((spec.name, seed))
        yield from super().run(spec, seed)
        self.history.reached[fingerprint(spec), seed] = scores(spec, seed)


def scores(spec: Spec, seed: int) -> list[Score]:
    names = [choice.task or "" for choice in spec.tasks]
    if names == [""]:
        names = ["0-4", "5-9"]
    base = 0.8 + 0.01 * seed
    gain = -0.08 * ("parity" in names) + 0.04 * ("prime" in names and "digit" in names)
    return [Score(n, "accuracy", base + gain * (len(names) > 1), True) for n in names]


@pytest.fixture
def history() -> FakeHistory:
    return FakeHistory()


@pytest.fixture
def runner(history: FakeHistory) -> Recording:
    return Recording(history)


def opened(make_app: MakeApp, runner: Recording, text: str, tmp_path: Path) -> App:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    app = make_app(runner, runner.history, str(path))
    app.tab_area.show("interference")
    return app


def measured(app: App, qtbot: QtBot) -> TransferView:
    panel = app.tab_area["interference"]
    assert isinstance(panel, InterferencePanel)
    qtbot.mouseClick(panel.measure_transfer, Qt.MouseButton.LeftButton)
    runs = panel.transfer.runs
    assert runs is not None
    view = panel.transfer
    qtbot.waitUntil(lambda: not view.is_busy and not app.session.is_active, timeout=20_000)
    qtbot.waitUntil(lambda: panel.measure_transfer.isEnabled())
    return panel.transfer


def test_one_click_runs_what_is_missing_and_shows_changes_and_pairs(
    make_app: MakeApp, runner: Recording, qtbot: QtBot, tmp_path: Path
) -> None:
    app = opened(make_app, runner, THREE, tmp_path)
    view = measured(app, qtbot)
    assert len(runner.specs) == 14
    assert runner.specs[-2:] == [("Three", 0), ("Three", 1)], "the experiment is left to be seen"
    assert view.isVisible()
    transfer = view.transfer
    assert transfer is not None
    assert transfer.delta_m is not None
    assert transfer.delta_m.mean == pytest.approx(-0.04 / 0.805, abs=1e-3)
    assert view.heatmap.pairs.values[2, 0] == pytest.approx(4 / 0.805, abs=0.1)
    assert view.heatmap.pairs.values[1, 0] < 0
    assert [change.name for change in view.chart.changes] == ["digit", "parity", "prime", "Δm"]
    assert "14 of 14 runs" in view.progress.text()
    assert "2 seeds" in view.progress.text()
    assert "digit + prime" in view.suggestion.text()


def test_runs_that_are_there_are_used_again(
    make_app: MakeApp, runner: Recording, qtbot: QtBot, tmp_path: Path
) -> None:
    app = opened(make_app, runner, THREE, tmp_path)
    measured(app, qtbot)
    runner.specs.clear()
    app.presenter.change({"seeds": (0, 1, 2)})
    view = measured(app, qtbot)
    assert {seed for _, seed in runner.specs} == {2}
    assert "14 were there already" in view.progress.text()
    runner.specs.clear()
    measured(app, qtbot)
    assert runner.specs == []


def test_the_grouping_becomes_the_setup_and_can_be_undone(
    make_app: MakeApp, runner: Recording, qtbot: QtBot, tmp_path: Path
) -> None:
    app = opened(make_app, runner, THREE, tmp_path)
    view = measured(app, qtbot)
    qtbot.mouseClick(view.adopt, Qt.MouseButton.LeftButton)
    sharing = app.presenter.spec.sharing
    assert (sharing.kind, sharing.settings) == ("groups", {"groups": "digit, prime | parity"})
    assert app.presenter.spec.name == "Three · grouped"
    app.presenter.undo()
    assert app.presenter.spec.sharing.kind == "hard"


def test_tasks_whose_number_varies_are_asked_for(
    make_app: MakeApp, runner: Recording, qtbot: QtBot, tmp_path: Path
) -> None:
    app = opened(make_app, runner, VARYING, tmp_path)
    view = measured(app, qtbot)
    assert view.transfer is not None
    assert view.transfer.tasks == ("0-4", "5-9")
    names = [name for name, _ in runner.specs]
    assert names == ["Split · 0-4 alone", "Split · 5-9 alone", "Split"]
    assert "one seed: no interval" in view.progress.text()


def test_tasks_are_measured_in_another_metric_when_it_is_chosen(
    make_app: MakeApp, history: FakeHistory, qtbot: QtBot, tmp_path: Path
) -> None:
    class Twice(Recording):
        def run(self, spec: Spec, seed: int):
            yield from super().run(spec, seed)
            key = fingerprint(spec), seed
            reached = self.history.reached[key]
            self.history.reached[key] = [
                replace(s, metric="r2", more={"rmse": 2.0 - (s.value or 0)}) for s in reached
            ]

    app = opened(make_app, Twice(history), THREE, tmp_path)
    metrics = {
        ("metric", "r2"): Entry("metric", "r2", "R²", "Variance explained."),
        ("metric", "rmse"): Entry(
            "metric", "rmse", "RMSE", "An error.", gives=("score-zero", "lower-is-better")
        ),
    }
    app.presenter.catalogue = {**app.presenter.catalogue, **metrics}
    view = measured(app, qtbot)
    transfer = view.transfer
    assert transfer is not None
    assert transfer.delta_m is not None
    assert transfer.delta_m.mean == pytest.approx(-0.04, abs=1e-6), "R² as a difference"
    assert "digit −0.040" in view.chart.accessibleDescription()
    assert [view.measured_in.itemData(i) for i in range(3)] == ["", "r2", "rmse"]
    view.measured_in.setCurrentIndex(2)
    view.measured_in.activated.emit(2)
    assert view.transfer is not None
    assert view.transfer.delta_m is not None
    assert view.transfer.delta_m.mean == pytest.approx(-0.04 / 1.195, abs=1e-3)
    assert "%" in view.chart.accessibleDescription()


def test_a_grouping_that_is_not_certain_is_not_suggested(
    make_app: MakeApp, runner: Recording, qtbot: QtBot, tmp_path: Path
) -> None:
    app = opened(make_app, runner, THREE.replace("[0, 1]", "[0]"), tmp_path)
    view = measured(app, qtbot)
    assert view.suggestion.text() == "No grouping is suggested"
    assert "One seed cannot say" in view.promise.text()
    assert not view.adopt.isVisible()


def test_one_task_is_told_that_it_needs_another(
    make_app: MakeApp, runner: Recording, qtbot: QtBot, tmp_path: Path
) -> None:
    spec = spec_of(parse(THREE))
    app = opened(
        make_app, runner, text_of(spec.model_copy(update={"tasks": spec.tasks[:1]})), tmp_path
    )
    view = measured(app, qtbot)
    assert runner.specs == []
    assert view.transfer is None
    assert "two or more" in view._empty._hint.text()


def test_a_stopped_measurement_shows_what_it_has(
    make_app: MakeApp, history: FakeHistory, qtbot: QtBot, tmp_path: Path
) -> None:
    class Failing(Recording):
        def run(self, spec: Spec, seed: int):
            if spec.name == "Three" and seed == 1:
                self.ending = "failed"
            events: list[Event] = list(FakeRunner.run(self, spec, seed))
            self.history.reached[fingerprint(spec), seed] = scores(spec, seed)
            if self.ending == "failed":
                del self.history.reached[fingerprint(spec), seed]
            yield from events

    app = opened(make_app, Failing(history), THREE, tmp_path)
    view = measured(app, qtbot)
    assert "13 of 14 runs" in view.progress.text()
    assert view.transfer is not None
    assert view.transfer.seeds == (0,)


def test_the_chart_tells_its_numbers_and_draws_in_both_themes(qtbot: QtBot, tmp_path: Path) -> None:
    chart = ChangeChart("Changes", LIGHT)
    qtbot.addWidget(chart)
    value = Estimate(-0.05, 0.02, -0.4, 0.3, 2)
    chart.set_changes((Change("digit", 0, value), Change("Δm", None, None)))
    assert "digit −5.0 %  (−40.0 to +30.0)" in chart.accessibleDescription()
    assert shown(value, has_interval=False) == "−5.0 %"
    for width, theme in ((300, LIGHT), (900, DARK)):
        chart.resize(width, 120)
        chart.set_theme(theme)
        pixels = chart.grab().toImage()
        assert pixels.width() == width
    chart.write(tmp_path / "changes.csv")
    head, first, *_ = (tmp_path / "changes.csv").read_text().splitlines()
    assert head == "name,change,sd,low,high,seeds"
    assert first == "digit,-0.05,0.02,-0.4,0.3,2"
    assert np.isfinite(chart._limit())
