"""The Tasks section: found, ticked, moved; used families first, the others by group."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.fakes import entries
from workbench.spec.experiment import TaskChoice
from workbench.ui.composition import App
from workbench.ui.model.presenter import Presenter
from workbench.ui.model.task_edits import with_family_moved, with_task, with_task_moved
from workbench.ui.panels.setup.tasks import TasksSection

pytestmark = pytest.mark.tabs("curves")


def choices(*names: str) -> list[TaskChoice]:
    return [TaskChoice(family=name.split("/")[0], task=name.split("/")[1]) for name in names]


def names(tasks: list[TaskChoice]) -> list[str]:
    return [f"{c.family}/{c.task}" for c in tasks]


D = "digits-attributes"


def test_a_task_moves_among_those_of_its_family_and_stops_at_the_ends():
    tasks = choices(f"{D}/digit", "other/x", f"{D}/parity", f"{D}/prime")
    moved = with_task_moved(tasks, entries(), D, "digit", 1)
    assert names(moved) == [f"{D}/parity", "other/x", f"{D}/digit", f"{D}/prime"]
    assert with_task_moved(tasks, entries(), D, "digit", -1) == tasks
    assert with_task_moved(tasks, entries(), D, "has-loop", 1) == tasks


def test_a_whole_family_is_written_out_when_one_of_its_tasks_moves():
    moved = with_task_moved([TaskChoice(family=D)], entries(), D, "parity", -1)
    assert names(moved)[:2] == [f"{D}/parity", f"{D}/digit"]
    assert len(moved) == 5


def test_a_family_moves_with_all_its_tasks():
    tasks = choices(f"{D}/digit", "other/x", f"{D}/parity")
    moved = with_family_moved(tasks, "other", -1)
    assert names(moved) == ["other/x", f"{D}/digit", f"{D}/parity"]


def test_a_task_that_is_ticked_leaves_the_order_of_the_others():
    tasks = choices(f"{D}/prime", f"{D}/digit")
    added = with_task(tasks, entries(), D, "has-loop", True)
    assert names(added) == [f"{D}/prime", f"{D}/digit", f"{D}/has-loop"]
    added = with_task(choices(f"{D}/digit", f"{D}/prime"), entries(), D, "parity", True)
    assert names(added) == [f"{D}/digit", f"{D}/parity", f"{D}/prime"]


def test_moves_in_a_row_are_undone_as_one():
    presenter = Presenter(entries())
    presenter.set_task(D, "parity", True)
    presenter.set_task(D, "prime", True)
    presenter.move_task(D, "prime", -1)
    presenter.move_task(D, "prime", -1)
    assert [c.task for c in presenter.spec.tasks] == ["prime", "digit", "parity"]
    presenter.undo()
    assert [c.task for c in presenter.spec.tasks] == ["digit", "parity", "prime"]
    presenter.redo()
    assert presenter.spec.tasks[0].task == "prime"


def section(app: App) -> TasksSection:
    app.presenter.set_task(D, "parity", True)
    app.presenter.set_task(D, "prime", True)
    app.controller.settle()
    return app.window.setup.tasks


def order(app: App) -> list[str | None]:
    app.presenter.end_edit()
    return [c.task for c in app.presenter.spec.tasks]


def test_alt_and_an_arrow_move_the_task_that_has_the_focus(app: App, qtbot: QtBot):
    part = section(app).blocks[0].rows["prime"]
    app.window.activateWindow()
    part.tick.setFocus()
    qtbot.waitUntil(part.tick.hasFocus)
    QTest.keyClick(part.tick, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert order(app) == ["digit", "prime", "parity"]
    app.controller.settle()
    QTest.keyClick(part.tick, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert order(app) == ["digit", "parity", "prime"]
    assert part.tick.hasFocus()


def test_a_task_is_dragged_by_its_grip(app: App, qtbot: QtBot):
    block = section(app).blocks[0]
    grip = block.rows["digit"].grip
    assert grip.isVisible()
    assert not block.rows["has-loop"].grip.isVisible()
    start = grip.rect().center()
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(grip, start + QPoint(0, 60))
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 60))
    assert order(app) == ["parity", "prime", "digit"]
    app.presenter.undo()
    assert order(app) == ["digit", "parity", "prime"]


def test_rows_stand_in_the_order_of_the_setup(app: App):
    block = section(app).blocks[0]
    app.presenter.move_task(D, "prime", -2)
    app.controller.settle()
    tops = {task: part.y() for task, part in block.rows.items()}
    qt_order = sorted(block.rows, key=lambda task: block._rows.indexOf(block.rows[task]))
    assert qt_order == ["prime", "digit", "parity", "at-least-five", "has-loop"]
    assert len(tops) == 5


def test_search_finds_families_by_the_names_of_their_tasks(app: App):
    panel = section(app)
    assert panel.count.text() == "3 chosen · 10 tasks in 2 families"
    assert [block.isVisible() for block in panel.blocks] == [True, False]
    panel.search.setText("4-5")
    assert [block.isVisible() for block in panel.blocks] == [True, True]
    assert not panel._none.isVisible()
    panel.search.setText("no such thing")
    assert [block.isVisible() for block in panel.blocks] == [True, False]
    assert panel._none.isVisible()
    panel.search.clear()
    assert [block.isVisible() for block in panel.blocks] == [True, False]


def test_the_pointer_on_a_task_shows_its_examples(app: App, qtbot: QtBot):
    part = section(app).blocks[0].rows["parity"]
    part.hovered.emit(True)
    qtbot.waitUntil(lambda: (entry := app.window.inspect.entry) is not None and entry.key == D)
    assert app.inspector.previews._task == "parity"
