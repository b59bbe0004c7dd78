"""Learners that adapt: what they reach in how long, and what a step costs.

    python benchmarks/meta_learning.py [--only sinusoids conflict glyphs speed] [--seeds 5]
        [--steps 2000] [--rows maml PCGrad]

One thread; seconds are processor time of training alone. Held-out tasks are the test tasks of the
family, which nobody was trained on: 500 sinusoids of 10 shots, 500 regressions, 200 few-shot tasks
of glyphs. Figures are means over seeds with their 95 % interval. With
`--steps` rows take so many steps instead, which a busy machine does not change.

Measured over 5 seeds on two cores that others worked on too (load 3 to 9), on one of them:

    Sinusoids, 10 shots, MLP 2 × 40: error after 1, 5 and 10 inner steps
      maml, 15 s         .420 ± .044   .162 ± .024   .125 ± .014   (asked 1.0 after one)
      maml, 60 s         .309 ± .009   .110 ± .009   .093 ± .007   (asked .65, .30, .25)
      meta-sgd, 15 s     .248 ± .015   beyond the one step it was made for it diverges  (asked .45)
      fomaml, 15 s       .485 ± .065   .166 ± .031   .134 ± .027   (asked 1.3 after one)
      anil, 15 s         .838 ± .012   .305 ± .037   .262 ± .044   (asked 1.3 after one)
      cavia, 15 s        .225 ± .027   .057 ± .024   .050 ± .024
      reptile, 15 s     1.386 ± .131   .766 ± .140   .555 ± .150
      joint, then tuned 2.581 ± .110  1.934 ± .079  1.589 ± .047   (asked at least 2.4 after one)
    Conflict, y = ±f(x), 15 s: parts of the variance after 0, 1, 5 and 10 inner steps
      maml              1.020 ± .082   .471 ± .123   .273 ± .165   .249 ± .164  (asked .35 after 5)
      joint, then tuned  .969 ± .000   .968 ± .000   .968 ± .000   .969 ± .000   (asked at least .9)
      from scratch      1.002 ± .041   .956 ± .008   .976 ± .039  1.021 ± .040   (asked at least .9)
    The same data, each sign a task with a name under one head
      hard sharing .994 ± .000   PCGrad .994 ± .000   separate networks .000 ± .000
      maml over the two names .349 ± .142
    Glyphs, 5-way, held-out classes, 60 s
      5-shot: nearest mean of the raw inputs .625   protonet .977 ± .004   (asked .95)
      1-shot: nearest mean of the raw inputs .454   protonet .940 ± .005   (asked .88)
    Waves under the presets, 4,000 steps, one seed: error after 1, 5 and 10 inner steps
      maml .40 .14 .11   fomaml .51 .17 .14   anil .89 .38 .53   reptile .90 .34 .25
    A step of MAML on 25 and 100 waves, nothing else at work: 2.83 and 5.19 ms; torch.func written
    out by hand takes 1.03 and .82 of it. A loop over the waves takes 9.9 and 19.9 times as long in
    torch.func, 6.1 and 13.2 with autograd's gradient, and 5.6 and 12.1 as it is done here for a
    model that cannot be vectorised.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from time import process_time
from typing import Any

import torch
from torch import nn
from torch.func import functional_call, grad, vmap

from workbench.engine.blocks.learners.adaptive import Adaptive
from workbench.engine.build import build as session
from workbench.engine.build import catalogue
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.measure.adaptation import references
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
        asked=MAML_ASKED,
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
    row: Row, spec: Spec, seed: int, found: Catalogue, n_steps: int | None = None
) -> dict[float, tuple[AdaptationFacts, float]]:
    """By seconds of training, or after so many steps, how held-out tasks are answered; a score."""
    trainer = session.build(spec, seed, found)
    results: dict[float, tuple[AdaptationFacts, float]] = {}
    steps, before = 0, 0.0
    for seconds in row.seconds:
        steps += train(trainer, seconds - before, n_steps if seconds else 0)
        before = seconds
        results[seconds] = looked_at(trainer)
        facts = results[seconds][0]
        known = {n: x for n, x in zip(facts.steps, facts.loss, strict=True) if n in (0, 1, 5, 10)}
        print(f"    seed {seed}, {seconds:.0f} s, {steps} steps: {known}", flush=True)
    return results


def train(trainer: Trainer, seconds: float, n_steps: int | None = None) -> int:
    """Take steps for so many seconds of processor time, or so many steps; how many they were."""
    sampler = trainer.plan.samplers[0]
    trainer.update.draw = sampler.fresh
    trainer.model.train()
    spent, steps = 0.0, 0
    while spent < seconds if n_steps is None else steps < n_steps:
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


def losses(title: str, rows: Sequence[Row], family: Settings, chosen: Any, unit: float) -> None:
    """Losses after inner steps, as parts of `unit`."""
    print(title)
    found = catalogue.discover()
    for row in rows:
        if chosen.rows and row.title not in chosen.rows:
            continue
        spec = spec_of(row, family, {"kind": "mlp", "hidden": [40, 40]})
        n_steps = chosen.steps
        by_seed = [trained(row, spec, seed, found, n_steps) for seed in range(chosen.seeds)]
        for seconds in row.seconds[-1:] if n_steps else row.seconds:
            cells: list[str] = []
            for n in (0, 1, 5, 10):
                known = [facts[seconds][0].loss[n] for facts in by_seed]
                values = [value / unit for value in known if value is not None]
                asked = None if n_steps else (row.asked or {}).get((seconds, n))
                mark = f" (asked {asked})" if asked else ""
                cells.append(f"{n}: {told(values) if values else 'no number'}{mark}")
            length = f"{n_steps if seconds else 0} steps" if n_steps else f"{seconds:3.0f} s"
            print(f"  {row.title:18} after {length}   {'   '.join(cells)}", flush=True)


def conflict(chosen: Any) -> None:
    """Opposite tasks: as one distribution, and as two of which it is known which is asked."""
    title = "Conflict, y = ±f(x): error after inner steps, as a part of the variance"
    losses(title, CONFLICT, {"family": "few-shot-regressions"}, chosen, VARIANCE)
    length = f"{chosen.steps} steps" if chosen.steps else "15 s"
    print(f"  and where each sign is a task with a name, under one head; {length}")
    found = catalogue.discover()
    family = {"family": "few-shot-regressions", "signs": "apart"}
    for name, sharing, balancing, learner, batch_size in (
        ("hard sharing", "hard", "fixed", {"kind": "gradient"}, 500),
        ("PCGrad", "hard", "pcgrad", {"kind": "gradient"}, 500),
        ("separate networks", "separate", "fixed", {"kind": "gradient"}, 500),
        ("maml", "hard", "fixed", {"kind": "maml", "inner_steps": 5}, 25),
    ):
        if chosen.rows and name not in chosen.rows:
            continue
        row = Row(name, learner, (15,), 0.003, batch_size)
        spec = spec_of(row, family, {"kind": "mlp", "hidden": [40, 40]}).model_copy(
            update={"sharing": Choice(kind=sharing), "balancing": Choice(kind=balancing)}
        )
        scores: list[float] = []
        for seed in range(chosen.seeds):
            trainer = session.build(spec, seed, found)
            train(trainer, 15, chosen.steps)
            scores.append(float(trainer.evaluator.scores("test")[0].mean()) / VARIANCE)
            print(f"    seed {seed}: {scores[-1]:.3f}", flush=True)
        print(f"  {name:18} {told(scores)}", flush=True)


def glyphs(chosen: Any) -> None:
    """Few-shot classes: the share of right answers, beside the nearest mean of the raw pixels."""
    found = catalogue.discover()
    for shots, asked in ((5, 0.95), (1, 0.88)):
        family = {"family": "glyphs", "ways": 5, "shots": shots}
        (row,) = GLYPHS
        spec = spec_of(row, family, {"kind": "cnn", "channels": [16, 32], "grid": 4, "hidden": 64})
        print(f"Glyphs, 5-way {shots}-shot: share of right answers on held-out classes")
        for name, raw in untrained(session.build(spec, 0, found)):
            print(f"  {name:30} {raw:.3f}", flush=True)
        by_seed = [trained(row, spec, i, found, chosen.steps) for i in range(chosen.seeds)]
        scores = [one[row.seconds[-1]][1] for one in by_seed]
        print(f"  {row.title:30} {told(scores)} (asked {asked})", flush=True)


def untrained(trainer: Trainer) -> tuple[tuple[str, float], ...]:
    """What ways that learn nothing reach on the same held-out tasks, with their names."""
    adaptation = trainer.results.adaptation
    assert adaptation is not None
    (task,) = trainer.update.tasks.values()
    with adaptation.asleep():
        return references(task, adaptation.held_out(task, "test"))


def seconds_of(trainer: Trainer, learner: Adaptive, looped: str, n: int) -> float:
    """Seconds of a step, of `n`; small tasks are looped over where `looped` says why."""
    learner.over.looped = looped
    batches = [trainer.plan.samplers[0].draw() for _ in range(n)]
    began = process_time()
    for batch in batches:
        learner.learn(batch, trainer.update)
    return (process_time() - began) / n


def speed(chosen: Any) -> None:
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
        known = trainer, learner
        for looped, n in (("", 20), ("as the comparison", 2)):  # the first steps take longer
            seconds_of(*known, looped, n)
        rounds = [
            (
                seconds_of(*known, "", 20),
                by_hand(trainer, 20, at_once),
                seconds_of(*known, "as the comparison", 3),
                by_hand(trainer, 3, one_by_one),
                by_hand(trainer, 3, one_by_one_in_torch_func),
            )
            for _ in range(chosen.rounds)
        ]
        bare, fallback, loop, func_loop = (
            median(times[i] / times[0] for times in rounds) for i in range(1, 5)
        )
        print(
            f"  {n_tasks:3} tasks: {1000 * min(r[0] for r in rounds):.2f} ms a step;"
            f" torch.func by hand takes {bare:.2f} of it; a loop by hand {func_loop:.1f} times"
            f" (torch.func), {loop:.1f} times (autograd); one after the other here {fallback:.1f}",
            flush=True,
        )


Network = nn.Module
Start = dict[str, torch.Tensor]
Rows = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]


def by_hand(trainer: Trainer, n: int, way: Callable[[Network, Start, Rows], Any]) -> float:
    """Seconds of a step of MAML written out for one network and one loss: nothing is left to do."""
    network = nn.Sequential(
        nn.Linear(1, 40), nn.ReLU(), nn.Linear(40, 40), nn.ReLU(), nn.Linear(40, 1)
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=0.001, fused=True)
    start: Start = dict(network.named_parameters())
    batches = [trainer.plan.samplers[0].draw() for _ in range(n)]
    began = process_time()
    for batch in batches:
        (part,) = batch.values()
        (x,), y = part.inputs.values(), part.target
        optimizer.zero_grad()
        way(network, start, (x[:, :10], y[:, :10], x[:, 10:], y[:, 10:])).backward()
        optimizer.step()
    return (process_time() - began) / n


def adapted_loss(network: Network, start: Start) -> Callable[..., Any]:
    """The loss on a task's queries after an inner step, in torch.func."""
    loss = nn.functional.mse_loss

    def one(x: torch.Tensor, y: torch.Tensor, asked: torch.Tensor, wanted: torch.Tensor) -> Any:
        slopes = grad(lambda values: loss(functional_call(network, values, (x,)), y))(start)
        values = {name: p - 0.01 * slopes[name] for name, p in start.items()}
        return loss(functional_call(network, values, (asked,)), wanted)

    return one


