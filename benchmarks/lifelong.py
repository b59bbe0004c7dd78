"""Who forgets, and what it costs: split digits, one class-incremental head.

    python benchmarks/lifelong.py [--seeds 8] [--rounds 9] [--only scores|speed]

Five tasks of two digits, MLP 64-128-128-10, SGD 0.1, batch 32, ten epochs a task, one thread, a
memory of 200 examples where a method has one (GEM: 40 of each task). The first table is the mean
over seeds of the final accuracy and of forgetting, with the place the method has in the field. The
second is speed, measured alternately in one process, in processor seconds, which others on the
machine do not change: fine-tuning against a hand-written loop over the whole run with its
evaluations, and each method's cost against fine-tuning.
"""

import argparse
import statistics
from collections.abc import Callable, Iterator
from time import process_time

import torch
from torch import nn
from torch.nn import functional

from workbench.engine import catalogue, session
from workbench.engine.catalogue import Catalogue
from workbench.engine.roles.task import Task
from workbench.spec.event import Finished
from workbench.spec.experiment import Choice, Optimizer, Spec, TaskChoice, Training

BATCH, RATE = 32, 0.1
EPOCHS = 10

#: Method, settings, and the interval in which its final accuracy belongs.
RETENTION: list[tuple[str, dict[str, object], tuple[float, float]]] = [
    ("none", {}, (0.17, 0.21)),
    ("ewc", {}, (0.15, 0.25)),
    ("ewc-online", {}, (0.15, 0.25)),
    ("si", {}, (0.15, 0.25)),
    ("mas", {}, (0.15, 0.25)),
    ("lwf", {}, (0.15, 0.25)),
    ("a-gem", {"memory": 200}, (0.19, 0.45)),
    # Trained on 80 batches of its memory, where the paper takes 256 passes over it.
    ("gdumb", {"memory": 200}, (0.60, 0.95)),
    # The inputs of other digits lie outside the span it protects: it keeps even a shared head.
    ("gpm", {}, (0.70, 0.95)),
    ("replay", {"memory": 200}, (0.86, 0.94)),
    ("er-ace", {"memory": 200}, (0.82, 0.95)),
    ("gem", {"memory_per_task": 40}, (0.86, 0.94)),
    ("der", {"memory": 200}, (0.86, 0.96)),
    ("der++", {"memory": 200}, (0.93, 0.98)),
    ("icarl", {"memory": 200}, (0.80, 0.95)),
    # Digits are nearly linear: a discriminant on features of the first two digits does well.
    ("slda", {}, (0.90, 0.97)),
    ("generative-replay", {}, (0.60, 0.90)),
    ("cumulative", {}, (0.93, 0.97)),
]

#: Methods whose cost is measured, and how many times fine-tuning's time they may take.
COSTS = [("replay", 2.0), ("ewc", 2.0), ("der++", 2.0), ("si", 2.0), ("a-gem", 3.0), ("gem", 6.0)]


def spec_of(retention: str, settings: dict[str, object], curriculum: str = "sequential") -> Spec:
    """The experiment, with one method of retention."""
    return Spec(
        tasks=(TaskChoice(family="digits-split", n_tasks=5, scenario="class"),),
        curriculum=Choice(kind=curriculum),
        encoder=Choice(kind="mlp", hidden=[128, 128]),
        retention=Choice(kind=retention, **settings),
        optimizer=Optimizer(kind="sgd", lr=RATE),
        training=Training(epochs=EPOCHS, batch_size=BATCH, evaluate_every=0, threads=1),
    )


def finished(spec: Spec, seed: int, methods: Catalogue) -> Finished:
    """The last event of a run. Raises RuntimeError if it did not end well."""
    *_, last = session.run(spec, seed, methods)
    if not isinstance(last, Finished):
        raise RuntimeError(f"{spec.retention.kind}: {last}")
    return last


