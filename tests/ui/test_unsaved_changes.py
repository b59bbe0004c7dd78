"""Unsaved changes: saved, thrown away or kept on wherever another setup would take their place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeRunner
from tests.ui.specs import joint_spec
from workbench.spec.command import Stop
from workbench.spec.files import gallery
from workbench.spec.preset import load, save
from workbench.ui.composition import App
from workbench.ui.model.run_state import RunState

pytestmark = pytest.mark.tabs("curves")

Act = Callable[[App, Path], object]

WAYS: dict[str, Act] = {
    "close": lambda app, _: app.window.close(),
    "open": lambda app, other: app.window.gallery.chosen.emit(str(other)),
    "drop": lambda app, other: app.window.dropped.emit(str(other)),
    "new": lambda app, _: app.window.actions_["new"].trigger(),
}


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another preset."""
    path = tmp_path / "other.yaml"
    save(joint_spec().model_copy(update={"name": "Other"}), path)
    return path


def changed(make_app: MakeApp, path: Path, runner: FakeRunner | None = None) -> App:
    """A window with a setup of a file of its own, changed since."""
    app = make_app(runner or FakeRunner())
    app.presenter.adopt(joint_spec())
    app.presenter.save(path)
    app.presenter.choose("sharing", "separate")
    app.controller.settle()
    return app


def answer(app: App, words: str) -> None:
    """Press a button of the question."""
    box = app.window.findChild(QMessageBox, "unsavedBox")
    next(b for b in box.findChildren(QPushButton) if words in b.text()).click()


def is_elsewhere(app: App, way: str) -> bool:
    """Whether what was asked for was done."""
    if way == "close":
        return not app.window.isVisible()
    return app.presenter.spec.name == ("Untitled" if way == "new" else "Other")


@pytest.mark.parametrize("way", WAYS)
def test_cancel_keeps_them_and_save_writes_them_first(
    way: str, make_app: MakeApp, tmp_path: Path, other: Path
) -> None:
    mine = tmp_path / "mine.yaml"
    app = changed(make_app, mine)
    WAYS[way](app, other)
    answer(app, "Cancel")
    assert not is_elsewhere(app, way)
    assert app.presenter.spec.sharing.kind == "separate"
    QTest.qWait(0)  # the answered question goes
    WAYS[way](app, other)
    answer(app, "Save")
    assert is_elsewhere(app, way)
    assert load(mine).sharing.kind == "separate"


def test_discard_leaves_the_file_as_it_was(make_app: MakeApp, tmp_path: Path, other: Path) -> None:
    mine = tmp_path / "mine.yaml"
    app = changed(make_app, mine)
    WAYS["new"](app, other)
    answer(app, "Discard")
    assert is_elsewhere(app, "new")
    assert load(mine) == joint_spec()


def test_what_the_disk_refuses_is_kept(make_app: MakeApp, tmp_path: Path, other: Path) -> None:
    app = changed(make_app, tmp_path / "mine.yaml")
    app.presenter.path = tmp_path / "no such folder" / "mine.yaml"
    app.presenter.path.parent.write_text("a file")
    WAYS["open"](app, other)
    answer(app, "Save")
    assert not is_elsewhere(app, "open")
    assert "was not saved" in app.presenter.notices[0].message


def test_a_shipped_preset_is_saved_under_a_name_that_one_gives(
    make_app: MakeApp, tmp_path: Path, other: Path
) -> None:
    app = make_app(FakeRunner())
    shipped = Path(gallery()[0])
    before = shipped.read_text(encoding="utf-8")
    app.presenter.open(shipped)
    app.presenter.change({"name": "Mine"})
    WAYS["open"](app, other)
    answer(app, "Save")
    dialog = app.window.findChild(QFileDialog, "saveDialog")
    assert not is_elsewhere(app, "open")
    dialog.fileSelected.emit(str(tmp_path / "mine.yaml"))
    assert is_elsewhere(app, "open")
    assert load(tmp_path / "mine.yaml").name == "Mine"
    assert shipped.read_text(encoding="utf-8") == before


def test_what_is_being_typed_is_a_change(make_app: MakeApp, tmp_path: Path, other: Path) -> None:
    app = make_app(FakeRunner())
    app.presenter.adopt(joint_spec())
    app.presenter.save(tmp_path / "mine.yaml")
    app.controller.settle()
    app.window.activateWindow()
    QTest.qWaitForWindowActive(app.window)
    app.window.seeds.setFocus()
    app.window.seeds.selectAll()
    QTest.keyClicks(app.window.seeds, "4")
    QTest.keyClick(app.window.seeds, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    answer(app, "Save")
    assert load(tmp_path / "mine.yaml").seeds == (4,)


def test_closing_while_a_run_goes_on_asks_about_both(
    make_app: MakeApp, tmp_path: Path, qtbot: QtBot
) -> None:
    runner = FakeRunner(hold_at=20)
    app = changed(make_app, tmp_path / "mine.yaml", runner)
    app.controller.run()
    qtbot.waitUntil(lambda: app.presenter.state is RunState.RUNNING)
    app.window.close()
    box = app.window.findChild(QMessageBox, "closeBox")
    next(b for b in box.findChildren(QPushButton) if "Stop" in b.text()).click()
    assert Stop() not in runner.sent
    answer(app, "Save")
    qtbot.waitUntil(lambda: not app.window.isVisible())
    assert Stop() in runner.sent
    assert load(tmp_path / "mine.yaml").sharing.kind == "separate"
