"""Curves draw what is new, whichever plot it is for."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeRunner
from tests.ui.specs import joint_spec, sequential_spec
from tests.ui.written import scored, text_model
from workbench.spec.event import Began, DriftDetected, Evaluated, StepsDone
from workbench.ui.look.theme import LIGHT
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tabs.curves.panel import CurvesPanel


@pytest.fixture
def panel(qtbot: QtBot) -> CurvesPanel:
    made = CurvesPanel(LIGHT)
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    return made


def test_both_plots_go_on_when_every_frame_has_news_of_both(panel: CurvesPanel) -> None:
    events = list(FakeRunner(steps=400).run(joint_spec(), 0))[:-1]
    model = RunModel()
    panel.set_models(model)
    news = 0
    for event in events:
        model.feed(event)
        news += isinstance(event, StepsDone | Evaluated)
        if news >= 3:
            news = 0
            panel.refresh()
    drawn = panel._smooth[0].getData()[0]
    assert drawn.max() >= model.step - 60
    assert panel._score[0].getData()[0].max() >= model.step - 60


def test_a_drift_that_was_detected_is_a_line_across_the_curves(panel: CurvesPanel) -> None:
    model = RunModel.of(FakeRunner().run(joint_spec(), 0))
    panel.set_models(model)
    assert [column for plot in (panel.loss, panel.score) for column in columns(plot)] == []
    model.feed(DriftDetected(30, "digit", "adwin"))
    panel.refresh()
    for plot in (panel.loss, panel.score):
        point = plot.area.vb.mapViewToScene(QPointF(30.0, 0.5))
        (column,) = columns(plot)
        assert column == pytest.approx(plot.mapFromScene(point).x(), abs=1)


def columns(plot: Plot) -> list[int]:
    """The pixel columns that hold a line in the colour of drifts."""
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    away = np.abs(pixels.astype(int) - QColor(LIGHT.danger).getRgb())
    is_like = (away < 4).all(-1)
    return np.flatnonzero(is_like.sum(0) > 20).tolist()


def test_a_hidden_task_has_no_curve_and_comes_back(panel: CurvesPanel) -> None:
    panel.set_models(RunModel.of(FakeRunner().run(joint_spec(), 0)))
    panel.chips[0].click()
    assert len(panel._smooth[0].getData()[0] or ()) == 0
    assert len(panel._smooth[1].getData()[0]) > 0
    panel.chips[0].click()
    assert len(panel._smooth[0].getData()[0]) > 0


def test_the_legend_never_takes_more_than_two_lines(panel: CurvesPanel) -> None:
    panel.resize(240, 500)
    panel.set_models(RunModel.of(FakeRunner().run(joint_spec(), 0)))
    assert panel._legend_area.height() <= 60


def test_nothing_is_drawn_while_it_cannot_be_seen(panel: CurvesPanel) -> None:
    panel.hide()
    panel.set_models(RunModel.of(FakeRunner().run(joint_spec(), 0)))
    assert len(panel._smooth[0].getData()[0]) == 0
    panel.show()
    assert len(panel._smooth[0].getData()[0]) > 0


def test_the_logarithmic_axis_leaves_out_what_has_no_logarithm(panel: CurvesPanel) -> None:
    model = RunModel.of(FakeRunner().run(joint_spec(), 0))
    panel.set_models(model)
    panel.tools.log_scale.setChecked(True)
    low, high = panel.loss.area.vb.viewRange()[1]
    assert -3 < low < high < 1.5


def test_the_table_and_the_legend_tell_last_best_and_mean(panel: CurvesPanel) -> None:
    panel.tools.with_table.setChecked(True)
    panel.set_models(RunModel.of(FakeRunner().run(joint_spec(), 0)))
    _, scores = panel._model.scores
    shown = [panel.table.item(0, j).text() for j in (0, 2, 3, 5)]
    column = scores[:, 0]
    assert shown == [
        "digit",
        f"{column[-1]:.3f}",
        f"{column.max():.3f}",
        f"{column.mean():.3f}",
    ]
    assert f"best {column.max():.3f} at step" in panel.chips[0].toolTip()


def test_the_ends_of_the_score_axis_leave_room_for_the_lines(panel: CurvesPanel) -> None:
    panel.set_models(RunModel.of(FakeRunner().run(joint_spec(), 0)))
    low, high = panel.score.area.vb.viewRange()[1]
    assert low < -0.02
    assert high > 1.02


def test_the_score_axis_is_whole_for_every_metric_of_shares(panel: CurvesPanel) -> None:
    begun, *others = FakeRunner().run(joint_spec(), 0)
    assert isinstance(begun, Began)
    for metric, ends in (("macro-f1", (0.0, 1.0)), ("accuracy", (None, 10.0))):
        tasks = [replace(task, metric=metric, score_range=ends) for task in begun.tasks]
        model = RunModel.of([replace(begun, tasks=tuple(tasks)), *others])
        assert model.scores_are_shares == (metric == "macro-f1")
        panel.set_models(model)
        _, high = panel.score.area.vb.viewRange()[1]
        assert (high > 1.02) == (metric == "macro-f1")


def test_the_table_leaves_the_curves_most_of_the_height(panel: CurvesPanel) -> None:
    panel.tools.with_table.setChecked(True)
    panel.set_models(RunModel.of(FakeRunner().run(sequential_spec(), 0)))
    panel.resize(700, 430)
    assert panel.table.height() <= 0.3 * panel.height()
    assert "–" not in [panel.table.item(i, 1).text() for i in range(5)]


@pytest.mark.parametrize("is_live", [False, True])
def test_the_legend_is_there_in_every_run(panel: CurvesPanel, is_live: bool) -> None:
    for seed in range(4):
        events = list(FakeRunner().run(joint_spec() if seed % 2 else sequential_spec(), seed))
        model = RunModel() if is_live else RunModel.of(events)
        panel.set_models(model)
        for event in events if is_live else ():
            model.feed(event)
            panel.refresh()
        names = [facts.name for facts in model.tasks]
        assert [chip.facts.name for chip in panel.chips] == names
        room = panel._legend_area.viewport().rect()
        assert all(room.contains(chip.geometry().topLeft()) for chip in panel.chips)
        assert panel._legend_area.height() >= panel.chips[0].sizeHint().height()
        assert all(chip.isVisible() for chip in panel.chips)


def test_scores_are_drawn_by_another_metric_where_there_is_one(panel: CurvesPanel) -> None:
    pairs = [("en", "fr"), ("en", "de")]
    panel.set_models(RunModel.of(FakeRunner().run(joint_spec(), 0)))
    assert panel.tools.metric_box.isHidden()
    model = text_model([scored(100, 2), scored(200, 2)], pairs)
    panel.set_models(model)
    panel.refresh()
    offered = [panel.tools.metric_box.itemText(i) for i in range(panel.tools.metric_box.count())]
    assert offered == ["Own metric", "token-accuracy", "chrf"]
    assert panel._score[0].getData()[1].tolist() == pytest.approx([0.1, 0.2])
    assert "exact-match" in panel.score.area.getAxis("left").labelText
    panel.tools.metric_box.setCurrentIndex(2)
    panel.tools.metric_box.activated.emit(2)
    assert panel._score[0].getData()[1].tolist() == pytest.approx([10, 20])
    assert "chrf" in panel.score.area.getAxis("left").labelText
    assert panel.score.table()[1][1] == pytest.approx([200, 20, 20])
    panel.set_models(RunModel.of(FakeRunner().run(joint_spec(), 0)))
    assert panel.tools.metric_box.isHidden()
    assert "accuracy" in panel.score.area.getAxis("left").labelText


def test_bands_of_shares_leave_the_axis_at_its_ends_and_the_legend_its_caption(
    panel: CurvesPanel,
) -> None:
    spec = joint_spec()
    models = [RunModel.of(FakeRunner().run(spec, seed), seed, spec) for seed in range(2)]
    panel.set_models(models[0], models)
    panel.resize(700, 600)
    panel.show()
    panel.redraw()
    low, high = panel.score.area.viewRange()[1]
    assert low >= -0.1
    assert high <= 1.1
    caption = panel._bands.caption
    assert caption.isVisibleTo(panel)
    assert panel._legend_area.height() >= caption.geometry().bottom()


def test_what_is_pointed_at_are_the_tasks_that_are_shown(panel: CurvesPanel) -> None:
    panel.set_models(RunModel.of(FakeRunner().run(joint_spec(), 0)))
    names = [chip.facts.name for chip in panel.chips]
    panel.chips[0].setChecked(False)
    place = panel.loss.area.vb.mapViewToScene(QPointF(30.0, 0.5))
    panel.loss.scene().sigMouseMoved.emit(place)
    panel.pointer.show()
    for note in panel.pointer.notes:
        assert "step 30" in note.text()
        assert names[0] not in note.text()
        assert names[1] in note.text()


def test_a_loss_is_written_as_it_is_on_a_logarithmic_axis(panel: CurvesPanel) -> None:
    panel.set_models(RunModel.of(FakeRunner().run(joint_spec(), 0)))
    panel.tools.log_scale.setChecked(True)
    (curve, *_) = panel.pointer._plots[0][1]()
    assert curve.value(-2.0) == pytest.approx(0.01)
    (curve, *_) = panel.pointer._plots[1][1]()
    assert curve.value(0.5) == 0.5
