"""Learners that adapt: worked figures, and gradients against finite differences."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.engine.distributions import heaps, waves
from tests.engine.toys import Run, Scalar, given, spec, teaching, training
from workbench.engine.roles.task import Episodes, Part, Task, Values, Vector
from workbench.spec.experiment import Choice, TaskChoice

#: The curvatures and minima of two tasks ½ h (θ − c)².
CURVATURES, MINIMA = torch.tensor([1.0, 4.0]), torch.tensor([0.0, 1.0])


class Product(Scalar):
    """One parameter, which is multiplied with the input."""

    key = "product"

    def forward(self, batch: Any) -> dict[str, Tensor]:
        return {name: part.inputs["x"] * self.value for name, part in batch.items()}


def valleys() -> Task:
    """Two small tasks of one row each, whose loss is ½ h (θ − c)² in the only parameter."""
    x = CURVATURES.sqrt().view(2, 1, 1).expand(2, 2, 1).clone()
    part = Part({"x": x}, MINIMA.view(2, 1, 1) * x)
    data = dict.fromkeys(("train", "val", "test"), part)
    task = Task("valleys", {"x": Vector(1)}, Values(1), data, "mse", episodes=Episodes(1, 1))
    task.make_small(lambda output, target: 0.5 * (output - target).square().mean())
    return task


@pytest.mark.parametrize(
    ("key", "settings", "stationary"),
    [
        ("mtl-then-tune", {}, 0.8),
        ("maml", {}, 0.2),
        ("fomaml", {}, 0.5),
        ("reptile", {"inner_steps": 2}, 8 / 11),
    ],
)
def test_the_gradient_is_zero_at_the_worked_point(
    key: str, settings: dict[str, Any], stationary: float
):
    spec = given(learner=Choice(kind=key, inner_lr=0.2, **settings), sharing=Choice(kind="product"))
    made = Run(spec, teaching(lambda: [valleys()], sharing=Product))
    value = made.model.value
    slopes: list[float] = []
    for at in (stationary, stationary + 0.1):
        with torch.no_grad():
            value.fill_(at)
        batch = {"valleys": made.trainer.update.tasks["valleys"].data["train"]}
        loss = made.trainer.learner.losses(made.model, batch)[0].mean()
        slopes.append(torch.autograd.grad(loss, value)[0].item())
    assert slopes[0] == pytest.approx(0, abs=1e-6)
    assert slopes[1] > 0.01


def in_double(key: str, task: Task, **settings: Any) -> tuple[Run, dict[str, Part]]:
    """A run in double precision, and a batch of four small tasks."""
    spec = given(
        learner=Choice(kind=key, **settings),
        encoder=Choice(kind="mlp", hidden=[6, 5], activation="tanh"),
        training=training(batch_size=4),
    )
    made = Run(spec, teaching(lambda: [task]))
    made.model.double()
    part = made.trainer.update.tasks[task.name].data["train"][:4]
    double = {view: x.double() for view, x in part.inputs.items()}
    target = part.target.double() if part.target.is_floating_point() else part.target
    return made, {task.name: Part(double, target)}


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("maml", {"inner_steps": 2, "inner_lr": 0.1}),
        ("anil", {"inner_steps": 2, "inner_lr": 0.1}),
        ("meta-sgd", {"inner_steps": 2, "inner_lr": 0.1}),
        ("cavia", {"inner_steps": 2, "inner_lr": 0.5}),
        ("mtl-then-tune", {}),
        ("protonet", {}),
    ],
)
def test_a_gradient_agrees_with_finite_differences(key: str, settings: dict[str, Any]):
    made, batch = in_double(key, heaps() if key == "protonet" else waves(), **settings)
    learner = made.trainer.learner
    parameters = [p for p in made.model.parameters() if p.requires_grad]

    def loss() -> Tensor:
        return learner.losses(made.model, batch)[0].mean()

    found = torch.autograd.grad(loss(), parameters, allow_unused=True)
    generator = torch.Generator().manual_seed(0)
    checked = 0
    for parameter, gradient in zip(parameters, found, strict=True):
        for at in torch.randperm(parameter.numel(), generator=generator)[:3].tolist():
            difference = central(parameter, at, loss)
            mine = 0.0 if gradient is None else gradient.flatten()[at].item()
            assert mine == pytest.approx(difference, rel=1e-5, abs=1e-8)
            checked += abs(difference) > 1e-6
    assert checked >= 6


def central(parameter: nn.Parameter, at: int, loss: Any, step: float = 1e-5) -> float:
    """The slope of a loss in one number of a parameter, from both sides."""
    values: list[float] = []
    with torch.no_grad():
        flat = parameter.view(-1)
        start = flat[at].item()
        for moved in (start + step, start - step):
            flat[at] = moved
            values.append(loss().item())
        flat[at] = start
    return (values[0] - values[1]) / (2 * step)


def ends_by_hand(made: Run, part: Part, n_rows: int, steps: int, rate: float) -> list[list[Tensor]]:
    """The parameters after gradient descent on the first rows of each small task."""
    ends: list[list[Tensor]] = []
    names = [name for name, _ in made.model.named_parameters()]
    for i in range(len(part)):
        values = {n: p.detach().clone() for n, p in made.model.named_parameters()}
        x, y = part.inputs["x"][i, :n_rows], part.target[i, :n_rows]
        for _ in range(steps):
            free = {n: v.clone().requires_grad_() for n, v in values.items()}
            output = torch.func.functional_call(made.model, free, ({"waves": Part({"x": x}, y)},))
            slopes = torch.autograd.grad((output["waves"] - y).square().mean(), free.values())
            values = {n: v - rate * g for (n, v), g in zip(values.items(), slopes, strict=True)}
        ends.append([values[n] for n in names])
    return ends


def test_reptile_moves_to_where_tasks_end_up():
    made, batch = in_double("reptile", waves(), inner_steps=3, inner_lr=0.05)
    loss = made.trainer.learner.losses(made.model, batch)[0].mean()
    parameters = list(made.model.parameters())
    found = torch.autograd.grad(loss, parameters)
    ends = ends_by_hand(made, batch["waves"], 10, 3, 0.05)
    for i, (parameter, gradient) in enumerate(zip(parameters, found, strict=True)):
        mean = torch.stack([end[i] for end in ends]).mean(0)
        assert torch.allclose(gradient, parameter - mean, atol=1e-10)


def test_first_order_maml_takes_the_gradient_where_tasks_end_up():
    made, batch = in_double("fomaml", waves(), inner_steps=3, inner_lr=0.05)
    loss = made.trainer.learner.losses(made.model, batch)[0].mean()
    parameters = list(made.model.parameters())
    found = torch.autograd.grad(loss, parameters)
    part = batch["waves"]
    expected = [torch.zeros_like(p) for p in parameters]
    names = [name for name, _ in made.model.named_parameters()]
    for i, end in enumerate(ends_by_hand(made, part, 5, 3, 0.05)):
        free = {n: v.clone().requires_grad_() for n, v in zip(names, end, strict=True)}
        x, y = part.inputs["x"][i, 5:], part.target[i, 5:]
        output = torch.func.functional_call(made.model, free, ({"waves": Part({"x": x}, y)},))
        slopes = torch.autograd.grad((output["waves"] - y).square().mean(), free.values())
        expected = [a + b / len(part) for a, b in zip(expected, slopes, strict=True)]
    for gradient, wanted in zip(found, expected, strict=True):
        assert torch.allclose(gradient, wanted, atol=1e-10)


def test_without_second_derivatives_maml_is_its_first_order_form():
    gradients: list[list[Tensor]] = []
    for key, settings in (("maml", {"first_order": True}), ("fomaml", {})):
        made, batch = in_double(key, waves(), inner_steps=2, **settings)
        loss = made.trainer.learner.losses(made.model, batch)[0].mean()
        gradients.append(list(torch.autograd.grad(loss, list(made.model.parameters()))))
    assert all(torch.equal(a, b) for a, b in zip(*gradients, strict=True))


def test_the_head_alone_adapts_in_anil():
    made, _ = in_double("anil", waves())
    start = made.trainer.learner.start(made.model, "waves")
    assert start
    assert all(name.startswith("heads.") for name in start)


def test_a_context_of_zeros_changes_nothing():
    plain, batch = in_double("maml", waves())
    made, _ = in_double("cavia", waves())
    assert torch.equal(
        made.model(batch_rows(batch))["waves"], plain.model(batch_rows(batch))["waves"]
    )


def batch_rows(batch: dict[str, Part]) -> dict[str, Part]:
    return {
        n: Part({"x": p.inputs["x"].flatten(0, 1)}, p.target.flatten(0, 1))
        for n, p in batch.items()
    }


def test_prototypes_are_nearest_means():
    made, batch = in_double("protonet", heaps())
    learner = made.trainer.learner
    support, query = learner.cut("heaps", batch["heaps"])
    answers = learner.answers(made.model, "heaps", support, query, (1,))[0]
    for i in range(len(support)):
        known = learner.embedding(made.model, "heaps", support[i])
        asked = learner.embedding(made.model, "heaps", query[i])
        means = [known[support[i].target == label].mean(0) for label in range(3)]
        distances = torch.stack([(asked - mean).square().sum(1) for mean in means], 1)
        assert torch.allclose(answers[i], -distances)


class Attention(nn.Module):
    """A stage that attends over the input's four numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.up = nn.Linear(1, 8)
        self.out = nn.Linear(8, 6)

    def forward(self, x: Tensor) -> Tensor:
        tokens = self.up(x.unsqueeze(-1))
        seen = nn.functional.scaled_dot_product_attention(tokens, tokens, tokens)
        return self.out(seen.mean(-2)).tanh()


