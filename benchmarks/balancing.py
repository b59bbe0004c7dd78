"""What balancing costs, measured alternately in one process.

    python benchmarks/balancing.py [--rounds 7] [--tasks 3 10 20] [--only KEY ...] [--plain]
    python benchmarks/balancing.py --places [--rounds 7] [--tasks 3 10 20] [--only KEY ...]

Digits attributes (from the sixth on, the same five again under other names), MLP 64-128-128, batch
64, Adam 1e-3, one thread. Each method is timed in turn with this project's `fixed` and, where
TorchJD has it, with the same method there: `mtl_backward`, `jac_to_grad` and Adam as it comes, on
the same network and data. Figures are steps a second of training alone, by processor time, and
medians of the ratios of neighbouring measurements. Aims at three tasks: gradient methods at least
0.45 of `fixed` and 1.8 times TorchJD, methods on losses at least 0.9 of `fixed`. With more, a
step's time grows no faster than their number: 3.33 times at 10 tasks and 6.67 at 20, each number
measured in turn with the fewest. `--plain` leaves TorchJD out, whose solvers take long at many.

FAMO cannot reach 0.9: the paper's algorithm, and its authors' code, look at the losses of the same
batch after the step. That forward pass leaves 0.87 where it is written by hand, without modules.

Measured with `--rounds 5` on two shared cores of a server, at load 4 (three tasks) and 5 to 7, at
which the parts are some hundredths lower than on a machine that is free:

                 part of   times TorchJD at T =        a step's time at T =
                 fixed, 3        3       10        20          10     20
    fixed             1         ·        ·         ·        1.61   2.66
    aligned-mtl    0.56      2.11     1.89      1.74        1.98   3.30
    cagrad         0.48      6.26     3.66      2.77        2.38   4.15
    config         0.56      3.99     3.51      4.19        2.39   4.30
    db-mtl         0.61         ·        ·         ·        2.36   4.10
    dualproj       0.59      2.57     2.08      1.80        2.34   4.56
    dwa            0.98         ·        ·         ·        1.81   3.34
    excess-mtl     0.56      2.33     1.94      1.84        2.29   4.00
    fairgrad       0.55      4.60     2.89      2.97        2.39   4.23
    famo           0.77         ·        ·         ·        1.80   2.97
    gls            0.98         ·        ·         ·        1.94   3.39
    graddrop       0.49      2.40     2.38      2.31        2.05   3.27
    gradnorm       0.61         ·        ·         ·        2.28   3.56
    gradvac        0.63      2.58     3.86      5.39        2.57   4.64
    imtl-g         0.55      2.06     1.96      1.77        2.39   4.26
    imtl-l         0.97         ·        ·         ·        1.78   3.06
    mgda           0.56      4.32     3.43      2.57        2.30   4.06
    nash-mtl       0.55     20.80    19.96     22.38        2.33   3.68
    pcgrad         0.61      2.40     2.46      2.65        2.22   4.11
    rlw            0.97         ·        ·         ·        1.85   2.94
    sdmgrad        0.50         ·        ·         ·        2.43   4.51
    stch           0.98         ·        ·         ·        1.58   2.75
    uncertainty    0.98         ·        ·         ·        1.85   3.08
    upgrad         0.56      2.21     1.97      1.86        2.33   3.95

`--places` compares gradients in what the heads read (`gradients_in: representation`): one backward
pass through the heads for all tasks and one below, in place of the trunk's derivatives of each.
Measured with `--rounds 3` on two shared cores at load 6 to 9, part of fixed and times the same rule
with gradients in all shared parameters, at layers 128 and 512 wide:

                        T = 3         T = 10        T = 20
    gradnorm   128   0.85  1.18    0.83  1.38    0.75  1.42
    gradnorm   512   0.87  1.88    0.73  3.35    0.93  4.64
    mgda       128   0.68  1.21    0.63  1.25    0.63  1.26
    mgda       512   0.86  2.03    0.55  3.57    0.67  5.27
    nash-mtl   128   0.64  1.11    0.70  1.37    0.68  1.21
    nash-mtl   512   0.70  2.41    0.56  3.53    0.83  4.22
    upgrad     128   0.75  1.41    0.68  1.39    0.49  1.40
    upgrad     512   0.75  1.91    0.68  3.86    0.58  4.19
"""

import argparse
import statistics
import warnings
from collections.abc import Callable
from time import process_time
from typing import Any

import torch
import torchjd.aggregation as jd
from torch import nn
from torch.nn import functional
from torchjd.autojac import jac_to_grad, mtl_backward

from workbench.engine.build import build as session
from workbench.engine.build import catalogue
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.roles.task import Family, Task
from workbench.spec.event import Failed, StageBegan, StepsDone
from workbench.spec.experiment import Choice, Spec, TaskChoice, Training

