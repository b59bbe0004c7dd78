"""Data: a table of a million rows and fifty columns, from the file to the first step.

    python benchmarks/data.py [--rows 1000000] [--columns 50]

Wanted: loaded in less than 10 s within 2 GiB, the process with torch in it included. The file is
made in a temporary folder; each figure is that of a process of its own.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import torch
from pyarrow import parquet

from workbench.engine.build.build import run
from workbench.engine.build.catalogue import discover
from workbench.engine.build.tasks import select
from workbench.spec.event import Began, Failed, Finished, Preparing
from workbench.spec.experiment import Choice, Spec, TaskChoice, Training


def write(path: Path, n_rows: int, n_columns: int) -> None:
    """Numbers in doubles, a category, a class and a value to predict."""
    draw = np.random.default_rng(0)
    columns: dict[str, object] = {
        f"x{i}": draw.normal(i, 1 + i, n_rows) for i in range(n_columns - 3)
    }
    columns["colour"] = draw.choice(["red", "green", "blue"], n_rows)
    columns["kind"] = np.where(np.asarray(columns["x0"]) > 0, "yes", "no")
    columns["value"] = np.asarray(columns["x1"]) + draw.normal(0, 1, n_rows)
    parquet.write_table(pa.table(columns), path)


def spec_of(path: Path) -> Spec:
    targets = {"kind": "classes", "value": "values"}
    return Spec(
        tasks=(TaskChoice(family="table", file=str(path), targets=targets),),
        encoder=Choice(kind="mlp", hidden=[64, 64]),
        training=Training(epochs=1, batch_size=4096, evaluate_every=0, threads=1),
    )


def load(path: Path) -> None:
    """Print seconds and the most memory of a process that loads the tasks."""
    catalogue, spec = discover(), spec_of(path)
    before, busy = time.perf_counter(), time.process_time()
    tasks = select(spec, catalogue, torch.device("cpu"))
    seconds, busy = time.perf_counter() - before, time.process_time() - busy
    n_rows = sum(len(part) for part in next(iter(tasks.values())).data.values())
    print(f"load: {n_rows:,} rows in {seconds:.1f} s (wanted: < 10 s), {busy:.1f} s of processor")
    print(f"load: {_peak()}")


def train(path: Path) -> None:
    """Print how soon a run begins, what it told until then, and how it ended."""
    before, told, last = time.perf_counter(), 0, None
    for event in run(spec_of(path), 0, discover()):
        told += isinstance(event, Preparing)
        if isinstance(event, Began):
            print(f"run: begins after {time.perf_counter() - before:.1f} s, told {told} times")
        last = event
    if isinstance(last, Failed):
        raise SystemExit(last.message)
    if isinstance(last, Finished):
        scores = {name: f"{value:.3f}" for name, value in last.summary.items() if value is not None}
        print(f"run: {last.step} steps in {last.seconds:.1f} s, {scores}; {_peak()}")


def _peak() -> str:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"at most {peak / 2**20:.2f} GiB (wanted: < 2 GiB)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=50)
    parser.add_argument("--measure", choices=["load", "train"], help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        torch.set_num_threads(1)
        {"load": load, "train": train}[given.measure](given.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        write(path, given.rows, given.columns)
        print(f"file: {path.stat().st_size / 2**20:.0f} MiB")
        for what in ("load", "train"):
            command = [sys.executable, __file__, "--measure", what, "--file", str(path)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
