"""Compare: chosen runs on one plot, and what each changes on the seeds both have."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from tests.ui.specs import sequential_spec
from workbench.spec.experiment import Choice, Spec
from workbench.spec.fingerprint import fingerprint
from workbench.ui.composition import App
from workbench.ui.look.theme import DARK
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.tabs.compare.panel import ComparePanel
from workbench.ui.tabs.compare.setups import curve_of

pytestmark = pytest.mark.tabs("curves", "compare")


def other_spec() -> Spec:
    """The same tasks with EWC."""
    changes = {"retention": Choice(kind="ewc"), "name": "With EWC"}
    return sequential_spec().model_copy(update=changes)


def model_of(spec: Spec, seed: int, keeps: float = 0.15) -> RunModel:
    return RunModel.of(FakeRunner(keeps=keeps).run(spec, seed), seed, spec)


def four() -> list[RunModel]:
    """Two setups on two seeds."""
    plain = [model_of(sequential_spec(), seed) for seed in (0, 1)]
    return [*plain, *(model_of(other_spec(), seed, keeps=0.9) for seed in (0, 1))]


def recorded(app_specs: Sequence[tuple[Spec, int]]) -> FakeHistory:
    """A history of runs that can be read back."""
    rows = [
        FakeRow(
            f"run-{i}",
            name=spec.name,
            seed=seed,
            started=f"2026-03-01T10:20:{i:02}+00:00",
            path=f"/runs/{i}",
            fingerprint=fingerprint(spec),
        )
        for i, (spec, seed) in enumerate(app_specs)
    ]
    history = FakeHistory(list(reversed(rows)))
    for row, (spec, seed) in zip(rows, app_specs, strict=True):
        events = list(FakeRunner().run(spec, seed))
        history.recorded[row.path] = RunRecord(row.run_id, spec, seed, events)
    return history


def cells(panel: ComparePanel, row: int) -> list[str]:
    """What a row of the table says."""
    rows = panel.table.rows
    return [str(rows.data(rows.index(row, c))) for c in range(rows.columnCount())]


def choose(combo: QComboBox, place: int) -> None:
    """Choose as a user does."""
    combo.setCurrentIndex(place)
    combo.activated.emit(place)


def panel_of(app: App) -> ComparePanel:
    panel = app.tab_area["compare"]
    assert isinstance(panel, ComparePanel)
    return panel


def test_runs_chosen_in_the_table_are_compared(make_app: MakeApp, qtbot: QtBot) -> None:
    specs = [(sequential_spec(), 0), (sequential_spec(), 1), (other_spec(), 0), (other_spec(), 1)]
    app = make_app(history=recorded(specs))
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 4)
    panel = panel_of(app)
    assert not app.tab_area.has_content("compare")
    app.window.runs.table.selectAll()
    app.window.runs.compare_wanted.emit(app.window.runs.all_selected)
    qtbot.waitUntil(lambda: [len(setup.models) for setup in panel.setups] == [2, 2])
    assert app.tab_area.front == "compare"
    assert [setup.name for setup in panel.setups] == ["See forgetting", "With EWC"]
    rows = panel.table.rows
    assert rows.rowCount() == 2
    heads = [rows.headerData(c, Qt.Orientation.Horizontal) for c in range(rows.columnCount())]
    assert heads == [
        "Experiment",
        "Seeds",
        "ACC",
        "Difference",
        "95 % interval",
        "p (t)",
        "p (Wilcoxon)",
        "So it is",
        "retention.kind",
        "retention.strength",
    ]
    assert cells(panel, 0)[:4] == ["See forgetting", "2", "0.311 ± 0.122", "baseline"]
    assert cells(panel, 1)[-3:-1] == ["equal on every seed", "ewc"]
    titles = [panel.figure.itemText(i) for i in range(panel.figure.count())]
    assert titles[:2] == ["ACC", "Forgetting"]
    assert "accuracy on 2-3" in titles
    choose(panel.figure, titles.index("accuracy on 2-3"))
    curve = curve_of(panel.setups[0], "2-3")
    assert np.array_equal(panel.pictures.curves.lines[0].mean.getData()[1], curve.mean)
    light = panel.grab().toImage()
    panel.set_theme(DARK)
    assert panel.grab().toImage() != light


def test_does_ewc_help_is_a_duplicate_and_a_run(make_app: MakeApp, qtbot: QtBot) -> None:
    runner = FakeRunner()
    app = make_app(
        runner=runner, history=recorded([(sequential_spec(), 0), (sequential_spec(), 3)])
    )
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 2)
    title, methods = app.window.runs.variations()["retention"]
    assert title
    assert ("ewc", "EWC") in methods
    app.window.runs.variation_wanted.emit(app.run_history.rows[0], "retention", "ewc")
    qtbot.waitUntil(lambda: app.presenter.spec.retention.kind == "ewc")
    assert app.presenter.spec.name == "See forgetting · EWC"
    assert app.presenter.spec.seeds == (0, 3)
    panel = panel_of(app)
    qtbot.waitUntil(lambda: [setup.seeds for setup in panel.setups] == [(0, 3)])
    with qtbot.waitSignal(app.session.ended):
        app.window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: len(panel.setups) == 2)
    assert app.tab_area.front == "compare"
    assert [setup.seeds for setup in panel.setups] == [(0, 3), (0, 3)]
    assert cells(panel, 0)[3] == "baseline"


def test_a_broken_method_is_not_offered_and_nothing_changes_while_a_run_goes_on(
    make_app: MakeApp, qtbot: QtBot
) -> None:
    runner = FakeRunner(hold_at=20)
    app = make_app(runner=runner, history=recorded([(sequential_spec(), 0)]))
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 1)
    assert "torn" not in dict(app.window.runs.variations()["balancing"][1])
    spec = app.presenter.spec
    with qtbot.waitSignal(app.session.model_changed):
        app.window.actions_["run"].trigger()
    app.window.runs.variation_wanted.emit(app.run_history.rows[0], "retention", "ewc")
    assert app.presenter.spec == spec
    with qtbot.waitSignal(app.session.ended):
        runner.let_go()


def test_the_answer_stands_first_and_the_pinned_experiment_is_the_baseline(
    make_app: MakeApp, qtbot: QtBot
) -> None:
    specs = [(sequential_spec(), 0), (sequential_spec(), 1), (other_spec(), 0), (other_spec(), 1)]
    history = recorded(specs)
    app = make_app(history=history)
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 4)
    rows = sorted(app.run_history.rows, key=lambda row: row.run_id)
    app.window.runs.compare_wanted.emit(rows)
    panel = panel_of(app)
    qtbot.waitUntil(lambda: panel.n_compared == 4)
    said = panel.answer.sentence.text()
    assert said.startswith("With EWC and See forgetting reach the same accuracy")
    assert panel.base.currentText() == "See forgetting"
    app.run_history.rows = [replace(row, pinned=row.run_id == "run-3") for row in rows]
    app.run_history.changed.emit()
    assert panel.base.currentText() == "With EWC"
    assert cells(panel, 1)[3] == "baseline"
    panel.table.base_wanted.emit(0)
    assert panel.base.currentText() == "See forgetting"
    assert panel.height() > 340  # below the lines of seeds and of what the run shows
    assert panel.table.visibleRegion().boundingRect().height() > 60  # nothing is to be scrolled
    for view in ("differences", "ranks", "curves"):
        panel.pictures.views.choose(view)
        assert panel.pictures.views.current == view


def test_more_seeds_are_run_of_what_is_compared_on_one(make_app: MakeApp, qtbot: QtBot) -> None:
    runner = FakeRunner()
    history = recorded([(sequential_spec(), 0), (other_spec(), 0)])
    app = make_app(runner, history)
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 2)
    panel = panel_of(app)
    app.runs_controller.compare(app.run_history.rows)
    qtbot.waitUntil(lambda: panel.n_compared == 2)
    assert panel.more.isVisibleTo(panel)
    panel.more.click()
    qtbot.waitUntil(lambda: len(runner.runs) == 8 and not app.session.is_active)
    assert [seed for _, seed in runner.runs] == [1, 2, 3, 4] * 2
    kinds = {spec.retention.kind for spec, _ in runner.runs}
    assert kinds == {sequential_spec().retention.kind, "ewc"}
    for i, (spec, seed) in enumerate(runner.runs):
        path = f"/runs/more{i}"
        row = FakeRow(f"more-{i}", seed=seed, path=path, fingerprint=fingerprint(spec))
        events = list(FakeRunner().run(spec, seed))
        history.recorded[path] = RunRecord(row.run_id, spec, seed, events)
        history.add(row)
    app.run_history.refresh()
    qtbot.waitUntil(lambda: [len(setup.models) for setup in panel.setups] == [5, 5])
    assert not panel.more.isVisibleTo(panel)
