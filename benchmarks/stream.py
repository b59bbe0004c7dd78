"""Memory of a long stream: the resident set after ten thousand steps and on the way to a million.

    nice python benchmarks/stream.py [--steps 1000000] [--retention replay]

A boundary in the plane that comes and goes, MLP 2-8, batches of 10, a memory of 200 examples, with
every event stored, probes and validation on, and checkpoints. It ends with 1 where the set grows
by more than 50 MB after the first ten thousand steps. With replay a million steps add 7.1 MB at
most to the 385.5 MB after ten thousand.
"""

import argparse
import gc
import tempfile
from pathlib import Path

import psutil
import torch

from workbench.engine.build import build as session
from workbench.engine.build import catalogue
from workbench.spec.event import StepsDone
from workbench.spec.experiment import Choice, Optimizer, Probes, Spec, TaskChoice, Training
from workbench.store import run as store

#: Steps of one epoch of a stretch: 100 points in batches of 10.
STEPS, STRETCHES = 10, 10
SETTLED, ALLOWED_MB = 10_000, 50.0


def spec_of(n_steps: int, retention: str) -> Spec:
    """The stream, in stretches of equal length."""
    return Spec(
        tasks=(
            TaskChoice(
                family="drifting-stream", n_stretches=STRETCHES, samples=100, drift="recurring"
            ),
        ),
        curriculum=Choice(kind="sequential"),
        encoder=Choice(kind="mlp", hidden=[8]),
        retention=Choice(kind=retention),
        optimizer=Optimizer(kind="sgd", lr=0.05),
        training=Training(
            epochs=n_steps // (STEPS * STRETCHES), batch_size=10, evaluate_every=5000, threads=1
        ),
        probes=Probes(every=5000),
    )


def main() -> None:
    """Print the resident set as the stream goes on."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--retention", default="replay")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    process = psutil.Process()
    spec = spec_of(chosen.steps, chosen.retention)
    methods = catalogue.discover()
    settled, largest, told = 0.0, 0.0, 0
    with tempfile.TemporaryDirectory() as root:
        folder = store.create(spec, 0, Path(root))
        events = store.record(session.run(spec, 0, methods, folder=folder / "checkpoint"), folder)
        for event in events:
            if not isinstance(event, StepsDone) or event.step < told:
                continue
            told = event.step + max(1, min(SETTLED, chosen.steps // 10))
            gc.collect()
            now = process.memory_info().rss / 2**20
            if event.step >= SETTLED and not settled:
                settled = now
            largest = max(largest, now - settled) if settled else 0.0
            if event.step // SETTLED % 10 == 0:
                print(f"step {event.step:>9}: {now:7.1f} MB", flush=True)
    print(f"after step {SETTLED}: {settled:.1f} MB, then at most {largest:+.1f} MB")
    if largest > ALLOWED_MB:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
