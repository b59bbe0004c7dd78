"""What a task has for itself: the layers of its head, and its loss."""

from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from workbench.spec.experiment import Heads, Loss
from workbench.ui.composition import App
from workbench.ui.look.theme import LIGHT
from workbench.ui.panels.setup.sharing import SharingSection
from workbench.ui.panels.setup.task_overrides import TaskOverrides
from workbench.ui.panels.setup.task_row import TaskRow
from workbench.ui.widgets.editors import EnumEditor, NumberEditor, TextEditor

pytestmark = pytest.mark.tabs("curves")

D = "digits-attributes"


@pytest.fixture
def app(make_app: MakeApp) -> App:
    made = make_app()
    made.presenter.set_task(D, "parity", True)
    made.controller.settle()
    return made


def row(app: App, task: str) -> TaskRow:
    block = next(b for b in app.window.setup.tasks.blocks if b.entry.key == D)
    return block.rows[task]


def opened(app: App, task: str) -> TaskOverrides:
    part = row(app, task)
    part.more.setChecked(True)
    assert part.own is not None
    return part.own


def write(own: TaskOverrides, text: str) -> None:
    editor = own.form.editors["head"]
    assert isinstance(editor, TextEditor)
    editor.setText(text)
    editor.editingFinished.emit()


def heads(app: App) -> dict[str | None, tuple[int, ...] | None]:
    app.controller.settle()
    return {choice.task: choice.head for choice in app.presenter.spec.tasks}


def test_the_layers_of_one_tasks_head(app: App) -> None:
    own = opened(app, "parity")
    write(own, "64, 32")
    assert heads(app) == {"digit": None, "parity": (64, 32)}
    assert row(app, "parity").more.text() == "64, 32"
    write(own, "0")
    assert heads(app)["parity"] == ()
    write(own, "")
    assert heads(app)["parity"] is None
    app.presenter.undo()  # edits of one field in a row are undone as one
    assert heads(app)["parity"] is None
    assert row(app, "parity").more.text() == "…"


@pytest.mark.parametrize("text", ["wide", "64, -1", "64, 0", "99999999"])
def test_what_is_no_width_stops_run(app: App, text: str) -> None:
    own = opened(app, "digit")
    write(own, text)
    assert heads(app)["digit"] is None
    assert app.presenter.refused
    write(own, "8")
    assert not app.presenter.refused
    assert heads(app)["digit"] == (8,)


def test_the_loss_of_one_task_and_the_numbers_it_has(app: App) -> None:
    own = opened(app, "digit")
    kind, smoothing = own.form.editors["kind"], own.form.editors["smoothing"]
    assert isinstance(kind, EnumEditor)
    assert isinstance(smoothing, NumberEditor)
    assert smoothing.isHidden()
    kind.edited.emit("cross-entropy")
    app.controller.settle()
    assert not smoothing.isHidden()
    assert own.form.editors["gamma"].isHidden()
    smoothing.edited.emit(0.1)
    app.controller.settle()
    losses = {choice.task: choice.loss for choice in app.presenter.spec.tasks}
    assert losses == {"digit": Loss(kind="cross-entropy", smoothing=0.1), "parity": None}
    assert "cross-entropy" in row(app, "digit").more.text()


def test_the_layers_of_all_heads(app: App) -> None:
    form = cast("SharingSection", app.window.setup.choices["sharing"]).heads
    hidden = form.editors["hidden"]
    assert isinstance(hidden, TextEditor)
    assert form.editors["dropout"].isHidden()
    hidden.setText("16")
    hidden.editingFinished.emit()
    app.controller.settle()
    assert app.presenter.spec.heads == Heads(hidden=(16,))
    assert not form.editors["dropout"].isHidden()


def test_a_task_keeps_its_head_when_its_family_changes(app: App) -> None:
    write(opened(app, "digit"), "8")
    app.presenter.move_task(D, "digit", 1)
    app.presenter.set_weight(D, "digit", 2.0)
    assert heads(app) == {"parity": None, "digit": (8,)}


def test_named_tasks_of_a_family_that_varies_have_a_row_each(app: App) -> None:
    family = "digits-split"
    given = {"family": family}
    entries = [{**given, "task": f"{i}-{i + 1}", "head": [64 + i]} for i in (0, 2)]
    assert app.presenter.change({"tasks": entries})
    app.controller.settle()
    block = next(b for b in app.window.setup.tasks.blocks if b.entry.key == family)
    shown = {task: part for task, part in block.rows.items() if not part.isHidden()}
    assert [*shown] == ["0-1", "2-3"]
    assert [part.more.text() for part in shown.values()] == ["64", "66"]
    app.presenter.set_weight(family, "2-3", 3.0)
    app.presenter.set_own(family, "0-1", "head", (8,))
    weights = [(choice.head, choice.weight) for choice in app.presenter.spec.tasks]
    assert weights == [((8,), 1.0), ((66,), 3.0)]
    app.presenter.change({"tasks": [given]})
    app.controller.settle()
    assert [task for task, part in block.rows.items() if not part.isHidden()] == [None]


def test_the_metrics_of_one_task(app: App) -> None:
    own = opened(app, "parity")
    editor = own.form.editors["metrics"]
    assert isinstance(editor, TextEditor)
    editor.setText("roc-auc, macro-f1")
    editor.editingFinished.emit()
    app.controller.settle()
    chosen = {choice.task: choice.metrics for choice in app.presenter.spec.tasks}
    assert chosen == {"digit": None, "parity": ("roc-auc", "macro-f1")}
    assert row(app, "parity").more.text() == "roc-auc +1"
    editor.setText("")
    editor.editingFinished.emit()
    app.controller.settle()
    assert all(choice.metrics is None for choice in app.presenter.spec.tasks)


def test_a_row_that_is_made_while_a_run_goes_on_shows_the_weight_of_the_setup(
    qtbot: QtBot,
) -> None:
    row = TaskRow("digit", "Digit", False, LIGHT)
    qtbot.addWidget(row)
    row.show_task(2.0, True)
    assert row.weight.value() == 2.0
    row.weight.set_value(5.0)  # moved by the user, for this run
    row.show_task(2.0, True)
    assert row.weight.value() == 5.0
    row.show_task(2.0, False)
    assert row.weight.value() == 2.0
