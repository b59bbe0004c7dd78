"""Interference shows which tasks fight, when, and in which layer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from tests.ui.specs import SEQUENTIAL
from workbench.spec.event import Probed
from workbench.spec.experiment import Choice, Probes, Spec
from workbench.spec.preset import parse, spec_of, text_of
from workbench.study.spread import Spread, spread_of
from workbench.ui.composition import App
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.smoothing import smoothed
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.tabs.interference.pair_cells import digits_for
from workbench.ui.tabs.interference.panel import InterferencePanel
from workbench.ui.tabs.interference.probe_advice import AdvicePage, advice
from workbench.ui.tabs.interference.seed_probes import SeedProbes

pytestmark = pytest.mark.tabs("curves", "interference")

ALL = """
version: 1
name: Five questions
tasks:
  - {family: digits-attributes, task: digit}
  - {family: digits-attributes, task: parity}
  - {family: digits-attributes, task: prime}
probes: {every: 20, affinity: true}
"""


def five_spec() -> Spec:
    """Three tasks at once, probed every 20 steps with affinity."""
    return spec_of(parse(ALL))


def run_of(spec: Spec, steps: int = 200) -> RunModel:
    """A whole run."""
    return RunModel.of(FakeRunner(steps=steps).run(spec, 0), 0, spec)


@pytest.fixture
def panel(qtbot: QtBot) -> InterferencePanel:
    made = InterferencePanel(LIGHT)
    qtbot.addWidget(made)
    made.resize(700, 480)
    made.show()
    return made


def choose(panel: InterferencePanel, combo: str, at: int) -> None:
    """Choose an entry as the mouse does."""
    box = getattr(panel, combo)
    box.setCurrentIndex(at)
    box.activated.emit(at)


def drawn(panel: InterferencePanel, qtbot: QtBot) -> None:
    """Wait until every plot had its turn."""
    qtbot.waitUntil(lambda: not panel.plots._queue and not panel.plots._timer.isActive())


def words(panel: InterferencePanel) -> str:
    """The advice that is seen."""
    pages = [page for page in panel.findChildren(AdvicePage) if page.isVisible()]
    return pages[0].accessibleDescription() if pages else ""


def test_the_matrix_shows_the_newest_probe_and_the_worst_pair_is_chosen(
    panel: InterferencePanel,
) -> None:
    model = run_of(five_spec())
    panel.set_models(model)
    assert panel.heatmap.pairs.values == pytest.approx(model.probes.cosines(0, -1), nan_ok=True)
    assert panel.pair == panel.heatmap.chosen == (0, 1)
    cosines = model.probes.pair_cosines(0, 0, 1)
    assert panel.figures.text("cosine") == f"{cosines[-1]:.3f}".replace("-", "−")
    assert panel.figures.text("conflict_rate") == "100 %"
    assert panel.figures.text("similarity") == "0.800"
    assert "digit × parity" in panel.heatmap.accessibleDescription()
    assert "digit × parity" in panel.figures.accessibleDescription()


def test_a_click_on_a_cell_shows_that_pair_and_another_lets_it_go(
    panel: InterferencePanel, qtbot: QtBot
) -> None:
    model = run_of(five_spec())
    panel.set_models(model)
    cell = panel.heatmap.centre_of(2, 1)
    qtbot.mouseClick(panel.heatmap, Qt.MouseButton.LeftButton, pos=cell)
    assert panel.pair == (2, 1)
    drawn(panel, qtbot)
    _, y = panel.plots.pair_curves.raw.getData()
    assert y == pytest.approx(model.probes.pair_cosines(0, 1, 2))
    qtbot.mouseClick(panel.heatmap, Qt.MouseButton.LeftButton, pos=cell)
    assert panel.pair == (0, 1)
    diagonal = panel.heatmap.centre_of(1, 1)
    qtbot.mouseClick(panel.heatmap, Qt.MouseButton.LeftButton, pos=diagonal)
    assert panel.pair == (0, 1)


def test_the_arrow_keys_choose_a_pair(panel: InterferencePanel, qtbot: QtBot) -> None:
    panel.set_models(run_of(five_spec()))
    qtbot.keyClick(panel.heatmap, Qt.Key.Key_Right)
    assert panel.pair == (0, 2)
    qtbot.keyClick(panel.heatmap, Qt.Key.Key_Down)
    assert panel.pair == (1, 2)
    qtbot.keyClick(panel.heatmap, Qt.Key.Key_Left)
    assert panel.pair == (1, 0)


def test_time_can_be_averaged_or_gone_back_to(panel: InterferencePanel, qtbot: QtBot) -> None:
    model = run_of(five_spec())
    panel.set_models(model)
    choose(panel, "when", 1)
    assert panel.heatmap.pairs.values == pytest.approx(model.probes.cosines(0, None), nan_ok=True)
    panel.plots.slider.setValue(57)
    assert panel.when.currentText() == "At step 60"
    assert panel.heatmap.pairs.values == pytest.approx(model.probes.cosines(0, 2), nan_ok=True)
    drawn(panel, qtbot)
    assert [mark.value() for mark in panel.plots._marks] == [60, 60, 60]
    assert all(mark.isVisible() for mark in panel.plots._marks)
    choose(panel, "when", 0)
    drawn(panel, qtbot)
    assert not any(mark.isVisible() for mark in panel.plots._marks)
    assert panel.plots.slider.value() == 200


def test_a_layer_has_a_matrix_of_its_own(panel: InterferencePanel, qtbot: QtBot) -> None:
    model = run_of(five_spec())
    panel.set_models(model)
    assert [panel.layer.itemText(i) for i in range(3)] == [
        "All layers",
        "Layer trunk.0",
        "Layer trunk.1",
    ]
    choose(panel, "layer", 2)
    assert panel.heatmap.pairs.values[0, 1] > 0
    drawn(panel, qtbot)
    norms = panel.plots._norms.raw[1].getData()[1]
    assert norms == pytest.approx(model.probes.norms(2)[:, 1])


def test_affinity_is_shown_where_it_was_probed(panel: InterferencePanel, qtbot: QtBot) -> None:
    model = run_of(five_spec())
    panel.set_models(model)
    choose(panel, "measure", 1)
    assert panel.heatmap.pairs.values == pytest.approx(100 * model.probes.affinity(-1))
    assert not panel.heatmap.pairs.is_symmetric
    assert not panel.layer.isEnabled()
    drawn(panel, qtbot)
    y = panel.plots.pair_curves.raw.getData()[1]
    assert y == pytest.approx(100 * model.probes.pair_affinity(0, 1))
    plain = five_spec().model_copy(update={"probes": Probes(every=20, affinity=False)})
    panel.set_models(run_of(plain))
    assert panel.measure.currentIndex() == 0
    assert panel.heatmap.pairs.is_symmetric


def test_weights_are_the_updates_own(panel: InterferencePanel, qtbot: QtBot) -> None:
    model = run_of(five_spec())
    panel.set_models(model)
    drawn(panel, qtbot)
    assert model.steps.weights.shape == (200, 3)
    assert panel.plots._weights.bold[2].getData()[1] == pytest.approx(np.ones(200))
    assert "Weights at the newest step: digit 1" in panel.plots.weights.accessibleDescription()


def test_nothing_is_drawn_unseen_and_only_what_is_new(
    panel: InterferencePanel, qtbot: QtBot
) -> None:
    spec = five_spec()
    events = list(FakeRunner(steps=200).run(spec, 0))
    model = RunModel(0, spec)
    panel.hide()
    panel.set_models(model)
    for event in events[:60]:
        model.feed(event)
    panel.refresh()
    assert not panel.heatmap.pairs.names
    panel.show()
    assert panel.heatmap.pairs.names == ("digit", "parity", "prime")
    drawn(panel, qtbot)
    panel.refresh()
    assert not panel.plots._timer.isActive()


def test_many_tasks_keep_their_matrix_and_its_numbers(panel: InterferencePanel) -> None:
    model = run_of(five_spec())
    for size in ((320, 300), (1500, 900)):
        panel.resize(*size)
        panel.set_models(model)
        for i in range(3):
            for j in range(3):
                at = panel.heatmap.centre_of(i, j)
                assert panel.heatmap.rect().contains(at)
                assert panel.heatmap._at(at.toPointF()) == (i, j)
    assert panel.heatmap._at(QPoint(0, 0).toPointF()) is None


@pytest.mark.parametrize(
    ("change", "title", "field"),
    [
        ({"tasks": five_spec().tasks[:1]}, "Only one task", "tasks"),
        ({"sharing": Choice(kind="separate")}, "Nothing is shared", "sharing.kind"),
        ({"probes": Probes(every=0, affinity=False)}, "Probes are off", "probes.every"),
        ({"probes": Probes(every=500, affinity=False)}, "before its first probe", "probes.every"),
        ({"curriculum": Choice(kind="sequential")}, "One task at a time", "curriculum.kind"),
    ],
)
def test_without_probes_it_says_what_to_do(
    panel: InterferencePanel, qtbot: QtBot, change: dict, title: str, field: str
) -> None:
    panel.set_models(run_of(five_spec().model_copy(update=change)))
    assert title in words(panel)
    page = next(page for page in panel.findChildren(AdvicePage) if page.isVisible())
    with qtbot.waitSignal(panel.go_wanted) as signal:
        page.button.click()
    assert signal.args == [field]


def test_before_a_run_and_before_the_first_probe_it_says_to_wait(
    panel: InterferencePanel,
) -> None:
    assert "Press Run" in words(panel)
    spec = five_spec()
    model = RunModel(0, spec)
    for event in list(FakeRunner(steps=200).run(spec, 0))[:4]:
        model.feed(event)
    panel.set_models(model)
    assert "first probe is on its way" in words(panel)
    page = advice(model)
    assert page is not None
    assert page.has_weights


@pytest.mark.parametrize("kind", ["svg", "png", "csv"])
def test_matrix_and_plots_are_saved(
    panel: InterferencePanel, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    panel.set_models(run_of(five_spec()))
    drawn(panel, qtbot)
    panel.set_theme(DARK)
    panel.heatmap.write(tmp_path / f"matrix.{kind}")
    for plot in panel.plots.plots:
        plot._write(tmp_path / f"{plot.name}.{kind}")
    files = list(tmp_path.iterdir())
    assert len(files) == 4
    for file in files:
        start = file.read_bytes()[:3000]
        assert {"svg": b"<svg" in start, "png": start[1:4] == b"PNG", "csv": b"digit" in start}[
            kind
        ]


# in the whole window


def test_a_run_fills_the_tab(make_app: MakeApp, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(ALL, encoding="utf-8")
    app = make_app(FakeRunner(steps=200), preset=str(path))
    app.window.actions_["show_interference"].trigger()
    app.window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: not app.session.is_active)
    panel = app.tab_area["interference"]
    assert panel.isVisible()
    assert len(app.session.model.probes) == 10
    assert panel.heatmap.pairs.names == ("digit", "parity", "prime")


def test_a_recorded_run_fills_it_too(make_app: MakeApp, qtbot: QtBot) -> None:
    history = FakeHistory([FakeRow("one", path="/runs/one")])
    spec = five_spec()
    events = list(FakeRunner(steps=200).run(spec, 0))
    history.recorded["/runs/one"] = RunRecord("one", spec, 0, events)
    app = make_app(history=history)
    app.window.actions_["show_interference"].trigger()
    app.runs_controller.show(history.rows()[0])
    panel = app.tab_area["interference"]
    qtbot.waitUntil(lambda: panel.heatmap.pairs.names == ("digit", "parity", "prime"))


def test_probing_is_a_setting_with_undo_and_a_place_to_go_to(app: App) -> None:
    every = app.window.setup.training.probes.editors["every"]
    every.edited.emit(10)
    assert app.presenter.spec.probes.every == 10
    assert "every: 10" in text_of(app.presenter.spec)
    app.presenter.undo()
    assert app.presenter.spec.probes == Probes()
    app.controller.go_to("probes.every")
    assert app.window.focusWidget() is every


def test_one_stage_after_the_other_points_to_the_curriculum(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(SEQUENTIAL, encoding="utf-8")
    app = make_app(FakeRunner(), preset=str(path))
    app.window.actions_["show_interference"].trigger()
    app.window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: not app.session.is_active)
    assert "One task at a time" in words(app.tab_area["interference"])
    assert app.session.model.spec == app.presenter.spec


def test_lines_of_all_plots_end_where_the_slider_does(
    panel: InterferencePanel, qtbot: QtBot
) -> None:
    panel.set_models(run_of(five_spec()))
    for value in (40, 80, 120):
        panel.plots.slider.setValue(value)
        panel.plots._draw_next()
    drawn(panel, qtbot)
    assert [mark.value() for mark in panel.plots._marks] == [120, 120, 120]


@pytest.mark.parametrize(
    ("limit", "digits"), [(12.0, 2), (1.0, 2), (0.11, 2), (0.035, 3), (0.002, 4), (1e-9, 5), (0, 2)]
)
def test_small_numbers_have_digits_that_tell_something(limit: float, digits: int) -> None:
    assert digits_for(limit) == digits


# over several seeds


def seeds_of(*numbers: int) -> list[RunModel]:
    """Whole runs of one setup whose probes differ by their seed."""
    models: list[RunModel] = []
    for number in numbers:
        model = RunModel(number, five_spec())
        for event in FakeRunner(steps=200).run(five_spec(), number):
            if isinstance(event, Probed):
                changed = {"cosines": event.cosines * (1 - 0.2 * number), "norms": event.norms}
                event = replace(event, **changed)
            model.feed(event)
        models.append(model)
    return models


def test_seeds_are_one_mean_with_what_lies_around_it(
    panel: InterferencePanel, qtbot: QtBot
) -> None:
    models = seeds_of(0, 1, 2)
    panel.set_models(models[0], models)
    newest = np.stack([model.probes.cosines(0, -1) for model in models])
    around = spread_of(newest, Spread.INTERVAL)
    assert panel.heatmap.pairs.values == pytest.approx(around.mean, nan_ok=True)
    half = f"± {around.high[0, 1] - around.mean[0, 1]:.2f}"
    assert panel.heatmap.pairs.spreads[0][1] == half
    assert half in panel.heatmap.accessibleDescription()
    assert panel.caption.text() == "Mean of 3 seeds ± 95 % interval"
    assert "± " in panel.figures.accessibleDescription()
    drawn(panel, qtbot)
    assert panel.plots.caption.text() == "Mean of 3 seeds, band: 95 % interval"
    curves = panel.plots.pair_curves
    series = np.mean([model.probes.pair_cosines(0, 0, 1) for model in models], axis=0)
    assert curves.smooth.getData()[1] == pytest.approx(smoothed(series, 5), rel=1e-5)
    assert not curves.band.is_empty
    assert curves.raw.getData()[1] is None or not len(curves.raw.getData()[1])
    heads, rows = panel.plots.conflict.table()
    assert heads[:2] == ["seed", "step"]
    assert {row[0] for row in rows} == {0, 1, 2}
    # One that was picked is alone again.
    panel.set_models(models[1], models[1:2])
    drawn(panel, qtbot)
    assert panel.heatmap.pairs.values == pytest.approx(newest[1], nan_ok=True)
    assert not panel.heatmap.pairs.spreads[0][1]
    assert not panel.caption.isVisible()
    assert not panel.plots.caption.isVisible()
    assert panel.plots.pair_curves.band.is_empty
    assert panel.plots._norms.bands[0].is_empty
    assert len(panel.plots._norms.raw[0].getData()[1])


def test_a_seed_counts_as_far_as_it_has_come(panel: InterferencePanel, qtbot: QtBot) -> None:
    whole, other = seeds_of(0, 2)
    early = RunModel(2, five_spec())
    for event in FakeRunner(steps=200).run(five_spec(), 2):
        if isinstance(event, Probed) and event.step > 100:
            break
        early.feed(event)
    panel.set_models(whole, [whole, early])
    probes = SeedProbes([whole, early], Spread.RANGE)
    assert len(probes) == 10
    assert probes.norms(0).n[:, 0].tolist() == [2] * 5 + [1] * 5
    newest = [model.probes.cosines(0, -1) for model in (whole, early)]
    assert panel.heatmap.pairs.values == pytest.approx(np.mean(newest, axis=0), nan_ok=True)
    assert panel.caption.text() == "Mean of 2 seeds ± 95 % interval · steps 100 to 200"
    panel.plots.slider.setValue(60)
    assert panel.caption.text() == "Mean of 2 seeds ± 95 % interval"
    panel.plots.slider.setValue(160)
    assert panel.heatmap.pairs.values == pytest.approx(whole.probes.cosines(0, 7), nan_ok=True)
    assert panel.caption.text() == "1 of 2 seeds"
    # The average over a run is first that of each seed, which is what varies.
    both = SeedProbes([whole, other], Spread.RANGE)
    means = [model.probes.pair_cosines(0, 0, 1).mean() for model in (whole, other)]
    figure = both.cosine(0, None, 0, 1)
    assert float(figure.mean) == pytest.approx(np.mean(means))
    assert (float(figure.low), float(figure.high)) == pytest.approx((min(means), max(means)))
