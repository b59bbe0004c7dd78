"""Many tasks in the legend: a line with mean, best and worst, and a search among them."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeRunner
from tests.ui.specs import joint_spec
from workbench.spec.event import Began, Evaluated
from workbench.ui.look.theme import LIGHT
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.curves.panel import CurvesPanel
from workbench.ui.tabs.curves.task_search import MOST_CHIPS

NAMES = [f"task {i:02d}" for i in range(50)]


def model_of(n_tasks: int) -> RunModel:
    begun, *_ = FakeRunner().run(joint_spec(), 0)
    assert isinstance(begun, Began)
    first = begun.tasks[0]
    tasks = tuple(replace(first, name=name, own_name=name) for name in NAMES[:n_tasks])
    stage = replace(begun.stages[0], tasks=tuple(task.name for task in tasks))
    scores = np.linspace(0.2, 0.7, n_tasks, dtype=np.float32)
    event = Evaluated(10, 0, "val", scores, scores, ends_stage=False)
    return RunModel.of([replace(begun, tasks=tasks, stages=(stage,)), event])


@pytest.fixture
def panel(qtbot: QtBot) -> CurvesPanel:
    made = CurvesPanel(LIGHT)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def test_many_tasks_are_one_line_that_tells_mean_best_and_worst(panel: CurvesPanel) -> None:
    panel.set_models(model_of(50))
    assert not any(chip.isVisible() for chip in panel.chips)
    words = panel.search.summary.accessibleName()
    assert words == "50 tasks · mean 0.450, best task 49 0.700, worst task 00 0.200"
    assert panel.loss.height() > 150
    panel.search.all.setChecked(True)
    assert all(chip.isVisible() for chip in panel.chips)


def test_what_is_searched_for_is_listed_and_can_be_drawn_alone(panel: CurvesPanel) -> None:
    panel.set_models(model_of(50))
    panel.search.field.setText("TASK 4")
    listed = [chip.facts.name for chip in panel.chips if chip.isVisible()]
    assert listed == [name for name in NAMES if "4" in name]
    panel.search.only.click()
    assert [chip.facts.name for chip in panel.chips if chip.isChecked()] == listed
    panel.search.only.click()
    assert all(chip.isChecked() for chip in panel.chips)


def test_few_tasks_have_their_chips_and_no_search_after_many(panel: CurvesPanel) -> None:
    panel.set_models(model_of(MOST_CHIPS + 1))
    assert panel.search.isVisible()
    panel.search.field.setText("nothing like it")
    panel.set_models(model_of(MOST_CHIPS))
    assert not panel.search.isVisible()
    assert all(chip.isVisible() for chip in panel.chips)
    assert panel._legend_area.isVisible()
