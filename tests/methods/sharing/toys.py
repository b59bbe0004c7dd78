"""Small models of every sharing strategy, and what their tasks' losses reach."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from tests.engine.toys import SPLITS, Run, given, sgd, task, teaching, training
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Classes, Image, InputKind, Part, Task, Vector
from workbench.spec.experiment import Choice

Make = Callable[[], list[Task]]


def together(n_tasks: int = 2) -> list[Task]:
    """Tasks on the same inputs."""
    generator = torch.Generator().manual_seed(0)
    inputs = {split: torch.randn(24, 4, generator=generator) for split in SPLITS}
    return [task(name, 24, inputs=inputs) for name in "abcdef"[:n_tasks]]


def apart(n_tasks: int = 2) -> list[Task]:
    """Tasks on inputs of their own, of different sizes."""
    return [task(name, 20 + 3 * i) for i, name in enumerate("abcdef"[:n_tasks])]


def pictures(name: str, n: int = 12) -> Task:
    """A task on 8×8 pictures of two channels."""
    generator = torch.Generator().manual_seed(len(name))
    data = {
        split: Part({"x": torch.randn(n, 2, 8, 8, generator=generator)}, torch.arange(n) % 3)
        for split in SPLITS
    }
    return Task(name, {"x": Image(2, 8, 8)}, Classes(3), data)


def built(kind: str, make: Make = together, hidden: Sequence[int] = (8, 8), **settings: Any) -> Run:
    """An experiment with this strategy, ready to run: plain gradient descent, a few epochs."""
    chosen = given(
        sharing=Choice(kind=kind, **settings),
        encoder=Choice(kind="mlp", hidden=list(hidden), activation="tanh"),
        optimizer=sgd(0.3),
        training=training(epochs=8, batch_size=8, evaluate_every=0),
    )
    return Run(chosen, teaching(make))


def answers(model: nn.Module, tasks: Sequence[Task]) -> dict[str, Tensor]:
    """The model's answers to the test examples, as when it is evaluated."""
    model.eval()
    with torch.no_grad():
        return model({one.name: one.data["test"] for one in tasks})


def assert_same_answers(one: Run, two: Run, make: Make = together) -> None:
    """Both models answer alike."""
    first, second = answers(one.model, make()), answers(two.model, make())
    for name, values in first.items():
        torch.testing.assert_close(second[name], values, atol=2e-5, rtol=1e-4)


def reached(run: Run, split: str = "train") -> dict[str, set[str]]:
    """For each task, the names of the parameters in which its loss has a gradient."""
    tasks = run.trainer.update.tasks
    step = run.trainer.update.step({name: one.data[split] for name, one in tasks.items()})
    moving = [(name, p) for name, p in run.model.named_parameters() if p.requires_grad]
    names, parameters = zip(*moving, strict=True)
    collected: dict[str, set[str]] = {}
    for name, loss in zip(step.names, step.separate_losses, strict=True):
        gradients = torch.autograd.grad(loss, parameters, retain_graph=True, allow_unused=True)
        pairs = zip(names, gradients, strict=True)
        collected[name] = {p for p, gradient in pairs if gradient is not None and gradient.any()}
    return collected


def shake(model: nn.Module, seed: int = 0) -> None:
    """Move every parameter a little at random, so that nothing is 0 or even by design."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=generator))


class LinearEncoder(Encoder):
    """One linear stage without a bias, of the width in the settings."""

    key = "linear"

    @property
    def width(self) -> int:
        return self.settings

    def stem(self, kind: InputKind) -> nn.Module:
        assert isinstance(kind, Vector)
        return nn.Linear(kind.n, self.settings, bias=False)

    def body(self) -> list[nn.Module]:
        return []


def fitted(model: Sharing, tasks: Sequence[Task]) -> float:
    """The least sum of the tasks' training losses and the regulariser, in double precision."""
    model.double()
    batch = {one.name: one.data["train"] for one in tasks}
    optimizer = torch.optim.LBFGS(
        model.parameters(), max_iter=500, tolerance_grad=1e-12, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimizer.zero_grad()
        outputs = model(batch)
        total = sum(
            (one.loss(outputs[one.name], one.data["train"].target) for one in tasks),
            torch.zeros(()),
        )
        penalty = model.regulariser()
        total = total if penalty is None else total + penalty
        total.backward()
        return total

    optimizer.step(loss)
    return loss().item()
