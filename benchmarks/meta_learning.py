"""Learners that adapt: what they reach in how long, and what a step costs.

    python benchmarks/meta_learning.py [--only sinusoids conflict glyphs speed] [--seeds 5]

One thread; seconds are processor time of training alone. Held-out tasks are the test tasks of the
family, which nobody was trained on: 500 sinusoids of 10 shots, 500 regressions, 200 few-shot tasks
of glyphs. Figures are means over seeds with their 95 % interval.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from time import process_time
from typing import Any

import torch

from workbench.engine.blocks.learners.adaptive import Adaptive
from workbench.engine.build import build as session
from workbench.engine.build import catalogue
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.training.trainer import Trainer
from workbench.spec.experiment import Choice, Optimizer, Spec, TaskChoice, Training
from workbench.spec.shown.adaptation import AdaptationFacts

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A learner at its settings, the seconds after which it is looked at, and what is asked."""

    title: str
    learner: Settings
    seconds: tuple[float, ...]
    lr: float = 0.001
    batch_size: int = 25
    #: (seconds, inner steps) -> at most this loss.
    asked: Mapping[tuple[float, int], float] | None = None


#: What opposite tasks cost who answers 0.
VARIANCE = 2.06
MAML_ASKED = {(15, 1): 1.0, (60, 1): 0.65, (60, 5): 0.30, (60, 10): 0.25}

SINUSOIDS = (
    Row(
        "maml",
        {"kind": "maml"},
        (15, 60),
        0.003,
        asked={(15, 1): 1.0, (60, 1): 0.65, (60, 5): 0.30, (60, 10): 0.25},
    ),
    Row("meta-sgd", {"kind": "meta-sgd"}, (15,), 0.003, asked={(15, 1): 0.45}),
    Row("fomaml", {"kind": "fomaml"}, (15,), 0.003, asked={(15, 1): 1.3}),
    Row("anil", {"kind": "anil", "inner_lr": 0.01}, (15,), 0.003, asked={(15, 1): 1.3}),
    Row("cavia", {"kind": "cavia"}, (15,), 0.003),
    Row("reptile", {"kind": "reptile", "inner_steps": 5, "inner_lr": 0.02}, (15,), 0.001),
    Row("mtl-then-tune", {"kind": "mtl-then-tune"}, (15,), 0.003),
)
CONFLICT = (
    Row("maml", {"kind": "maml", "inner_steps": 5}, (15,), 0.003),
    Row("joint, then tuned", {"kind": "mtl-then-tune"}, (15,), 0.003),
    Row("from scratch", {"kind": "mtl-then-tune"}, (0,), 0.003),
)
GLYPHS = (Row("protonet", {"kind": "protonet"}, (60,), 0.002, 4),)


def spec_of(row: Row, family: Settings, encoder: Settings) -> Spec:
    """An experiment of one distribution."""
    return Spec(
        tasks=(TaskChoice(**family),),
        encoder=Choice(**encoder),
        learner=Choice(**row.learner),
        optimizer=Optimizer(kind="adam", lr=row.lr),
        training=Training(epochs=1000, batch_size=row.batch_size, threads=1, evaluate_every=0),
    )


def trained(
    row: Row, spec: Spec, seed: int, found: Catalogue
) -> dict[float, tuple[AdaptationFacts, float]]:
    """By seconds of training: how held-out tasks are answered, and their score."""
    trainer = session.build(spec, seed, found)
    results: dict[float, tuple[AdaptationFacts, float]] = {}
    steps, before = 0, 0.0
    for seconds in row.seconds:
        steps += train(trainer, seconds - before)
        before = seconds
        results[seconds] = looked_at(trainer)
    print(f"    seed {seed}: {steps} steps", flush=True)
    return results


def train(trainer: Trainer, seconds: float) -> int:
    """Take steps for so many seconds of processor time; how many they were."""
    sampler = trainer.plan.samplers[0]
    trainer.update.draw = sampler.fresh
    trainer.model.train()
    spent, steps = 0.0, 0
    while spent < seconds:
        batch = sampler.draw()
        began = process_time()
        trainer.learner.learn(batch, trainer.update)
        spent += process_time() - began
        steps += 1
    return steps


def looked_at(trainer: Trainer) -> tuple[AdaptationFacts, float]:
    """How held-out tasks are answered now, and their score."""
    adaptation = trainer.results.adaptation
    assert adaptation is not None
    (facts,) = adaptation.facts("test").values()
    return facts, float(trainer.evaluator.scores("test")[0][0])


def told(values: Sequence[float]) -> str:
    """A mean with its 95 % interval over seeds."""
    from scipy.special import stdtrit

    if len(values) < 2:
        return f"{values[0]:.3f}"
    spread = torch.tensor(values, dtype=torch.float64).std().item()
    half = stdtrit(len(values) - 1, 0.975) * spread / len(values) ** 0.5
    return f"{fmean(values):.3f} ± {half:.3f}"


