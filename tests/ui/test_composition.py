"""The whole window, driven as a user would, with a made-up runner."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from tests.ui.specs import JOINT, SEQUENTIAL, sequential_spec
from workbench.spec.command import Pause, Resume, SetPace, SetRate, SetWeight, StepOnce, Stop
from workbench.spec.entry import Catalogue
from workbench.spec.event import DriftDetected
from workbench.ui import composition
from workbench.ui.composition import App
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.run_state import RunState
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.services.run_session import Job

# Most need no more of the centre; to make all tabs takes half of what a window takes.
pytestmark = pytest.mark.tabs("curves", "forgetting")
with_all_tabs = pytest.mark.tabs()


def preset(tmp_path: Path, text: str, name: str = "mine.yaml") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def click(app: App, qtbot: QtBot, name: str) -> None:
    qtbot.mouseClick(app.window.findChild(QToolButton, name), Qt.MouseButton.LeftButton)


def finish(app: App, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not app.session.is_active)
    app.controller.settle()


def press(box: QWidget, words: str) -> None:
    next(b for b in box.findChildren(QPushButton) if words in b.text()).click()


@with_all_tabs
def test_first_start_offers_the_shipped_presets(app: App, qtbot: QtBot) -> None:
    names = [card.text() for card in app.window.gallery.cards]
    assert "See forgetting" in names
    assert app.window.tab_area.currentWidget() is app.window.gallery


def test_a_card_loads_its_preset_and_run_draws_curves(app: App, qtbot: QtBot) -> None:
    card = next(c for c in app.window.gallery.cards if c.text() == "See forgetting")
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert app.presenter.spec.name == "See forgetting"
    assert app.window.tab_area.currentWidget() is app.window.centre
    click(app, qtbot, "runButton")
    finish(app, qtbot)
    curves = app.tab_area["curves"]
    assert len(curves.chips) == 5
    x, y = curves._smooth[0].getData()
    assert len(x) > 20
    assert np.isfinite(y).any()
    assert len(curves._score[0].getData()[0]) == 15
    assert "Loss at step 300" in curves.loss.accessibleDescription()
    assert "Done" in app.window.status.phase.text()


def test_two_joint_tasks_run(make_app: MakeApp, qtbot: QtBot, tmp_path: Path) -> None:
    app = make_app(preset=preset(tmp_path, JOINT))
    click(app, qtbot, "runButton")
    finish(app, qtbot)
    assert [chip.facts.name for chip in app.tab_area["curves"].chips] == ["digit", "parity"]


def test_the_matrix_shows_the_scores_and_the_figures(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    app = make_app(preset=preset(tmp_path, SEQUENTIAL))
    app.window.tabs.setCurrentIndex(1)
    click(app, qtbot, "runButton")
    finish(app, qtbot)
    _, rows = app.tab_area["forgetting"].heatmap.table
    assert np.array([row[1:] for row in rows]) == pytest.approx(app.session.model.matrix)
    acc = app.session.model.summary["acc"]
    card = app.tab_area["forgetting"].cards["acc"]
    assert card.accessibleDescription() == f"{acc:.3f}"


def test_several_seeds_give_mean_and_spread(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    app = make_app(preset=preset(tmp_path, SEQUENTIAL + "seeds: [0, 1, 2]\n"))
    app.window.tabs.setCurrentIndex(1)
    click(app, qtbot, "runButton")
    finish(app, qtbot)
    assert [model.seed for model in app.session.finished] == [0, 1, 2]
    _, rows = app.tab_area["forgetting"].heatmap.table
    mean = np.mean([model.matrix for model in app.session.finished], axis=0)
    assert np.array([row[1:] for row in rows]) == pytest.approx(mean)
    assert "±" in app.tab_area["forgetting"].cards["acc"].accessibleDescription()


def test_pause_step_resume_and_stop_reach_the_runner(make_app: MakeApp, qtbot: QtBot) -> None:
    runner = FakeRunner(hold_at=20)
    app = make_app(runner)
    click(app, qtbot, "runButton")
    qtbot.waitUntil(lambda: app.presenter.state is RunState.RUNNING)
    click(app, qtbot, "pauseButton")
    assert app.presenter.state is RunState.PAUSED
    click(app, qtbot, "stepButton")
    click(app, qtbot, "runButton")
    assert app.presenter.state is RunState.RUNNING
    click(app, qtbot, "stopButton")
    finish(app, qtbot)
    assert runner.sent == [Pause(), StepOnce(), Resume(), Stop()]
    assert app.session.model.ending == "stopped"


def test_only_weights_and_the_rate_are_open_while_it_runs(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    runner = FakeRunner(hold_at=20)
    app = make_app(runner, preset=preset(tmp_path, JOINT))
    click(app, qtbot, "runButton")
    qtbot.waitUntil(lambda: app.presenter.state is RunState.RUNNING)
    window = app.window
    assert not window.findChild(QComboBox, "sharing.kind").isEnabled()
    assert not window.findChild(QWidget, "training.epochs").isEnabled()
    weight = window.findChild(QWidget, "weight.digits-attributes.parity")
    rate = window.findChild(QWidget, "optimizer.lr")
    assert weight.isEnabled()
    assert rate.isEnabled()
    weight.box.setValue(2.5)
    rate.setValue(0.01)
    assert runner.sent == [SetWeight("parity", 2.5), SetRate(0.01)]
    assert app.presenter.spec.tasks[1].weight == 1.0
    runner.let_go()
    finish(app, qtbot)
    assert len(app.session.model.changes) == 2
    assert weight.value() == 1.0
    press(window.bar, "Keep")
    assert [(c.task, c.weight, c.lr) for c in app.presenter.spec.interventions] == [
        ("parity", 2.5, None),
        (None, None, 0.01),
    ]


@with_all_tabs
def test_every_action_is_heard_by_whoever_does_it(app: App) -> None:
    actions = app.window.actions_.by_name
    assert len(actions) > 25
    unheard = [name for name, act in actions.items() if not act.receivers("2triggered(bool)")]
    assert unheard == []
    source = Path(composition.__file__).read_text(encoding="utf-8")
    assert source.count(".connect(") == 1  # the application's own signal


def test_a_live_weight_reaches_every_entry_of_its_task(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    entry = "{family: digits-split, n_tasks: 2, scenario: %s}"
    tasks = ", ".join(entry % kind for kind in ("class", "domain", "task"))
    runner = FakeRunner(hold_at=20)
    app = make_app(runner, preset=preset(tmp_path, f"version: 1\nname: Three\ntasks: [{tasks}]\n"))
    click(app, qtbot, "runButton")
    qtbot.waitUntil(lambda: app.presenter.state is RunState.RUNNING)
    assert len({*app.session.model.colours}) == 6
    app.window.setup.live_weight.emit("digits-split", "5-9", 2.5)
    names = ["5-9", "digits-split/5-9", "digits-split/5-9 (2)"]
    assert runner.sent == [SetWeight(name, 2.5) for name in names]
    runner.let_go()
    finish(app, qtbot)


def test_what_was_closed_by_a_run_can_be_reset_after_it(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    app = make_app(FakeRunner(), preset=preset(tmp_path, JOINT + "training: {epochs: 3}\n"))
    training = app.window.setup.training.training
    reset = next(b for b in training.findChildren(QToolButton) if "Epochs" in b.accessibleName())
    assert reset.isVisibleTo(training)
    click(app, qtbot, "runButton")
    assert not reset.isVisibleTo(training)
    finish(app, qtbot)
    assert reset.isVisibleTo(training)


@with_all_tabs
def test_setup_and_plots_have_room_beside_each_other_in_a_small_window(
    make_app: MakeApp, tmp_path: Path
) -> None:
    window = make_app(preset=preset(tmp_path, JOINT)).window
    area = window.setup.findChild(QScrollArea)
    assert window.setup.minimumSizeHint().width() > area.widget().minimumSizeHint().width()
    assert window.centralWidget().minimumSizeHint().width() < 600


def test_methods_that_do_not_fit_are_grey_with_the_reason(app: App) -> None:
    combo = app.window.findChild(QComboBox, "retention.kind")
    model = combo.model()
    assert isinstance(model, QStandardItemModel)
    item = model.item(combo.findText("EWC"))
    assert not item.isEnabled()
    assert "stages" in item.toolTip()
    app.presenter.choose("curriculum", "sequential")
    app.controller.settle()
    assert model.item(combo.findText("EWC")).isEnabled()


def test_a_problem_keeps_it_from_running_and_its_button_goes_there(app: App, qtbot: QtBot) -> None:
    app.presenter.choose("retention", "replay")
    app.controller.settle()
    click(app, qtbot, "runButton")
    assert not app.session.is_active
    row = app.window.problems.rows[0]
    assert "Problems (1)" in app.window.docks["problems"].windowTitle()
    press(row, "Go there")
    assert app.window.findChild(QComboBox, "retention.kind").isEnabled()


def test_choosing_a_method_explains_it(app: App) -> None:
    combo = app.window.findChild(QComboBox, "balancing.kind")
    combo.activated.emit(combo.findText("PCGrad"))
    entry = app.window.inspect.entry
    assert entry is not None
    assert entry.key == "pcgrad"
    assert app.presenter.spec.balancing.kind == "pcgrad"


@pytest.mark.parametrize(("ending", "words"), [("failed", "killed"), ("diverged", "loss is nan")])
def test_a_run_that_breaks_is_a_problem_and_its_curves_stay(
    make_app: MakeApp, qtbot: QtBot, ending: str, words: str
) -> None:
    app = make_app(FakeRunner(ending=ending))
    click(app, qtbot, "runButton")
    finish(app, qtbot)
    assert words in app.presenter.notices[0].message
    assert words in app.window.status.phase.text()
    assert app.session.model.steps.losses.shape[0] >= 30
    assert len(app.tab_area["curves"]._smooth[0].getData()[0]) >= 30


def test_a_drift_that_was_detected_is_told_in_the_log(app: App) -> None:
    app.session.event_seen.emit(DriftDetected(1200, "stretch-3", "page-hinkley"))
    line = app.window.log.text.toPlainText().splitlines()[-1]
    assert line.endswith("Page–Hinkley found a drift at step 1,200, in stretch-3")


def test_a_runner_that_raises_is_a_problem_too(
    make_app: MakeApp, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = FakeRunner()

    def broken(*_: object) -> object:
        raise RuntimeError("no pipe")

    monkeypatch.setattr(runner, "run", broken)
    app = make_app(runner)
    click(app, qtbot, "runButton")
    finish(app, qtbot)
    assert "no pipe" in app.presenter.notices[0].message


def test_title_marks_unsaved_changes(app: App, tmp_path: Path) -> None:
    app.presenter.choose("sharing", "separate")
    app.controller.settle()
    assert app.window.isWindowModified()
    app.presenter.save(tmp_path / "x.yaml")
    app.controller.settle()
    assert not app.window.isWindowModified()
    assert "x.yaml" in app.window.windowTitle()
    assert app.window.status.command.text().startswith("workbench run ")


def test_opening_asks_before_changes_are_lost(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    path = preset(tmp_path, JOINT)
    app.presenter.choose("sharing", "separate")
    app.files.open_path(path)
    box = app.window.findChild(QMessageBox, "unsavedBox")
    assert app.presenter.spec.name == "Untitled"
    press(box, "Discard")
    assert app.presenter.spec.name == "Two tasks that fight"


def test_a_file_dropped_on_the_window_is_opened(app: App, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(preset(tmp_path, JOINT))])
    app.window.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert app.presenter.spec.name == "Two tasks that fight"


def test_closing_during_a_run_asks_then_stops(make_app: MakeApp, qtbot: QtBot) -> None:
    runner = FakeRunner(hold_at=20)
    app = make_app(runner)
    click(app, qtbot, "runButton")
    qtbot.waitUntil(lambda: app.presenter.state is RunState.RUNNING)
    app.window.close()
    box = app.window.findChild(QMessageBox, "closeBox")
    assert app.window.isVisible()
    press(box, "Stop and close")
    qtbot.waitUntil(lambda: not app.window.isVisible())
    assert Stop() in runner.sent
    assert runner.n_closed == 1
    assert app.session.model.ending == "stopped"


def test_the_catalogue_may_come_later(make_app: MakeApp, qtbot: QtBot) -> None:
    app = make_app(has_catalogue=False)
    app.controller.settle()
    assert app.window.findChild(QComboBox, "sharing.kind").count() == 2
    assert app.window.actions_["run"].isEnabled()


def press_key(app: App, qtbot: QtBot, key: Qt.Key) -> None:
    """Shortcuts are those of the window that is in front."""
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    qtbot.keyClick(app.window, key)


def test_a_run_asked_for_too_early_starts_when_the_window_is_ready(
    make_app: MakeApp, qtbot: QtBot
) -> None:
    runner = FakeRunner()
    known = runner.catalogue()
    may_answer = threading.Event()

    def catalogue() -> Catalogue:
        may_answer.wait(10)
        return known

    runner.catalogue = catalogue  # type: ignore[method-assign]
    app = make_app(runner, has_catalogue=False, waits_for_catalogue=False)
    press_key(app, qtbot, Qt.Key.Key_F5)
    assert runner.runs == []
    assert app.window.status.phase.text() == "Getting ready; then it runs"
    may_answer.set()
    qtbot.waitUntil(lambda: len(runner.runs) == 1 and not app.session.is_active)


def test_one_key_pauses_and_goes_on(make_app: MakeApp, qtbot: QtBot) -> None:
    runner = FakeRunner(hold_at=30)
    app = make_app(runner)
    app.controller.run()
    qtbot.waitUntil(lambda: app.presenter.state is RunState.RUNNING)
    press_key(app, qtbot, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: app.presenter.state is RunState.PAUSED)
    press_key(app, qtbot, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: app.presenter.state is RunState.RUNNING)
    app.session.stop()
    qtbot.waitUntil(lambda: not app.session.is_active)


def test_double_click_on_a_run_shows_its_curves(make_app: MakeApp, qtbot: QtBot) -> None:
    events = list(FakeRunner().run(sequential_spec(), 3))
    history = FakeHistory([FakeRow("a", path="/runs/a", seed=3)])
    history.recorded["/runs/a"] = RunRecord("a", sequential_spec(), 3, events)
    app = make_app(history=history)
    qtbot.waitUntil(lambda: app.window.runs.table.model().rowCount() == 1)
    app.window.runs.opened.emit(history.rows()[0])
    qtbot.waitUntil(lambda: app.session.model.seed == 3)
    assert len(app.tab_area["curves"].chips) == 5
    assert app.presenter.spec.name == "Untitled"
    app.runs_controller.load_setup(history.rows()[0])
    qtbot.waitUntil(lambda: app.presenter.spec == sequential_spec())
    app.runs_controller.star(history.rows()[0], True)
    qtbot.waitUntil(lambda: history.rows()[0].starred)


def test_an_interrupted_run_is_offered_and_resumed(make_app: MakeApp, qtbot: QtBot) -> None:
    runner = FakeRunner()
    events = list(runner.run(sequential_spec(), 0))[:9]
    history = FakeHistory([FakeRow("a", path="/runs/a", status="interrupted")])
    history.recorded["/runs/a"] = RunRecord("a", sequential_spec(), 0, events)
    app = make_app(runner, history)
    qtbot.waitUntil(app.window.bar.isVisible)
    press(app.window.bar, "Resume")
    qtbot.waitUntil(lambda: runner.resumed == [Path("/runs/a")])
    finish(app, qtbot)
    assert app.session.model.ending == "done"


@with_all_tabs
def test_every_control_has_a_name(app: App) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QLineEdit, QSlider

    nameless = [
        f"{type(part).__name__} {part.objectName()}"
        for kind in (QAbstractButton, QAbstractSpinBox, QLineEdit, QSlider, QComboBox)
        for part in app.window.findChildren(kind)
        if not part.accessibleName()
        and not getattr(part, "text", str)()
        and not part.objectName().startswith(("qt_", "Scroll", "_q"))
    ]
    assert nameless == []


@with_all_tabs
def test_both_looks_can_be_put_on_while_curves_are_there(app: App, qtbot: QtBot) -> None:
    click(app, qtbot, "runButton")
    finish(app, qtbot)
    for name in ("theme_dark", "theme_light"):
        app.window.actions_[name].trigger()
        assert app.window.look.theme.name == name.removeprefix("theme_")


def test_inspect_follows_a_choice_that_is_taken_back(app: App):
    app.presenter.choose("balancing", "pcgrad")
    app.controller.settle()
    app.inspector.explain(app.presenter.catalogue["balancing", "pcgrad"])
    app.presenter.undo()
    app.controller.settle()
    shown = app.window.inspect.entry
    assert shown is not None
    assert (shown.role, shown.key) == ("balancing", "fixed")


def test_the_palette_finds_methods(app: App, qtbot: QtBot) -> None:
    from workbench.ui.shell.command_palette import CommandPalette

    palette = CommandPalette(app.commands.items(), app.window)
    qtbot.addWidget(palette)
    palette.field.setText("zzz")
    assert palette.list.item(0).text() == "Nothing is called that"
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.list.count() == 1
    palette.field.setText("pcgr")
    assert palette.list.item(0).text() == "Balancing: PCGrad"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert app.presenter.spec.balancing.kind == "pcgrad"


@pytest.mark.parametrize("kind", ["svg", "png", "csv"])
def test_plots_and_matrix_are_saved(app: App, qtbot: QtBot, tmp_path: Path, kind: str) -> None:
    click(app, qtbot, "runButton")
    finish(app, qtbot)
    plot, heatmap = app.tab_area["curves"].loss, app.tab_area["forgetting"].heatmap
    app.window.tabs.setCurrentIndex(1)
    for i, write in enumerate((plot._write, heatmap.write)):
        path = tmp_path / f"{i}.{kind}"
        write(path)
        start = path.read_bytes()[:300]
        assert {"svg": b"<svg" in start, "png": start[1:4] == b"PNG", "csv": b"digit" in start}[
            kind
        ]


@with_all_tabs
def test_the_training_process_is_started_once_the_window_is_complete(make_app: MakeApp) -> None:
    runner = FakeRunner()
    app = make_app(runner)
    assert app.window.tabs.count() >= 2
    app.startup._preparations.wait(5000)
    assert runner.n_warmed == 1


@with_all_tabs
def test_a_run_that_is_quicker_than_the_plots_is_shown_when_they_come(
    make_app: MakeApp, qtbot: QtBot
) -> None:
    app = make_app()
    click(app, qtbot, "runButton")
    finish(app, qtbot)
    curves = app.tab_area["curves"]
    curves.set_models(RunModel())
    curves.join(curves.context)
    assert len(curves._smooth[0].getData()[0]) > 20


def test_a_task_has_one_colour_in_setup_curves_and_matrix(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    text = JOINT.replace("parity", "at-least-five").replace("task: digit,", "task: parity,")
    app = make_app(preset=preset(tmp_path, text.replace("at-least-five", "digit")))
    click(app, qtbot, "runButton")
    finish(app, qtbot)
    block = app.window.setup.tasks.blocks[0]
    in_setup = {name: row.swatch.number for name, row in block.rows.items() if row.swatch}
    chips = app.tab_area["curves"].chips
    assert [chip.facts.name for chip in chips] == ["parity", "digit"]
    assert [chip.number for chip in chips] == [in_setup["parity"], in_setup["digit"]] == [1, 0]
    app.window.tabs.setCurrentIndex(1)
    assert app.tab_area["forgetting"].heatmap.cells.colours == (1, 0)


def test_the_pace_is_kept_and_asked_for_as_each_run_begins(
    make_app: MakeApp, qtbot: QtBot, tmp_path: Path
) -> None:
    app = make_app()
    assert app.window.pace.currentText() == "Full speed"
    app.window.pace.setCurrentIndex(3)
    app.window.pace.activated.emit(3)
    runner = FakeRunner(hold_at=20)
    later = make_app(runner, preset=preset(tmp_path, JOINT + "seeds: [0, 1]\n"))
    assert later.window.pace.currentText() == "100 steps/s"
    click(later, qtbot, "runButton")
    qtbot.waitUntil(lambda: later.presenter.state is RunState.RUNNING)
    later.window.pace.setCurrentIndex(0)
    later.window.pace.activated.emit(0)
    runner.let_go()
    finish(later, qtbot)
    assert runner.sent == [SetPace(100), SetPace(None)]


def test_families_that_are_not_used_are_out_of_the_way_until_asked_for(app: App) -> None:
    section = app.window.setup.tasks
    assert [block.isHidden() for block in section.blocks] == [False, True]
    section._others.click()
    assert not any(block.isHidden() for block in section.blocks)
    section.blocks[1]._head.click()
    section._others.click()
    assert not any(block.isHidden() for block in section.blocks)


@with_all_tabs
def test_tabs_have_their_place_a_shortcut_and_a_line_in_the_menu(app: App) -> None:
    titles = [app.window.tabs.tabText(i) for i in range(app.window.tabs.count())]
    assert titles[:3] == ["Curves", "Forgetting", "Interference"]
    action = app.window.actions_["show_forgetting"]
    assert action.shortcut().toString() == "Ctrl+2"
    action.trigger()
    assert app.tab_area.front == "forgetting"
    assert app.window.tab_area.currentWidget() is app.window.centre


@with_all_tabs
def test_a_tab_with_nothing_to_show_is_known(
    app: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = app.tab_area["interference"]
    monkeypatch.setattr(
        tab, "applies", lambda spec, model: spec.curriculum.kind == "joint", raising=False
    )
    app.presenter.choose("curriculum", "sequential")
    qtbot.waitUntil(lambda: not app.tab_area.has_content("interference"))
    app.presenter.choose("curriculum", "joint")
    qtbot.waitUntil(lambda: app.tab_area.has_content("interference"))


def test_jobs_of_several_setups_are_one_launch(make_app: MakeApp, qtbot: QtBot) -> None:
    runner = FakeRunner()
    app = make_app(runner)
    first = app.presenter.spec
    second = first.model_copy(update={"name": "Another"})
    jobs = [Job(first, 0), Job(first, 1), Job(second, 0, "the other")]
    places: list[tuple[int, int]] = []
    labels: list[str] = []

    def note(model: RunModel) -> None:
        places.append(app.session.place)
        assert app.session.job is not None
        labels.append(app.session.job.label)

    app.session.seed_ended.connect(note)
    app.session.start_jobs(jobs)
    qtbot.waitUntil(lambda: not app.session.is_active)
    assert runner.runs == [(job.spec, job.seed) for job in jobs]
    assert places == [(1, 3), (2, 3), (3, 3)]
    assert labels == ["", "", "the other"]
    assert [model.spec for model in app.session.finished] == [second]
