"""Going on from a recorded run with other settings, and making it again exactly."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from tests.ui.specs import sequential_spec
from workbench.spec.event import Began
from workbench.spec.experiment import Choice, Intervention, Start, TrunkStart
from workbench.ui.composition import App
from workbench.ui.dialogs.go_on import GoOnDialog
from workbench.ui.panels.setup.training import ClearedLine
from workbench.ui.services.history_backend import RunRecord

pytestmark = pytest.mark.tabs("curves")

CHANGES = (Intervention(step=3, lr=0.1),)


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner()


@pytest.fixture
def history() -> FakeHistory:
    return FakeHistory([FakeRow("a", path="/runs/a", seed=3)])


@pytest.fixture
def app(make_app: MakeApp, qtbot: QtBot, runner: FakeRunner, history: FakeHistory) -> App:
    spec = sequential_spec().model_copy(update={"interventions": CHANGES, "seeds": (3, 4)})
    events = [
        replace(event, threads=2) if isinstance(event, Began) else event
        for event in FakeRunner().run(spec, 3)
    ]
    history.recorded["/runs/a"] = RunRecord("a", spec, 3, events)
    history.saved["/runs/a"] = [40, 80]
    made = make_app(runner, history)
    qtbot.waitUntil(lambda: len(made.run_history.rows) == 1)
    return made


def dialog_of(app: App, qtbot: QtBot) -> GoOnDialog:
    app.window.runs.go_on_wanted.emit(app.run_history.rows[0])
    qtbot.waitUntil(lambda: app.window.findChild(GoOnDialog) is not None)
    dialog = app.window.findChild(GoOnDialog)
    assert isinstance(dialog, GoOnDialog)
    return dialog


def press(dialog: GoOnDialog, text: str) -> None:
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == text)
    button.click()


def test_more_epochs_from_a_checkpoint_are_run_at_once(
    app: App, qtbot: QtBot, runner: FakeRunner
) -> None:
    dialog = dialog_of(app, qtbot)
    assert [dialog.step.itemText(i) for i in range(2)] == ["step 80 (the last)", "step 40"]
    dialog.step.setCurrentIndex(1)
    dialog.more.setValue(7)
    press(dialog, "Run")
    qtbot.waitUntil(lambda: bool(runner.runs) and not app.session.is_active)
    (spec, seed), *others = runner.runs
    assert (seed, others) == (3, [])
    assert spec.start == Start(run="a", step=40)
    assert spec.training.epochs == sequential_spec().training.epochs + 7
    assert spec.interventions == ()


def test_the_setup_can_be_changed_first(app: App, qtbot: QtBot, runner: FakeRunner) -> None:
    press(dialog_of(app, qtbot), "Change the setup first")
    assert app.presenter.spec.start == Start(run="a", step=80)
    assert runner.runs == []
    app.presenter.undo()
    assert app.presenter.spec.start is None


def test_a_run_without_a_checkpoint_says_so(app: App, qtbot: QtBot, history: FakeHistory) -> None:
    history.saved.clear()
    app.window.runs.go_on_wanted.emit(app.run_history.rows[0])
    qtbot.waitUntil(lambda: any("no checkpoint" in n.message for n in app.presenter.notices))
    assert app.window.findChild(GoOnDialog) is None


def test_a_run_is_made_again_as_it_was(app: App, qtbot: QtBot, runner: FakeRunner) -> None:
    app.window.runs.again_wanted.emit(app.run_history.rows[0])
    qtbot.waitUntil(lambda: bool(runner.runs) and not app.session.is_active)
    (spec, seed), *others = runner.runs
    assert (seed, others) == (3, [])
    assert spec.interventions == CHANGES
    assert spec.training.threads == 2
    assert spec.start is None


def test_the_setup_begins_with_the_trunk_of_a_run_until_that_is_undone(
    app: App, qtbot: QtBot, history: FakeHistory
) -> None:
    encoder = Choice(kind="mlp", hidden=[7])
    recorded = history.recorded["/runs/a"]
    with_encoder = recorded.spec.model_copy(update={"encoder": encoder})
    history.recorded["/runs/a"] = replace(recorded, spec=with_encoder)
    before = app.presenter.spec
    panel = app.window.runs
    menu = panel.menu_of(panel.model.list.lines[0], [app.run_history.rows[0]])
    trunk = next(m for m in menu.findChildren(QMenu) if "trunk" in m.title())
    trunk.actions()[-1].trigger()
    start = TrunkStart(trunk_of="a", step=80, freeze="all")
    qtbot.waitUntil(lambda: app.presenter.spec.start == start)
    assert app.presenter.spec.encoder == encoder
    assert app.presenter.spec.tasks == before.tasks
    app.controller.settle()
    lines = app.window.setup.training.findChildren(ClearedLine)
    said = [line.findChildren(QLabel)[0].text() for line in lines if not line.isHidden()]
    assert any("trunk of a, which is frozen" in text for text in said)
    app.presenter.undo()
    assert app.presenter.spec == before
