"""The table of runs: what is chosen stays chosen when a run is added."""

from PySide6.QtCore import QItemSelectionModel
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeRow
from workbench.ui.panels.runs import RunsPanel
from workbench.ui.theme import LIGHT


def test_all_that_are_chosen_stay_chosen_when_a_run_is_added(qtbot: QtBot) -> None:
    panel = RunsPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.set_rows([FakeRow("a"), FakeRow("b"), FakeRow("c")])
    flags = QItemSelectionModel.SelectionFlag
    for name in ("a", "c"):
        (place,) = panel._places({name})
        panel.table.selectionModel().select(place, flags.Select | flags.Rows)
    panel.set_rows([FakeRow("d"), FakeRow("c"), FakeRow("b"), FakeRow("a")])
    assert {row.run_id for row in panel.all_selected} == {"a", "c"}
