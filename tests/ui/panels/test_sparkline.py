"""Runs show the shape of each run, and how far the one is that goes on."""

import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeRow
from workbench.ui.look.theme import LIGHT
from workbench.ui.panels.runs.panel import RunsPanel
from workbench.ui.panels.runs.runs_table import COLUMNS, RunsTable
from workbench.ui.panels.runs.sparkline import CURVE, polyline

KEYS = [key for key, _ in COLUMNS]


def test_shares_keep_their_scale_and_other_scores_fill_the_cell() -> None:
    area = QRectF(0, 0, 10, 100)
    assert [(p.x(), p.y()) for p in polyline((0.0, 0.5), area)] == [(0, 100), (10, 50)]
    assert [p.y() for p in polyline((2.0, 4.0, 3.0), area)] == pytest.approx([100, 0, 50])


def test_a_run_has_its_curve_and_one_that_goes_on_its_newest_step(qtbot: QtBot) -> None:
    table = RunsTable(LIGHT)
    going = FakeRow("now", status="running", steps=10, curve=(0.1, 0.4))
    table.set_rows([going, FakeRow("old", steps=2000), FakeRow("beside", status="running")])
    steps, curve = KEYS.index("steps"), KEYS.index("curve")
    with qtbot.waitSignal(table.dataChanged):
        table.set_live({"now": 1234, "beside": 77})
    assert table.data(table.index(0, steps)) == "1,234"
    assert table.data(table.index(1, steps)) == "2,000"
    assert table.data(table.index(2, steps)) == "77"
    assert table.data(table.index(0, curve), CURVE) == (0.1, 0.4)


def test_the_table_draws_curves(qtbot: QtBot) -> None:
    panel = RunsPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(900, 150)
    panel.show()
    panel.set_rows([FakeRow("a")])
    bare = panel.grab().toImage()
    panel.set_rows([FakeRow("a", curve=(0.1, 0.9, 0.3))])
    assert panel.grab().toImage() != bare
