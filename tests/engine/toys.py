"""Small experiments that train in milliseconds, and stand-ins for single roles."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from workbench.engine.build import build as session
from workbench.engine.build import catalogue
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.metric import Metric
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Classes, Family, OutputKind, Part, Task, Values, Vector
from workbench.engine.training.command_queue import CommandQueue
from workbench.engine.training.trainer import Trainer
from workbench.engine.update.update import Report, Update
from workbench.spec.command import Command
from workbench.spec.event import Event
from workbench.spec.experiment import Choice, Optimizer, Spec, TaskChoice, Training

SPLITS = ("train", "val", "test")


def methods() -> Catalogue:
    """A catalogue of its own with every real method, and the stand-ins of this module."""
    known_methods = discovered()
    copy = Catalogue([], [])
    copy.methods = {**known_methods.methods, ("metric", "squared-error"): SquaredError}
    return copy


@cache
def discovered() -> Catalogue:
    """The real catalogue, read once."""
    return catalogue.discover()


class SquaredError(Metric):
    """Mean squared error."""

    key = "squared-error"
    higher_is_better = False

    def score(self, output: Tensor, target: Tensor) -> float:
        return (output - target).square().mean().item()


def task(
    name: str,
    n: int = 20,
    output: OutputKind = Classes(2),  # noqa: B008 - frozen
    inputs: Mapping[str, Tensor] | None = None,
    head: str = "",
) -> Task:
    """A task on four random numbers; `inputs` by split are shared where they are given."""
    generator = torch.Generator().manual_seed(sum(map(ord, name)))
    truth = torch.randn(4, generator=generator)
    data: dict[str, Part] = {}
    for split in SPLITS:
        x = torch.randn(n, 4, generator=generator) if inputs is None else inputs[split]
        answer = x @ truth
        target = (answer > 0).long() if isinstance(output, Classes) else answer.unsqueeze(1)
        data[split] = Part({"x": x}, target)
    metric = "accuracy" if isinstance(output, Classes) else "squared-error"
    return Task(name, {"x": Vector(4)}, output, data, metric=metric, head=head)


def constant(name: str, value: float, n: int = 4) -> Task:
    """A task whose answer is always `value`."""
    part = Part({"x": torch.ones(n, 1)}, torch.full((n, 1), value))
    data = dict.fromkeys(SPLITS, part)
    return Task(name, {"x": Vector(1)}, Values(1), data, metric="squared-error")


def teaching(make: Callable[[], list[Task]], **more: type[Any]) -> Catalogue:
    """A catalogue with the family "given", which makes these tasks, and `more` methods by role."""

    class Given(Family):
        """The given tasks."""

        key = "given"

        def tasks(self) -> list[Task]:
            return make()

    known_methods = methods()
    known_methods.methods["tasks", "given"] = Given
    for role, method in more.items():
        known_methods.methods[role, method.key] = method
    return known_methods


class Scalar(Sharing):
    """One parameter, which is every task's answer."""

    key = "scalar"
    start = 0.0

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Any) -> None:
        super().__init__(settings, tasks, encoder)
        self.value = nn.Parameter(torch.tensor([self.start]))

    def forward(self, batch: Mapping[str, Part]) -> dict[str, Tensor]:
        return {name: self.value.expand(len(part), 1) for name, part in batch.items()}

    def shared_parameters(self) -> list[nn.Parameter]:
        return [self.value]

    def task_parameters(self, task: str) -> list[nn.Parameter]:
        del task
        return []


def spec(**changes: Any) -> Spec:
    """Two digits attributes, jointly, for 20 steps; `changes` replace fields of the Spec."""
    fields: dict[str, Any] = {
        "tasks": (
            TaskChoice(family="digits-attributes", task="digit"),
            TaskChoice(family="digits-attributes", task="parity"),
        ),
        "encoder": Choice(kind="mlp", hidden=[16]),
        "training": training(),
    }
    return Spec(**{**fields, **changes})


def given(**changes: Any) -> Spec:
    """The family "given", jointly, for a few steps."""
    return spec(**{"tasks": (TaskChoice(family="given"),), **changes})


def split_digits(**changes: Any) -> Spec:
    """Three tasks of two digits, one after the other."""
    tasks = tuple(TaskChoice(family="digits-split", task=name) for name in ("0-1", "2-3", "4-5"))
    return spec(**{"tasks": tasks, "curriculum": Choice(kind="sequential"), **changes})


def training(**changes: Any) -> Training:
    """One epoch, one thread."""
    return Training(**{"epochs": 1, "threads": 1, "evaluate_every": 7, **changes})


def sgd(lr: float, **changes: Any) -> Optimizer:
    """Plain gradient descent."""
    return Optimizer(kind="sgd", lr=lr, **changes)


class Prompter(Learner):
    """Learns as another learner does, and gives commands after certain steps."""

    def __init__(self, trainer: Trainer, commands: Mapping[int, Sequence[Command]]) -> None:
        self.inner = trainer.learner
        self.trainer = trainer
        self.commands = commands

    def learn(self, batch: Any, update: Update) -> Report:
        report = self.inner.learn(batch, update)
        for command in self.commands.get(self.trainer.at.step + 1, ()):
            self.trainer.interruptions.control.send(command)
        return report

    def state_dict(self) -> dict[str, Any]:
        return self.inner.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.inner.load_state_dict(state)


class Run:
    """A trainer and the events it told."""

    def __init__(
        self,
        spec: Spec,
        found: Catalogue | None = None,
        *,
        seed: int = 0,
        folder: Path | None = None,
        resume: bool = False,
        commands: Mapping[int, Sequence[Command]] | None = None,
    ) -> None:
        control = CommandQueue()
        self.trainer = session.build(spec, seed, found or methods(), control, folder, resume=resume)
        if commands:
            self.trainer.learner = Prompter(self.trainer, commands)
            for command in commands.get(0, ()):
                control.send(command)
        self.model = self.trainer.model
        self.events: list[Event] = []

    def to_the_end(self) -> "Run":
        """The same run, with every event told."""
        self.events += self.trainer.run()
        return self

    @property
    def parameters(self) -> dict[str, Tensor]:
        """The model's values by name."""
        return {name: values.detach() for name, values in self.model.state_dict().items()}

    @property
    def last(self) -> Any:
        """The last event."""
        return self.events[-1]


def same(a: Mapping[str, Tensor], b: Mapping[str, Tensor]) -> bool:
    """Whether two sets of parameters are equal bit for bit."""
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)
