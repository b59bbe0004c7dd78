"""How fast the loop is, against hand-written loops, measured alternately in one process.

    python benchmarks/speed.py [--rounds 9] [--validate]

Three digits attributes, MLP 64-128-128, batch 64, Adam 1e-3, one thread. The workbench runs with
every event stored in a run directory and its probes on, and is timed by the clock on the wall over
the whole iteration of its events after the first, checkpoints, storing and the evaluations before
and after the stage included. As the loops written by hand, it does not validate on the way, unless
`--validate` is given: then it does so every 50 steps, and is compared with the same loops.
The first hand-written loop is what a careful author writes: fused Adam, one backward pass. The
second, for PCGrad, is the usual one: a backward pass a task, gradients gathered in a list, Adam as
it comes.
"""

import argparse
import random
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import torch
from torch import nn
from torch.nn import functional

from workbench.engine.build import build as session
from workbench.engine.build import catalogue
from workbench.engine.build.catalogue import Catalogue
from workbench.spec.event import StepsDone
from workbench.spec.experiment import Choice, Spec, TaskChoice, Training
from workbench.store import run as store

TASKS = ("digit", "parity", "prime")
EPOCHS = 300


def spec_of(balancing: str, evaluate_every: int = 0) -> Spec:
    """The experiment that is timed."""
    return Spec(
        tasks=tuple(TaskChoice(family="digits-attributes", task=task) for task in TASKS),
        balancing=Choice(kind=balancing),
        training=Training(epochs=EPOCHS, batch_size=64, evaluate_every=evaluate_every, threads=1),
    )


def workbench(balancing: str, methods: Catalogue, evaluate_every: int = 0) -> float:
    """Steps a second of the workbench, events and store on."""
    spec = spec_of(balancing, evaluate_every)
    with tempfile.TemporaryDirectory() as root:
        folder = store.create(spec, 0, Path(root))
        events = store.record(session.run(spec, 0, methods, folder=folder / "checkpoint"), folder)
        next(events)
        started = perf_counter()
        steps = sum(len(event.losses) for event in events if isinstance(event, StepsDone))
        return steps / (perf_counter() - started)


class Model(nn.Module):
    """The same network, written by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU())
        self.heads = nn.ModuleList(nn.Linear(128, n) for n in (10, 2, 2))

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        features = self.trunk(x)
        return [head(features) for head in self.heads]


def _data(methods: Catalogue) -> tuple[torch.Tensor, list[torch.Tensor]]:
    family = methods.find("tasks", "digits-attributes")
    tasks = [task for task in family(None).tasks() if task.name in TASKS]
    inputs = tasks[0].data["train"].inputs["pixels"]
    return inputs, [task.data["train"].target for task in tasks]


def hand_written(methods: Catalogue) -> float:
    """Steps a second of a plain loop with fused Adam and one backward pass."""
    inputs, targets = _data(methods)
    model = Model()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    steps = 0
    started = perf_counter()
    for _ in range(EPOCHS):
        for chosen in torch.randperm(len(inputs)).split(64):
            outputs = model(inputs[chosen])
            loss = sum(
                functional.cross_entropy(output, target[chosen])
                for output, target in zip(outputs, targets, strict=True)
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            steps += 1
    return steps / (perf_counter() - started)


def hand_written_pcgrad(methods: Catalogue) -> float:
    """Steps a second of PCGrad as it is usually written: T backward passes, unfused Adam."""
    inputs, targets = _data(methods)
    model = Model()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    shared = list(model.trunk.parameters())
    steps = 0
    started = perf_counter()
    for _ in range(EPOCHS):
        for chosen in torch.randperm(len(inputs)).split(64):
            outputs = model(inputs[chosen])
            gradients: list[torch.Tensor] = []
            optimizer.zero_grad()
            own = [torch.zeros_like(p) for p in model.heads.parameters()]
            for output, target in zip(outputs, targets, strict=True):
                model.zero_grad()
                functional.cross_entropy(output, target[chosen]).backward(retain_graph=True)
                gradients.append(torch.cat([p.grad.flatten() for p in shared]))
                for kept, p in zip(own, model.heads.parameters(), strict=True):
                    if p.grad is not None:
                        kept += p.grad
            total = torch.zeros_like(gradients[0])
            for i, gradient in enumerate(gradients):
                projected = gradient.clone()
                others = [j for j in range(len(gradients)) if j != i]
                random.shuffle(others)
                for j in others:
                    dot = projected @ gradients[j]
                    if dot < 0:
                        projected -= dot / (gradients[j] @ gradients[j]) * gradients[j]
                total += projected
            for p, piece in zip(shared, total.split([p.numel() for p in shared]), strict=True):
                p.grad = piece.view_as(p)
            for p, kept in zip(model.heads.parameters(), own, strict=True):
                p.grad = kept
            optimizer.step()
            steps += 1
    return steps / (perf_counter() - started)


def compare(
    name: str, ours: Callable[[], float], theirs: Callable[[], float], wanted: float, rounds: int
) -> None:
    """Measure both in turn and print the median ratio, and what it should be at least."""
    pairs = [(ours(), theirs()) for _ in range(rounds + 1)][1:]
    ratios = sorted(a / b for a, b in pairs)
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(
        f"{name}: {mine:.0f} against {other:.0f} steps/s, ratio {statistics.median(ratios):.2f} "
        f"({ratios[0]:.2f} to {ratios[-1]:.2f}), wanted {wanted:.2f} at least",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Speed against hand-written loops.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--validate", action="store_true", help="validate every 50 steps")
    chosen = parser.parse_args()
    rounds, every = chosen.rounds, 50 if chosen.validate else 0
    torch.set_num_threads(1)
    methods = catalogue.discover()
    compare(
        "hard sharing, fixed weights",
        lambda: workbench("fixed", methods, every),
        lambda: hand_written(methods),
        0.85,
        rounds,
    )
    compare(
        "hard sharing, PCGrad",
        lambda: workbench("pcgrad", methods, every),
        lambda: hand_written_pcgrad(methods),
        1.5,
        rounds,
    )


if __name__ == "__main__":
    main()
