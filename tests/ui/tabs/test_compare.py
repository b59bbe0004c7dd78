"""Compare: chosen runs on one plot, and what each changes on the seeds both have."""

from collections.abc import Sequence

import numpy as np
import pytest
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
from workbench.ui.tabs.compare.comparison import FinalScores, curve_of, figures_of, setups_of
from workbench.ui.tabs.compare.comparison_table import ComparisonTable
from workbench.ui.tabs.compare.panel import ComparePanel

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


def test_runs_of_one_setup_are_one_with_several_seeds() -> None:
    setups = setups_of(four())
    assert [(setup.name, setup.seeds) for setup in setups] == [
        ("See forgetting", (0, 1)),
        ("With EWC", (0, 1)),
    ]


def test_setups_of_one_name_are_told_apart() -> None:
    spec = sequential_spec()
    tuned = spec.model_copy(update={"optimizer": spec.optimizer.model_copy(update={"lr": 0.5})})
    setups = setups_of([model_of(spec, 0), model_of(tuned, 0), model_of(spec, 1)])
    assert [setup.name for setup in setups] == [spec.name, f"{spec.name} (optimizer.lr=0.5)"]


def test_a_curve_is_the_mean_over_seeds_up_to_the_shortest_run() -> None:
    models = four()[:2]
    steps, mean, spread = curve_of(setups_of(models)[0], "2-3")
    both = np.stack([model.scores[1][:, 1] for model in models])
    assert np.array_equal(steps, models[0].scores[0])
    assert mean == pytest.approx(both.mean(axis=0))
    assert spread == pytest.approx(both.std(axis=0, ddof=1))
    young = RunModel(1, sequential_spec())
    for event in FakeRunner().run(sequential_spec(), 1):
        young.feed(event)
        if len(young.scores[0]) == 3:
            break
    steps, mean, _ = curve_of(setups_of([models[0], young])[0], None)
    assert len(steps) == len(mean) == 3
    assert len(curve_of(setups_of(models)[0], "no such task")[0]) == 0


def test_differences_are_paired_on_the_seeds_both_have() -> None:
    models = four()
    extra = model_of(other_spec(), 7)
    figures = figures_of(setups_of([*models, extra]))
    acc = next(figure for figure in figures if figure.key == "acc")
    known = [model.summary["acc"] for model in models]
    expected = ((known[2] - known[0]) + (known[3] - known[1])) / 2  # pyright: ignore
    assert acc.differences[0] is None
    assert acc.differences[1] is not None
    assert acc.differences[1].mean == pytest.approx(expected)
    assert acc.differences[1].n == 2
    final = [figure.task for figure in figures if figure.key == "final"]
    assert final == ["0-1", "2-3", "4-5", "6-7", "8-9"]
    against = figures_of(setups_of(models), base=1)[0]
    assert against.differences[1] is None
    assert against.differences[0] is not None
    assert against.differences[0].mean == pytest.approx(-expected)


def test_a_mean_says_on_how_many_seeds_it_rests(qtbot: QtBot) -> None:
    models = four()
    lost = {id(models[3]): FinalScores({"acc": None}, {})}
    whole = FinalScores({"acc": 0.5}, {})
    figures = figures_of(setups_of(models), reached=lambda model: lost.get(id(model), whole))
    table = ComparisonTable(DARK)
    qtbot.addWidget(table)
    table.show_figures(["plain", "EWC"], figures, 0)
    texts = [table.item(0, c).text() for c in range(4)]  # pyright: ignore
    assert texts[0] == "ACC"
    assert "seeds" not in texts[1]
    assert texts[2].endswith("(1 of 2 seeds)")
    assert texts[3].endswith("(1 of 2 seeds)")


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


def panel_of(app: App) -> ComparePanel:
    panel = app.tab_area["compare"]
    assert isinstance(panel, ComparePanel)
    return panel


def test_runs_chosen_in_the_table_are_compared(make_app: MakeApp, qtbot: QtBot) -> None:
    specs = [(sequential_spec(), 0), (sequential_spec(), 1), (other_spec(), 0), (other_spec(), 1)]
    app = make_app(history=recorded(specs))
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 4)
    panel = panel_of(app)
    bar = app.window.tabs
    assert not bar.isTabVisible(bar.indexOf(panel))
    app.window.runs.table.selectAll()
    app.window.runs.compare_wanted.emit(app.window.runs.all_selected)
    qtbot.waitUntil(lambda: [len(setup.models) for setup in panel.setups] == [2, 2])
    assert bar.currentWidget() is panel
    assert [setup.name for setup in panel.setups] == ["See forgetting", "With EWC"]
    assert panel.table.rowCount() == 9
    heads = [panel.table.horizontalHeaderItem(c).text() for c in range(4)]
    assert heads == ["Figure", "See forgetting", "With EWC", "difference"]
    assert "[" in panel.table.item(0, 3).text()  # an interval
    panel.task.setCurrentIndex(2)
    panel.task.activated.emit(2)
    _, mean, _ = curve_of(panel.setups[0], "2-3")
    assert np.array_equal(panel._means[0].getData()[1], mean)
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
    assert app.window.tabs.currentWidget() is panel
    assert [setup.seeds for setup in panel.setups] == [(0, 3), (0, 3)]
    assert "difference" in panel.table.horizontalHeaderItem(3).text()


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
