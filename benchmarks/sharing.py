"""Which strategy helps when, over seeds, and what a step of each costs.

    python benchmarks/sharing.py [--seeds 5] [--rounds 9] [--only regressions|views|speed]

Regressions: two linear regressions of a chosen cosine, 10 inputs, 20 examples each, noise 0.5, and
one head for both, so that tasks that point apart must be told apart by what is not shared (with a
head each, cosine −1 would be as good as 1: the head turns the sign). Test error beyond the noise,
mean over tasks and seeds; a seed is a draw of weights, examples and initial values. MLP 10-16-16.

Views: digits in four views with noise added to each, accuracy on the digit, every strategy for
views against hard sharing on one view at a time. MLP *-64-64, 300 training digits.

Speed: three digits attributes, or as many tasks of digits in four views, MLP 64-128-128, batch 64,
fused Adam, one thread: forward, losses, penalty, backward and update, against a plain module of the
same mathematics, measured alternately in one process, in processor seconds; the median of the
ratios. Aim: at most 1.3.

Measured on two shared cores of a server, load 2 (the views: load 6):

    separate 1.00 · hard 1.03 · soft 0.95 · cross-stitch 0.87 · sluice 0.92 · mtan 1.01 · mmoe 0.94
    cgc 0.98 · ple 1.09 · dselect-k 1.07 · ltb 0.93 · film 0.91 · lora 0.94 · progressive 1.03
    hard, heads of 64: 1.03 (quiet)
    views-early 0.99 · views-late 1.12 · views-coreg 0.85 · views-dcca 0.71 · views-gated 1.06
"""

import argparse
import statistics
from collections.abc import Callable, Sequence
from time import process_time
from typing import Any

import torch
from sharing_by_hand import BY_HAND
from torch import Tensor, nn
from torch.nn import functional
from views_by_hand import VIEWS_BY_HAND

from workbench.engine.build import build as session
from workbench.engine.build import catalogue
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.roles.task import Family, Part, Task
from workbench.methods.tasks.digits_views import DigitsViews
from workbench.methods.tasks.related_regressions import RelatedRegressions
from workbench.spec.event import Failed, Finished
from workbench.spec.experiment import Choice, Heads, Optimizer, Spec, TaskChoice, Training

NOISE = 0.5
COSINES = (1.0, 0.8, 0.0, -0.8, -1.0)

REGRESSIONS: list[tuple[str, Choice]] = [
    ("separate", Choice(kind="separate")),
    ("soft λ=0.01", Choice(kind="soft", strength=0.01)),
    ("soft λ=0.1", Choice(kind="soft", strength=0.1)),
    ("hard", Choice(kind="hard")),
    ("cross-stitch", Choice(kind="cross-stitch")),
    ("mmoe", Choice(kind="mmoe")),
    ("cgc", Choice(kind="cgc")),
    ("ple", Choice(kind="ple")),
    ("film", Choice(kind="film")),
    ("lora", Choice(kind="lora")),
]

VIEWS = ("pixels", "fourier", "profiles", "orientations")


class OneHead(RelatedRegressions):
    """Related regressions whose tasks share their head."""

    key = "one-head"

    def tasks(self) -> list[Task]:
        tasks = super().tasks()
        for task in tasks:
            task.head = "answer"
        return tasks


class NoisyViews(DigitsViews):
    """Few digits, their views with noise; one of the views alone, if it is named."""

    key = "noisy-views"
    view = ""
    seed = 0

    def tasks(self) -> list[Task]:
        generator = torch.Generator().manual_seed(self.seed)
        (digit,) = [task for task in super().tasks() if task.name == "digit"]
        data: dict[str, Part] = {}
        for split, part in digit.data.items():
            kept = slice(300) if split == "train" else slice(None)
            noisy = {
                view: values + 1.5 * torch.randn(values.shape, generator=generator)
                for view, values in part.inputs.items()
            }
            chosen = [self.view] if self.view else list(noisy)
            data[split] = Part({view: noisy[view] for view in chosen}, part.target)[kept]
        kinds = {view: kind for view, kind in digit.inputs.items() if view in data["train"].inputs}
        return [Task("digit", kinds, digit.output, data)]


def finished(spec: Spec, seed: int, methods: Catalogue) -> Finished:
    """The last event of a run that must succeed."""
    *_, last = session.run(spec, seed, methods)
    if isinstance(last, Failed):
        raise RuntimeError(last.message)
    assert isinstance(last, Finished)
    return last


def regressions(n_seeds: int, methods: Catalogue) -> None:
    """Print the excess errors by strategy and cosine."""
    methods.methods["tasks", OneHead.key] = OneHead
    print(f"{'excess error at cosine':24}" + "".join(f"{cosine:>8}" for cosine in COSINES))
    for name, sharing in REGRESSIONS:
        row = [
            statistics.mean(_excess(sharing, c, seed, methods) for seed in range(n_seeds))
            for c in COSINES
        ]
        print(f"{name:24}" + "".join(f"{value:8.3f}" for value in row), flush=True)


