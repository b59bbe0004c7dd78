"""File ▸ Export: the runs that are chosen are written, and it is said where."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.publish.made import made
from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow
from workbench.ui.composition import App
from workbench.ui.dialogs.export_dialog import ExportDialog
from workbench.ui.shell import exports

pytestmark = pytest.mark.tabs("curves")


def app_with(make_app: MakeApp, qtbot: QtBot, folders: list[Path]) -> App:
    """A window in whose table these runs are, all of them chosen."""
    rows = [FakeRow(path.name, path=str(path), seed=i) for i, path in enumerate(folders)]
    app = make_app(history=FakeHistory(rows))
    qtbot.waitUntil(lambda: len(app.run_history.rows) == len(folders))
    qtbot.waitUntil(lambda: app.window.actions_["export"].isEnabled())
    return app


def opened(app: App, rows: int) -> ExportDialog:
    app.window.runs.table.selectAll()
    app.window.actions_["export"].trigger()
    dialog = app.window.findChild(ExportDialog)
    assert dialog is not None
    assert len(app.window.runs.all_selected) == rows
    return dialog


def test_chosen_runs_are_written_and_the_place_is_said(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    folders = [made(tmp_path / "runs", seed) for seed in range(2)]
    app = app_with(make_app, qtbot, folders)
    dialog = opened(app, 2)
    assert dialog.chosen == ["html"]
    dialog.boxes["csv"].setChecked(True)
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.write.click()
    assert dialog.is_busy
    assert not dialog.write.isEnabled()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=30_000)
    assert str(tmp_path / "out") in dialog.state.text()
    assert dialog.open_folder.isVisible()
    assert (tmp_path / "out" / "csv" / "steps.csv").exists()
    assert (tmp_path / "out" / "Fake.html").exists()
    dialog.leave.click()
    qtbot.waitUntil(lambda: app.window.findChild(ExportDialog) is None)
    assert opened(app, 2).folder.text() == str(tmp_path / "out")  # it is remembered


def test_without_a_form_or_a_folder_nothing_can_be_written(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = opened(app_with(make_app, qtbot, [made(tmp_path)]), 1)
    dialog.boxes["html"].setChecked(False)
    assert not dialog.write.isEnabled()
    dialog.boxes["zip"].setChecked(True)
    assert dialog.write.isEnabled()
    dialog.folder.setText("  ")
    assert not dialog.write.isEnabled()


def test_what_goes_wrong_is_said_in_the_dialog(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = opened(app_with(make_app, qtbot, [made(tmp_path / "runs")]), 1)
    (tmp_path / "file").write_text("")
    dialog.folder.setText(str(tmp_path / "file"))
    dialog.write.click()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=30_000)
    assert str(tmp_path / "file") in dialog.state.text()
    assert not dialog.open_folder.isVisible()
    assert dialog.write.isEnabled()


def test_stop_ends_it_and_leaves_nothing_half_written(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    app = app_with(make_app, qtbot, [made(tmp_path / "runs")])
    dialog = opened(app, 1)
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.write.click()
    dialog.leave.click()  # it says Stop now
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=30_000)
    left = [path.name for path in (tmp_path / "out").iterdir()]
    assert left in ([], ["Fake.html"])
    assert not [name for name in left if name.startswith(".export")]


def test_without_a_run_it_is_said_what_to_do(make_app: MakeApp, qtbot: QtBot) -> None:
    app = app_with(make_app, qtbot, [])
    app.window.actions_["export"].trigger()
    assert app.window.findChild(ExportDialog) is None
    assert any("Choose the runs" in notice.message for notice in app.presenter.notices)


def test_a_window_that_is_closed_meanwhile_waits_for_what_is_written(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    app = app_with(make_app, qtbot, [made(tmp_path / "runs")])
    dialog = opened(app, 1)
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.write.click()
    assert app.exports.wait(30_000)
    assert isinstance(app.exports, exports.Exports)
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=30_000)