#: What is wanted at least at three tasks.
ASKED = 3
PART_BY_GRADIENTS, PART_BY_LOSSES, TIMES_TORCHJD = 0.45, 0.9, 1.8

#: Widths of both layers at which `--places` measures.
WIDTHS = (128, 512)

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
        self.epochs = max(36 // n_tasks, 4)
        self.inputs = next(iter(tasks[0].data["train"].inputs.values()))
        self.targets = [task.data["train"].target for task in tasks]
        self.sizes = [task.output.n for task in tasks]

    def ours(self, balancing: str, width: int = 128, **settings: Any) -> float:
        """Steps a second of this project."""
        spec = Spec(
            tasks=(TaskChoice(family="repeated"),),
            encoder=Choice(kind="mlp", hidden=[width, width]),
            balancing=Choice(kind=balancing, **settings),
            training=Training(epochs=self.epochs, batch_size=64, threads=1, evaluate_every=0),
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
        for _ in range(self.epochs):
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


def table(n_tasks: int, keys: list[str], rounds: int, *, is_plain: bool) -> None:
    """Measure and print one line a method."""
    bench = Bench(n_tasks)
    bench.ours("fixed")
    print(f"\nT = {n_tasks}: steps/s, part of fixed, times TorchJD, cost beyond fixed in µs")
    if n_tasks == ASKED:
        print(
            f"wanted at least: part {PART_BY_GRADIENTS} for methods on gradients and "
            f"{PART_BY_LOSSES} for those on losses, {TIMES_TORCHJD} times TorchJD"
        )
    for key in keys:
        make = None if is_plain else THEIRS.get(key)
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
        verdict = f"   SHORT: {', '.join(short)}" if short and n_tasks == ASKED else ""
        print(f"{key:12} {speed:6.0f} {part:6.2f} {beside} {cost:7.0f}{verdict}", flush=True)


def growth(counts: list[int], keys: list[str], rounds: int) -> None:
    """Print how much longer a step takes with more tasks, against the fewest, measured in turn."""
    fewest, *more = sorted(counts)
    benches = [Bench(n) for n in (fewest, *more)]
    print(f"\nA step's time at T = {fewest} in µs, and times that with more tasks")
    print(" " * 12, f"{fewest:7}", *(f"{n:7}" for n in more))
    print("wanted at most      ", *(f"{n / fewest:7.2f}" for n in more))
    for key in ["fixed", *keys]:
        rows = [[1e6 / bench.ours(key) for bench in benches] for _ in range(rounds)]
        first = statistics.median(row[0] for row in rows)
        times = [statistics.median(row[i] / row[0] for row in rows) for i in range(1, len(benches))]
        is_slow = any(t > n / fewest for t, n in zip(times, more, strict=True))
        verdict = "   GROWS FASTER THAN T" if is_slow else ""
        print(f"{key:12} {first:7.0f}", *(f"{t:7.2f}" for t in times), verdict, flush=True)


def places(counts: list[int], keys: list[str], rounds: int) -> None:
    """Print how fast rules are that compare gradients in what the heads read, measured in turn."""
    print("\nSteps/s with gradients_in representation: part of fixed, times those with all")
    print(" " * 21, *(f"T = {n:<9}" for n in counts))
    benches = [Bench(n) for n in counts]
    for key in keys:
        method = benches[0].catalogue.find("balancing", key)
        if "gradients_in" not in method.Settings.model_fields:
            continue
        for width in WIDTHS:
            cells: list[str] = []
            for bench in benches:
                rows = [
                    [
                        bench.ours("fixed", width),
                        bench.ours(key, width),
                        bench.ours(key, width, gradients_in="representation"),
                    ]
                    for _ in range(rounds)
                ]
                part = statistics.median(there / fixed for fixed, _, there in rows)
                times = statistics.median(there / everywhere for _, everywhere, there in rows)
                cells.append(f"{part:5.2f} {times:6.2f} ")
            print(f"{key:12} {width:7} ", *cells, flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="What balancing costs.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tasks", type=int, nargs="+", default=[3, 10, 20])
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--plain", action="store_true", help="without TorchJD")
    parser.add_argument(
        "--places", action="store_true", help="gradients in what the heads read, and nothing else"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", module="cvxpy|qpsolvers|torchjd|torch")
    found = catalogue.discover()
    keys = [key for role, key in found.methods if role == "balancing" and key != "fixed"]
    chosen = [key for key in keys if key in arguments.only or not arguments.only]
    if arguments.places:
        places(arguments.tasks, chosen, arguments.rounds)
        return
    for n in arguments.tasks:
        table(n, chosen, arguments.rounds, is_plain=arguments.plain)
    if len(arguments.tasks) > 1:
        growth(arguments.tasks, chosen, arguments.rounds)


if __name__ == "__main__":
    main()
