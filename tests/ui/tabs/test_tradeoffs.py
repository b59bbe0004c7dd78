"""Trade-offs: experiments in the plane of two tasks, a sweep and a comparison in one click."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests import fakes
from tests.study.search import quick
from tests.ui.conftest import PATIENCE_MS, MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from workbench.cli.sweeps.found_runs import SweepRuns
from workbench.spec.event import Event
from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.score import Score
from workbench.store.index import Index
from workbench.study.search.driver import Driver
from workbench.study.search.folder import SweepFolder, all_sweeps
from workbench.study.spread import Spread, spread_of
from workbench.ui.composition import App
from workbench.ui.look.theme import DARK
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.tabs.tradeoffs.panel import TradeOffsPanel

pytestmark = pytest.mark.tabs("curves", "tradeoffs")

TWO = """
version: 1
name: Two
tasks:
  - {family: digits-attributes, task: digit}
  - {family: digits-attributes, task: parity}
"""


_SETUP = {"name": "Worse", "tasks": [{"family": "digits-attributes", "task": "digit"}]}


def scores(digit: float, parity: float) -> tuple[Score, ...]:
    return (
        Score("digit", "accuracy", digit, True, digit),
        Score("parity", "accuracy", parity, True, parity),
    )


class Sweeping(FakeRunner):
    """The more weight, the better; methods are good at both."""

    def __init__(self, history: FakeHistory) -> None:
        super().__init__(steps=20)
        self.history = history
        self.names: list[str] = []

    def run(self, spec: Spec, seed: int) -> Iterator[Event]:
        self.names.append(spec.name)
        yield from super().run(spec, seed)
        weights = [choice.weight for choice in spec.tasks]
        result = scores(0.5 + 0.2 * weights[0], 0.5 + 0.2 * weights[1])
        if spec.balancing.kind != "fixed":
            result = scores(0.8, 0.8)
        mark = fingerprint(spec)
        self.history.reached[mark, seed] = result
        row = FakeRow(f"{mark}-{seed}", spec.name, seed, fingerprint=mark, scores=result)
        self.history._rows.insert(0, row)


@pytest.fixture
def opened(make_app: MakeApp, tmp_path: Path) -> App:
    path = tmp_path / "two.yaml"
    path.write_text(TWO, encoding="utf-8")
    history = FakeHistory(
        [
            FakeRow("a", "Better", 0, path="/runs/a", fingerprint="f", scores=scores(0.85, 0.2)),
            FakeRow("b", "Better", 1, fingerprint="f", scores=scores(0.95, 0.4)),
            FakeRow("c", "Worse", 0, path="/runs/c", fingerprint="g", scores=scores(0.3, 0.3)),
            FakeRow("d", "Other tasks", 0, fingerprint="h", scores=(scores(0.1, 0.1)[0],)),
            FakeRow("e", "Stopped", 0, "stopped", fingerprint="i", scores=scores(1, 1)),
        ]
    )
    history.recorded["/runs/c"] = RunRecord("c", Spec.model_validate(_SETUP), 0, [])
    app = make_app(Sweeping(history), history, str(path))
    app.tab_area.show("tradeoffs")
    return app


def panel_of(app: App) -> TradeOffsPanel:
    panel = app.tab_area["tradeoffs"]
    assert isinstance(panel, TradeOffsPanel)
    return panel


def test_experiments_are_points_over_their_seeds(opened: App, qtbot: QtBot) -> None:
    panel = panel_of(opened)
    qtbot.waitUntil(lambda: len(panel.plot.points) == 2)
    better, worse = panel.plot.points
    assert (better.name, better.x, better.y, better.n_seeds) == (
        "Better",
        pytest.approx(0.9),
        pytest.approx(0.3),
        2,
    )
    assert (better.is_on_front, worse.is_on_front) == (True, False)
    head, rows = panel.plot.table()
    assert head[2:4] == ["digit (accuracy)", "parity (accuracy)"]
    assert len(rows) == 2
    panel.second.setCurrentIndex(0)
    panel.redraw()
    assert all(point.x == point.y for point in panel.plot.points)


def test_an_experiment_without_a_score_on_a_seed_is_no_point(opened: App, qtbot: QtBot) -> None:
    panel = panel_of(opened)
    qtbot.waitUntil(lambda: len(panel.plot.points) == 2)
    lost = (replace(scores(0.0, 0.9)[0], value=None), scores(0.0, 0.9)[1])
    rows = [replace(row, scores=lost) if row.run_id == "b" else row for row in panel._rows]
    panel._rows = rows
    panel.redraw()
    assert [point.name for point in panel.plot.points] == ["Worse"]
    assert "failed on a seed, and are no points: 1" in panel.note.text()


@pytest.fixture
def made_aside(
    opened: App, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[tuple[str, str]]]:
    """Processes that wait in place of those that make a sweep; who was started for which."""
    monkeypatch.setattr(fakes, "TASKS", ("digit", "parity"))
    monkeypatch.setattr(quick, "reached", lambda spec, _: 0.5 + 0.2 * spec.tasks[0].weight)
    started: list[tuple[str, str]] = []
    processes: list[subprocess.Popen[bytes]] = []

    def start(name: str, jobs: str) -> "subprocess.Popen[bytes]":
        started.append((name, jobs))
        code, pipe = "import sys; sys.stdin.buffer.read(); sys.exit(130)", subprocess.PIPE
        processes.append(subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stderr=pipe))
        return processes[-1]

    weights = panel_of(opened).weights
    assert weights is not None
    monkeypatch.setattr(weights.sweeps, "_launch", start)
    yield started
    for process in processes:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stderr):
            if stream is not None:
                stream.close()


class _Killed(quick.Runner):
    """Ends with its maker before it has made more than so many runs."""

    def __init__(self, n_runs: int) -> None:
        super().__init__()
        self.n_runs = n_runs

    def run(self, spec: Spec, seed: int, root: Path | None = None) -> Iterator[Event]:
        if len(self.specs) >= self.n_runs:
            raise KeyboardInterrupt
        yield from super().run(spec, seed, root)


def _make(app: App, folder: SweepFolder, n_runs: int = 99) -> quick.Runner:
    """As much of the sweep as comes before its maker ends; the history knows of it."""
    runner = _Killed(n_runs)
    driver = Driver(folder, folder.definition(), app.presenter.catalogue, SweepRuns(folder.name))
    with contextlib.suppress(KeyboardInterrupt):
        driver.make(fakes.Pool(runner, 1))
    return runner


def test_a_sweep_of_the_weights_is_any_sweep_and_goes_on_after_its_end(
    opened: App, qtbot: QtBot, made_aside: list[tuple[str, str]]
) -> None:
    panel = panel_of(opened)
    opened.presenter.adopt(opened.presenter.spec.model_copy(update={"seeds": (0, 1)}))
    panel.count.setValue(3)
    panel.sweep.click()
    qtbot.waitUntil(lambda: bool(made_aside))
    (folder,) = all_sweeps()
    assert made_aside == [(folder.name, "auto")]
    assert panel.sweep.text() == "Stop the sweep"
    first = _make(opened, folder, n_runs=3)
    qtbot.waitUntil(lambda: "weights: 3 of 6 runs" in panel.note.text())
    panel.sweep.click()
    qtbot.waitUntil(lambda: panel.sweep.text() == "Sweep weights", timeout=PATIENCE_MS)

    panel.sweep.click()  # as it is after a kill, too: the same setup, and as many points
    qtbot.waitUntil(lambda: len(made_aside) == 2)
    assert made_aside[1] == made_aside[0]
    second = _make(opened, folder)
    assert len(first.specs) + len(second.specs) == 6  # none twice
    assert isinstance(opened.session._runner, Sweeping)
    opened.session._runner.history._rows += Index.open().rows()
    qtbot.waitUntil(lambda: "weights: 6 of 6 runs" in panel.note.text())
    qtbot.waitUntil(lambda: sum(point.is_swept for point in panel.plot.points) == 3)
    swept = [point for point in panel.plot.points if point.is_swept]
    assert [point.label for point in swept] == ["0.33 : 1.67", "1.00 : 1.00", "1.67 : 0.33"]
    assert all(point.n_seeds == 2 for point in swept)
    assert "best weights by validation: 1.67 : 0.33" in panel.note.text()
    panel.set_theme(DARK)
    assert "1.67 : 0.33" in panel.plot.accessibleDescription()

    panel.sweep.click()
    qtbot.waitUntil(lambda: panel.sweep.text() == "Sweep weights", timeout=PATIENCE_MS)
    opened.presenter.adopt(opened.presenter.spec.model_copy(update={"seeds": (5,)}))
    qtbot.waitUntil(lambda: "weights:" not in panel.note.text())  # it is not of this setup


def test_methods_are_compared_with_it(opened: App, qtbot: QtBot) -> None:
    panel = panel_of(opened)
    assert panel.methods.keys == ["fixed", "pcgrad"]
    panel.methods._tick("fixed", False)
    panel.methods._go()
    qtbot.waitUntil(lambda: any(point.label == "PCGrad" for point in panel.plot.points))
    qtbot.waitUntil(lambda: not opened.session.is_active)
    runner = opened.session._runner
    assert isinstance(runner, Sweeping)
    assert runner.names == ["Two · pcgrad"]


def test_it_is_for_several_tasks(opened: App) -> None:
    panel, spec = panel_of(opened), opened.presenter.spec
    one = spec.model_copy(update={"tasks": spec.tasks[:1]})
    assert panel.applies(spec, opened.session.model)
    assert not panel.applies(one, type(opened.session.model)())


def test_a_point_has_a_cross_to_what_lies_around_it(opened: App, qtbot: QtBot) -> None:
    panel = panel_of(opened)
    qtbot.waitUntil(lambda: len(panel.plot.points) == 2)
    better, worse = panel.plot.points
    digit, parity = (
        spread_of(np.array(values), Spread.INTERVAL) for values in ([0.85, 0.95], [0.2, 0.4])
    )
    ends = [digit.low, digit.high, parity.low, parity.high]
    assert better.around == pytest.approx([float(end) for end in ends])
    assert np.isnan(worse.around).all()
    x, _ = panel.plot._whiskers.getData()  # both are named: there are few
    assert len(x) == 4
    assert "crosses: 95 % interval over the seeds" in panel.note.text()
    opened.window.band_menu.actions()[2].trigger()
    assert panel.plot.points[0].around == pytest.approx([0.85, 0.95, 0.2, 0.4])
    assert "crosses: lowest to highest" in panel.note.text()


def test_a_run_whose_eye_is_open_is_told_in_its_colour(opened: App, qtbot: QtBot) -> None:
    panel = panel_of(opened)
    qtbot.waitUntil(lambda: len(panel.plot.points) == 2)
    overlay = opened.run_history.overlay
    worse = next(row for row in opened.run_history.rows if row.name == "Worse")
    overlay.paint(worse.path, "The worse", [worse], 4)
    told = {point.name: (point.label, point.number) for point in panel.plot.points}
    assert told == {"Better": ("", None), "Worse": ("The worse", 4)}
    overlay.close_all()
    assert all(point.number is None for point in panel.plot.points)
    assert all(point.label == point.name for point in panel.plot.points), "few are all named"


def test_a_seed_that_is_picked_is_alone(opened: App, qtbot: QtBot) -> None:
    panel = panel_of(opened)
    qtbot.waitUntil(lambda: len(panel.plot.points) == 2)
    opened.session.group.picked = 1
    panel.redraw()
    (point,) = panel.plot.points
    assert (point.x, point.y, point.n_seeds) == (0.95, 0.4, 1)
    assert "seed 1 alone" in panel.note.text()
