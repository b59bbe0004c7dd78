"""Sweep: trials as lines and points, made by a process of its own, the best as the setup."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests import fakes
from tests.study.search.quick import Runner, diverged, failed
from tests.ui.conftest import PATIENCE_MS, MakeApp
from workbench.cli.sweeps.found_runs import SweepRuns
from workbench.spec.experiment import Spec
from workbench.study.search.driver import Driver
from workbench.study.search.folder import SweepFolder, all_sweeps, create
from workbench.study.search.request import Request
from workbench.ui.composition import App
from workbench.ui.dialogs.sweep_dialog import SweepDialog
from workbench.ui.look.theme import DARK
from workbench.ui.tabs.sweep import parallel_plot
from workbench.ui.tabs.sweep.panel import SweepPanel

pytestmark = pytest.mark.tabs("curves", "sweep")

OVER = ("optimizer.lr=log:1e-4:1", "training.batch_size=int:8:64")


@pytest.fixture
def app(make_app: MakeApp, home: Path) -> App:
    return make_app()


@pytest.fixture
def tab(app: App) -> SweepPanel:
    tab = app.tab_area["sweep"]
    assert isinstance(tab, SweepPanel)
    return tab


def _made(app: App, n: int = 12, over: tuple[str, ...] = OVER, **more: Any) -> SweepFolder:
    """A sweep of the setup in the window, whose runs take no time."""
    spec, catalogue = app.presenter.spec, app.presenter.catalogue
    request = Request(over, "random", n, **more)
    draft = request.draft(spec, catalogue)
    tasks = [replace(fakes.facts(name), entry=0) for name in fakes.TASKS]
    definition = request.whole(draft, tasks, catalogue)
    return create(definition, "quick")


def _make(app: App, folder: SweepFolder, runner: Runner) -> None:
    definition, catalogue = folder.definition(), app.presenter.catalogue
    driver = Driver(folder, definition, catalogue, SweepRuns(folder.name))
    driver.make(fakes.Pool(runner, 1))


def _look(qtbot: QtBot, tab: SweepPanel, app: App, n: int) -> None:
    app.tab_area.show("sweep")
    qtbot.waitUntil(lambda: tab.sweeps is not None and len(tab.sweeps.state.trials) == n)


def test_without_a_sweep_it_says_what_one_is(app: App, tab: SweepPanel):
    app.tab_area.show("sweep")
    assert tab._stack.currentIndex() == 0
    assert tab.which.isHidden()
    assert tab.new.isEnabled()


def test_trials_are_lines_and_points_and_the_best_is_told(app: App, tab: SweepPanel, qtbot: QtBot):
    _make(app, _made(app), Runner(diverged))
    _look(qtbot, tab, app, 12)
    assert tab.sweeps is not None
    trials = tab.sweeps.state.trials
    done = [trial for trial in trials if trial.status == "done"]
    assert len(tab.slice._points.points()) == len(done)
    assert len(tab.slice._lost.points()) == 12 - len(done) > 0
    assert f"12 of 12 trials: {len(done)} done" in tab.note.text()
    assert set(tab.importance.shares) == {"optimizer.lr", "training.batch_size"}
    head, rows = tab.parallel.table
    assert head == ["trial", "optimizer.lr", "training.batch_size", "validation", "status"]
    assert len(rows) == 12
    tab.set_theme(DARK)
    assert not tab.grab().isNull()


def test_a_range_on_an_axis_leaves_the_trials_within(app: App, tab: SweepPanel, qtbot: QtBot):
    _make(app, _made(app), Runner())
    _look(qtbot, tab, app, 12)
    plot = tab.parallel
    inner = plot._inner(QRectF(plot.rect()))
    x = round(plot._x(inner, 2))
    top, middle = round(inner.top()), round(inner.center().y())
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=QPoint(x, top - 2))
    for y in (top + 20, middle):
        qtbot.mouseMove(plot, QPoint(x, y))
        _drag(plot, x, y)
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=QPoint(x, middle))
    within = plot.within
    assert 0 < len(within) < 12
    assert tab.sweeps is not None
    best = max(trial.results[0] or 0 for trial in tab.sweeps.state.trials)
    assert best in [trial.results[0] for trial in within]
    assert f"{len(within)} trials within the ranges" in tab.note.text()
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(x, middle))
    assert len(plot.within) == 12


def _drag(plot: parallel_plot.ParallelPlot, x: int, y: int) -> None:
    """A move with the button held, which the platform of tests does not make of mouseMove."""
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    where, left = QPointF(x, y), Qt.MouseButton.LeftButton
    kind = QEvent.Type.MouseMove
    none = Qt.KeyboardModifier.NoModifier
    plot.mouseMoveEvent(QMouseEvent(kind, where, where, left, left, none))


def test_a_click_on_a_line_opens_its_run_and_one_on_a_button_the_best_setup(
    app: App, tab: SweepPanel, qtbot: QtBot
):
    _make(app, _made(app), Runner())
    _look(qtbot, tab, app, 12)
    assert tab.sweeps is not None
    plot, trials = tab.parallel, tab.sweeps.state.trials
    best = max(trials, key=lambda trial: trial.results[0] or 0)
    inner = plot._inner(QRectF(plot.rect()))
    a, b, *_ = plot._line(inner, best)
    spot = QPoint(round((a.x() + b.x()) / 2), round((a.y() + b.y()) / 2))
    found = plot.trial_at(QPointF(spot))
    assert found is not None
    with qtbot.waitSignal(tab.run_wanted) as asked:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=spot)
    assert asked.args == [found.runs[0].path]
    name = app.presenter.spec.name
    qtbot.mouseClick(tab.adopt, Qt.MouseButton.LeftButton)
    assert app.presenter.spec.optimizer.lr == best.values["optimizer.lr"]
    assert app.presenter.spec.training.batch_size == best.values["training.batch_size"]
    assert app.presenter.spec.name == name
    app.presenter.undo()
    assert app.presenter.spec.optimizer.lr != best.values["optimizer.lr"]


@pytest.mark.parametrize("n", [1, 3])
def test_one_trial_and_none_that_came_to_its_end(app: App, tab: SweepPanel, qtbot: QtBot, n: int):
    _make(app, _made(app, n, OVER[:1]), Runner() if n == 1 else Runner(failed))
    _look(qtbot, tab, app, n)
    assert "nothing to weigh" in tab.importance.reason
    assert tab.adopt.isEnabled() == (n == 1)
    assert ("boom" in tab.note.text()) == (n == 3)
    assert not tab.grab().isNull()


def test_several_objectives_are_a_front(app: App, tab: SweepPanel, qtbot: QtBot):
    ways = (("validation:first", "min"), ("validation:second", "max"))
    _make(app, _made(app, 6, objectives=ways), Runner())
    _look(qtbot, tab, app, 6)
    assert "6 trials on the front" in tab.note.text()
    assert len(tab.parallel._scales) == 4


# The process that makes a sweep: one that waits until its standard input ends.
WAITS = "import sys; sys.stdin.buffer.read(); sys.exit(130)"
FAILS = "import sys; print('workbench: it is too late', file=sys.stderr); sys.exit(4)"


@pytest.fixture
def started(tab: SweepPanel) -> Iterator[list[tuple[str, str]]]:
    """What was started in place of the command line; it is told in `code` what to do."""
    calls: list[tuple[str, str]] = []
    made: list[subprocess.Popen[bytes]] = []

    def start(name: str, jobs: str) -> "subprocess.Popen[bytes]":
        calls.append((name, jobs))
        code = FAILS if jobs == "2" else WAITS
        pipe = subprocess.PIPE
        made.append(subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stderr=pipe))
        return made[-1]

    assert tab.sweeps is not None
    tab.sweeps._launch = start
    yield calls
    for process in made:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stderr):
            if stream is not None:
                stream.close()


def _menu(app: App, field: str) -> QMenu:
    setup = app.window.setup
    editor = setup.findChild(type(setup.training.optimizer.editors["lr"]), field)
    assert editor is not None
    pos = editor.mapTo(setup, editor.rect().center())
    where = setup.mapToGlobal(pos)
    setup._area.ensureWidgetVisible(editor)
    pos = editor.mapTo(setup, editor.rect().center())
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, pos, where)
    setup.contextMenuEvent(event)
    (menu,) = setup.findChildren(QMenu, "settingMenu")
    return menu


def test_a_setting_is_swept_from_its_own_menu(
    app: App, tab: SweepPanel, qtbot: QtBot, started: list[tuple[str, str]]
):
    menu = _menu(app, "optimizer.lr")
    (action,) = [a for a in menu.actions() if a.objectName() == "sweep"]
    assert len(menu.actions()) > 4  # and what the editor offers itself
    action.trigger()
    menu.close()
    (dialog,) = app.window.findChildren(SweepDialog)
    assert dialog.lines[0].over == "optimizer.lr=log:0.0001:0.01"
    dialog.lines[0].space.setText("log:1e-4:1000")
    assert not dialog.go.isEnabled()
    assert "optimizer.lr" in dialog.why.text()
    dialog.lines[0].space.setText("log:1e-4:0.1")
    dialog.trials.setValue(7)
    dialog.seeds.setText("0..1")
    dialog.add("balancing.kind")
    assert "fixed" in dialog.lines[1].space.text()
    dialog._remove(dialog.lines[1])
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(started))
    (folder,) = all_sweeps()
    assert started == [(folder.name, "auto")]
    definition = folder.definition()
    assert (definition.n_trials, definition.spec.seeds) == (7, (0, 1))
    assert app.tab_area.front == "sweep"
    assert tab.go.text() == "Stop"
    qtbot.mouseClick(tab.go, Qt.MouseButton.LeftButton)
    sweeps = tab.sweeps
    assert sweeps is not None
    qtbot.waitUntil(lambda: not sweeps.is_busy, timeout=PATIENCE_MS)
    assert tab.go.text() == "Go on"
    qtbot.mouseClick(tab.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(started) == 2)
    sweeps.stop()
    qtbot.waitUntil(lambda: not sweeps.is_busy, timeout=PATIENCE_MS)


def test_why_a_sweep_ended_is_said(
    app: App, tab: SweepPanel, qtbot: QtBot, started: list[tuple[str, str]]
):
    app.tab_area.show("sweep")
    tab.start(app.presenter.spec, Request(OVER[:1]), "2")
    qtbot.waitUntil(lambda: "it is too late" in tab.note.text(), timeout=PATIENCE_MS)
    assert started[0][1] == "2"


def test_what_cannot_be_swept_is_said(app: App, tab: SweepPanel, started: list[tuple[str, str]]):
    app.tab_area.show("sweep")
    tab.start(app.presenter.spec, Request(("optimizer.lr=log:1:1000",)), "1")
    assert "optimizer.lr" in tab.note.text()
    assert started == []


def test_the_tab_brings_no_optuna_into_the_window(tab: SweepPanel):
    code = (
        "import sys, workbench.ui.tabs.sweep.panel, workbench.ui.dialogs.sweep_dialog\n"
        "assert 'optuna' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_dialog_offers_what_there_is(app: App, qapp: QApplication):
    spec: Spec = app.presenter.spec
    dialog = SweepDialog(spec, app.presenter.catalogue, ["digit"], "", app.window)
    keys = [dialog.lines[0].key.itemData(i) for i in range(dialog.lines[0].key.count())]
    assert {"optimizer.lr", "training.batch_size", "balancing.kind", "tasks.0.weight"} <= set(keys)
    assert dialog.objective.findData("validation:digit") > 0
    assert dialog.objective.findData("forgetting") < 0  # one stage: there is no past
    dialog.second.setCurrentIndex(2)
    dialog.prunes.setChecked(True)
    assert "--prune" in dialog.why.text()
    dialog.close()
