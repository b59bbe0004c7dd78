"""A run of a million steps: how long it takes to open, and how many frames a second it pans at.

    QT_QPA_PLATFORM=offscreen python benchmarks/long_run.py [--steps 1000000] [--tasks 5]

Records a run with the recorder's own files, in blocks of 256 steps as a run tells them, in a folder
that is thrown away. Then, in a process of its own, it reads it as the window does, shows its curves
and pans and zooms in them. Asked and measured stand side by side.
"""

import argparse
import importlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from workbench.spec import preset
from workbench.spec.event import Began, Evaluated, Event, Finished, StageFacts, StepsDone, TaskFacts
from workbench.store import run
from workbench.store.index import Index

#: What is asked: seconds until it is drawn, and frames a second while it is panned.
ASKED_OPEN, ASKED_FRAMES = 1.0, 30

BLOCK, N_EVALUATIONS, N_FRAMES = 256, 200, 60


def facts(name: str) -> TaskFacts:
    """A classification task called `name`."""
    return TaskFacts(
        name, "digits", "accuracy", True, 0.5, name, "Vector(64)", "Classes(2)", 9, 9, 9
    )


def told(n_steps: int, n_tasks: int) -> Iterator[Event]:
    """What a run of so many steps and tasks tells."""
    chance = np.random.default_rng(0)
    names = tuple(f"task {i}" for i in range(n_tasks))
    yield Began(0, 0, tuple(map(facts, names)), (StageFacts("all", names, n_steps),), 9, 9)
    every = max(n_steps // N_EVALUATIONS, BLOCK) // BLOCK * BLOCK
    weights = np.ones((BLOCK, n_tasks), dtype=np.float32)
    rates = np.full(BLOCK, 0.001, dtype=np.float32)
    scores = np.full(n_tasks, 0.5, dtype=np.float32)
    for step in range(BLOCK, n_steps + 1, BLOCK):
        losses = 2 * np.exp(-3 * step / n_steps) + 0.1 * chance.random((BLOCK, n_tasks))
        yield StepsDone(step, losses.astype(np.float32), weights, rates, 0.01)
        if step % every == 0:
            yield Evaluated(step, 0, "val", scores, scores, ends_stage=False)
    done = {name: {"accuracy": 0.5} for name in names}
    yield Finished(n_steps, "done", scores[None], scores, done, {})


def record(home: Path, n_steps: int, n_tasks: int) -> Path:
    """The run of a home."""
    spec = preset.spec_of(preset.parse("{name: Long, tasks: [{family: digits-attributes}]}"))
    folder = run.create(spec, 0, home / "runs")
    for _ in run.record(told(n_steps, n_tasks), folder, Index(home)):
        pass
    return folder


def opened(folder: Path) -> dict[str, Any]:
    """Open the run in this process and move about in it; what was measured."""
    from PySide6.QtWidgets import QApplication

    from workbench.ui.look.theme import LIGHT
    from workbench.ui.model.run_model import RunModel
    from workbench.ui.services.history_backend import StoredHistory
    from workbench.ui.tabs.curves.panel import CurvesPanel

    application = QApplication.instance() or QApplication([])
    importlib.import_module("pyarrow")  # a window that shows its history has it by then

    panel = CurvesPanel(LIGHT)
    panel.resize(900, 700)
    panel.show()
    history = StoredHistory()
    before = psutil.Process().memory_info().rss
    parts: dict[str, Any] = {}
    began = now = _now()
    recorded = history.read(folder)
    parts["  read"], now = _since(now), _now()
    model = RunModel.of(recorded.events, recorded.seed, recorded.spec)
    del recorded
    parts["  taken in"], now = _since(now), _now()
    panel.set_models(model)
    panel.grab()
    parts["  drawn"] = _since(now)
    result: dict[str, Any] = {"open": _since(began), **parts}
    total, view = model.total_steps, panel.loss.area

    def move(name: str, ranges: Callable[[int], tuple[float, float]]) -> None:
        times: list[tuple[float, float]] = []
        for i in range(N_FRAMES):
            start = _now()
            view.setXRange(*ranges(i), padding=0)
            application.processEvents()  # which paints what moved
            times.append(_since(start))
        clock, own = (statistics.median(values) for values in zip(*times, strict=True))
        result[name] = clock, own
        result[f"  slowest of {name}"] = max(times)

    for share in (0.001, 0.02, 0.3):
        width, step = share * total, share * total / 20
        move(
            f"pan over {share:.1%} of it",
            lambda i, width=width, step=step: (total / 3 + i * step, total / 3 + i * step + width),
        )
    move("zoom out", lambda i: (0, 1000 * 1.12**i))
    result["memory"] = psutil.Process().memory_info().rss - before
    return result


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _since(began: tuple[float, float]) -> tuple[float, float]:
    return time.perf_counter() - began[0], time.process_time() - began[1]


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description="Time a run of a million steps in the window.")
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--tasks", type=int, default=5)
    parser.add_argument("--open", type=Path, help="Only open this run.")
    arguments = parser.parse_args()
    if arguments.open is not None:
        print(json.dumps(opened(arguments.open)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = record(Path(name), arguments.steps, arguments.tasks)
        size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
        print(
            f"{arguments.steps:,} steps of {arguments.tasks} tasks, {size / 1e6:.0f} MB on the disk"
        )
        command = [sys.executable, __file__, "--open", str(folder)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        result = json.loads(done.stdout.splitlines()[-1])
        memory = result.pop("memory")
        for key, (clock, own) in result.items():
            asked = f"{ASKED_OPEN:.2f} s" if key == "open" else "      "
            if key.startswith(("pan", "zoom")):
                asked = f"{1 / ASKED_FRAMES:.3f} s"
            print(f"{key:<34} {asked:<8} {clock:7.3f} s ({own:.3f} s of the processor)")
        print(f"{'memory':<43} {memory / 1e6:7.0f} MB")


if __name__ == "__main__":
    main()
