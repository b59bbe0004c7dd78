"""Kills: runs and groups of seeds killed at random moments go on, and end as if nothing had been.

    python benchmarks/kills.py [--kills 100] [--draw 0] [--presets see-forgetting …]

Each round starts `workbench run PRESET` in a home of its own: one seed, or two side by side. It is
killed (SIGKILL) at a random moment between its start and its usual end, and so is each attempt to
go on, up to three times; then what is left goes on to its end. Every run must then be what the same
run is that was never disturbed, bit for bit: steps, scores, matrix and model. No process may be
left, and nothing may lie in the home but what the program keeps there. A run that was killed before
it was there has nothing to resume: that is counted too.

Measured over two draws: 100 kills, 101 runs that ended as if nothing had been, 21 kills before a
run was there, nothing wrong.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil

from workbench.publish.proof.comparison import compare
from workbench.publish.record import record
from workbench.store.claim import NAME as CLAIM
from workbench.store.run import read

#: A dozen presets, one a family of methods, and what makes each last a few seconds.
PRESETS = {
    "see-forgetting": "training.epochs=8",
    "fight-nash": "training.epochs=8",
    "ewc-holds-on": "training.epochs=8",
    "nobody-says-where": "training.epochs=6",
    "drift-nobody-announced": "training.epochs=6",
    "a-noisy-view": "training.epochs=8",
    "packnet-packs-five-tasks": "training.epochs=8",
    "pcgrad-and-replay": "training.epochs=6",
    "mmoe-where-hard-hurts": "training.epochs=8",
    "tuned-weights": "training.epochs=8",
    "projection-on-rotated-digits": "training.epochs=6",
    "waves-under-maml": "training.steps=600",
}

#: What a home may hold.
OURS = {"runs", "index.sqlite", "catalogue.json", "trash", "elsewhere.jsonl", "cache"}
_MOST_KILLS_OF_ONE = 3
_START_SECONDS = 6.0


def command(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """The program, in a process group and a home of its own."""
    environment = {**os.environ, "WORKBENCH_HOME": str(home), "OMP_NUM_THREADS": "1"}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-m", "workbench", *arguments],
        env=environment,
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,
    )


def arguments_of(preset: str, seeds: int) -> list[str]:
    """The command line of a round."""
    jobs = ["--jobs", "2"] if seeds > 1 else []
    changes = ["--set", PRESETS[preset], "--threads", "1"]
    return ["run", preset, "--seeds", f"0..{seeds - 1}", *jobs, *changes, "--quiet"]


def whole(preset: str, home: Path) -> tuple[dict[int, Path], float]:
    """The runs of a preset by seed that nobody disturbed, and the seconds that one takes."""
    code = command(home, *arguments_of(preset, 2)).wait()
    assert code == 0, f"{preset} ended with {code}"
    runs = {read(folder).seed: folder for folder in (home / "runs").iterdir()}
    return runs, max(read(folder).outcome.seconds or 0.0 for folder in runs.values())


def killed(process: subprocess.Popen[bytes], home: Path, usual: float, draw: random.Random) -> bool:
    """Kill a process at a random moment; whether it was still there.

    One time in five while it starts, else while a run is being recorded, or just after.
    """
    if draw.random() < 0.2:
        after = draw.uniform(0.0, _START_SECONDS)
    else:
        after = draw.uniform(0.0, 1.2 * usual)
        while process.poll() is None and not any((home / "runs").glob(f"*/{CLAIM}")):
            time.sleep(0.01)
    try:
        process.wait(after)
        return False
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        return True


def left_behind(home: Path, patience: float = 10.0) -> list[int]:
    """Processes that still work for a home after a while."""
    deadline = time.monotonic() + patience
    while True:
        left: list[int] = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("WORKBENCH_HOME") == str(home):
                    left.append(process.pid)
            except psutil.Error:
                continue
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.2)


def disturbed(
    preset: str, reference: dict[int, Path], usual: float, draw: random.Random, counts: Counter[str]
) -> list[str]:
    """One round; what went wrong."""
    home = Path(tempfile.mkdtemp(prefix="kills-"))
    seeds = draw.choice([1, 2])
    wrong: list[str] = []
    try:
        process = command(home, *arguments_of(preset, seeds))
        n_kills = 0
        if killed(process, home, usual, draw):
            n_kills += 1
        else:
            counts["ended before it was to be killed"] += 1
        wrong += [f"process {pid} was left" for pid in left_behind(home)]
        folders = sorted((home / "runs").glob("[!.]*")) if (home / "runs").is_dir() else []
        for folder in folders:
            while read(folder).status != "done":
                process = command(home, "resume", folder.name, "--quiet")
                is_spared = n_kills >= _MOST_KILLS_OF_ONE
                if not is_spared and killed(process, home, usual, draw):
                    n_kills += 1
                    continue
                if process.wait() != 0:
                    wrong.append(f"{folder.name}: resume ended with {process.returncode}")
                    break
            stored = read(folder)
            proof = compare(record(reference[stored.seed]), record(folder))
            if not proof.is_equal:
                parts = [part.name for part in proof.parts if not part.is_equal]
                wrong.append(f"{folder.name}: {proof.problem} {parts}")
            counts["runs that ended as if nothing had been"] += proof.is_equal
        counts["kills"] += n_kills
        counts["killed before a run was there"] += not folders
        wrong += [f"process {pid} was left" for pid in left_behind(home)]
        wrong += [f"{path.name} lies in the home" for path in home.iterdir() if is_foreign(path)]
    finally:
        if wrong:
            print(f"kept for a look: {home}", flush=True)
        else:
            shutil.rmtree(home, ignore_errors=True)
    return wrong


def is_foreign(path: Path) -> bool:
    """Whether something in the home is none of the program's."""
    return path.name not in OURS and not path.name.startswith(("index.sqlite", "catalogue", "."))


def main() -> None:
    """Kill until enough was killed; end with 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description="Kill runs at random moments.")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--draw", type=int, default=0)
    parser.add_argument("--presets", nargs="*", default=list(PRESETS))
    chosen = parser.parse_args()
    draw = random.Random(chosen.draw)
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="whole-") as place:
        known = {name: whole(name, Path(place) / name) for name in chosen.presets}
        while counts["kills"] < chosen.kills:
            preset = draw.choice(chosen.presets)
            faults = disturbed(preset, *known[preset], draw, counts)
            wrong += [f"{preset}: {each}" for each in faults]
            print(json.dumps({"preset": preset, **counts, "wrong": faults}), flush=True)
    print(json.dumps({**counts, "wrong": wrong}, indent=2))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
