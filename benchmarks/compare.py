"""Compare: how long the window's thread stalls while many runs are compared.

    QT_QPA_PLATFORM=offscreen python benchmarks/compare.py [--runs 200] [--seeds 5] [--at-most 100]

Records so many runs of five tasks in a home that is thrown away, `--seeds` of them an experiment,
opens the real window on it and has all of them compared. Printed are how late a 1 ms timer of the
window's thread came at worst while they were read and drawn, and then while another experiment was
made the baseline, other figures and pictures were chosen, and the records of one more run came in;
with what is asked for. With --at-most, the exit code is 1 where the window's thread was longer at
work without a break.
"""

import argparse
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox

    from workbench.ui.tabs.compare.panel import ComparePanel

sys.path.insert(0, str(Path(__file__).parents[1]))

ASKED_MS = 100
TASKS = ("0-1", "2-3", "4-5", "6-7", "8-9")
STEPS_A_STAGE, EVALUATIONS_A_STAGE = 400, 12
METHODS = ("none", "replay", "ewc", "si", "lwf", "der", "gem", "agem", "mas", "packnet")


def record(home: Path, n_runs: int, n_seeds: int) -> None:
    """Runs of five tasks learned one after the other, with the files that real ones have."""
    from workbench.spec import preset
    from workbench.spec.experiment import Choice
    from workbench.store import run
    from workbench.store.index import Index

    text = "{name: Many, tasks: [{family: digits-split, n_tasks: 5, scenario: task}]}"
    plain = preset.spec_of(preset.parse(text))
    for i in range(n_runs):
        number, seed = divmod(i, n_seeds)
        kind = METHODS[number % len(METHODS)]
        changes = {
            "name": f"Experiment {number}",
            "retention": Choice(kind=kind),
            "curriculum": Choice(kind="sequential"),
            "optimizer": plain.optimizer.model_copy(update={"lr": 0.001 * (1 + number)}),
            "seeds": (seed,),
        }
        folder = run.create(plain.model_copy(update=changes), seed, home / "runs")
        for _ in run.record(events(seed, number), folder, Index(home)):
            pass


def events(seed: int, number: int) -> Iterator[object]:
    """What such a run tells; experiments differ by a little."""
    from workbench.spec.event import (
        Began,
        Evaluated,
        Finished,
        StageBegan,
        StageFacts,
        StepsDone,
        TaskFacts,
    )

    roll = np.random.default_rng([seed, number])
    n = len(TASKS)
    facts = tuple(
        TaskFacts(
            t, "digits-split", "accuracy", True, 0.5, t, "Vector(64)", "Classes(2)", 90, 30, 30
        )
        for t in TASKS
    )
    stages = tuple(StageFacts(task, (task,), STEPS_A_STAGE) for task in TASKS)
    yield Began(0, seed, facts, stages, 9, 9)
    ones = np.ones(n, dtype=np.float32)
    yield Evaluated(0, -1, "test", ones / 2, ones, ends_stage=False)
    matrix: list[np.ndarray] = []
    step = 0
    for s in range(n):
        yield StageBegan(step, s)
        for _ in range(EVALUATIONS_A_STAGE):
            block = STEPS_A_STAGE // EVALUATIONS_A_STAGE
            step += block
            losses = roll.random((block, n), dtype=np.float32)
            yield StepsDone(step, losses, losses, losses[:, 0])
            scores = roll.normal(0.8 + 0.001 * number, 0.02, n).astype(np.float32)
            yield Evaluated(step, s, "val", scores, ones, ends_stage=False)
        row = roll.normal(0.8 + 0.001 * number, 0.02, n).astype(np.float32)
        matrix.append(row)
        yield Evaluated(step, s, "test", row, ones, ends_stage=True)
    scores = {task: {"accuracy": float(matrix[-1][t])} for t, task in enumerate(TASKS)}
    yield Finished(step, "done", np.stack(matrix), ones / 2, scores, {})


