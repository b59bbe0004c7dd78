"""A table larger than memory: how much memory a run takes, and how fast it is beside one in memory.

    python benchmarks/large_table.py [--gigabytes 2] [--folder /tmp/large-table]

Makes a folder of Parquet files of random numbers in double precision, 64 columns of inputs and two
to predict. A process of its own trains an epoch on it with the inputs in a file, from nothing but
the folder: what is told is the most memory it had at any time, as the system counts it (Linux),
everything that was imported included. Then the same experiment, on a quarter of the files, takes
its steps alternately with the inputs in memory and in the file, in one process. MLP 64-128-128, one
thread, batches of 256 rows; probes, evaluation and validation as they come.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pyarrow as pa
from pyarrow import parquet

N_INPUTS = 64
ROWS_A_FILE = 250_000
ROWS_A_GROUP = 50_000


def make(folder: Path, n_files: int) -> None:
    """Write the files that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(n_files):
        path = folder / f"part-{i:03}.parquet"
        if not path.exists():
            draw = np.random.default_rng(i)
            values = draw.normal(size=(ROWS_A_FILE, N_INPUTS))
            columns = {f"x{j}": values[:, j] for j in range(N_INPUTS)}
            columns["sum"] = values[:, :8].sum(1) + draw.normal(size=ROWS_A_FILE)
            columns["sign"] = np.where(values[:, 0] * values[:, 1] > 0, "plus", "minus")
            parquet.write_table(pa.table(columns), path, ROWS_A_GROUP)


def spec_of(folder: Path, inputs_in: str):
    """The experiment that is timed."""
    from workbench.spec.experiment import Spec

    table = {
        "family": "table",
        "file": str(folder),
        "targets": {"sum": "values", "sign": "classes"},
        "inputs_in": inputs_in,
    }
    training = {"epochs": 1, "batch_size": 256, "evaluate_every": 5000, "threads": 1}
    return Spec.model_validate({"name": "large", "tasks": [table], "training": training})


def run(folder: Path, inputs_in: str) -> tuple[float, float, float]:
    """Steps a second by the clock and by processor time, and seconds until the first."""
    from workbench.engine.build import build as session
    from workbench.engine.build import catalogue
    from workbench.spec.event import Finished, StepsDone

    began = perf_counter()
    events = session.run(spec_of(folder, inputs_in), 0, catalogue.discover())
    n_steps, started, used = 0, 0.0, 0.0
    event = None
    for event in events:
        if isinstance(event, StepsDone):
            if not started:
                started, used = perf_counter(), process_time()
            else:
                n_steps += len(event.losses)
                last, last_used = perf_counter(), process_time()
    assert isinstance(event, Finished), event
    return n_steps / (last - started), n_steps / (last_used - used), started - began


def memory(what: str) -> int:
    """Bytes of memory of this process: VmHWM, the most it had, or RssAnon, its own now (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith(what))


def child(folder: Path) -> None:
    """Train on the whole folder, and print what it took."""
    steps, _, before = run(folder, "file")
    peak, own = memory("VmHWM") / 2**20, memory("RssAnon") / 2**20
    print(f"{before:.0f} s until the first step, {steps:.0f} steps/s, peak {peak:.0f} MiB")
    print(f"of them now its own {own:.0f} MiB", flush=True)


def main() -> None:
    """Print both figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=2.0)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/large-table"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", action="store_true")
    chosen = parser.parse_args()
    if chosen.child:
        child(chosen.folder / "all")
        return
    n_files = max(4, round(chosen.gigabytes * 1e9 / (8 * ROWS_A_FILE * (N_INPUTS + 1))))
    make(chosen.folder / "all", n_files)
    n_bytes = sum(f.stat().st_size for f in (chosen.folder / "all").iterdir())
    print(f"{n_files} files, {n_files * ROWS_A_FILE:,} rows, {n_bytes / 1e9:.2f} GB", flush=True)
    for words in ("made:", "found again:"):
        print(words, flush=True)
        me = [sys.executable, __file__, "--child", "--folder", str(chosen.folder)]
        subprocess.run(me, check=True)
    part = chosen.folder / "part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    for path in sorted((chosen.folder / "all").iterdir())[: n_files // 4]:
        (part / path.name).hardlink_to(path)
    run(part, "file")  # what is prepared once is prepared
    ratios: list[tuple[float, float]] = []
    for _ in range(chosen.rounds):
        held, held_used, _ = run(part, "memory")
        filed, filed_used, _ = run(part, "file")
        ratios.append((filed / held, filed_used / held_used))
        print(
            f"in memory {held:.0f} steps/s, in a file {filed:.0f}: {filed / held:.2f}", flush=True
        )
    clock, processor = (statistics.median(column) for column in zip(*ratios, strict=True))
    print(f"median ratio {clock:.2f} by the clock, {processor:.2f} by processor time")


if __name__ == "__main__":
    main()