def at_once(network: Network, start: Start, rows: Rows) -> Any:
    """The mean loss, vectorised."""
    return vmap(adapted_loss(network, start))(*rows).mean()


def one_by_one_in_torch_func(network: Network, start: Start, rows: Rows) -> Any:
    """The same of one task after the other."""
    one = adapted_loss(network, start)
    return torch.stack([one(*task) for task in zip(*rows, strict=True)]).mean()


def one_by_one(network: Network, start: Start, rows: Rows) -> Any:
    """The same with autograd's gradient and the network's own forward pass."""
    loss = nn.functional.mse_loss
    losses: list[torch.Tensor] = []
    for x, y, asked, wanted in zip(*rows, strict=True):
        slopes = torch.autograd.grad(loss(network(x), y), list(start.values()), create_graph=True)
        values = {n: p - 0.01 * s for (n, p), s in zip(start.items(), slopes, strict=True)}
        losses.append(loss(functional_call(network, values, (asked,)), wanted))
    return torch.stack(losses).mean()


PARTS: Mapping[str, Callable[[Any], None]] = {
    "sinusoids": lambda chosen: losses(
        "Sinusoids, 10 shots: mean squared error after inner steps",
        SINUSOIDS, {"family": "few-shot-sinusoids"}, chosen, 1.0,
    ),
    "conflict": conflict,
    "glyphs": glyphs,
    "speed": speed,
}  # fmt: skip


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--steps", type=int, help="so many steps in place of seconds")
    parser.add_argument("--rows", nargs="+", help="these rows alone, by their titles")
    parser.add_argument("--rounds", type=int, default=7, help="of the measure of speed")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    for part in chosen.only:
        PARTS[part](chosen)


if __name__ == "__main__":
    main()
