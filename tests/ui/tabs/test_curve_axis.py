"""The x-axis of the curves counts steps, epochs or time, and all that stands on it follows."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSettings, Qt
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeRunner
from tests.ui.specs import joint_spec, sequential_spec
from workbench.spec.event import Began, Evaluated, Event, Intervened, StepsDone
from workbench.ui.look.theme import LIGHT
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.end_names import elided
from workbench.ui.plots.x_scale import XUnit, scale_of
from workbench.ui.services.x_choice import XChoice
from workbench.ui.tabs.curves.change_words import mark_words
from workbench.ui.tabs.curves.panel import CurvesPanel


@pytest.fixture
def panel(qtbot: QtBot) -> CurvesPanel:
    made = CurvesPanel(LIGHT)
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    return made


def timed(event: Event) -> Event:
    """Every step as long as its number: the first steps are quick, later ones slow."""
    if isinstance(event, StepsDone):
        steps = range(event.first_step, event.step)
        return replace(event, train_seconds=float(sum(steps)))
    return event


def model_of(*more: Event) -> RunModel:
    spec = sequential_spec()
    return RunModel.of([*map(timed, FakeRunner().run(spec, 0)), *more], 0, spec)


def count(panel: CurvesPanel, unit: XUnit) -> None:
    panel.tools.x_box.setCurrentIndex(panel.tools.x_box.findData(unit))
    panel.tools.x_box.activated.emit(panel.tools.x_box.currentIndex())


@pytest.mark.parametrize("unit", [XUnit.EPOCH, XUnit.TIME])
def test_curves_stages_table_and_pointer_stand_where_the_unit_says(
    panel: CurvesPanel, unit: XUnit
) -> None:
    model = model_of()
    panel.set_models(model)
    by_step = panel._score[0].getData()[0].copy(), panel._smooth[0].getData()[0].copy()
    count(panel, unit)
    scale = scale_of(model, unit)
    assert not scale.is_plain
    assert panel._score[0].getData()[0] == pytest.approx(scale.at(by_step[0]))
    assert panel._smooth[0].getData()[0] == pytest.approx(scale.at(by_step[1]))
    starts = [band.start for band in panel.loss.backdrop._bands]
    assert starts == pytest.approx([scale.place(band.start) for band in model.bands])
    assert panel.loss.x_range[1] == pytest.approx(scale.place(model.total_steps), rel=0.02)
    head, rows = panel.score.table()
    assert head[:2] == ["step", "epoch" if unit is XUnit.EPOCH else "seconds"]
    assert [row[1] for row in rows] == pytest.approx([scale.place(row[0]) for row in rows])
    step = model.total_steps // 2
    assert f"step {step:,}" in panel.view.words(scale.place(step))
    count(panel, XUnit.STEP)
    assert panel._score[0].getData()[0] == pytest.approx(by_step[0])


def test_an_epoch_is_a_pass_over_the_largest_data_of_the_stage() -> None:
    begun, *_ = FakeRunner().run(joint_spec(), 0)
    assert isinstance(begun, Began)
    sizes = [640, 1000]
    tasks = tuple(replace(t, n_train=sizes[min(i, 1)]) for i, t in enumerate(begun.tasks))
    spec = joint_spec()
    model = RunModel.of([replace(begun, tasks=tasks)], 0, spec)
    in_epoch = -(-1000 // spec.training.batch_size)
    assert scale_of(model, XUnit.EPOCH).place(in_epoch) == pytest.approx(1.0)


def test_places_and_steps_are_each_others_way_back_beyond_what_is_known_too() -> None:
    scale = scale_of(model_of(), XUnit.TIME)
    steps = np.array([0.0, 7.0, 33.0, 5000.0])
    assert scale.step_at(scale.at(steps)) == pytest.approx(steps)
    assert np.isnan(scale.at(np.array([np.nan]))).all()


def test_steps_that_are_told_again_do_not_take_their_time_again() -> None:
    blocks = [e for e in map(timed, FakeRunner().run(joint_spec(), 0)) if isinstance(e, StepsDone)]
    model = RunModel.of([next(iter(FakeRunner().run(joint_spec(), 0))), *blocks, blocks[-1]])
    once = sum(block.train_seconds for block in blocks)
    assert model.steps.clock[-1, 1] == pytest.approx(once)


def test_a_run_without_times_is_counted_in_steps(panel: CurvesPanel) -> None:
    events = [
        replace(event, train_seconds=0.0) if isinstance(event, StepsDone) else event
        for event in FakeRunner().run(joint_spec(), 0)
    ]
    panel.set_models(RunModel.of(events))
    before = panel._smooth[0].getData()[0].copy()
    count(panel, XUnit.TIME)
    assert scale_of(panel._model, XUnit.TIME).is_plain
    assert panel._smooth[0].getData()[0] == pytest.approx(before)


def test_what_the_axis_counts_is_kept_for_the_next_start(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat)
    XChoice(settings).choose(XUnit.TIME)
    assert XChoice(settings).unit is XUnit.TIME
    settings.setValue("x_axis", "parsec")
    assert XChoice(settings).unit is XUnit.STEP


def test_shift_and_drag_zooms_into_a_box_until_all_is_asked_for(panel: CurvesPanel) -> None:
    panel.set_models(model_of())
    whole = panel.score.area.vb.viewRange()
    box = panel.score.area.vb
    area = QRectF(QPointF(10.0, 0.5), QPointF(30.0, 0.2))
    corners = [box.mapFromView(p) for p in (area.topLeft(), area.bottomRight())]
    drag = SimpleNamespace(
        button=lambda: Qt.MouseButton.LeftButton,
        modifiers=lambda: Qt.KeyboardModifier.ShiftModifier,
        buttonDownPos=lambda _=None: corners[0],
        pos=lambda: corners[1],
        isFinish=lambda: True,
        accept=lambda: None,
    )
    box.mouseDragEvent(drag)
    panel.redraw()
    (left, right), (low, high) = box.viewRange()
    assert (left, right) == pytest.approx((10, 30), abs=0.5)
    assert (low, high) == pytest.approx((0.2, 0.5), abs=0.02)
    assert panel.loss.x_range == pytest.approx((left, right), abs=0.5)
    panel.score.whole_wanted.emit()
    panel.redraw()
    assert np.array(box.viewRange()) == pytest.approx(np.array(whole), rel=0.1, abs=0.1)


def test_the_heights_of_scores_follow_what_is_in_view(panel: CurvesPanel) -> None:
    begun, *_ = FakeRunner().run(joint_spec(), 0)
    assert isinstance(begun, Began)
    n = len(begun.tasks)
    ones = np.ones(n, dtype=np.float32)
    rows = [
        Evaluated(step, 0, "val", (0.1 if step < 50 else 0.9) * ones, ones, ends_stage=False)
        for step in range(101)
    ]
    long = replace(begun, stages=(replace(begun.stages[0], steps=100),))
    panel.set_models(RunModel.of([long, *rows]))
    assert panel.score.area.vb.viewRange()[1][0] < 0
    panel.loss.area.setXRange(60, 90, padding=0)
    panel.redraw()
    assert panel.score.area.vb.viewRange()[1][0] > 0.3


def test_a_mark_says_what_was_changed_from_what_to_what(panel: CurvesPanel) -> None:
    spec = joint_spec()
    name = RunModel.of(FakeRunner().run(spec, 0)).tasks[0].name
    changes = [Intervened(20, name, 3.0), Intervened(30, name, 0.5), Intervened(40, None, 0.002)]
    model = RunModel.of([*FakeRunner().run(spec, 0), *changes], 0, spec)
    rate = spec.optimizer.lr
    assert [words for _, words in mark_words(model)] == [
        f"weight of {changes[0].task}: {model.tasks[0].weight:g} → 3",
        f"weight of {changes[0].task}: 3 → 0.5",
        f"learning rate: {rate:g} → 0.002",
    ]
    panel.set_models(model)
    assert "→ 0.002" in panel.view.words(40.0)
    assert "→" not in panel.view.words(55.0)


def test_lines_bear_their_names_at_their_ends_and_long_ones_lose_their_middle(
    panel: CurvesPanel,
) -> None:
    panel.set_models(RunModel.of(FakeRunner().run(joint_spec(), 0)))
    names = [chip.facts.name for chip in panel.chips]
    for each in panel.end_names:
        each.place()
        assert each.written
        assert set(each.written) <= {elided(name) for name in names}
    panel.chips[0].setChecked(False)
    panel.end_names[0].place()
    assert elided(names[0]) not in panel.end_names[0].written
    assert elided("task-with-a-long-name-7") == "task-wi…-name-7"


def test_the_smoothing_follows_the_stage_until_it_is_chosen(panel: CurvesPanel) -> None:
    tools = panel.tools
    for steps, window in ((40, 1), (200, 5), (420, 21), (100_000, 1001)):
        tools.follow_stage(steps)
        assert tools.window_steps == window
    tools.smoothing.setValue(2)
    tools.follow_stage(100_000)
    assert tools.window_steps == 5
