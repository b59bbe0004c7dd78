"""Curves while their view moves."""

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeRunner
from tests.ui.specs import sequential_spec
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.curves.panel import CurvesPanel
from workbench.ui.tabs.curves.quick_lines import QuickLines


@pytest.fixture
def panel(qtbot: QtBot) -> CurvesPanel:
    made = CurvesPanel(LIGHT)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    spec = sequential_spec()
    made.set_models(RunModel.of(FakeRunner(steps=400).run(spec, 0), 0, spec))
    return made


def test_lines_are_plain_while_the_view_moves_and_fine_when_it_stands(
    panel: CurvesPanel, qtbot: QtBot
) -> None:
    (quick,) = [one for one in panel.loss.children() if isinstance(one, QuickLines)]
    qtbot.waitUntil(lambda: not quick._still.isActive())
    line = panel._smooth[0]
    assert line.opts["antialias"]
    before = line.opts["pen"]
    panel.loss.area.setXRange(10, 1500, padding=0)
    assert not line.opts["antialias"]
    assert line.opts["pen"].widthF() == 1.0
    assert line.opts["pen"].dashPattern() == before.dashPattern()
    quick.settle()
    assert line.opts["antialias"]
    assert line.opts["pen"] is before


def test_a_theme_that_comes_meanwhile_keeps_its_colours(panel: CurvesPanel) -> None:
    (quick,) = [one for one in panel.loss.children() if isinstance(one, QuickLines)]
    panel.loss.area.setXRange(10, 1500, padding=0)
    panel.set_theme(DARK)
    quick.settle()
    assert panel._smooth[0].opts["pen"].color() == QColor(DARK.task_colour(panel.chips[0].number))
    assert panel._smooth[0].opts["antialias"]