def losses(title: str, rows: Sequence[Row], family: Settings, seeds: int, unit: float) -> None:
    """Losses after inner steps, as parts of `unit`."""
    print(title)
    found = catalogue.discover()
    for row in rows:
        spec = spec_of(row, family, {"kind": "mlp", "hidden": [40, 40]})
        by_seed = [trained(row, spec, seed, found) for seed in range(seeds)]
        for seconds in row.seconds:
            cells: list[str] = []
            for n in (0, 1, 5, 10):
                known = [facts[seconds][0].loss[n] for facts in by_seed]
                values = [value / unit for value in known if value is not None]
                asked = (row.asked or {}).get((seconds, n))
                mark = f" (asked {asked})" if asked else ""
                cells.append(f"{n}: {told(values) if values else 'no number'}{mark}")
            print(f"  {row.title:18} after {seconds:3.0f} s   {'   '.join(cells)}", flush=True)


def conflict(seeds: int) -> None:
    """Opposite tasks: as one distribution, and as two of which it is known which is asked."""
    title = "Conflict, y = ±f(x): error after inner steps, as a part of the variance"
    losses(title, CONFLICT, {"family": "few-shot-regressions"}, seeds, VARIANCE)
    print("  and where each sign is a task with a name, under one head; 15 s")
    found = catalogue.discover()
    family = {"family": "few-shot-regressions", "signs": "apart"}
    for name, sharing, balancing, learner, batch_size in (
        ("hard sharing", "hard", "fixed", {"kind": "gradient"}, 500),
        ("PCGrad", "hard", "pcgrad", {"kind": "gradient"}, 500),
        ("separate networks", "separate", "fixed", {"kind": "gradient"}, 500),
        ("maml", "hard", "fixed", {"kind": "maml", "inner_steps": 5}, 25),
    ):
        row = Row(name, learner, (15,), 0.003, batch_size)
        spec = spec_of(row, family, {"kind": "mlp", "hidden": [40, 40]}).model_copy(
            update={"sharing": Choice(kind=sharing), "balancing": Choice(kind=balancing)}
        )
        scores: list[float] = []
        for seed in range(seeds):
            trainer = session.build(spec, seed, found)
            train(trainer, 15)
            scores.append(float(trainer.evaluator.scores("test")[0].mean()) / VARIANCE)
        print(f"  {name:18} {told(scores)}", flush=True)


def glyphs(seeds: int) -> None:
    """Few-shot classes: the share of right answers, beside the nearest mean of the raw pixels."""
    found = catalogue.discover()
    for shots, asked in ((5, 0.95), (1, 0.88)):
        family = {"family": "glyphs", "ways": 5, "shots": shots}
        (row,) = GLYPHS
        spec = spec_of(row, family, {"kind": "cnn", "channels": [16, 32], "grid": 4, "hidden": 64})
        by_seed = [trained(row, spec, seed, found) for seed in range(seeds)]
        scores = [one[row.seconds[-1]][1] for one in by_seed]
        (event,) = session.build(spec, 0, found).results.adaptation.tell(0, -1, ends_stage=False)
        ((name, raw),) = event.references
        print(f"  5-way {shots}-shot  protonet {told(scores)} (asked {asked})   {name} {raw:.3f}")


def seconds_of(trainer: Trainer, learner: Adaptive, looped: str, n: int) -> float:
    """Seconds of a step, of `n`; small tasks are looped over where `looped` says why."""
    learner.over.looped = looped
    batches = [trainer.plan.samplers[0].draw() for _ in range(n)]
    began = process_time()
    for batch in batches:
        learner.learn(batch, trainer.update)
    return (process_time() - began) / n


def speed(rounds: int) -> None:
    """A step over many small tasks at once against one after the other, measured in turn."""
    found = catalogue.discover()
    family = {"family": "few-shot-sinusoids", "train_tasks": 1000}
    for n_tasks in (25, 100):
        row = Row("maml", {"kind": "maml"}, (), 0.001, n_tasks)
        trainer = session.build(spec_of(row, family, {"kind": "mlp", "hidden": [40, 40]}), 0, found)
        sampler = trainer.plan.samplers[0]
        trainer.update.draw = sampler.fresh
        learner = trainer.learner
        assert isinstance(learner, Adaptive)

        def seconds(
            looped: str, n: int, learner: Adaptive = learner, trainer: Any = trainer
        ) -> float:
            learner.over.looped = looped
            batches = [trainer.plan.samplers[0].draw() for _ in range(n)]
            began = process_time()
            for batch in batches:
                learner.learn(batch, trainer.update)
            return (process_time() - began) / n

        seconds("", 20), seconds("as the comparison", 2)
        pairs = [(seconds("", 20), seconds("as the comparison", 3)) for _ in range(rounds)]
        ratio = median(loop / one for one, loop in pairs)
        fastest = 1000 * min(one for one, _ in pairs)
        print(f"  {n_tasks:3} tasks: {fastest:.2f} ms a step, {ratio:.1f} times a loop", flush=True)


PARTS: Mapping[str, Callable[[int], None]] = {
    "sinusoids": lambda seeds: losses(
        "Sinusoids, 10 shots: mean squared error after inner steps",
        SINUSOIDS, {"family": "few-shot-sinusoids"}, seeds, 1.0,
    ),
    "conflict": conflict,
    "glyphs": glyphs,
    "speed": lambda _: speed(7),
}  # fmt: skip


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--seeds", type=int, default=5)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    for part in chosen.only:
        PARTS[part](chosen.seeds)


if __name__ == "__main__":
    main()