def test_it_learns_through_attention():
    from workbench.engine.roles.encoder import Encoder
    from workbench.engine.roles.method import NoSettings

    class Attending(Encoder):
        """Attention over the numbers of a vector."""

        key = "attending"
        Settings = NoSettings
        width = 6

        def stem(self, kind: Any) -> nn.Module:
            del kind
            return Attention()

        def body(self) -> list[nn.Module]:
            return []

    spec = given(learner=Choice(kind="maml"), encoder=Choice(kind="attending"))
    made = Run(spec, teaching(lambda: [heaps()], encoder=Attending))
    part = made.trainer.update.tasks["heaps"].data["train"][:3]
    loss = made.trainer.learner.losses(made.model, {"heaps": part})[0].mean()
    gradient = torch.autograd.grad(loss, list(made.model.parameters()))
    assert all(g.isfinite().all() for g in gradient)
    assert made.trainer.learner.over.looped == ""


def test_a_model_that_cannot_be_vectorised_is_looped_over_and_this_is_told():
    class Peeking(Product):
        """Looks at a number to know its way."""

        key = "peeking"

        def forward(self, batch: Any) -> dict[str, Tensor]:
            factor = 1.0 if self.value.item() > -9 else 2.0
            outputs = super().forward(batch)
            return {
                n: factor * out * float(batch[n].inputs["x"].sum() > -1e9)
                for n, out in outputs.items()
            }

    spec = given(learner=Choice(kind="maml"), sharing=Choice(kind="peeking"))
    made = Run(spec, teaching(lambda: [valleys()], sharing=Peeking))
    batch = {"valleys": made.trainer.update.tasks["valleys"].data["train"]}
    loss = made.trainer.learner.losses(made.model, batch)[0].mean()
    assert loss.isfinite()
    assert any("one after the other" in message for message in made.trainer.learner.notices)


def test_a_task_of_which_nothing_adapts_is_judged_as_it_is():
    tasks = [TaskChoice(family="digits-split", task=name) for name in ("0-1", "2-3")]
    for key in ("maml", "reptile", "mtl-then-tune"):
        made = Run(
            spec(
                tasks=tuple(tasks),
                curriculum=Choice(kind="sequential"),
                sharing=Choice(kind="progressive"),
                learner=Choice(kind=key),
            )
        ).to_the_end()
        assert made.last.status == "done", key