def _excess(sharing: Choice, cosine: float, seed: int, methods: Catalogue) -> float:
    spec = Spec(
        tasks=(
            TaskChoice(family=OneHead.key, cosine=cosine, samples=20, noise=NOISE, data_seed=seed),
        ),
        encoder=Choice(kind="mlp", hidden=[16, 16]),
        sharing=sharing,
        optimizer=Optimizer(kind="adam", lr=0.01),
        training=Training(epochs=150, batch_size=20, evaluate_every=0, threads=1),
    )
    scores = finished(spec, seed, methods).scores
    return statistics.mean((score["loss"] or 0.0) - NOISE**2 for score in scores.values())


def views(n_seeds: int, methods: Catalogue) -> None:
    """Print the accuracies of single views and of their fusions."""
    rows: list[tuple[str, str, Choice]] = [
        (f"{view} alone", view, Choice(kind="hard")) for view in VIEWS
    ]
    kinds = ("views-early", "views-late", "views-coreg", "views-dcca", "views-gated")
    rows += [(kind, "", Choice(kind=kind)) for kind in kinds]
    print(f"{'accuracy on the digit':24}    mean      sd")
    for name, view, sharing in rows:
        found = [_accuracy(view, sharing, seed, methods) for seed in range(n_seeds)]
        print(f"{name:24}{statistics.mean(found):8.3f}{statistics.stdev(found):8.3f}", flush=True)


def _accuracy(view: str, sharing: Choice, seed: int, methods: Catalogue) -> float:
    chosen = type("Chosen", (NoisyViews,), {"view": view, "seed": seed, "key": "noisy-views"})
    methods.methods["tasks", "noisy-views"] = chosen
    spec = Spec(
        tasks=(TaskChoice(family="noisy-views"),),
        encoder=Choice(kind="mlp", hidden=[64, 64]),
        sharing=sharing,
        training=Training(epochs=60, batch_size=50, evaluate_every=0, threads=1),
    )
    return finished(spec, seed, methods).scores["digit"]["accuracy"] or 0.0


def speed(rounds: int, methods: Catalogue) -> None:
    """Print each strategy's time a step against the plain module's."""
    encoder = methods.find("encoder", "mlp")
    print(f"{'a step of':24}{'ours, µs':>10}{'plain, µs':>10}{'ratio':>8}   range")
    for kind, make in {**BY_HAND, **VIEWS_BY_HAND}.items():
        has_views = kind in VIEWS_BY_HAND
        tasks = _three("digits-views" if has_views else "digits-attributes", methods)
        parts = {task.name: task.data["train"][:64] for task in tasks}
        shared = parts["digit"].inputs
        batch = {name: Part(shared, part.target) for name, part in parts.items()}
        given: Any = shared if has_views else shared["pixels"]
        key, _, hidden = kind.partition(", heads of ")
        for task in tasks:
            task.head_layers = Heads(hidden=(int(hidden),) if hidden else ())
        method = methods.find("sharing", key)
        model = method(method.Settings(), tasks, encoder(encoder.Settings()))
        if kind == "progressive":  # each task in its stage: the last one is learned
            for stage, task in enumerate(tasks):
                model.begin(stage, [task.name])
            batch = {tasks[-1].name: batch[tasks[-1].name]}
        plain = make()
        sizes = [sum(p.numel() for p in one.parameters()) for one in (model, plain)]
        assert sizes[0] == sizes[1], f"{kind}: {sizes[0]} parameters against {sizes[1]}"
        ours = _stepper(
            model, lambda m=model, b=batch: list(m(b).values()), model.regulariser, batch
        )
        theirs = _stepper(plain, lambda m=plain, x=given: m(x), plain.penalty, batch)
        pairs = [(_microseconds(ours), _microseconds(theirs)) for _ in range(rounds + 1)][1:]
        ratios = sorted(a / b for a, b in pairs)
        a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(
            f"{kind:24}{a:10.0f}{b:10.0f}{statistics.median(ratios):8.2f}"
            f"   {ratios[0]:.2f} to {ratios[-1]:.2f}",
            flush=True,
        )


def _three(family: str, methods: Catalogue) -> list[Task]:
    """A task of ten classes and two of two."""
    made: type[Family] = methods.find("tasks", family)
    tasks = made(made.Settings()).tasks()
    return [task for task in tasks if task.name in ("digit", "parity", "at-least-five")]


def _stepper(
    model: nn.Module,
    answers: Callable[[], Sequence[Tensor]],
    penalty: Callable[[], Tensor | None],
    batch: dict[str, Part],
) -> Callable[[], Any]:
    moving = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(moving, lr=1e-3, fused=True)
    targets = [part.target for part in batch.values()]

    def step() -> None:
        losses = [
            functional.cross_entropy(output, target)
            for output, target in zip(answers(), targets, strict=True)
        ]
        extra = penalty()
        optimizer.zero_grad()
        torch.autograd.backward([*losses, *([] if extra is None else [extra])])
        optimizer.step()

    return step


def _microseconds(step: Callable[[], Any], n: int = 60) -> float:
    started = process_time()
    for _ in range(n):
        step()
    return (process_time() - started) / n * 1e6


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Sharing: who helps when, and at what cost.")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", choices=["regressions", "views", "speed"])
    given = parser.parse_args()
    torch.set_num_threads(1)
    methods = catalogue.discover()
    if given.only in (None, "regressions"):
        regressions(given.seeds, methods)
    if given.only in (None, "views"):
        views(given.seeds, methods)
    if given.only in (None, "speed"):
        speed(given.rounds, methods)


if __name__ == "__main__":
    main()
