"""HistoryBackend: how long the list of many runs takes, cold and warm.

    python benchmarks/history.py [--runs 5000]

Makes run directories with the recorder's own files in a folder that is thrown away, then lists
them: without an index (cold), with one (warm), with one run changed, and with the index damaged.
"""

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from workbench.spec import preset
from workbench.spec.event import Began, Evaluated, Finished, StageFacts, StepsDone, TaskFacts
from workbench.store import run, sight
from workbench.store.index import Index

TASKS = ("digit", "parity")
N_STEPS, N_EVALUATIONS = 400, 8


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
            {},
        ),
    ]
    spec = preset.spec_of(preset.parse("{name: History, tasks: [{family: digits-attributes}]}"))
    folder = run.create(spec, 0, home / "runs")
    list(run.record(events, folder, Index(home)))
    (folder / "checkpoint").mkdir()
    return folder


def many(home: Path, n_runs: int) -> None:
    """So many runs, each with a name and a time of its own."""
    first = record(home)
    environment = json.loads((first / "environment.json").read_text())
    for i in range(1, n_runs):
        folder = first.with_name(f"{first.name[:-6]}{i:06x}")
        shutil.copytree(first, folder)
        begun = f"2026-{1 + i % 12:02}-{1 + i % 28:02}T{i % 24:02}:00:00+00:00"
        (folder / "environment.json").write_text(json.dumps({**environment, "started": begun}))


def timed(work: Callable[[], object], times: int = 5) -> str:
    """The median of several times, by the clock and of this process alone, in seconds.

    On a machine that does other things too the second is the one to go by.
    """
    found: list[tuple[float, float]] = []
    for _ in range(times):
        began = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    clock, own = (statistics.median(values) for values in zip(*found, strict=True))
    return f"{clock:7.3f} s ({own:.3f} s of the processor)"


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description="Time the list of many runs.")
    parser.add_argument("--runs", type=int, default=5000)
    n_runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        many(home, n_runs)
        time.sleep(1.1 * sight.SETTLED_NS / 1e9)  # what was written just now is read each time

        def rows() -> None:
            assert len(Index(home).rows()) == n_runs

        index = home / "index.sqlite"
        print(f"{n_runs:,} runs")
        print(f"cold, without an index    {timed(rows, 1)}")
        print(f"warm                      {timed(rows)}")
        (next((home / "runs").iterdir()) / "labels.json").write_text(
            '{"tag": "x", "starred": true}'
        )
        print(f"warm, one run changed     {timed(rows)}")
        content = bytearray(index.read_bytes())
        content[len(content) // 2] ^= 0xFF
        index.write_bytes(content)
        print(f"a byte of the index wrong {timed(rows, 1)}")
        index.write_bytes(content[: len(content) // 2])
        print(f"the index cut in half     {timed(rows, 1)}")


if __name__ == "__main__":
    main()
