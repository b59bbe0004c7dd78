"""What the user's weight does under each balancing rule.

    python benchmarks/weights.py [--seeds 3] [--only nash-mtl,mgda]

Digits attributes (digit, parity, at-least-five), MLP 64-16, Adam 1e-3, batch 64, 20 epochs, one
thread. Each rule is run with every weight 1, and again with weight 10 on at-least-five, on the same
seeds. The table has the favoured task's test loss and accuracy, means over seeds, with the standard
error of the mean change over pairs of one seed; more weight is to mean a lower loss.
"""

import argparse
import statistics
from dataclasses import dataclass

import torch

from workbench.engine.build import build as session
from workbench.engine.build import catalogue
from workbench.engine.build.catalogue import Catalogue
from workbench.spec.event import Finished
from workbench.spec.experiment import Choice, Probes, Spec, TaskChoice, Training

TASKS = ("digit", "parity", "at-least-five")
FAVOURED = "at-least-five"
WEIGHT = 10.0


@dataclass(frozen=True, slots=True)
class Scored:
    """The favoured task's test loss and accuracy."""

    loss: float
    accuracy: float


def spec_of(rule: str, weight: float) -> Spec:
    """The experiment, with a rule and the favoured task's weight."""
    return Spec(
        tasks=tuple(
            TaskChoice(
                family="digits-attributes", task=name, weight=weight if name == FAVOURED else 1.0
            )
            for name in TASKS
        ),
        encoder=Choice(kind="mlp", hidden=[16]),
        balancing=Choice(kind=rule),
        training=Training(epochs=20, evaluate_every=0, threads=1),
        probes=Probes(every=0),
    )


def scored(rule: str, weight: float, seed: int, methods: Catalogue) -> Scored:
    """How the favoured task ends. Raises RuntimeError if the run did not end well."""
    *_, last = session.run(spec_of(rule, weight), seed, methods)
    if not isinstance(last, Finished):
        raise RuntimeError(f"{rule}, weight {weight:g}: {last}")
    found = last.scores[FAVOURED]
    return Scored(found["loss"] or 0.0, found["accuracy"] or 0.0)


def compare(rule: str, n_seeds: int, methods: Catalogue) -> bool:
    """Print a rule's line; whether more weight lowered the favoured task's loss."""
    plain, more = (
        [scored(rule, weight, seed, methods) for seed in range(n_seeds)] for weight in (1.0, WEIGHT)
    )
    changes = [b.loss - a.loss for a, b in zip(plain, more, strict=True)]
    change = statistics.mean(changes)
    error = statistics.stdev(changes) / n_seeds**0.5 if n_seeds > 1 else 0.0
    is_more = change < 0
    print(
        f"{rule:<12} {statistics.mean(x.loss for x in plain):6.3f} "
        f"{statistics.mean(x.loss for x in more):6.3f}   {change:+.3f} ± {error:.3f}   "
        f"{statistics.mean(x.accuracy for x in plain):.3f} "
        f"{statistics.mean(x.accuracy for x in more):.3f}{'' if is_more else '   NOT MORE'}",
        flush=True,
    )
    return is_more


def main() -> None:
    """Print the table; the exit code is 1 where more weight was not more of the task."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default="", help="comma-separated rules; all if empty")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    methods = catalogue.discover()
    only = [key for key in chosen.only.split(",") if key]
    rules = only or [key for role, key in methods.methods if role == "balancing"]
    print(f"{'':<12} {'loss at 1, at 10, change':<32} accuracy at 1, at 10")
    found = [compare(rule, chosen.seeds, methods) for rule in rules]
    if not all(found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
