"""The table of runs: what is chosen stays chosen when a run is added."""

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeRow
from workbench.ui.look.theme import LIGHT
from workbench.ui.panels.runs.panel import RunsPanel
from workbench.ui.panels.runs.runs_table import COLUMNS, RunsTable


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


def test_a_damaged_run_is_listed_with_its_reason() -> None:
    table = RunsTable(LIGHT)
    reason = "events.jsonl, line 3: it is cut short, or not JSON"
    table.set_rows([FakeRow("a", status="damaged", problem=reason), FakeRow("b")])
    place = table.index(0, [key for key, _ in COLUMNS].index("status"))
    assert table.data(place) == "damaged"
    assert reason in str(table.data(place, Qt.ItemDataRole.ToolTipRole))
    assert table.data(place, Qt.ItemDataRole.ForegroundRole) == QColor(LIGHT.danger)
    assert table.data(table.index(1, place.column()), Qt.ItemDataRole.ToolTipRole) is None
