"""Deleting, undoing, the trash, the eye and the filter in a whole window."""

import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from tests.ui.specs import sequential_spec
from workbench.ui.composition import App
from workbench.ui.dialogs.trash_dialog import TrashDialog
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.tabs.curves.panel import CurvesPanel

pytestmark = pytest.mark.tabs("curves")


@pytest.fixture
def history() -> FakeHistory:
    made = FakeHistory([FakeRow(f"r{i}", path=f"/runs/{i}", seed=i) for i in range(3)])
    for i in range(3):
        events = list(FakeRunner().run(sequential_spec(), i))
        made.recorded[f"/runs/{i}"] = RunRecord(f"r{i}", sequential_spec(), i, events)
    return made


@pytest.fixture
def app(make_app: MakeApp, history: FakeHistory, qtbot: QtBot) -> App:
    made = make_app(history=history)
    qtbot.waitUntil(lambda: len(made.run_history.settings) == 3)
    return made


def press(parent: object, words: str) -> None:
    buttons = parent.findChildren(QPushButton)  # pyright: ignore
    next(button for button in buttons if words in button.text().replace("&", "")).click()


def test_a_deletion_is_undone_from_the_bar_and_runs_come_back_from_the_trash(
    app: App, history: FakeHistory, qtbot: QtBot
) -> None:
    panel = app.window.runs
    panel.select("r1")
    panel.delete_chosen()
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 2)
    qtbot.waitUntil(app.window.bar.isVisible)
    assert "trash" in app.window.bar.text
    press(app.window.bar, "Undo")
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 3)
    panel.table.selectAll()
    panel.delete_chosen()
    qtbot.waitUntil(lambda: app.run_history.rows == [])
    panel.trash_wanted.emit()
    dialog = app.window.findChild(TrashDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 3)
    dialog.table.selectRow(0)
    press(dialog, "Restore")
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 2)
    qtbot.waitUntil(lambda: len(app.run_history.rows) == 1)
    press(dialog, "Empty the trash")
    box = dialog.findChild(QMessageBox)
    assert box is not None
    press(box, "Delete for good")
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 0)
    assert history.trash() == []
    assert not dialog.empty.isEnabled()
    press(dialog, "Close")


def test_an_open_eye_draws_the_run_over_the_curves(app: App, qtbot: QtBot) -> None:
    app.controller.show_centre()
    app.tab_area.show("curves")
    curves = app.tab_area["curves"]
    assert isinstance(curves, CurvesPanel)
    panel = app.window.runs
    panel.select("r0")
    panel.turn_eyes()  # with nothing on the screen the run itself is shown too
    qtbot.waitUntil(lambda: app.session.model.began is not None)
    qtbot.waitUntil(curves.overlay.key.isVisible)
    panel.select("r2")
    panel.turn_eyes()
    qtbot.waitUntil(lambda: curves.overlay.key.text().count("seed") == 2)
    lines = curves.overlay._lines[curves.score]
    assert len(lines) == 2 * len(curves.chips)
    model = app.run_history.overlay.drawn[1].models["/runs/2"]
    x, y = model.scores
    assert lines[len(curves.chips)].getData()[0].tolist() == x.tolist()
    assert lines[len(curves.chips)].getData()[1].tolist() == y[:, 0].tolist()
    curves.chips[0].click()
    assert len(curves.overlay._lines[curves.score]) == 2 * len(curves.chips) - 2
    panel.eyes_closed.emit()
    assert not curves.overlay.key.isVisible()
    assert curves.overlay._lines[curves.score] == []


def test_too_many_eyes_are_refused_in_words(app: App, qtbot: QtBot) -> None:
    for i in range(6):
        app.run_history.overlay.open(str(i), "x", app.run_history.rows[:1])
    assert any("At most 5 runs" in notice.message for notice in app.presenter.notices)
    qtbot.waitUntil(lambda: all(one.models for one in app.run_history.overlay.drawn))


def test_find_runs_goes_to_the_filter(app: App, qtbot: QtBot) -> None:
    app.window.activateWindow()
    app.window.show_dock("log")
    app.window.actions_["find_runs"].trigger()
    field = app.window.runs.bar.field
    qtbot.waitUntil(lambda: app.window.focusWidget() is field)
    qtbot.keyClicks(field, "seed:2")
    assert len(app.window.runs.model.list.shown) == 1


@pytest.mark.tabs("curves", "compare")
def test_a_pinned_run_comes_first_in_a_comparison(app: App, qtbot: QtBot) -> None:
    app.run_history.pin(app.run_history.rows[2:])
    app.runs_controller.compare(app.run_history.rows)
    assert app.run_history.chosen[0].run_id == "r2"
    qtbot.waitUntil(lambda: app.run_history.wait(0))
