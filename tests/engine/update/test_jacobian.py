"""The gradients of several losses at once: those of autograd, by whichever way."""

from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from tests.contracts.faces import JOINT, SHARINGS, name_of, using
from tests.engine.toys import Run
from workbench.engine.layers.stages import Dropout
from workbench.engine.update import jacobian
from workbench.engine.update.jacobian import gradients, gradients_of_halves
from workbench.spec.entry import Entry
from workbench.spec.experiment import Choice, TaskChoice

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "gelu": nn.GELU,
    "gelu-tanh": lambda: nn.GELU("tanh"),
    "dropout": lambda: Dropout(0.4),
}


class Net:
    """A trunk, a head for each task, and their losses on random examples."""

    def __init__(self, trunk: nn.Module, heads: list[nn.Module], n_in: int, n: int = 6) -> None:
        self.trunk, self.heads = trunk, heads
        self.x = torch.randn(n, n_in)
        self.shared = list(trunk.parameters())
        self.own = [list(head.parameters()) for head in heads]

    def losses(self) -> list[Tensor]:
        features = self.trunk(self.x)
        return [(i + 1) * head(features).square().mean() for i, head in enumerate(self.heads)]


def by_autograd(losses: list[Tensor], shared: list[nn.Parameter]) -> Tensor:
    """The definition, row by row."""
    rows = [
        torch.autograd.grad(loss, shared, retain_graph=True, allow_unused=True) for loss in losses
    ]
    return torch.stack(
        [
            torch.cat(
                [
                    torch.zeros_like(p).flatten() if g is None else g.flatten()
                    for p, g in zip(shared, row, strict=True)
                ]
            )
            for row in rows
        ]
    )


def check(losses: list[Tensor], shared: list[nn.Parameter], own: list[list[nn.Parameter]]) -> None:
    computed = gradients(losses, shared, own)
    torch.testing.assert_close(computed.shared, by_autograd(losses, shared))
    for loss, mine, passed in zip(losses, own, computed.own, strict=True):
        if mine:
            expected = torch.autograd.grad(loss, mine, retain_graph=True, allow_unused=True)
            for a, b in zip(passed, expected, strict=True):
                assert (a is None) == (b is None)
                if a is not None:
                    torch.testing.assert_close(a, b)


