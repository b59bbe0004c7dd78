"""What balancing costs, measured alternately in one process.

    python benchmarks/balancing.py [--rounds 7] [--tasks 3 5 10 20] [--only KEY ...]

Digits attributes (from the sixth on, the same five again under other names), MLP 64-128-128, batch
64, Adam 1e-3, one thread. Each method is timed in turn with this project's `fixed` and, where
TorchJD has it, with the same method there: `mtl_backward`, `jac_to_grad` and Adam as it comes, on
the same network and data. Figures are steps a second of training alone, by processor time, and
medians of the ratios of neighbouring measurements. Aims: gradient methods at least 0.45 of `fixed`
and 1.8 times TorchJD, methods on losses at least 0.9 of `fixed` (FAMO, with its second forward pass,
cannot), and a cost that grows no faster than the number of tasks.
"""

import argparse
import statistics
import warnings
from collections.abc import Callable
from time import process_time

import torch
import torchjd.aggregation as jd
from torch import nn
from torch.nn import functional
from torchjd.autojac import jac_to_grad, mtl_backward

from workbench.engine import catalogue, session
from workbench.engine.catalogue import Catalogue
from workbench.engine.roles.task import Family, Task
from workbench.spec.event import Failed, StageBegan, StepsDone
from workbench.spec.experiment import Choice, Spec, TaskChoice, Training

EPOCHS = 12

#: What is wanted at least.
PART_BY_GRADIENTS, PART_BY_LOSSES, TIMES_TORCHJD = 0.45, 0.9, 1.8

#: The same methods in TorchJD, for T tasks.
THEIRS: dict[str, Callable[[int], jd.Aggregator]] = {
    "aligned-mtl": lambda n: jd.AlignedMTL(),
    "cagrad": lambda n: jd.CAGrad(c=0.5),
    "config": lambda n: jd.ConFIG(),
    "dualproj": lambda n: jd.DualProj(),
    "excess-mtl": lambda n: jd.ExcessMTL(),
    "fairgrad": lambda n: jd.FairGrad(alpha=1.0),
    "graddrop": lambda n: jd.GradDrop(),
    "gradvac": lambda n: jd.GradVac(),
    "imtl-g": lambda n: jd.IMTLG(),
    "mgda": lambda n: jd.MGDA(),
    "nash-mtl": lambda n: jd.NashMTL(n_tasks=n),
    "pcgrad": lambda n: jd.PCGrad(),
    "upgrad": lambda n: jd.UPGrad(),
}


class Repeated(Family):
    """Digits attributes, again and again under other names, up to any number of tasks."""

    key = "repeated"
    count = 3

    def tasks(self) -> list[Task]:
        attributes = catalogue.discover().find("tasks", "digits-attributes")
        known = attributes(attributes.Settings()).tasks()
        first = [known[i] for i in (0, 1, 3, 2, 4)]
        return [
            Task(f"{task.name}-{i}", task.inputs, task.output, task.data, metric=task.metric)
            for i in range(self.count)
            for task in [first[i % len(first)]]
        ]


class Bench:
    """Both sides of the comparison at one number of tasks."""

    def __init__(self, n_tasks: int) -> None:
        self.catalogue: Catalogue = catalogue.discover()
        self.catalogue.methods["tasks", "repeated"] = type(
            "Repeated", (Repeated,), {"count": n_tasks}
        )
        tasks = self.catalogue.find("tasks", "repeated")(None).tasks()
        self.inputs = next(iter(tasks[0].data["train"].inputs.values()))
        self.targets = [task.data["train"].target for task in tasks]
        self.sizes = [task.output.n for task in tasks]

    def ours(self, balancing: str) -> float:
        """Steps a second of this project."""
        spec = Spec(
            tasks=(TaskChoice(family="repeated"),),
            balancing=Choice(kind=balancing),
            training=Training(epochs=EPOCHS, batch_size=64, threads=1, evaluate_every=0),
        )
        steps, started, seconds = 0, 0.0, 0.0
        for event in session.run(spec, 0, self.catalogue):
            if isinstance(event, StageBegan):
                started = process_time()
            elif isinstance(event, StepsDone):
                steps += len(event.losses)
                seconds = process_time() - started
            elif isinstance(event, Failed):
                raise RuntimeError(event.message)
        return steps / seconds

    def theirs(self, aggregator: jd.Aggregator) -> float:
        """Steps a second of TorchJD on the same network."""
        torch.manual_seed(0)
        trunk = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU())
        heads = [nn.Linear(128, n) for n in self.sizes]
        own = [p for head in heads for p in head.parameters()]
        shared = list(trunk.parameters())
        optimizer = torch.optim.Adam([*shared, *own], lr=1e-3)
        steps = 0
        started = process_time()
        for _ in range(EPOCHS):
            for chosen in torch.randperm(len(self.inputs)).split(64):
                features = trunk(self.inputs[chosen])
                losses = [
                    functional.cross_entropy(head(features), target[chosen])
                    for head, target in zip(heads, self.targets, strict=True)
                ]
                optimizer.zero_grad()
                mtl_backward(losses, features=features)
                jac_to_grad(shared, aggregator)
                optimizer.step()
                steps += 1
        return steps / (process_time() - started)


def table(n_tasks: int, keys: list[str], rounds: int) -> None:
    """Measure and print one line a method."""
    bench = Bench(n_tasks)
    bench.ours("fixed")
    print(f"\nT = {n_tasks}: steps/s, part of fixed, times TorchJD, cost beyond fixed in µs")
    print(
        f"wanted at least: part {PART_BY_GRADIENTS} for methods on gradients and {PART_BY_LOSSES} "
        f"for those on losses, {TIMES_TORCHJD} times TorchJD"
    )
    for key in keys:
        make = THEIRS.get(key)
        rows: list[tuple[float, float, float]] = []
        for _ in range(rounds):
            fixed, mine = bench.ours("fixed"), bench.ours(key)
            rows.append((fixed, mine, bench.theirs(make(n_tasks)) if make else float("nan")))
        speed = statistics.median(mine for _, mine, _ in rows)
        part = statistics.median(mine / fixed for fixed, mine, _ in rows)
        times = statistics.median(mine / other for _, mine, other in rows)
        cost = statistics.median(1e6 / mine - 1e6 / fixed for fixed, mine, _ in rows)
        beside = f"{times:6.2f}" if make else "     –"
        is_in_gradient_space = bench.catalogue.find("balancing", key).in_gradient_space
        wanted = PART_BY_GRADIENTS if is_in_gradient_space else PART_BY_LOSSES
        short = [f"part of fixed below {wanted}"] if part < wanted else []
        short += [f"below {TIMES_TORCHJD} times TorchJD"] if times < TIMES_TORCHJD else []
        verdict = f"   SHORT: {', '.join(short)}" if short else ""
        print(f"{key:12} {speed:6.0f} {part:6.2f} {beside} {cost:7.0f}{verdict}", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="What balancing costs.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tasks", type=int, nargs="+", default=[3, 5, 10, 20])
    parser.add_argument("--only", nargs="*", default=[])
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", module="cvxpy|qpsolvers|torchjd|torch")
    found = catalogue.discover()
    keys = [key for role, key in found.methods if role == "balancing" and key != "fixed"]
    for n_tasks in arguments.tasks:
        table(
            n_tasks,
            [k for k in keys if k in arguments.only or not arguments.only],
            arguments.rounds,
        )


if __name__ == "__main__":
    main()
