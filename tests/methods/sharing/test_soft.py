"""Soft sharing: between separate networks and one trunk."""

import pytest
import torch
from torch import nn

from tests.engine.toys import Run, constant
from tests.methods.sharing.toys import apart, assert_same_answers, built, reached, together
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.task import InputKind
from workbench.methods.sharing.soft import Soft, distance, trace_norm


class Number(nn.Module):
    """One parameter, whatever comes in."""

    def __init__(self) -> None:
        super().__init__()
        self.value = nn.Parameter(torch.zeros(1, dtype=torch.float64))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.value.expand(len(x), 1)


class NumberEncoder(Encoder):
    """A number a network."""

    width = 1

    def stem(self, kind: InputKind) -> nn.Module:
        del kind
        return Number()

    def body(self) -> list[nn.Module]:
        return []


@pytest.mark.parametrize("strength", [0.0, 0.5, 3.0, 1000.0])
def test_two_scalars_meet_as_far_as_they_are_tied(strength: float):
    tasks = [constant("one", 1.0), constant("three", 3.0)]
    model = Soft(Soft.Settings(strength=strength), tasks, NumberEncoder(None))
    towers = list(model.stages.parameters())
    optimizer = torch.optim.LBFGS(towers, max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        pulls = [0.5 * (w - t).square().sum() for w, t in zip(towers, (1, 3), strict=True)]
        penalty = model.regulariser()
        total = sum(pulls, torch.zeros(())) + (0 if penalty is None else penalty)
        total.backward()
        return total

    optimizer.step(loss)
    apart = 1 / (1 + 2 * strength)
    torch.testing.assert_close(
        torch.cat(towers), torch.tensor([2 - apart, 2 + apart]).double(), atol=1e-4, rtol=0
    )


@pytest.mark.parametrize("make", [together, apart])
def test_untied_it_trains_as_separate_networks_do(make):
    one = built("soft", make, strength=0.0).to_the_end()
    two = built("separate", make).to_the_end()
    assert_same_answers(one, two, make)


def apart_by(run: Run) -> float:
    """How far the two trunks are apart."""
    trunks = [[p for bank in run.model.stages for p in bank.copies[i].parameters()] for i in (0, 1)]
    return distance(trunks).item()


def test_tied_hard_the_trunks_become_one():
    loose, tied = (built("soft", strength=value).to_the_end() for value in (0.0, 3.0))
    assert apart_by(tied) < 0.02 * apart_by(loose)


@pytest.mark.parametrize("make", [together, apart])
def test_a_task_reaches_its_own_trunk_and_head_only(make):
    reach = reached(built("soft", make))
    names = {name for name, _ in built("soft", make).model.named_parameters()}
    assert reach["a"] | reach["b"] == names
    assert not reach["a"] & reach["b"]
    assert all(".copies.0." in name or name.startswith("heads") for name in reach["a"])


def test_distance_is_half_the_sum_over_pairs():
    towers = [[torch.randn(2, 3), torch.randn(3)] for _ in range(3)]
    pairs = [(0, 1), (0, 2), (1, 2)]
    expected = sum(
        (x - y).square().sum() / 2
        for i, j in pairs
        for x, y in zip(towers[i], towers[j], strict=True)
    )
    torch.testing.assert_close(distance(towers), expected)


def test_trace_norm_is_the_sum_of_singular_values():
    towers = [[torch.randn(4, 5, dtype=torch.float64, requires_grad=True)] for _ in range(3)]
    matrix = torch.stack([tower[0].flatten() for tower in towers])
    expected = torch.linalg.svdvals(matrix).sum()
    norm = trace_norm(towers)
    torch.testing.assert_close(norm, expected)
    parameters = [tower[0] for tower in towers]
    for a, b in zip(
        torch.autograd.grad(norm, parameters),
        torch.autograd.grad(expected, parameters),
        strict=True,
    ):
        torch.testing.assert_close(a, b)


def test_trace_norm_of_equal_towers_has_a_finite_gradient():
    towers = [[torch.ones(4, requires_grad=True)] for _ in range(3)]
    norm = trace_norm(towers)
    torch.testing.assert_close(norm, torch.tensor(12.0).sqrt())
    assert all(g.isfinite().all() for g in torch.autograd.grad(norm, [t[0] for t in towers]))


def test_trace_norm_pulls_trunks_into_fewer_dimensions():
    generator = torch.Generator().manual_seed(0)
    towers = [[torch.randn(6, generator=generator).requires_grad_()] for _ in range(3)]
    parameters = [tower[0] for tower in towers]
    least, *_ = torch.linalg.svdvals(torch.stack(parameters).detach()).flip(0).tolist()
    steps = 100
    for _ in range(steps):
        gradients = torch.autograd.grad(trace_norm(towers), parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.sub_(1.2 * least / steps * gradient)
    values = torch.linalg.svdvals(torch.stack(parameters).detach())
    assert values[-1] < 0.02 * least
    assert values[0] > least