def scores(methods: Catalogue, n_seeds: int, chosen: list[str]) -> bool:
    """Print the table of accuracies; whether every method is in its place."""
    print(f"{'method':<14} {'accuracy':>8} {'sd':>6} {'forgetting':>10}   place")
    all_in_place = True
    known = {entry.key for entry in methods.entries() if entry.role == "retention"}
    for key, settings, (low, high) in RETENTION:
        if key not in known or (chosen and key not in chosen):
            continue
        runs = [finished(spec_of(key, settings), seed, methods) for seed in range(n_seeds)]
        accuracy = [run.summary["acc"] or 0.0 for run in runs]
        forgetting = [run.summary["forgetting"] or 0.0 for run in runs]
        mean = statistics.mean(accuracy)
        spread = statistics.stdev(accuracy) if n_seeds > 1 else 0.0
        verdict = "" if low <= mean <= high else "   OUT OF PLACE"
        all_in_place = all_in_place and not verdict
        print(
            f"{key:<14} {mean:8.3f} {spread:6.3f} {statistics.mean(forgetting):10.3f}"
            f"   {low:.2f} to {high:.2f}{verdict}",
            flush=True,
        )
    return all_in_place


def timed(retention: str, methods: Catalogue) -> float:
    """Seconds of a run, its evaluations and events included, from its first event."""
    settings = next((s for key, s, _ in RETENTION if key == retention), {})
    events = session.run(spec_of(retention, settings), 0, methods)
    next(events)
    started = process_time()
    for _ in events:
        pass
    return process_time() - started


def _batches(task: Task) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    part = task.data["train"]
    pixels = part.inputs["pixels"]
    for _ in range(EPOCHS):
        for chosen in torch.randperm(len(part)).split(BATCH):
            yield pixels[chosen], part.target[chosen]


def hand_written(methods: Catalogue) -> float:
    """Seconds of the same run as a careful author writes it: fused SGD, the same evaluations."""
    family = methods.find("tasks", "digits-split")
    tasks: list[Task] = family(family.Settings(n_tasks=5, scenario="class")).tasks()
    started = process_time()
    model = nn.Sequential(
        nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10)
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, fused=True)
    matrix: list[list[float]] = []

    def evaluate(split: str) -> list[float]:
        row: list[float] = []
        with torch.inference_mode():
            for task in tasks:
                part = task.data[split]
                output = model(part.inputs["pixels"])
                row.append((output.argmax(1) == part.target).float().mean().item())
                functional.cross_entropy(output, part.target).item()
        return row

    losses: list[float] = []
    for stage in (None, *tasks):
        if stage is not None:
            for x, y in _batches(stage):
                optimizer.zero_grad()
                loss = functional.cross_entropy(model(x), y)
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
        evaluate("val")
        matrix.append(evaluate("test"))
    evaluate("test")
    return process_time() - started


def compare(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> list[float]:
    """Ratios of `theirs` to `ours` in seconds, measured in turn, smallest first."""
    pairs = [(ours(), theirs()) for _ in range(rounds + 1)][1:]
    return sorted(b / a for a, b in pairs)


def speed(methods: Catalogue, rounds: int) -> None:
    """Print the table of speeds."""
    ratios = compare(lambda: timed("none", methods), lambda: hand_written(methods), rounds)
    print(
        f"fine-tuning: {statistics.median(ratios):.2f} of a hand-written loop "
        f"({ratios[0]:.2f} to {ratios[-1]:.2f}), wanted 0.85"
    )
    for key, wanted in COSTS:
        ratios = compare(lambda: timed("none", methods), lambda k=key: timed(k, methods), rounds)
        print(
            f"{key}: {statistics.median(ratios):.2f} times fine-tuning "
            f"({ratios[0]:.2f} to {ratios[-1]:.2f}), wanted {wanted:.1f} at most"
        )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", choices=["scores", "speed"])
    parser.add_argument("--methods", default="", help="comma-separated; all if left out")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    methods = catalogue.discover()
    in_place = True
    if chosen.only != "speed":
        in_place = scores(methods, chosen.seeds, [k for k in chosen.methods.split(",") if k])
    if chosen.only != "scores":
        speed(methods, chosen.rounds)
    if not in_place:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
