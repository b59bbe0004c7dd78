"""What is typed and is no value stays where it was typed, and nothing runs with another."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeRunner
from tests.ui.specs import joint_spec
from workbench.spec.preset import load
from workbench.ui.composition import App
from workbench.ui.panels.setup.weight import WeightEditor
from workbench.ui.widgets.editors import NumberEditor, TextEditor
from workbench.ui.widgets.number_box import NumberBox

pytestmark = pytest.mark.tabs("curves")


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner()


@pytest.fixture
def app(make_app: MakeApp, runner: FakeRunner, qtbot: QtBot) -> App:
    """A window with a setup of two tasks and every form in it, in front of the others."""
    made = make_app(runner)
    made.presenter.adopt(joint_spec())
    made.presenter.choose("curriculum", "sequential")
    made.presenter.choose("retention", "ewc")
    made.presenter.set_part("optimizer", "schedule.kind", "step")
    made.presenter.set_part("budget", "match_parameters", "number")
    made.controller.settle()
    made.window.activateWindow()
    QTest.qWaitForWindowActive(made.window)
    return made


def inner(editor: QWidget) -> QLineEdit:
    """Where one types."""
    if isinstance(editor, WeightEditor):
        editor = editor.box
    result = editor if isinstance(editor, QLineEdit) else editor.findChild(QLineEdit)
    assert isinstance(result, QLineEdit)
    return result


def write(editor: QWidget, text: str) -> None:
    """Type a text in the place of what stands there; the focus stays."""
    field = inner(editor)
    box = editor.box if isinstance(editor, WeightEditor) else editor
    box.setFocus()
    (box if isinstance(box, NumberBox) else field).selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(box, text)


def cases(app: App) -> list[tuple[QWidget, str, str]]:
    """Every editor of the setup that may refuse, a text that it refuses, one that it takes."""
    result: list[tuple[QWidget, str, str]] = [(app.window.seeds, "0..x", "0..2")]
    for editor in app.window.setup.findChildren(QWidget):
        if not editor.isVisibleTo(app.window) or not editor.isEnabled():
            continue
        if isinstance(editor, WeightEditor):
            result.append((editor, "-1", "2"))
        elif isinstance(editor, NumberEditor):
            right = {"encoder.dropout": "0.5"}.get(editor.objectName(), "1")
            result.append((editor, "-", right))
        elif isinstance(editor, TextEditor) and "numbers" in editor.placeholderText():
            result.append((editor, "abc", "64, 32"))
    return result


def test_no_editor_replaces_what_it_refuses(app: App, runner: FakeRunner, qtbot: QtBot) -> None:
    names = set[str]()
    for editor, wrong, _ in cases(app):
        name = editor.objectName()
        names.add(name)
        write(editor, wrong)
        app.window.actions_["run"].trigger()
        app.controller.settle()
        assert not runner.runs, name
        assert [problem.field for problem in app.presenter.problems] == [name]
        assert wrong in inner(editor).text(), name
        app.window.setup.setFocus()
        rows = app.window.problems.rows
        assert len(rows) == 1
        assert wrong in app.presenter.problems[0].message
        next(b for b in rows[0].findChildren(QPushButton)).click()
        assert editor.hasFocus() or editor.isAncestorOf(app.window.focusWidget()), name
        app.presenter.accept_entry(name)
        app.controller.settle()
        assert wrong not in inner(editor).text(), name
    assert {"seeds", "encoder.hidden", "training.epochs", "retention.strength"} <= names
    assert {"optimizer.lr", "optimizer.schedule.every", "budget.parameters"} <= names
    assert "weight.digits-attributes.digit" in names


def test_no_run_begins_with_another_value_while_the_setup_is_out_of_sight(
    app: App, runner: FakeRunner
) -> None:
    app.window.docks["setup"].hide()
    write(app.window.seeds, "0,x")
    QTest.keyClick(app.window.seeds, Qt.Key.Key_F5)
    app.controller.settle()
    assert not runner.runs
    assert [problem.field for problem in app.presenter.problems] == ["seeds"]
    assert app.window.seeds.text() == "0,x"


def test_what_is_being_typed_is_saved(app: App, tmp_path: Path) -> None:
    app.presenter.save(tmp_path / "mine.yaml")
    for hides in (False, True):
        seeds = "3" if hides else "0..2"
        app.window.docks["setup"].setHidden(hides)
        write(app.window.seeds, seeds)
        app.window.actions_["save"].trigger()
        saved = load(tmp_path / "mine.yaml")
        assert saved == app.presenter.spec
        assert saved.seeds == ((3,) if hides else (0, 1, 2))


def test_a_value_in_its_place_lets_it_run(app: App, runner: FakeRunner, qtbot: QtBot) -> None:
    for editor, wrong, right in cases(app):
        write(editor, wrong)
        app.window.setup.setFocus()
        assert app.presenter.problems, editor.objectName()
        write(editor, right)
        app.window.setup.setFocus()
        app.controller.settle()
        assert not app.presenter.problems, editor.objectName()
        assert not editor.property("invalid")
    app.window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: not app.session.is_active)
    assert [seed for _, seed in runner.runs] == [0, 1, 2]
    assert runner.runs[0][0].encoder.settings["hidden"] == [64, 32]


def test_the_value_that_stood_there_may_be_typed_again(app: App) -> None:
    for editor, wrong, _ in cases(app):
        before = inner(editor).text()
        write(editor, wrong)
        app.window.setup.setFocus()
        box = editor.box if isinstance(editor, WeightEditor) else editor
        suffix = box.suffix() if isinstance(box, NumberBox) else ""
        write(editor, before.removesuffix(suffix))
        app.window.setup.setFocus()
        app.controller.settle()
        assert not app.presenter.problems, editor.objectName()
        assert inner(editor).text() == before


def test_what_was_refused_goes_with_the_setup_it_was_typed_into(app: App) -> None:
    presenter = app.presenter
    for forget in (
        presenter.undo,
        presenter.redo,
        lambda: presenter.adopt(joint_spec()),
        presenter.new,
    ):
        hidden = app.window.setup.findChild(TextEditor, "encoder.hidden")
        for editor in (app.window.seeds, hidden):
            write(editor, "many")
            app.window.setup.setFocus()
        app.controller.settle()
        assert [problem.field for problem in presenter.problems] == ["seeds", "encoder.hidden"]
        forget()
        app.controller.settle()
        assert not presenter.problems
        assert app.window.seeds.text() == "0"
        assert hidden.text() == "128, 128"


def test_what_is_being_typed_is_left_alone_by_what_happens_meanwhile(app: App) -> None:
    for editor, wrong, _ in cases(app):
        write(editor, wrong)
        text = inner(editor).text()
        app.presenter.notice("file", "something else")
        app.presenter.set_part("probes", "every", app.presenter.spec.probes.every + 1)
        app.controller.settle()
        if editor.objectName() != "probes.every":
            assert inner(editor).text() == text, editor.objectName()
        app.window.setup.setFocus()
        app.presenter.accept_entry(editor.objectName())
        app.controller.settle()


def test_a_setup_keeps_a_name(app: App, runner: FakeRunner) -> None:
    write(app.window.setup.name, "")
    app.window.actions_["run"].trigger()
    app.controller.settle()
    assert not runner.runs
    assert [problem.field for problem in app.presenter.problems] == ["name"]
    assert app.window.setup.name.text() == ""
    write(app.window.setup.name, "Another")
    app.window.setup.setFocus()
    app.controller.settle()
    assert not app.presenter.problems
    assert app.presenter.spec.name == "Another"
