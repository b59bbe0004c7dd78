"""Six seeds one after the other, side by side, and as six commands.

    python benchmarks/seeds.py [--rounds 3] [--preset replay-remembers] [--jobs 2]

Each round takes the three in turn, so that what else the machine does meets them alike; every run
is then compared with that of its own command, bit for bit: losses and weights of every step, the
matrix and the model. The table has wall seconds, processor seconds of the command and its children,
and the ratios; what counts is the best round, for other work on the machine only adds.

Measured once on two idle cores: 49.1 s one by one, 28.5 s side by side, 78.1 s as six commands:
0.58 and 0.36, equal to the bit. At a load of 11 from other work the ratios were 0.66 and 0.67.
"""

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from workbench.store.series import read_series

SEEDS = range(6)


def timed(preset: str, seeds: str, jobs: int, out: Path) -> tuple[float, float]:
    """Wall and processor seconds of one command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    options = ["--seeds", seeds, "--jobs", str(jobs), "--out", str(out), "--json", "--quiet"]
    subprocess.run(
        [sys.executable, "-m", "workbench", "run", preset, *options],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def contents(root: Path) -> dict[int, tuple[object, ...]]:
    """What each run under `root` has learned, by its seed: series, matrix and model, as bytes."""
    found: dict[int, tuple[object, ...]] = {}
    for folder in root.iterdir():
        summary = json.loads((folder / "summary.json").read_text())
        series = read_series(folder)
        assert series is not None
        steps = series.losses.tobytes(), series.weights.tobytes(), series.rates.tobytes()
        *_, newest = sorted(folder.glob("checkpoint/*/model.safetensors"))
        found[summary["seed"]] = (steps, str(summary["matrix"]), newest.read_bytes())
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--preset", default="replay-remembers")
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    every = f"{SEEDS[0]}..{SEEDS[-1]}"
    print("load       one by one        side by side      six commands      ratios")
    for _ in range(chosen.rounds):
        with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
            at = Path(name)
            os.environ["WORKBENCH_HOME"] = str(at / "home")
            load = os.getloadavg()[0]
            list_ = [sys.executable, "-m", "workbench", "list"]  # makes the catalogue's cache
            subprocess.run(list_, check=True, stdout=subprocess.DEVNULL)
            alone = timed(chosen.preset, every, 1, at / "alone")
            beside = timed(chosen.preset, every, chosen.jobs, at / "beside")
            each = [timed(chosen.preset, str(seed), 1, at / "each") for seed in SEEDS]
            commands = tuple(map(sum, zip(*each, strict=True)))
            same = contents(at / "each") == contents(at / "beside") == contents(at / "alone")
            print(
                f"{load:4.1f}"
                + "".join(f"   {w:6.1f} s {c:5.1f} CPU" for w, c in (alone, beside, commands))
                + f"   {beside[0] / alone[0]:.2f} of one by one"
                + f"   {beside[0] / commands[0]:.2f} of six commands"
                + ("   equal to the bit" if same else "   NOT EQUAL"),
                flush=True,
            )


if __name__ == "__main__":
    main()
