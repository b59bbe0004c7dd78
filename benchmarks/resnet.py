"""What a step of ResNet-18 costs, against hand-written steps, measured alternately in one process.

    python benchmarks/resnet.py [--rounds 7] [--batch 16]

Three tasks on the same 32 × 32 colour pictures, hard sharing, SGD with momentum, one thread. The
hand-written step is torch's own layers in the same network: one forward and one backward pass, and
the optimizer. PCGrad is held against T backward passes of that network to its shared parameters,
with the forward pass and no projection, no gathering and no optimizer.

Times are of the processor, so that neighbours on the machine count less.
"""

import argparse
import statistics
from collections.abc import Callable
from time import process_time
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.build import build as session
from workbench.engine.build import catalogue
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.layers.batch_norm import BatchNorm
from workbench.engine.roles.task import Classes, Family, Image, Part, Task
from workbench.methods.encoders.resnet import ResNet
from workbench.spec.experiment import Choice, Optimizer, Spec, TaskChoice, Training

N_TASKS, N_CLASSES, SIDE = 3, 10, 32


class Noise(Family):
    """Pictures of noise: what is timed does not depend on what is on them."""

    key = "noise"

    def tasks(self) -> list[Task]:
        """Three questions about the same pictures."""
        generator = torch.Generator().manual_seed(0)
        x = torch.randn(256, 3, SIDE, SIDE, generator=generator)
        targets = torch.randint(N_CLASSES, (N_TASKS, 256), generator=generator)
        inputs = {"picture": x}
        kind = {"picture": Image(3, SIDE, SIDE)}
        return [
            Task(
                f"task {i}",
                kind,
                Classes(N_CLASSES),
                dict.fromkeys(("train", "val", "test"), Part(inputs, y)),
            )
            for i, y in enumerate(targets)
        ]


def workbench(balancing: str, batch: int, methods: Catalogue) -> Callable[[], object]:
    """One update of the workbench."""
    spec = Spec(
        tasks=(TaskChoice(family="noise"),),
        encoder=Choice(kind="resnet", depth="18"),
        balancing=Choice(kind=balancing),
        optimizer=Optimizer(kind="sgd", lr=0.01, momentum=0.9),
        training=Training(epochs=1, batch_size=batch, threads=1),
    )
    trainer = session.build(spec, 0, methods)
    trainer.model.train()
    (sampler,) = trainer.plan.samplers
    return lambda: trainer.learner.learn(sampler.draw(), trainer.update)


def torchs(module: nn.Module) -> nn.Module:
    """The network with torch's own batch norms."""
    for name, child in module.named_children():
        is_norm = isinstance(child, BatchNorm)
        setattr(module, name, nn.BatchNorm2d(len(child.running_mean)) if is_norm else torchs(child))
    return module


class ByHand:
    """The same network and a plain loop."""

    def __init__(self, batch: int) -> None:
        encoder = ResNet(ResNet.Settings(depth="18"))
        stages = [encoder.stem(Image(3, SIDE, SIDE)), *encoder.body()]
        self.trunk = torchs(nn.Sequential(*stages))
        self.heads = nn.ModuleList(nn.Linear(encoder.width, N_CLASSES) for _ in range(N_TASKS))
        parameters = [*self.trunk.parameters(), *self.heads.parameters()]
        self.optimizer = torch.optim.SGD(parameters, lr=0.01, momentum=0.9)
        self.x = torch.randn(batch, 3, SIDE, SIDE)
        self.targets = torch.randint(N_CLASSES, (N_TASKS, batch))

    def losses(self) -> list[Tensor]:
        """One forward pass."""
        features = self.trunk(self.x)
        pairs = zip(self.heads, self.targets, strict=True)
        return [functional.cross_entropy(head(features), target) for head, target in pairs]

    def step(self) -> None:
        """One update."""
        self.optimizer.zero_grad()
        torch.stack(self.losses()).sum().backward()
        self.optimizer.step()

    def backward_passes(self) -> None:
        """The gradient of each loss in the trunk."""
        shared: list[Any] = list(self.trunk.parameters())
        for loss in self.losses():
            torch.autograd.grad(loss, shared, retain_graph=True)


def seconds(step: Callable[[], object]) -> float:
    """Processor time of one call."""
    started = process_time()
    step()
    return process_time() - started


def compare(
    name: str, ours: Callable[[], object], theirs: Callable[[], object], most: float, rounds: int
) -> None:
    """Measure both in turn; print the median ratio, and what it should be at most."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds + 1)][1:]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratios = sorted(a / b for a, b in pairs)
    print(
        f"{name}: {1000 * mine:.0f} against {1000 * other:.0f} ms, ratio"
        f" {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), wanted"
        f" {most:.1f} at most",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Steps of ResNet-18 against hand-written ones.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--batch", type=int, default=16)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    methods = catalogue.discover()
    methods.methods["tasks", "noise"] = Noise
    by_hand = ByHand(chosen.batch)
    one = workbench("fixed", chosen.batch, methods)
    compare("ResNet-18, fixed weights", one, by_hand.step, 1.1, chosen.rounds)
    one = workbench("pcgrad", chosen.batch, methods)
    compare("ResNet-18, PCGrad", one, by_hand.backward_passes, 1.3, chosen.rounds)


if __name__ == "__main__":
    main()
