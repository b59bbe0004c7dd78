"""The history of many runs: how long its list and its table take, and what they hold of memory.

    QT_QPA_PLATFORM=offscreen python benchmarks/history.py [--runs 5000]

Makes run directories in a folder that is thrown away, by copying one that the recorder wrote and
giving each a setting, a seed and a time of its own: experiments of five seeds. Then it lists them
without an index (cold), with one (warm), with one run changed and with the index damaged; and in a
process of its own, with the index on the disk, it opens the table of the window, filters, groups
and sorts it, and lets more runs arrive. Asked and measured stand side by side.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from workbench.spec import preset
from workbench.spec.event import Began, Evaluated, Finished, StageFacts, StepsDone, TaskFacts
from workbench.store import run, sight
from workbench.store.index import Index

TASKS = ("digit", "parity")
N_STEPS, N_EVALUATIONS, N_SEEDS = 400, 8, 5

#: What is asked of the table: seconds, seconds, and bytes.
ASKED_TABLE, ASKED_FILTER, ASKED_MEMORY = 0.5, 0.05, 300e6

FILTERS = (
    "history",
    "acc>0.5 seed:3",
    "optimizer.lr<0.01 -seed:1",
    "tag:paper",
    "lr>0.002 history",
)


def facts(name: str) -> TaskFacts:
    """A classification task called `name`."""
    return TaskFacts(
        name, "digits", "accuracy", True, 0.5, name, "Vector(64)", "Classes(2)", 9, 9, 9
    )


def record(home: Path) -> Path:
    """One recorded run of two tasks, with the files that a real one has."""
    ones = np.ones(2, dtype=np.float32)
    steps = np.ones((N_STEPS, 2), dtype=np.float32)
    seen = [
        Evaluated(
            50 * i, 0, "val", np.full(2, i / N_EVALUATIONS, np.float32), ones, ends_stage=False
        )
        for i in range(N_EVALUATIONS)
    ]
    events = [
        Began(
            0, 0, tuple(facts(name) for name in TASKS), (StageFacts("all", TASKS, N_STEPS),), 9, 9
        ),
        StepsDone(N_STEPS, steps, steps, steps[:, 0]),
        *seen,
        Evaluated(N_STEPS, 0, "test", ones, ones, ends_stage=True),
        Finished(
            N_STEPS,
            "done",
            ones[None],
            np.full(2, 0.5, np.float32),
            {name: {"accuracy": 1.0} for name in TASKS},
            {"acc": 0.75, "forgetting": 0.125},
        ),
    ]
    text = "{name: History, tasks: [{family: digits-attributes}], optimizer: {lr: 0.001}}"
    folder = run.create(preset.spec_of(preset.parse(text)), 0, home / "runs")
    list(run.record(events, folder, Index(home)))
    (folder / "checkpoint").mkdir()
    return folder


def many(home: Path, n_runs: int) -> None:
    """So many runs, each with a setting, a seed, a score and a time of its own."""
    first = record(home)
    for i in range(1, n_runs):
        copied(first, i)


def copied(first: Path, i: int) -> None:
    """One more run, number `i`, made from the first."""
    folder = first.with_name(f"{first.name[:-6]}{i:06x}")
    partial = folder.with_name(f".new-{i}")
    shutil.copytree(first, partial)
    begun = f"2026-{1 + i % 12:02}-{1 + i % 28:02}T{i % 24:02}:00:00+00:00"
    environment = json.loads((first / "environment.json").read_text())
    (partial / "environment.json").write_text(json.dumps({**environment, "started": begun}))
    spec = (first / "spec.yaml").read_text()
    rate = f"lr: {0.0001 * (1 + i // N_SEEDS):.4f}"
    spec = spec.replace("lr: 0.001", rate).replace("seeds: [0]", f"seeds: [{i % N_SEEDS}]")
    (partial / "spec.yaml").write_text(spec.replace("seeds:\n- 0", f"seeds:\n- {i % N_SEEDS}"))
    events = (first / "events.jsonl").read_text().replace('"acc":0.75', f'"acc":0.{i:05}')
    (partial / "events.jsonl").write_text(events)
    partial.rename(folder)


def timed(work: Callable[[], object], times: int = 5) -> tuple[float, float]:
    """The median of several times, by the clock and of this process alone, in seconds.

    On a machine that does other things too the second is the one to go by.
    """
    found: list[tuple[float, float]] = []
    for _ in range(times):
        began = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    clock, own = (statistics.median(values) for values in zip(*found, strict=True))
    return clock, own


def listed(times: tuple[float, float]) -> str:
    """Times in a line."""
    return f"{times[0]:7.3f} s ({times[1]:.3f} s of the processor)"


def lists(home: Path, n_runs: int) -> None:
    """Time the list, as a command line has it."""

    def rows() -> None:
        assert len(Index(home).rows()) == n_runs

    index = home / "index.sqlite"
    print(f"{n_runs:,} runs")
    print(f"cold, without an index    {listed(timed(rows, 1))}")
    print(f"warm                      {listed(timed(rows))}")
    print(f"warm, without a look      {listed(timed(Index(home).known_rows))}")
    (next((home / "runs").iterdir()) / "labels.json").write_text('{"tag": "paper"}')
    print(f"warm, one run changed     {listed(timed(rows))}")
    content = bytearray(index.read_bytes())
    content[len(content) // 2] ^= 0xFF
    index.write_bytes(content)
    print(f"a byte of the index wrong {listed(timed(rows, 1))}")


def table(home: Path) -> dict[str, Any]:
    """Open the table of the window in this process, and work it; what was measured."""
    from PySide6.QtWidgets import QApplication

    from workbench.ui.look.theme import LIGHT, style_sheet
    from workbench.ui.model.presenter import Presenter
    from workbench.ui.panels.runs.panel import RunsPanel
    from workbench.ui.services.gc_control import GcControl
    from workbench.ui.services.history_backend import StoredHistory
    from workbench.ui.services.run_history import RunHistory

    os.environ["WORKBENCH_HOME"] = str(home)
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    application.setStyleSheet(style_sheet(LIGHT))
    Index(home)  # what listing imports is imported by any window
    GcControl(application).start()  # as the window has it
    before = psutil.Process().memory_info().rss
    began = time.perf_counter(), time.process_time()
    panel = RunsPanel(LIGHT)
    panel.resize(1260, 300)
    panel.show()
    history = RunHistory(StoredHistory(), Presenter({}), None)
    history.changed.connect(lambda: panel.set_rows(history.rows))
    history.settings_changed.connect(lambda: panel.set_settings(history.settings))
    history.refresh()
    while not panel.model.list.runs:
        application.processEvents()
    panel.grab()
    result: dict[str, Any] = {"table": [time.perf_counter() - began[0], _own(began[1])]}
    while not (history.is_fresh and panel.model.list.paths):
        application.processEvents()
    result["fresh"] = [time.perf_counter() - began[0], _own(began[1])]
    panel.grab()
    for group in ("experiment", ""):
        panel.set_group(group)
        for text in FILTERS:
            name = f"filter, {'by experiment' if group else 'a line a run'}: {text}"
            result[name] = _worked(panel, lambda text=text: panel.set_filter(text))
            panel.set_filter("")
    result["sort by a setting"] = _worked(
        panel, lambda: panel.model.list.set_order("optimizer.lr", True) or panel.model.show_lines()
    )
    result["group by a setting"] = _worked(panel, lambda: panel.set_group("optimizer.lr"))
    panel.set_group("")
    result["what differs"] = _worked(panel, lambda: panel.bar.differs.setChecked(True))
    looks = [str(row.path) for row in history.rows[:300]]
    result["a look for new runs"] = list(timed(lambda: StoredHistory().look(looks)))
    result["memory"] = psutil.Process().memory_info().rss - before
    history.stop()
    history.wait(10_000)
    return result


def _own(began: float) -> float:
    return time.process_time() - began


def _worked(panel: Any, work: Callable[[], object]) -> list[float]:
    """How long it takes until it is drawn."""
    began = time.perf_counter(), time.process_time()
    work()
    panel.table.viewport().repaint()
    return [time.perf_counter() - began[0], _own(began[1])]


def told(result: dict[str, Any]) -> None:
    """Print what the table took, beside what is asked of it."""
    print(f"{'the table of the window':<55} asked     measured")
    for name, value in result.items():
        if name == "memory":
            print(
                f"{'memory of the history':<55} {ASKED_MEMORY / 1e6:.0f} MB {value / 1e6:7.0f} MB"
            )
            continue
        asked = ASKED_TABLE if name == "table" else ASKED_FILTER if "filter" in name else None
        words = f"{asked:.2f} s" if asked else "      "
        print(f"{name:<55} {words} {listed((value[0], value[1]))}")


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description="Time the history of many runs.")
    parser.add_argument("--runs", type=int, default=5000)
    parser.add_argument("--table", type=Path, help="Only the table, of this home.")
    arguments = parser.parse_args()
    if arguments.table is not None:
        print(json.dumps(table(arguments.table)))
        return
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        many(home, arguments.runs)
        time.sleep(1.1 * sight.SETTLED_NS / 1e9)  # what was written just now is read each time
        lists(home, arguments.runs)
        Index(home).rows()
        command = [sys.executable, __file__, "--table", str(home)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        told(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