def goes_together(monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Whether no backward pass a task has been needed since."""
    calls: list[int] = []
    plain = jacobian._one_by_one

    def counted(*arguments: object) -> object:
        calls.append(1)
        return plain(*arguments)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(jacobian, "_one_by_one", counted)
    return lambda: not calls


@given(
    widths=st.lists(st.integers(1, 5), min_size=2, max_size=5),
    outputs=st.lists(st.integers(1, 4), min_size=2, max_size=6),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    has_bias=st.booleans(),
    has_norm=st.booleans(),
    seed=st.integers(0, 1000),
)
@settings(deadline=None, max_examples=50)
def test_a_trunk_with_linear_heads_goes_together(
    widths: list[int],
    outputs: list[int],
    activation: str,
    has_bias: bool,
    has_norm: bool,
    seed: int,
):
    torch.manual_seed(seed)
    layers: list[nn.Module] = []
    for a, b in pairwise(widths):
        norm = [nn.LayerNorm(b, elementwise_affine=False)] if has_norm else []
        layers += [nn.Linear(a, b, bias=has_bias), *norm, ACTIVATIONS[activation]()]
    net = Net(nn.Sequential(*layers), [nn.Linear(widths[-1], n) for n in outputs], widths[0])
    with pytest.MonkeyPatch.context() as patch:
        is_together = goes_together(patch)
        check(net.losses(), net.shared, net.own)
        assert is_together()


def test_heads_of_several_layers_go_together(monkeypatch: pytest.MonkeyPatch):
    heads: list[nn.Module] = [
        nn.Sequential(nn.Linear(4, 3), nn.Sigmoid(), nn.Linear(3, 2)),
        nn.Linear(4, 1),
    ]
    net = Net(nn.Sequential(nn.Linear(3, 4), nn.ReLU()), heads, 3)
    is_together = goes_together(monkeypatch)
    check(net.losses(), net.shared, net.own)
    assert is_together()


def frozen_first_layer() -> Net:
    trunk = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 4), nn.ReLU())
    trunk[0].requires_grad_(False)
    net = Net(trunk, [nn.Linear(4, 2), nn.Linear(4, 1)], 3)
    net.shared = list(trunk[2].parameters())
    return net


def one_layer_used_twice() -> Net:
    layer = nn.Linear(3, 3)
    trunk = nn.Sequential(layer, nn.Tanh(), layer, nn.Tanh())
    return Net(trunk, [nn.Linear(3, 2), nn.Linear(3, 1)], 3)


def a_parameter_that_is_not_used() -> Net:
    net = Net(nn.Sequential(nn.Linear(3, 4), nn.ReLU()), [nn.Linear(4, 2), nn.Linear(4, 1)], 3)
    net.shared.append(nn.Parameter(torch.ones(2)))
    return net


@pytest.mark.parametrize(
    "make", [frozen_first_layer, one_layer_used_twice, a_parameter_that_is_not_used]
)
def test_unusual_trunks_go_together(make: Callable[[], Net], monkeypatch: pytest.MonkeyPatch):
    torch.manual_seed(0)
    net = make()
    is_together = goes_together(monkeypatch)
    check(net.losses(), net.shared, net.own)
    assert is_together()


def convolutions() -> Net:
    trunk = nn.Sequential(nn.Unflatten(1, (1, 2, 2)), nn.Conv2d(1, 2, 1), nn.ReLU(), nn.Flatten())
    return Net(trunk, [nn.Linear(8, 2), nn.Linear(8, 1)], 4)


def one_head_for_all() -> Net:
    head = nn.Linear(4, 2)
    net = Net(nn.Sequential(nn.Linear(3, 4), nn.ReLU()), [head, head], 3)
    net.shared += net.own[0]
    net.own = [[], []]
    return net


def a_head_with_a_shared_part() -> Net:
    part = nn.Linear(2, 2)
    net = Net(
        nn.Sequential(nn.Linear(3, 4), nn.ReLU()),
        [nn.Sequential(nn.Linear(4, 2), part), nn.Linear(4, 1)],
        3,
    )
    net.shared += part.parameters()
    net.own[0] = net.own[0][:2]
    return net


class Twice(nn.Module):
    """Reads the features in two layers."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(4, 2), nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.a(x) * self.b(x)


def a_head_that_reads_twice() -> Net:
    return Net(nn.Sequential(nn.Linear(3, 4), nn.ReLU()), [nn.Linear(4, 1), Twice()], 3)


class Tied(nn.Module):
    """Uses one layer on the features and on what comes of them."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(self.layer(x).relu())


def a_head_with_tied_layers() -> Net:
    return Net(nn.Sequential(nn.Linear(3, 4), nn.ReLU()), [nn.Linear(4, 1), Tied()], 3)


class Shortcut(nn.Module):
    """A head that also looks below the last layer of the trunk."""

    def __init__(self, below: nn.Linear) -> None:
        super().__init__()
        self.below = (below,)
        self.layer = nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x) + self.below[0].weight.sum()


def a_head_that_looks_below() -> Net:
    layer = nn.Linear(3, 4)
    trunk = nn.Sequential(layer, nn.ReLU())
    net = Net(trunk, [Shortcut(layer), nn.Linear(4, 1)], 3)
    net.shared = list(trunk.parameters())
    return net


def a_scaled_product() -> Net:
    class Scaled(nn.Linear):
        def forward(self, input: Tensor) -> Tensor:
            return torch.addmm(self.bias, input, self.weight.t(), beta=2.0, alpha=3.0)

    return Net(nn.Sequential(Scaled(3, 4), nn.ReLU()), [nn.Linear(4, 1), nn.Linear(4, 2)], 3)


def a_bias_an_example() -> Net:
    class Wide(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bias = nn.Parameter(torch.randn(6, 4))
            self.weight = nn.Parameter(torch.randn(3, 4))

        def forward(self, x: Tensor) -> Tensor:
            return torch.addmm(self.bias, x, self.weight)

    return Net(Wide(), [nn.Linear(4, 1), nn.Linear(4, 2)], 3)


@pytest.mark.parametrize(
    "make",
    [
        convolutions,
        one_head_for_all,
        a_head_with_a_shared_part,
        a_head_that_reads_twice,
        a_head_with_tied_layers,
        a_head_that_looks_below,
        a_scaled_product,
        a_bias_an_example,
    ],
)
def test_anything_else_is_left_to_autograd(
    make: Callable[[], Net], monkeypatch: pytest.MonkeyPatch
):
    torch.manual_seed(0)
    net = make()
    is_together = goes_together(monkeypatch)
    check(net.losses(), net.shared, net.own)
    assert not is_together()


def test_the_graph_is_kept():
    net = Net(nn.Sequential(nn.Linear(3, 4), nn.ReLU()), [nn.Linear(4, 2), nn.Linear(4, 1)], 3)
    losses = net.losses()
    first = gradients(losses, net.shared, net.own).shared
    assert torch.equal(gradients(losses, net.shared, net.own).shared, first)
    sum(losses).backward()  # pyright: ignore[reportAttributeAccessIssue]
    together = torch.cat([p.grad.flatten() for p in net.shared if p.grad is not None])
    torch.testing.assert_close(together, first.sum(0))


@pytest.mark.parametrize("encoder", ["mlp", "auto"])
@pytest.mark.parametrize("entry", SHARINGS, ids=name_of)
def test_every_strategy_has_autograds_gradients(entry: Entry, encoder: str):
    tasks = TaskChoice(family="digits-views") if "views" in entry.needs else JOINT
    run = Run(using(entry, tasks=(tasks,), encoder=Choice(kind=encoder)))
    step = run.trainer.update.step(run.trainer.plan.samplers[0].draw())
    shared = run.model.shared_parameters()
    if shared:
        own = [run.model.task_parameters(name) for name in step.names]
        check(step.separate_losses, shared, own)


@pytest.mark.parametrize("activation", sorted(set(ACTIVATIONS) - {"dropout"}))
def test_the_halves_of_a_batch_come_from_the_same_pass(activation: str):
    torch.manual_seed(0)
    trunk = nn.Sequential(nn.Linear(3, 5), ACTIVATIONS[activation](), nn.Linear(5, 4, bias=False))
    net = Net(trunk, [nn.Linear(4, 2), nn.Linear(4, 1)], 3)
    result = gradients_of_halves(net.losses(), net.shared, net.own)
    assert result is not None
    whole, x = gradients(net.losses(), net.shared, net.own), net.x
    for half, rows in enumerate((x[:3], x[3:])):
        net.x = rows
        expected = by_autograd(net.losses(), net.shared) / 2
        torch.testing.assert_close(result.shared[half::2], expected)
    for mine, others in zip(result.own, whole.own, strict=True):
        torch.testing.assert_close(mine, others)
    net.x = x[:5]
    assert gradients_of_halves(net.losses(), net.shared, net.own) is None