@dataclass
class Watch:
    """How late a 1 ms timer came, by what was going on, in milliseconds.

    `busy` is how much of the processor the window's thread itself took between two beats: on a
    machine that does other things too it is the one to go by.
    """

    late: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    busy: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    doing: str = "starting"
    last: tuple[float, float] = (0.0, 0.0)

    def beat(self) -> None:
        """The timer came."""
        now = perf_counter(), thread_time()
        late, busy = (1000 * (after - before) for after, before in zip(now, self.last, strict=True))
        self.late.setdefault(self.doing, []).append(max(late - 1, 0.0))
        self.busy.setdefault(self.doing, []).append(busy)
        self.last = now

    def begin(self, doing: str) -> None:
        """What is going on from now on."""
        self.doing = doing
        self.last = perf_counter(), thread_time()


def compared(home: Path) -> Watch:
    """Compare all runs of `home` in a window, and watch its thread."""
    from PySide6.QtCore import QSettings, QTimer
    from PySide6.QtWidgets import QApplication

    from tests.ui.fakes import FakeRunner, entries
    from workbench.ui.composition import App
    from workbench.ui.model.run_model import RunModel
    from workbench.ui.services.history_backend import StoredHistory
    from workbench.ui.tabs.compare.panel import ComparePanel

    application = QApplication(sys.argv[:1])
    settings = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
    app = App(application, FakeRunner(), entries(), None, settings, StoredHistory())
    app.start()
    app.window.resize(1280, 800)
    watch = Watch()
    timer = QTimer()
    timer.timeout.connect(watch.beat)

    def until(is_done: Callable[[], bool], quiet_s: float = 0.0) -> None:
        while not is_done():
            application.processEvents()
        end = perf_counter() + quiet_s
        while perf_counter() < end:
            application.processEvents()

    n_runs = len(list((home / "runs").iterdir()))
    until(lambda: app.is_ready and len(app.run_history.rows) == n_runs, 3.0)
    panel = app.tab_area["compare"]
    assert isinstance(panel, ComparePanel)
    watch.begin("reading and drawing")
    timer.start(1)
    began = perf_counter()
    app.window.runs.compare_wanted.emit(app.run_history.rows)
    until(lambda: panel.n_compared == n_runs)
    print(f"{n_runs} runs are read and drawn after {perf_counter() - began:.2f} s")
    until(lambda: True, 1.5)
    for doing, act in panel_acts(panel):
        watch.begin(doing)
        act()
        until(lambda: True, 1.0)
    watch.begin("records of one more run")
    spec = app.presenter.spec
    live = RunModel(77, spec)
    panel.set_models(live, [])
    for event in FakeRunner().run(spec, 77):
        live.feed(event)
        panel.refresh()
        application.processEvents()
    until(lambda: True, 0.5)
    timer.stop()
    app.shutdown.leave()
    until(lambda: not app.session.is_active)
    return watch


def panel_acts(panel: "ComparePanel") -> list[tuple[str, Callable[[], object]]]:
    """What a user does in the tab."""

    def choose(box: "QComboBox", at: int) -> Callable[[], object]:
        def act() -> None:
            box.setCurrentIndex(at)
            box.activated.emit(at)

        return act

    return [
        ("another baseline", choose(panel.base, 1)),
        ("another figure", choose(panel.figure, 5)),
        ("differences", lambda: panel.pictures.views.choose("differences")),
        ("ranks", lambda: panel.pictures.views.choose("ranks")),
        ("curves of another row", lambda: panel.table.selectRow(9)),
    ]


def main() -> None:
    """Print the stalls."""
    parser = argparse.ArgumentParser(description="Stalls of the window while runs are compared.")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--at-most", type=float, help="ms of the processor; else exit 1")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["WORKBENCH_HOME"] = name
        record(Path(name), options.runs, options.seeds)
        watch = compared(Path(name))
    print(f"load {os.getloadavg()[0]:.1f}; {options.seeds} seeds an experiment")
    for doing, late in watch.late.items():
        print(
            f"{doing:24} longest stall {max(late):6.0f} ms, 99th percentile "
            f"{np.percentile(late, 99):5.0f} ms; of the processor {max(watch.busy[doing]):5.0f} ms "
            f"(asked: at most {ASKED_MS} ms)"
        )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of the process at most {memory:.0f} MB")
    worst = max(max(busy) for busy in watch.busy.values())
    sys.stdout.flush()
    os._exit(int(options.at_most is not None and worst > options.at_most))


if __name__ == "__main__":
    main()
