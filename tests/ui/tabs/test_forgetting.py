"""Forgetting: every measure, drops over time, each task's share, and other runs beside."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from tests.ui.specs import SEQUENTIAL, joint_spec, sequential_spec
from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.preset import parse, spec_of
from workbench.spec.score import Score
from workbench.study.plan import fine_tuning, joint
from workbench.ui.composition import App
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.forgetting.panel import MATRIX, RUNS, TASKS, TIME, ForgettingPanel
from workbench.ui.tabs.forgetting.stability_plasticity import places
from workbench.ui.tabs.forgetting.stage_drops import drops

NAMES = ("0-1", "2-3", "4-5", "6-7", "8-9")


def model_of(spec: Spec | None = None, seed: int = 0) -> RunModel:
    """A whole run of five tasks, one after the other."""
    chosen = spec or sequential_spec()
    return RunModel.of(FakeRunner().run(chosen, seed), seed, chosen)


def scores(value: float) -> tuple[Score, ...]:
    return tuple(Score(name, "accuracy", value, True) for name in NAMES)


@pytest.fixture
def panel(qtbot: QtBot) -> ForgettingPanel:
    made = ForgettingPanel(LIGHT)
    qtbot.addWidget(made)
    made.resize(650, 480)
    made.show()
    return made


def test_every_measure_is_shown_with_its_definition(panel: ForgettingPanel) -> None:
    model = model_of()
    panel.set_models(model, [model])
    figures = {**panel.cards, **panel.small}
    known = {key: value for key, value in model.summary.items() if value is not None}
    assert set(figures) == {*known, "intransigence"}
    for key, value in known.items():
        assert figures[key].accessibleDescription() == f"{value:.3f}".replace("-", "−")
        assert len(figures[key].toolTip()) > 40
    assert figures["intransigence"].accessibleDescription() == "–"


def test_a_cell_says_which_measure_it_enters_and_with_what(panel: ForgettingPanel) -> None:
    model = model_of()
    panel.set_models(model, [model])
    notes, matrix = panel.matrix.heatmap.cells.notes, model.matrix

    def said(value: float) -> str:
        return f"{value:+.3f}".replace("-", "−")

    assert notes[0][0] == "just learned: its part in learning accuracy"
    assert notes[0][1].startswith(said(matrix[0, 1] - model.baseline[1]))
    assert notes[0][1].endswith("forward transfer")
    assert notes[0][2] == "", "it is learned later still"
    backward, forgetting = notes[2][0].splitlines()
    assert (
        backward == f"{said(matrix[2, 0] - matrix[0, 0])} since it was learned: backward transfer"
    )
    lost = matrix[:2, 0].max() - matrix[2, 0]
    assert forgetting == f"{lost:.3f} below its best before: forgetting".replace("-", "−")


def test_each_task_has_a_bar_of_what_it_lost(panel: ForgettingPanel) -> None:
    model = model_of()
    panel.set_models(model, [model])
    bars = panel.matrix.bars.bars
    lost = model.matrix[:-1].max(axis=0) - model.matrix[-1]
    assert [bar.value for bar in bars[:-1]] == pytest.approx(lost[:-1])
    assert np.isnan(bars[-1].value)  # the newest task could not be forgotten yet
    assert [bar.name for bar in bars] == list(NAMES)


def test_the_table_has_a_row_a_task_and_the_mean(panel: ForgettingPanel) -> None:
    model = model_of()
    panel.set_models(model, [model])
    panel.views.choose(TASKS)
    table = panel.tasks
    assert [table.item(i, 0).text() for i in range(6)] == [*NAMES, "Mean"]
    mean = table.item(5, 1).text()
    assert mean == f"{model.summary['learning_accuracy']:.3f}"
    assert "R[j, j]" in table.horizontalHeaderItem(1).toolTip()


def test_over_time_each_boundary_tells_what_was_lost(panel: ForgettingPanel) -> None:
    model = model_of()
    panel.set_models(model, [model])
    panel.views.choose(TIME)
    x, y = panel.times._score_lines[0].getData()
    assert np.array_equal(x, model.scores[0])
    assert np.array_equal(y, model.scores[1][:, 0])
    texts = [label.toPlainText() for label in panel.times._labels]
    assert len(texts) == 4
    assert all(text.startswith("−0.") for text in texts)
    assert [drop.name for drop in panel.times._shown_drops] == list(NAMES[:-1])
    _, lost = panel.times._mean_lost.getData()
    assert np.isnan(lost[:3]).all()  # one task: nothing to forget yet
    assert lost[-1] > 0.3


def test_scores_over_time_grow_before_the_first_stage_ended(panel: ForgettingPanel) -> None:
    model = RunModel(0, sequential_spec())
    panel.views.choose(TIME)
    panel.set_models(model, [])
    assert panel._stack.currentIndex() == 0
    for event in FakeRunner().run(sequential_spec(), 0):
        model.feed(event)
        if len(model.scores[0]) == 2:
            break
    panel.refresh()
    assert panel._stack.currentIndex() == 1
    assert len(panel.times._score_lines[0].getData()[0]) == 2


def test_a_drop_is_that_of_the_task_just_learned_and_small_ones_go_unmarked() -> None:
    spans = [(0, 10, ("a",)), (10, 20, ("b",)), (20, 30, ("c",))]
    steps = np.array([10.0, 20, 30])
    values = np.array([[0.9, 0, 0], [0.3, 0.8, 0], [0.2, 0.799, 0.9]])
    marked = drops(steps, values, spans, ("a", "b", "c"))
    assert [(drop.name, drop.text, drop.at) for drop in marked] == [("a", "−0.60", 10.0)]


def test_setups_of_the_same_tasks_are_points_one_run_a_seed() -> None:
    rows = [
        FakeRow("new", seed=0, fingerprint="x", forgetting=0.2, scores=scores(0.8)),
        FakeRow("old", seed=0, fingerprint="x", forgetting=0.9, scores=scores(0.8)),
        FakeRow("other", seed=1, fingerprint="x", forgetting=0.4, scores=scores(0.8)),
        FakeRow("failed", status="failed", fingerprint="y", scores=scores(0.1)),
        FakeRow("elsewhere", fingerprint="z", scores=scores(0.8)[:2]),
        FakeRow("shown", fingerprint="me", scores=scores(0.8)),
    ]
    (result,) = places(rows, NAMES, True, {"me"})
    assert result.seeds == (0, 1)
    assert result.stability == pytest.approx((0.8, 0.6))
    assert result.middle == pytest.approx((0.7, 0.987))


def test_without_shares_stability_is_the_backward_transfer() -> None:
    row = FakeRow("a", fingerprint="x", forgetting=3.0, bwt=-2.0, scores=scores(0.8))
    assert places([row], NAMES, False)[0].stability == (-2.0,)


def with_bounds(spec: Spec) -> list[FakeRow]:
    """Both bounds on seed 0."""
    return [
        FakeRow("up", fingerprint=fingerprint(joint(spec)), acc=0.95, forgetting=None,
                learning_accuracy=0.95, scores=scores(0.95)),
        FakeRow("down", fingerprint=fingerprint(fine_tuning(spec)), scores=scores(0.19)),
    ]  # fmt: skip


def replay_spec() -> Spec:
    text = SEQUENTIAL + "retention: {kind: replay}\n"
    return spec_of(parse(text))


def test_bounds_in_the_history_are_drawn_and_give_the_intransigence(
    make_app: MakeApp, qtbot: QtBot
) -> None:
    app = make_app(history=FakeHistory(with_bounds(replay_spec())))
    panel = run_to_end(app, qtbot, replay_spec())
    panel.views.choose(TIME)
    assert panel.times._joint.isVisible()
    assert panel.times._joint.value() == pytest.approx(0.95)
    assert panel.times._fine.value() == pytest.approx(0.19)
    assert panel.run_bounds.isHidden()
    model = app.session.finished[0]
    learned = model.summary["learning_accuracy"]
    assert learned is not None
    text = panel.small["intransigence"].accessibleDescription()
    assert text == f"{0.95 - learned:.3f}".replace("-", "−")
    panel.views.choose(RUNS)
    names = {place.name: place.is_shown for place in panel.scatter.places}
    assert sum(names.values()) == 1
    assert panel.scatter._line.isVisible()


def run_to_end(app: App, qtbot: QtBot, spec: Spec) -> ForgettingPanel:
    """Run a setup, and look at its forgetting."""
    app.presenter.adopt(spec)
    with qtbot.waitSignal(app.session.ended):
        app.controller.run()
    app.tab_area.show("forgetting")
    tab = app.tab_area["forgetting"]
    assert isinstance(tab, ForgettingPanel)
    return tab


def test_one_click_runs_the_bounds_and_comes_back(make_app: MakeApp, qtbot: QtBot) -> None:
    runner = FakeRunner()
    app = make_app(runner=runner)
    spec = replay_spec().model_copy(update={"seeds": (0, 1)})
    panel = run_to_end(app, qtbot, spec)
    shown = list(app.session.finished)
    assert panel.run_bounds.isVisible()
    with qtbot.waitSignal(app.session.ended):
        qtbot.mouseClick(panel.run_bounds, Qt.MouseButton.LeftButton)
        assert not panel.run_bounds.isEnabled()
    made = [(run.curriculum.kind, run.retention.kind, seed) for run, seed in runner.runs[2:]]
    assert made == [
        ("joint", "none", 0),
        ("joint", "none", 1),
        ("sequential", "none", 0),
        ("sequential", "none", 1),
    ]
    assert app.session.finished == shown
    assert app.session.model is shown[0]


def test_one_stage_says_that_nothing_could_be_forgotten(panel: ForgettingPanel) -> None:
    model = RunModel.of(FakeRunner().run(joint_spec(), 0), 0, joint_spec())
    panel.set_models(model, [model])
    assert "nothing could be forgotten" in panel._note.text()
    assert panel.run_bounds.isHidden()


@pytest.mark.parametrize("view", [MATRIX, TIME, TASKS, RUNS])
def test_every_view_draws_in_both_themes(panel: ForgettingPanel, view: str, tmp_path: Path) -> None:
    model = model_of()
    panel.set_models(model, [model, model_of(seed=1)])
    panel.views.choose(view)
    light = panel.grab().toImage()
    panel.set_theme(DARK)
    assert panel.grab().toImage() != light
    for kind in ("svg", "png", "csv"):
        panel.matrix.bars.write(tmp_path / f"bars.{kind}")
        assert (tmp_path / f"bars.{kind}").stat().st_size > 100
